"""The form of an archive: which it has, and how it comes to today's.

Tables are made by the steps in ``archive/steps/``, views and descriptions by the data in
``archive/views.py`` and ``archive/columns.py``; here an archive is taken through them. After a change
run ``python -m archive.describe > docs/schema.md``.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from archive.columns import COLUMNS
from archive.steps import STEPS
from archive.views import VIEWS

APPLICATION_ID = 0x494F4D73
"""SQLite's ``application_id``, "IOMs" in ASCII: tells our archives from other people's databases."""

MIGRATIONS = Migrations("iomscrape")
for _step in STEPS:
    MIGRATIONS()(_step)

SCHEMA_VERSION = len(STEPS)
"""SQLite's ``user_version``: how many steps an archive has been taken through."""


def upgrade(db: Database) -> None:
    """Take ``db`` through the steps it lacks, make its views, describe it. Needs an open transaction."""
    # A view stands in the way of a step that changes a table it reads.
    made = {name for (name,) in db.conn.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    for view in VIEWS:
        if view.name in made:
            db.execute(f"DROP VIEW {view.name}")
    MIGRATIONS.apply(db)
    for view in VIEWS:
        db.execute(view.sql)
    db.execute("DELETE FROM columns")
    db.conn.executemany(
        "INSERT INTO columns (table_name, column_name, meaning, example) VALUES (?, ?, ?, ?)",
        [(column.table, column.name, column.meaning, column.example) for column in COLUMNS],
    )
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def is_current(db: Database) -> bool:
    """True if an archive of today's SCHEMA_VERSION also has today's views and descriptions."""
    described = db.conn.execute("SELECT table_name, column_name, meaning, example FROM columns")
    return _has_todays_views(db) and set(described) == set(COLUMNS)


def lend_views(db: Database) -> None:
    """Give a connection that may only read today's views, for as long as it is open, if its archive lacks any."""
    if _has_todays_views(db):
        return
    # Temporary views belong to the connection, not to the file, and go before the file's own.
    db.conn.execute("PRAGMA query_only = OFF")
    for view in VIEWS:
        db.conn.execute(view.sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))
    db.conn.execute("PRAGMA query_only = ON")


def _has_todays_views(db: Database) -> bool:
    # A researcher's own views are nobody else's business.
    kept = dict(db.conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"))
    return all(kept.get(view.name) == view.sql for view in VIEWS)
