"""Saving what can be saved of a damaged archive into a new one, whose indexes are made anew.

What was lost is counted. A reference into what was lost is mended so that nothing else is lost by it: an
article whose capture is gone gets a capture that says no more than that there was one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlite_utils import Database

from archive.addresses import identity
from archive.checking import records, told
from archive.database import PAGE_SIZE, open_database, writing
from archive.errors import MissingArchive, StorageError, storage
from archive.export.tables import MADE_TABLES
from archive.export.targets import whole_file
from archive.labelling import label_new
from archive.salvage import readable_copy, rows, rows_by_key
from archive.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION, upgrade
from archive.searchindex import enter_new
from archive.steps import STEPS


@dataclass
class Recovered:
    """What a recovery saved and lost."""

    saved: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    lost: dict[str, int] = field(default_factory=dict)
    """Row numbers by table where nothing could be read: at most so many rows are lost (of some tables 1: unknown)."""
    stubs: int = 0
    """Captures that are only known from what referred to them."""
    dropped: int = 0
    """Rows that referred to something lost, and said nothing without it."""
    altered: list[str] = field(default_factory=list)
    """Articles that are not what was stored, in a sentence each."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing was lost."""
        return not (self.lost or self.stubs or self.dropped or self.altered)


def recover(damaged: Path, target: Path, watch: Callable[[str], None] = lambda _: None) -> Recovered:
    """Write a new archive ``target`` with all that can be read of ``damaged``, which is left as it is.

    ``watch`` is told which table is being read. Raises MissingArchive, TargetExists, and StorageError where
    nothing at all can be read or the disk refuses; then there is no ``target``.
    """
    if not damaged.is_file():
        raise MissingArchive(f"there is no file {damaged}")
    found = Recovered()
    with (
        storage(target),
        whole_file(target, force=False) as part,
        TemporaryDirectory(dir=target.parent) as folder,
    ):
        copied = readable_copy(
            damaged,
            Path(folder) / "damaged.db",
            SCHEMA_VERSION,
            lambda form, page: _empty(Path(folder), form, page),
        )
        if copied is None:
            raise StorageError(
                f"nothing can be read of {damaged}; restore a backup, or import its WARC files into a new archive"
            )
        source, form = copied
        form = form if 1 <= form <= SCHEMA_VERSION else SCHEMA_VERSION
        with closing(source):
            _begin(part, form)
            with closing(sqlite3.connect(part, isolation_level=None)) as conn:
                conn.execute("PRAGMA synchronous = OFF")
                with writing(Database(conn, execute_plugins=False)):
                    _copy(source, conn, found, watch)
                    watch("references")
                    _mend_references(conn, found)
        db = open_database(part, create=False, readonly=False)
        try:
            with writing(db):
                enter_new(db)
                label_new(db)
                _mend_versions(db, found)
            if not db.conn.execute("SELECT count(*) FROM captures").fetchone()[0]:
                raise StorageError(
                    f"nothing could be saved of {damaged}; restore a backup, or import its WARC files into a new archive"
                )
            watch("fingerprints")
            found.altered = [fault.detail for fault in told(part, records(db.conn, lambda: None))]
            # One file, nothing beside it.
            db.conn.execute("PRAGMA journal_mode = DELETE")
        finally:
            db.close()
    return found


