"""The full-text indexes are merged half as often as before. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

from archive import searchindex


def merging_later(db: Database) -> None:
    """Merge the full-text indexes later still."""
    searchindex.merge_seldom(db)
