"""What an article says by its latest capture: its row in ``articles`` and the tables that hang on it.

``archive/record_sql.py`` puts the record together again. Everything here needs an open transaction.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from archive.addresses import site
from archive.content import Sighting, Wording, as_json
from archive.details import clear_details, write_details
from archive.folding import is_plain
from archive.labelling import label_again
from archive.record_sql import SAME, is_rebuilt_exactly
from iomscrape.records import Role


def article_columns(said: Wording, capture_id: int) -> dict[str, Any]:
    """The columns of ``articles`` that tell what it says; ``capture_id`` is the first capture that showed it."""
    record, text = said.record, said.text
    roles = {str(place): block["role"] for place, block in enumerate(record["blocks"])}
    return {name: record[name] for name in SAME} | {
        "site": site(record["url"]),
        "roles": as_json({place: role for place, role in roles.items() if role != Role.PARAGRAPH}),
        "text": text,
        "warnings": as_json(record["warnings"]),
        "digest": said.digest,
        "capture_id": capture_id,
        "plain": int(is_plain(f"{record['title']} {record['subtitle']} {text}")),
        "record": None if is_rebuilt_exactly(record, text) else said.kept(),
    }


def insert_article(db: Database, key: str, said: Wording, sighting: Sighting) -> int:
    """Write a new article with its details; ``key`` is its identity. Returns its number."""
    row = article_columns(said, sighting.capture_id) | {
        "identity": key,
        "first_seen": sighting.seen_at,
        "last_seen": sighting.seen_at,
    }
    places = ", ".join("?" * len(row))
    cursor = db.conn.execute(
        f"INSERT INTO articles ({', '.join(row)}) VALUES ({places})",  # noqa: S608  # our names
        tuple(row.values()),
    )
    article_id = int(cursor.lastrowid or 0)
    write_details(db, article_id, said.record)
    return article_id


def update_article(db: Database, article_id: int, said: Wording, capture_id: int, number: int) -> None:
    """Put a version in place of what the article said.

    ``capture_id``: the version's first capture. ``number``: the version's.
    """
    row = article_columns(said, capture_id) | {"versions": number}
    changes = ", ".join(f"{name} = :{name}" for name in row)
    db.conn.execute(f"UPDATE articles SET {changes} WHERE id = :id", row | {"id": article_id})  # noqa: S608  # our names
    clear_details(db, article_id)
    write_details(db, article_id, said.record)
    label_again(db, article_id)


def move_seen(db: Database, article_id: int, seen_at: str) -> None:
    """Widen the time in which the article was seen."""
    db.conn.execute(
        "UPDATE articles SET first_seen = min(first_seen, ?1), last_seen = max(last_seen, ?1) WHERE id = ?2",
        (seen_at, article_id),
    )
