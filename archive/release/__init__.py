"""A dataset release: a folder that can be published, cited, and checked by anybody.

    freeze     the whole of it, step by step        tables     every table as Parquet and CSV
    package    datapackage.json (Frictionless)      words      README, schema, CITATION.cff
    facts      what is said of the archive in them

The same archive gives the same bytes: nothing in it is of the clock, the machine or the place of the
archive. Days and version are those of the archive's last capture.
"""

from archive.release.freeze import TITLE, Frozen, freeze

__all__ = ["TITLE", "Frozen", "freeze"]
