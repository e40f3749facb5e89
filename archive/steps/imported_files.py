"""The second step: the table ``imports``. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database


def imported_files(db: Database) -> None:
    """Files that ``import`` has taken in whole, so that it can pass them over the next time."""
    db.execute(
        """CREATE TABLE imports (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            size INTEGER NOT NULL,
            modified TEXT NOT NULL,
            digest TEXT NOT NULL,
            kind TEXT NOT NULL,
            url TEXT,
            pages INTEGER NOT NULL,
            problems INTEGER NOT NULL,
            finished_at TEXT NOT NULL,
            run_id INTEGER REFERENCES runs(id)
        ) STRICT"""
    )
    for columns in ("path", "digest", "run_id"):
        db.execute(f"CREATE INDEX imports_{columns} ON imports ({columns})")
