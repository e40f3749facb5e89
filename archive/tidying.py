"""Putting an archive in order after much was written to it: its indexes in one piece, its sizes known to SQLite."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from archive.archive import Archive
from archive.database import writing
from archive.errors import storage

INDEXES = ("articles_fts", "contacts_fts")
PAGES = 2000
"""Pages of a full-text index that are merged in one transaction: others can write in between."""
LOOKED_AT = 1000
"""Rows of each index that SQLite looks at to learn how it is filled."""

Watch = Callable[[str], None]


class Tidied(NamedTuple):
    """What was done."""

    bytes_before: int
    bytes_after: int
    steps: int
    """Transactions in which the full-text indexes were merged."""


def tidy(archive: Archive, *, vacuum: bool = False, watch: Watch = lambda _: None) -> Tidied:
    """Merge the full-text indexes, let SQLite look at how indexes are filled, empty its log of writes.

    In small steps: a crawl may go on meanwhile, and after a kill nothing is lost. ``vacuum``: write the whole
    file anew, without what was freed; that needs as much room again, and nobody can write meanwhile.
    Raises StorageError.
    """
    db = archive.db
    with storage(archive.path):
        before, steps = _size(archive), 0
        for index in INDEXES:
            watch(index)
            steps += _merge(archive, index)
        watch("statistics")
        with writing(db):
            db.conn.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
            db.conn.execute("ANALYZE")
        if vacuum:
            watch("file")
            db.conn.execute("VACUUM")
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return Tidied(before, _size(archive), steps)


def _merge(archive: Archive, index: str) -> int:
    """FTS5's own ``optimize``, in steps: https://sqlite.org/fts5.html#the_merge_command"""
    conn = archive.db.conn
    amount, steps = -PAGES, 0  # negative the first time: all that there is shall be merged
    while True:
        with writing(archive.db):
            changed = conn.total_changes
            conn.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (amount,))  # noqa: S608  # our names
            is_done = conn.total_changes - changed < 2
        steps += 1
        if is_done:
            return steps
        amount = PAGES


def _size(archive: Archive) -> int:
    beside = archive.path.with_name(f"{archive.path.name}-wal")
    return archive.path.stat().st_size + (beside.stat().st_size if beside.exists() else 0)
