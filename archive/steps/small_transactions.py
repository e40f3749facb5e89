"""A transaction with one article writes a fraction of what it did. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

from archive import searchindex


def small_transactions(db: Database) -> None:
    """Merge the full-text indexes seldom; find captures by the end of their identity; drop an index nobody used."""
    searchindex.merge_seldom(db)
    db.execute("DROP INDEX captures_identity")
    db.execute("CREATE INDEX captures_identity ON captures (substr(identity, -16))")
    db.execute("DROP INDEX articles_capture_id")