def _begin(path: Path, form: int, page: int = PAGE_SIZE) -> None:
    """Make an empty archive of a form, as the program of its time made it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(f"PRAGMA page_size = {page}")
        db = Database(conn, execute_plugins=False)
        with writing(db):
            if form == SCHEMA_VERSION:
                upgrade(db)
                return
            MIGRATIONS.apply(db, stop_before=STEPS[form].__name__)
            conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            conn.execute(f"PRAGMA user_version = {form}")


def _empty(folder: Path, form: int, page: int) -> Path:
    """An empty archive made as archives are made, so that its tables begin where theirs do."""
    path = folder / f"empty-{form}-{page}.db"
    if not path.exists():
        _begin(path, form, page)
    return path


def _copy(
    source: sqlite3.Connection, target: sqlite3.Connection, found: Recovered, watch: Callable[[str], None]
) -> None:
    there = {name for (name,) in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table in _tables(target):
        if table not in there:
            continue
        watch(table)
        columns, key, has_rowid = _form_of(target, table)
        unread: list[int] = []
        walk = (
            rows(source, table, columns, unread)
            if has_rowid
            else rows_by_key(source, table, columns, key, unread)
        )
        found.saved[table] = sum(_insert(target, table, columns, row) for row in walk)
        if unread:
            found.lost[table] = sum(unread)


def _insert(conn: sqlite3.Connection, table: str, columns: list[str], row: tuple[Any, ...]) -> int:
    places = ", ".join("?" for _ in columns)
    try:
        return conn.execute(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608  # our names
            row,
        ).rowcount
    except sqlite3.IntegrityError:
        return 0  # what is written over a page can look like a row, but not of the right types


def _tables(conn: sqlite3.Connection) -> list[str]:
    """Tables with rows of their own, those that others point at first."""
    names = [
        name
        for name, kind in conn.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
        if kind == "table" and not name.startswith(("sqlite_", "_")) and name not in MADE_TABLES
    ]
    first = ("runs", "captures", "articles", "contacts")
    return [*(name for name in first if name in names), *sorted(name for name in names if name not in first)]


def _form_of(conn: sqlite3.Connection, table: str) -> tuple[list[str], list[str], bool]:
    """Columns that can be written, those of the primary key, and whether rows have numbers."""
    told_of = conn.execute(f"PRAGMA table_xinfo({table})").fetchall()
    columns = [row[1] for row in told_of if row[6] == 0]
    key = [name for place, name in sorted((row[5], row[1]) for row in told_of) if place]
    (without,) = conn.execute(
        "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (table,)
    ).fetchone()
    return columns, key, not without


def _mend_references(conn: sqlite3.Connection, found: Recovered) -> None:
    """Nothing may point at what is not there."""
    found.stubs = _stub_captures(conn)
    while dangling := conn.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, parent, number in dangling:
            links = {row[0]: row[3] for row in conn.execute(f"PRAGMA foreign_key_list({table})")}
            column = links[number]
            needed = {row[1]: row[3] or row[5] for row in conn.execute(f"PRAGMA table_info({table})")}
            if rowid is None:
                changed = conn.execute(
                    f"DELETE FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {parent})"  # noqa: S608  # our names
                ).rowcount
                found.dropped += max(changed, 0)
            elif needed[column]:
                found.dropped += conn.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,)).rowcount  # noqa: S608  # our names
            else:
                conn.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = ?", (rowid,))  # noqa: S608  # our names


def _stub_captures(conn: sqlite3.Connection) -> int:
    """For captures that are gone, what is known from what they showed: address and time."""
    there = {name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    known: dict[int, tuple[str, str]] = {}
    for table, time in (
        ("sightings", "seen_at"),
        ("versions", "first_seen"),
        ("earlier_versions", "first_seen"),
    ):
        if table in there:
            known |= {
                number: (url, at)
                for number, url, at in conn.execute(
                    f"SELECT t.capture_id, articles.url, t.{time} FROM {table} AS t "  # noqa: S608  # our names
                    "JOIN articles ON articles.id = t.article_id WHERE t.capture_id NOT IN (SELECT id FROM captures)"
                )
            }
    for number, url, at in conn.execute(
        "SELECT capture_id, url, first_seen FROM articles WHERE capture_id NOT IN (SELECT id FROM captures)"
    ):
        known.setdefault(number, (url, at))
    conn.executemany(
        "INSERT INTO captures (id, url, identity, redirected_from, fetched_at, source, digest, length, outcome) "
        "VALUES (?, ?, ?, '[]', ?, 'recovered', '', 0, 'nothing')",
        [(number, url, identity(url), at) for number, (url, at) in known.items()],
    )
    return len(known)


def _mend_versions(db: Database, found: Recovered) -> None:
    """Number the versions that are left one after the other; every article was seen, and only in words that it has."""
    conn = db.conn
    found.dropped += conn.execute(
        "DELETE FROM sightings WHERE digest NOT IN (SELECT digest FROM articles WHERE id = article_id) "
        "AND digest NOT IN (SELECT digest FROM earlier_versions AS e WHERE e.article_id = sightings.article_id)"
    ).rowcount
    conn.execute(
        "INSERT INTO sightings (article_id, capture_id, seen_at, digest) "
        "SELECT id, capture_id, (SELECT fetched_at FROM captures WHERE id = capture_id), digest FROM articles "
        "WHERE id NOT IN (SELECT article_id FROM sightings)"
    )
    broken = conn.execute(
        "SELECT id FROM articles WHERE versions <> 1 + (SELECT count(*) FROM earlier_versions WHERE article_id = id)"
    ).fetchall()
    for (article_id,) in broken:
        numbers = [
            number
            for (number,) in conn.execute(
                "SELECT number FROM earlier_versions WHERE article_id = ? ORDER BY number", (article_id,)
            )
        ]
        for now, number in enumerate(numbers, start=1):
            conn.execute(
                "UPDATE earlier_versions SET number = ? WHERE article_id = ? AND number = ?",
                (now, article_id, number),
            )
        conn.execute("UPDATE articles SET versions = ? WHERE id = ?", (len(numbers) + 1, article_id))
