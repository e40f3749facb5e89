"""Reading everything from one moment of an archive, though a crawl goes on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database


@contextmanager
def moment(db: Database) -> Iterator[None]:
    """All questions inside are answered as the archive was at the first of them."""
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.execute("ROLLBACK")
