"""Articles out of the archive, into files that other programs read.

forms      every form there is: one line each       targets    files and folders, whole or not at all
lines      CSV, JSON lines                           parquet    Parquet
citations  BibTeX, RIS, CSL-JSON                     corpus     plain text, one file an article
subset     an archive of some of the articles        tables     which rows belong to them
anonymous  those rows without people                 flat       a record as one row
"""

from archive.export.forms import FORMS, Form, export_file, export_stream, form_of

__all__ = ["FORMS", "Form", "export_file", "export_stream", "form_of"]
