"""Connections for Datasette that can only read, and what a statement on them may do.

Three bolts, one behind the other: the archive's own read-only opening (``query_only``), an authorizer that
refuses every action but reading, and Datasette's own test that a statement is a SELECT.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import sqlite_utils
from datasette.database import Database
from datasette.utils import sqlite_timelimit

from archive.database import open_database

Result = TypeVar("Result")

PAGE_SECONDS = 5.0
"""How long the questions of one of our own pages may take before it gives up."""

COUNTS_SECONDS = 10.0
"""For how long counts are shown again while a crawl goes on writing."""

_READING = {
    *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE),
    # Several answers of one moment; nothing can be written in between.
    *(sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT),
}

# Those that tell something and change nothing; full-text search asks for data_version by itself.
_PRAGMAS = set(
    "data_version database_list foreign_key_list function_list index_info index_list index_xinfo "
    "page_count page_size schema_version table_info table_list table_xinfo".split()
)
_FUNCTIONS_REFUSED = {"load_extension", "fts3_tokenizer"}


def allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """SQLite's authorizer: reading, and nothing else."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second in _FUNCTIONS_REFUSED else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        # With a second argument that is a value, most pragmas set something; with a table's name these do not.
        return sqlite3.SQLITE_OK if (first or "").lower() in _PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        # What SQLite says when it makes ready a full-text index. A real change of the schema needs
        # writable_schema, which is refused above, and a connection that writes.
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


class ReadingDatabase(Database):  # type: ignore[misc]  # Datasette publishes no types
    """An archive as Datasette sees it. Every thread has its own connection, opened when it first needs one."""

    def __init__(self, site: Any, path: Path, name: str) -> None:
        """``name`` must be this database's alone: Datasette keeps connections by it."""
        super().__init__(site, path=str(path), is_mutable=True)
        self.name = self.route = name
        self._counted: dict[tuple[int, str], tuple[int, float, Any]] = {}

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that reads; asked for one that writes, it refuses."""
        if write:
            raise sqlite3.OperationalError("this archive is only shown, nothing can be written to it")
        conn = open_database(Path(self.path), create=False, readonly=True).conn
        self.guard(conn)
        return conn

    def guard(self, conn: sqlite3.Connection) -> None:
        """Bolt the new connection."""
        conn.set_authorizer(allow)

    async def execute(self, sql: str, *arguments: Any, **options: Any) -> Any:
        """As Datasette's, but a mistake in somebody's SQL is not written to our terminal."""
        return await super().execute(sql, *arguments, **options | {"log_sql_errors": False})

    async def ask(self, question: Callable[[sqlite_utils.Database], Result]) -> Result:
        """Answer a question in one of Datasette's threads, within PAGE_SECONDS.

        Raises sqlite3.OperationalError ("interrupted") if it takes longer.
        """

        def limited(conn: sqlite3.Connection) -> Result:
            # Our questions read rows as plain tuples; Datasette's connections give sqlite3.Row.
            conn.row_factory = None
            with sqlite_timelimit(conn, PAGE_SECONDS * 1000):
                return question(sqlite_utils.Database(conn, recursive_triggers=False, execute_plugins=False))

        answer: Result = await self.execute_fn(limited)
        return answer

    def counted(
        self, db: sqlite_utils.Database, name: str, count: Callable[[sqlite_utils.Database], Result]
    ) -> Result:
        """The answer to a question about the whole archive, kept until something was written.

        While a crawl writes without a pause it may be COUNTS_SECONDS old.
        """
        key = (id(db.conn), name)
        version: int = db.conn.execute("PRAGMA data_version").fetchone()[0]
        kept = self._counted.get(key)
        if kept and (kept[0] == version or monotonic() - kept[1] < COUNTS_SECONDS):
            known: Result = kept[2]
            return known
        answer = count(db)
        self._counted[key] = (version, monotonic(), answer)
        return answer
