"""Texts with nothing to fold need not be looked through by SQLite. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

from archive import searchindex


def plain_words(db: Database) -> None:
    """Add the mark that the writer sets, and let the view of the full-text index look at it."""
    db.execute("ALTER TABLE articles ADD COLUMN plain INTEGER NOT NULL DEFAULT 0")
    searchindex.look_at_marks(db)
