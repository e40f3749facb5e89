"""How articles are kept: one SQLite file, and the raw pages in WARC files beside it.

Users import :class:`Archive` from ``iomscrape``; the modules here are each about one thing:

    database   opening: ours or not, too new, locked      captures   WARC files
    schema     the tables and the steps between versions  columns    what each column means
    store      one capture becomes rows                   versions   what an article said over time
    details    contacts, repairs, links of an article     frontier   what a crawl knows of an address
    runs       each time a command brought pages in
"""

from archive.archive import Archive
from archive.errors import (
    ArchiveError,
    MissingArchive,
    NewerArchive,
    NotAnArchive,
    QueryError,
    StorageError,
)
from archive.frontier import FrontierEntry, Known
from archive.store import Problem, Stored, WarcPlace

__all__ = [
    "Archive",
    "ArchiveError",
    "FrontierEntry",
    "Known",
    "MissingArchive",
    "NewerArchive",
    "NotAnArchive",
    "Problem",
    "QueryError",
    "StorageError",
    "Stored",
    "WarcPlace",
]
