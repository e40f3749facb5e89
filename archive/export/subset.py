"""A part of an archive as an archive of its own: with versions, captures, full text, and places in WARC files.

The part is written anew, row by row, into an empty archive; nothing is copied and then removed. So what is
left out is not in any corner of the file either.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.database import open_database, writing
from archive.export.anonymous import article_rows, work_row
from archive.export.tables import ARTICLE_TABLES, CONTACT_TABLES, conditions, names_of, rows_of
from archive.labelling import label_new
from archive.searchindex import enter_new

Values = dict[str, Any]


def write_subset(
    source: Database,
    path: Path,
    chosen: str | None,
    values: Values,
    *,
    with_contacts: bool,
    step: Callable[[], object] = lambda: None,
) -> int:
    """Write the chosen articles and what belongs to them to ``path``, where nothing is yet.

    ``chosen``: a query for their numbers with its ``values``; None for the whole archive. ``step`` is called
    for each article. Returns their number. The caller holds a transaction, so that all tables are of one moment.
    """
    target = open_database(path, create=True, readonly=False)
    try:
        # Nobody else knows the file yet; it is brought onto the disk when it is whole.
        target.conn.execute("PRAGMA synchronous = OFF")
        with writing(target):
            target.conn.execute("PRAGMA defer_foreign_keys = ON")
            for table, condition in conditions(chosen).items():
                if not with_contacts and table in ARTICLE_TABLES:
                    continue
                rows = rows_of(source.conn, table, condition, values if condition != "1" else None)
                if table == "articles":
                    rows = _counted(rows, step)
                if not with_contacts:
                    rows = _anonymous(source, table, rows)
                _insert(target.conn, table, rows)
            if not with_contacts:
                _insert_articles(source, target, chosen or "SELECT id FROM articles", values, step)
            enter_new(target)
            label_new(target)
        number: int = target.conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        # One file, nothing beside it.
        target.conn.execute("PRAGMA journal_mode = DELETE")
        return number
    finally:
        target.close()


def _counted(rows: Iterable[tuple[Any, ...]], step: Callable[[], object]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        step()
        yield row


def _anonymous(source: Database, table: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    names = names_of(source.conn, table)
    for row in rows:
        kept = work_row(table, dict(zip(names, row, strict=True)))
        if kept is not None:
            yield tuple(kept.values())


def _insert_articles(
    source: Database, target: Database, chosen: str, values: Values, step: Callable[[], object]
) -> None:
    """Article by article: what is left out of one depends on all that is known of it."""
    numbers = source.conn.execute(f"SELECT id FROM articles WHERE id IN ({chosen}) ORDER BY id", values)  # noqa: S608  # our query
    for (article_id,) in numbers.fetchall():
        for table, rows in article_rows(source.conn, article_id).items():
            if table not in CONTACT_TABLES:
                _insert(target.conn, table, (tuple(row.values()) for row in rows))
        step()


def _insert(conn: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    names = names_of(conn, table)
    places = ", ".join("?" for _ in names)
    conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)  # noqa: S608  # our names
