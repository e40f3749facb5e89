"""The full-text indexes are merged less eagerly: it was most of the work of storing one article. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

from archive import searchindex


def seldom_merged(db: Database) -> None:
    """Tell both indexes."""
    searchindex.merge_seldom(db)
