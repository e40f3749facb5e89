"""What an article said over time, in the order of its captures, whatever order they came in.

Each capture that shows an article leaves a sighting: when, and the fingerprint of what it said.
Versions are the runs of equal fingerprints along time: A A B A makes three versions.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from sqlite_utils import Database

from archive.content import as_json


class Sighting(NamedTuple):
    """One capture's word on one article."""

    capture_id: int
    seen_at: str
    digest: str


class _Content(NamedTuple):
    title: str
    text: str
    record: str
    reader_version: str


def weave(db: Database, article_id: int, sighting: Sighting, record: dict[str, Any], text: str) -> bool:
    """Bring the versions in step after ``sighting`` was noted. True if it made or split a version.

    ``record`` and ``text`` are what the sighting's article says. Needs an open transaction.
    """
    content = _Content(record["title"], text, as_json(record), record["reader_version"])
    latest = db.conn.execute(
        "SELECT id, digest, last_seen, number FROM versions WHERE article_id = ? "
        "ORDER BY number DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    before = _count(db, article_id)
    if latest is None or sighting.seen_at > latest[2]:
        if latest is not None and latest[1] == sighting.digest:
            db.conn.execute("UPDATE versions SET last_seen = ? WHERE id = ?", (sighting.seen_at, latest[0]))
        else:
            number = latest[3] + 1 if latest is not None else 1
            _insert(db, article_id, number, [sighting], content)
    else:
        _rewrite(db, article_id, {sighting.digest: content})
    return _count(db, article_id) != before


def _rewrite(db: Database, article_id: int, contents: dict[str, _Content]) -> None:
    """An older capture came later: lay the versions out anew from all sightings."""
    kept = db.conn.execute(
        "SELECT digest, title, text, record, reader_version FROM versions WHERE article_id = ?", (article_id,)
    ).fetchall()
    contents = {row[0]: _Content(*row[1:]) for row in kept} | contents
    db.conn.execute("DELETE FROM versions WHERE article_id = ?", (article_id,))
    rows = db.conn.execute(
        "SELECT capture_id, seen_at, digest FROM sightings WHERE article_id = ? "
        "ORDER BY seen_at, digest, capture_id",
        (article_id,),
    ).fetchall()
    runs = groupby((Sighting(*row) for row in rows), key=lambda sighting: sighting.digest)
    for number, (digest, run) in enumerate(runs, start=1):
        _insert(db, article_id, number, list(run), contents[digest])


def _insert(db: Database, article_id: int, number: int, run: list[Sighting], content: _Content) -> None:
    first, last = run[0], run[-1]
    db.conn.execute(
        "INSERT INTO versions (article_id, number, capture_id, first_seen, last_seen, digest, "
        "title, text, record, reader_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article_id, number, first.capture_id, first.seen_at, last.seen_at, first.digest, *content),
    )


def _count(db: Database, article_id: int) -> int:
    number: int = db.conn.execute(
        "SELECT count(*) FROM versions WHERE article_id = ?", (article_id,)
    ).fetchone()[0]
    return number
