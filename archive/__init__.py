"""How articles are kept: one SQLite file, and the raw pages in WARC files beside it.

Users import :class:`Archive` from ``iomscrape``; the modules here are each about one thing:

    database   opening: ours or not, too new, locked      captures   raw pages written to WARC
    schema     the tables and the steps between versions  columns    what each column means
    store      one capture becomes rows                   versions   what an article said over time
    details    contacts, repairs, links of an article     frontier   what a crawl knows of an address
    runs       each time a command brought pages in        rawpages   raw pages read back
    search     full-text search                            filters    language, country, time …
    articles   one article, export of many                 people     contacts over all articles
    stats      counting                                    content    what makes two versions differ
    encodings  undoing gzip and the like                   addresses  when two addresses are one
    errors     what can go wrong, in one line              describe   makes docs/schema.md
"""

from archive.archive import Archive
from archive.captures import Original, WarcWriter
from archive.errors import (
    ArchiveError,
    MissingArchive,
    NewerArchive,
    NotAnArchive,
    QueryError,
    StorageError,
)
from archive.frontier import FrontierEntry, Known
from archive.rawpages import read_capture, warc_folder
from archive.search import Hit
from archive.store import Problem, Stored, WarcPlace

__all__ = [
    "Archive",
    "ArchiveError",
    "FrontierEntry",
    "Hit",
    "Known",
    "MissingArchive",
    "NewerArchive",
    "NotAnArchive",
    "Original",
    "Problem",
    "QueryError",
    "StorageError",
    "Stored",
    "WarcPlace",
    "WarcWriter",
    "read_capture",
    "warc_folder",
]
