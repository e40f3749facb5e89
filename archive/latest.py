"""The row in ``articles``: what an article says by its latest capture. Needs an open transaction."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from archive.addresses import site
from archive.content import as_json
from archive.versions import Sighting

# The columns of ``articles`` that are the record's fields of the same name.
_FIELDS = (
    *("url", "title", "subtitle", "lang", "kind", "published", "published_printed", "updated", "dateline"),
    *("country", "region", "node_id", "design", "reader_version", "confidence"),
)


def _columns(record: dict[str, Any], text: str, sighting: Sighting) -> dict[str, Any]:
    return {name: record[name] for name in _FIELDS} | {
        "site": site(record["url"]),
        "text": text,
        "paragraphs": as_json(record["paragraphs"]),
        "warnings": as_json(record["warnings"]),
        "digest": sighting.digest,
        "capture_id": sighting.capture_id,
    }


def insert_article(db: Database, key: str, record: dict[str, Any], text: str, sighting: Sighting) -> int:
    """Write the row of a new article; ``key`` is its identity. Returns its number."""
    row = _columns(record, text, sighting) | {
        "identity": key,
        "first_seen": sighting.seen_at,
        "last_seen": sighting.seen_at,
    }
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    cursor = db.conn.execute(f"INSERT INTO articles ({names}) VALUES ({places})", row)  # noqa: S608  # our names
    return int(cursor.lastrowid or 0)


def update_article(
    db: Database, article_id: int, record: dict[str, Any], text: str, sighting: Sighting
) -> None:
    """Put what the latest capture says in place of what the row said."""
    row = _columns(record, text, sighting)
    changes = ", ".join(f"{name} = :{name}" for name in row)
    db.conn.execute(f"UPDATE articles SET {changes} WHERE id = :id", row | {"id": article_id})  # noqa: S608  # our names


def move_seen(db: Database, article_id: int, seen_at: str) -> None:
    """Widen the time in which the article was seen."""
    db.conn.execute(
        "UPDATE articles SET first_seen = min(first_seen, ?1), last_seen = max(last_seen, ?1) WHERE id = ?2",
        (seen_at, article_id),
    )
