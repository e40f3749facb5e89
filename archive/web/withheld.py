"""``--without-contacts`` for tables and SQL: who asks cannot get at people, whatever the statement.

It is enforced inside SQLite, by its authorizer: tables of people are refused; columns that may hold
something personal read as NULL. In their place stand temporary views of the same names, whose columns are
computed from outside, through a connection that no statement reaches: what :mod:`archive.privacy` leaves of
an article. Tables that are not named here are refused, so a new one is hidden until it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from pathlib import Path
from typing import Any

from archive.content import as_json
from archive.database import open_database
from archive.privacy import masked, named_in, without_contacts
from archive.privacy.record import reaches_somebody
from archive.web.reading import ReadingDatabase, allow

_TEXTS = "title subtitle published_printed dateline region warnings text paragraphs"

OPEN: dict[str, frozenset[str]] = {
    **dict.fromkeys("themes translations frontier facets labels theme_sets".split(), frozenset()),
    **dict.fromkeys("columns addresses other_addresses languages articles_by_month".split(), frozenset()),
    **dict.fromkeys("stories story_articles story_method".split(), frozenset()),
    "story_links": frozenset({"evidence"}),
    "corrections": frozenset({"said"}),
    "captures": frozenset({"origin"}),
    "sightings": frozenset({"digest"}),
    "earlier_versions": frozenset({"digest", "record"}),
    "unread_pages": frozenset({"detail"}),
    "articles": frozenset(f"{_TEXTS} digest record roles".split()),
    "versions": frozenset("digest title text record reader_version".split()),
    "links": frozenset({"url", "text"}),
    "images": frozenset({"caption", "credit"}),
    "problems": frozenset({"detail"}),
    "runs": frozenset({"arguments"}),
}
"""Tables and views that may be read, each with the columns of it that read as NULL."""

_OF_ARTICLES = {
    "articles": ("id", "id"),
    "versions": ("article_id", "number"),
    "links": ("article_id", "id"),
    "images": ("article_id", "id"),
}
"""Tables shown through a view: the column with the article's number, and the key of the row."""

_OF_ROWS = ("problems", "runs")
"""Such tables that hang on no article."""

_EMPTY = {("articles", "record"), ("articles", "roles"), ("articles", "digest"), ("versions", "digest")}

# The archive's own view asks the contacts for its record.
_VERSIONS = """(
    SELECT article_id, number, capture_id, first_seen, last_seen FROM main.earlier_versions UNION ALL
    SELECT articles.id, versions, capture_id, fetched_at, last_seen
    FROM main.articles JOIN main.captures ON captures.id = capture_id
)"""

_ALWAYS = ("sqlite_master", "sqlite_schema", "json_each", "json_tree", "pragma_")
_KEPT_ARTICLES = 200


def guard(action: int, first: str | None, second: str | None, schema: str | None, source: str | None) -> int:
    """SQLite's authorizer where people are left out."""
    allowed = allow(action, first, second, schema, source)
    if allowed != sqlite3.SQLITE_OK or action != sqlite3.SQLITE_READ or schema == "temp":
        return allowed
    table = first or ""
    if table.startswith(_ALWAYS) or not table:
        return sqlite3.SQLITE_OK
    if table not in OPEN:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_IGNORE if second in OPEN[table] else sqlite3.SQLITE_OK


class WithheldDatabase(ReadingDatabase):
    """The archive as Datasette sees it where people are left out."""

    def guard(self, conn: sqlite3.Connection) -> None:
        """Lay the views over their tables, then bolt the connection."""
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute("PRAGMA query_only = OFF")
        kept = _Kept(Path(self.path))
        conn.create_function("kept", 4, kept, deterministic=False)
        for table in (*_OF_ARTICLES, *_OF_ROWS):
            # One that the archive lent, as its own is not of today.
            conn.execute(f"DROP VIEW IF EXISTS temp.{table}")
            conn.execute(_view(conn, table))
        conn.execute("PRAGMA query_only = ON")
        conn.set_authorizer(guard)

    # Datasette takes a temporary view for the table itself and would find neither key nor relations.

    async def primary_keys(self, table: str) -> Any:
        """As the archive has them."""
        return await self.ds.own.primary_keys(table)

    async def foreign_keys_for_table(self, table: str) -> Any:
        """As the archive has them, but those to tables that are closed."""
        keys = await self.ds.own.foreign_keys_for_table(table)
        return [key for key in keys if key["other_table"] in OPEN]

    async def get_all_foreign_keys(self) -> Any:
        """As the archive has them, but those from and to tables that are closed."""
        found = await self.ds.own.get_all_foreign_keys()
        return {
            table: {way: [key for key in keys if key["other_table"] in OPEN] for way, keys in ways.items()}
            for table, ways in found.items()
        }

    async def fts_table(self, table: str) -> None:  # noqa: ARG002  # Datasette's signature
        """None: the full-text index knows every word, those left out, too."""
        return

    async def table_names(self) -> list[str]:
        """The open ones."""
        return [name for name in await super().table_names() if name in OPEN]

    async def view_names(self) -> list[str]:
        """The open ones."""
        return [name for name in await super().view_names() if name in OPEN]

    async def attached_databases(self) -> list[Any]:
        """None: the views are no database of their own."""
        return []

    async def hidden_table_names(self) -> list[str]:
        """None: what Datasette would hide is closed."""
        return []


