"""Indexes to count all articles by, and to find those of a theme. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database


def facet_counts(db: Database) -> None:
    """Index the small rows of articles by what they are counted by."""
    db.execute("CREATE INDEX facets_label_id ON facets (label_id)")
    db.execute("CREATE INDEX facets_theme_set_id ON facets (theme_set_id)")
