"""What earlier readers said and today's does not. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database


def corrections(db: Database) -> None:
    """Add the table in which ``reread`` leaves what it corrected."""
    # An article that no page shows any more is gone, its number stays here: no foreign key.
    db.execute(
        """CREATE TABLE corrections (
            id INTEGER PRIMARY KEY,
            run_id INTEGER REFERENCES runs(id),
            capture_id INTEGER NOT NULL REFERENCES captures(id) ON DELETE CASCADE,
            article_id INTEGER NOT NULL,
            url TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('changed', 'gone')),
            reader_version TEXT NOT NULL,
            said TEXT NOT NULL
        ) STRICT"""
    )
    for column in ("run_id", "capture_id", "article_id"):
        db.execute(f"CREATE INDEX corrections_{column} ON corrections ({column})")
