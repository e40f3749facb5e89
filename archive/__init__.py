"""How articles are kept: one SQLite file, and the raw pages in WARC files beside it.

Users import :class:`Archive` from ``iomscrape``; the modules here are each about one thing:

    archive    the archive as one object: writing          answers    the half of it that reads
    database   opening: ours or not, too new, locked       errors     what can go wrong, in one line
    schema     which form an archive has, upgrading it     steps      the tables, one step a file
    views      common questions as views                   columns    what each column means
    store      one capture becomes rows                    latest     what an article says now
    details    contacts, repairs, links of an article      versions   what it said over time
    history    what an article said when                   difference what two versions differ in
    addresses  when two addresses are one                  content    when two articles say the same
    runs       each time a command brought pages in        frontier   what a crawl knows of an address
    captures   raw pages written to WARC files             rawpages   raw pages read back
    packed     a capture as a WARC record                  prepared   all of it before it is stored
    told       a page's articles under their names         imports    files that were taken in whole
    search     full-text search
    question   a person's words as a question              facets     counts by year, country, theme …
    searchindex  the full-text indexes                     folding    in which form words are compared
    arabic     words with their prefixes                   marking    marks around what was found
    filters    language, country, time …                   articles   one article; records of many
    export     into files of every kind                    privacy    the same without the people
    release    datasets to publish and cite                describe   makes docs/schema.md
    people     who speaks for whom, over all articles      stats      counting
    stories    copies and translations of one item         similar    articles like one
    revisits   pages that were sent again                  redirects  addresses that lead to pages here
    backups    copies that can take an archive's place    merging    archives joined into one
    coverage   when, where, what is missing                picture    the same as a picture
    web        all of it in a browser                      recaptures which captures to read again
    several    several archives asked as one          splitting  one archive as several
    tidying    indexes put in order
    rereading  correcting what was read                    record_sql the newest record from its tables
    watch      has a site changed, or stopped
    checking   is the database whole                       recovering what a damaged one still holds
    salvage    reading around the damage
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from archive.archive import Archive
from archive.errors import (
    ArchiveError,
    MissingArchive,
    MissingExtra,
    NewerArchive,
    NotAnArchive,
    QueryError,
    StorageError,
    TargetExists,
)
from archive.facets import Facets
from archive.frontier import FrontierEntry, Known
from archive.imports import Taken
from archive.rawpages import read_capture, warc_folder
from archive.search import Hit
from archive.store import Problem, Stored, WarcPlace

if TYPE_CHECKING:
    from archive.captures import Original, WarcWriter
    from archive.coverage import Coverage
    from archive.history import Compared, Version

__all__ = [
    "Archive",
    "ArchiveError",
    "Compared",
    "Coverage",
    "Facets",
    "FrontierEntry",
    "Hit",
    "Known",
    "MissingArchive",
    "MissingExtra",
    "NewerArchive",
    "NotAnArchive",
    "Original",
    "Problem",
    "QueryError",
    "StorageError",
    "Stored",
    "Taken",
    "TargetExists",
    "Version",
    "WarcPlace",
    "WarcWriter",
    "read_capture",
    "warc_folder",
]

# PEP 562: what most commands do without is imported when it is first asked for.
_LAZY = {
    "Original": "archive.captures",
    "WarcWriter": "archive.captures",
    "Coverage": "archive.coverage",
    "Compared": "archive.history",
    "Version": "archive.history",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