class _Kept:
    """The SQL function ``kept(table, column, article, key)``: what is left of a value."""

    def __init__(self, path: Path) -> None:
        self._conn = open_database(path, create=False, readonly=True).conn
        self._articles: OrderedDict[int, dict[str, dict[int, dict[str, Any]]]] = OrderedDict()
        self._version = -1

    def __call__(self, table: str, column: str, article_id: int | None, key: int) -> Any:
        if table in _OF_ARTICLES and article_id is not None:
            return self._article(article_id)[table].get(key, {}).get(column)
        if table in _OF_ROWS and column in OPEN[table]:
            # Both are our own names: they stand in OPEN.
            row = self._conn.execute(f"SELECT {column} FROM {table} WHERE id = ?", (key,)).fetchone()  # noqa: S608
            return masked(row[0]) if row and row[0] else None
        return None

    def _article(self, article_id: int) -> dict[str, dict[int, dict[str, Any]]]:
        """Table -> key -> column -> what is left."""
        version = self._conn.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._articles.clear()
            self._version = version
        if article_id not in self._articles:
            self._articles[article_id] = self._left(article_id)
            if len(self._articles) > _KEPT_ARTICLES:
                self._articles.popitem(last=False)
        return self._articles[article_id]

    def _left(self, article_id: int) -> dict[str, dict[int, dict[str, Any]]]:
        found = self._rows(
            "SELECT number, record FROM versions WHERE article_id = ? ORDER BY number", article_id
        )
        records = {number: json.loads(record) for number, record in found}
        named = named_in(records.values())
        left = {number: without_contacts(record, named) for number, record in records.items()}
        newest = left[max(left)] if left else {}
        links = self._rows("SELECT id, url, text FROM links WHERE article_id = ?", article_id)
        images = self._rows("SELECT id, caption, credit FROM images WHERE article_id = ?", article_id)
        return {
            "articles": {article_id: _texts(newest)} if left else {},
            "versions": {
                number: _texts(record)
                | {"record": as_json(record), "reader_version": record["reader_version"]}
                for number, record in left.items()
            },
            "links": {
                key: {"url": url, "text": masked(text, named)}
                for key, url, text in links
                if not reaches_somebody(url, named) and not named.is_other(text)
            },
            "images": {
                key: {
                    "caption": caption and masked(caption, named),
                    "credit": credit and masked(credit, named),
                }
                for key, caption, credit in images
            },
        }

    def _rows(self, sql: str, article_id: int) -> list[Any]:
        return self._conn.execute(sql, (article_id,)).fetchall()


def _texts(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of an article that hold words."""
    return {name: record[name] for name in _TEXTS.split() if name in record} | {
        "text": "\n\n".join(record["paragraphs"]),
        "paragraphs": as_json(record["paragraphs"]),
        "warnings": as_json(record["warnings"]),
    }


def _view(conn: sqlite3.Connection, table: str) -> str:
    article, key = _OF_ARTICLES.get(table, ("NULL", "id"))

    def shown(name: str) -> str:
        if name not in OPEN[table]:
            return name
        return "NULL" if (table, name) in _EMPTY else f"kept('{table}', '{name}', {article}, {key})"

    names = [row[1] for row in conn.execute(f"PRAGMA main.table_xinfo({table})")]
    columns = ", ".join(f"{shown(name)} AS {name}" for name in names)
    rows = _VERSIONS if table == "versions" else f"main.{table}"
    # A link to a person is gone, not empty.
    condition = f" WHERE {shown('url')} IS NOT NULL" if table == "links" else ""
    return f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM {rows}{condition}"  # noqa: S608  # our names
