"""What is new is entered into the indexes at the end of a transaction. Released: never changed again.

Before, triggers entered each article by itself. That made SQLite write its full-text index out several
times an article, since every statement with a trigger begins with a savepoint.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive import searchindex

_TRIGGERS = ("facets_insert", "facets_themes_insert", "facets_themes_delete")


def entered_together(db: Database) -> None:
    """Drop the triggers for what is new; those for changes and removals look whether it is in the index."""
    for name in _TRIGGERS:
        db.execute(f"DROP TRIGGER {name}")
    searchindex.follow(db)
    searchindex.doubt_marks(db)
