"""Indexes that know Arabic signs, unspaced scripts and subtitles; one over contacts."""

from __future__ import annotations

from sqlite_utils import Database

from archive import searchindex


def search_index(db: Database) -> None:
    """Make the full-text indexes anew from all articles and contacts."""
    searchindex.build(db)
