"""Questions about single articles: the full record, with its captures and versions; export of many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from archive.addresses import identity, readable
from archive.database import at_once
from archive.filters import Filters
from archive.question import read_question
from archive.record_sql import RECORD, WHOLE_RECORD
from archive.stories.asking import story_of

# Not from the view ``versions``: asked for article by article, SQLite would make all of its rows each time.
_RECORD = (
    "SELECT articles.id, articles.url, articles.site, articles.first_seen, articles.last_seen, "  # noqa: S608  # our own expressions
    f"CASE WHEN articles.record IS NULL THEN {RECORD} ELSE {WHOLE_RECORD} END FROM articles"
)


def find_article(db: Database, key: int | str) -> int | None:
    """The number of the article with that number, or with any address it was seen under."""
    if isinstance(key, int):
        sql, values = "SELECT id FROM articles WHERE id = ?", [key]
        # SQLite holds 64 bits; no article has such a number.
        row = db.conn.execute(sql, values).fetchone() if abs(key) < 2**63 else None
        return row[0] if row else None
    name = identity(key if "://" in key or key.startswith("file:") else f"https://{key.lstrip('/')}")
    for sql, value in (
        ("SELECT id FROM articles WHERE url = ?", readable(key)),
        ("SELECT id FROM articles WHERE identity = ?", name),
        ("SELECT min(article_id) FROM addresses WHERE identity = ?", name),
    ):
        row = db.conn.execute(sql, (value,)).fetchone()
        if row and row[0] is not None:
            return int(row[0])
    return None


@at_once
def article(db: Database, key: int | str) -> dict[str, Any] | None:
    """The full record under the names of ``Article.to_dict()``, and beside them what the archive knows.

    That is ``id``, ``site``, ``first_seen``, ``last_seen``, ``captures`` and ``versions``, both oldest
    first, and ``story`` (its copies and translations, or None). None if there is no such article.
    """
    article_id = find_article(db, key)
    if article_id is None:
        return None
    row = db.conn.execute(f"{_RECORD} WHERE articles.id = ?", (article_id,)).fetchone()
    return _full(row) | {
        "story": story_of(db, article_id),
        "versions": _rows(
            db,
            "SELECT number, first_seen, last_seen, title, digest, capture_id, reader_version FROM versions "
            "WHERE article_id = ? ORDER BY number",
            article_id,
        ),
        "captures": [
            capture
            | {
                "redirected_from": json.loads(capture["redirected_from"]),
                "revisit": bool(capture["revisit"]),
            }
            for capture in _rows(
                db,
                "SELECT captures.id, captures.url, redirected_from, fetched_at, source, status, "
                "captures.digest, warc_file, warc_offset, revisit, origin, run_id, outcome "
                "FROM sightings JOIN captures ON captures.id = sightings.capture_id "
                "WHERE article_id = ? ORDER BY fetched_at, captures.id",
                article_id,
            )
        ],
    }


def chosen(query: str | None, filters: Filters) -> tuple[str | None, dict[str, Any]]:
    """A query for the numbers of the articles that pass, and its values; None where all do.

    Raises QueryError for a bad date or a query without words.
    """
    tests, values = filters.where()
    if query is not None:
        question = read_question(query)
        question.require("give a word to look for, or leave the query out")
        more, contacts = question.where("articles.id")
        tests += more
        values |= contacts
        if question.match is not None:
            values["match"] = question.match
            tests.append("articles.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match)")
    return (f"SELECT articles.id FROM articles WHERE {' AND '.join(tests)}" if tests else None), values  # noqa: S608  # conditions are ours, values are bound


def export(
    db: Database, query: str | None, filters: Filters, *, with_contacts: bool = True
) -> Iterator[dict[str, Any]]:
    """The full records (without captures and versions), in the order of their numbers, one at a time.

    Without contacts a record lacks ``contacts`` and ``repairs``, and what else would lead to people.
    Raises QueryError for a bad date or a query without words, before the first record.
    """
    numbers, values = chosen(query, filters)
    where = f" WHERE articles.id IN ({numbers})" if numbers else ""
    rows = db.conn.execute(f"{_RECORD}{where} ORDER BY articles.id", values)
    records = (_full(row) for row in rows)
    return records if with_contacts else (_anonymous(db, record) for record in records)


def _anonymous(db: Database, record: dict[str, Any]) -> dict[str, Any]:
    # Only here: its many patterns are of no use to anybody else.
    from archive.privacy import named_in, without_contacts

    earlier = db.conn.execute("SELECT record FROM earlier_versions WHERE article_id = ?", (record["id"],))
    named = named_in([record, *(json.loads(row[0]) for row in earlier)])
    kept = without_contacts(record, named)
    return {name: value for name, value in kept.items() if name not in ("contacts", "repairs")}


def _full(row: tuple[Any, ...]) -> dict[str, Any]:
    article_id, url, site, first_seen, last_seen, record = row
    return {
        "id": article_id,
        "site": site,
        **json.loads(record),
        "url": url,
        "first_seen": first_seen,
        "last_seen": last_seen,
    }


def _rows(db: Database, sql: str, article_id: int) -> list[dict[str, Any]]:
    cursor = db.conn.execute(sql, (article_id,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
