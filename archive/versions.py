"""What an article said over time, in the order of its captures, whatever order they came in.

Each capture that shows an article leaves a sighting: when, and the fingerprint of what it said.
Versions are the runs of equal fingerprints along time: A A B A makes three versions. What the newest one
says stands in ``articles`` and its tables, what the others said in ``earlier_versions``; the view
``versions`` shows them all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

from sqlite_utils import Database

from archive.content import Sighting, Wording
from archive.latest import update_article

_COLUMNS = "article_id, number, capture_id, first_seen, last_seen, digest, record"


class _Version(NamedTuple):
    number: int
    first: Sighting
    last_seen: str
    said: Wording


def note_sighting(db: Database, article_id: int, sighting: Sighting) -> None:
    """Write down, or correct, what a capture said of an article. Needs an open transaction."""
    db.conn.execute(
        "INSERT INTO sightings (capture_id, article_id, seen_at, digest) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (capture_id, article_id) DO UPDATE SET digest = excluded.digest",
        (sighting.capture_id, article_id, sighting.seen_at, sighting.digest),
    )


def weave(db: Database, article_id: int, sighting: Sighting, said: Wording) -> bool:
    """Bring versions and article in step after ``sighting`` was noted. True if it made or split a version.

    ``last_seen`` of the article must not have been moved yet. Needs an open transaction.
    """
    number, digest, last_seen = db.conn.execute(
        "SELECT versions, digest, last_seen FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if sighting.seen_at <= last_seen:
        return lay_out(db, article_id, {(sighting.capture_id, sighting.digest): said})
    if digest == sighting.digest:
        return False
    db.conn.execute(
        f"INSERT INTO earlier_versions ({_COLUMNS}) "  # noqa: S608  # our names
        "SELECT article_id, number, capture_id, first_seen, last_seen, digest, "
        "json_remove(record, '$.paragraphs') FROM versions WHERE article_id = ? AND number = ?",
        (article_id, number),
    )
    update_article(db, article_id, said, sighting.capture_id, number + 1)
    return True


def lay_out(db: Database, article_id: int, fresh: Mapping[tuple[int, str], Wording]) -> bool:
    """Lay versions and article out anew from all sightings. True if the number of versions changed.

    ``fresh``: what captures say, by number and fingerprint, beside what is kept. Needs an open transaction.
    """
    kept = {
        (capture_id, digest): Wording(json.loads(record), digest)
        for capture_id, digest, record in db.conn.execute(
            "SELECT capture_id, digest, record FROM versions WHERE article_id = ? ORDER BY number",
            (article_id,),
        ).fetchall()
    }
    wordings = kept | dict(fresh)
    by_digest = {digest: said for (_, digest), said in wordings.items()}
    rows = db.conn.execute(
        "SELECT capture_id, seen_at, digest FROM sightings WHERE article_id = ? "
        "ORDER BY seen_at, digest, capture_id",
        (article_id,),
    ).fetchall()
    versions: list[_Version] = []
    for digest, group in groupby((Sighting(*row) for row in rows), key=lambda sighting: sighting.digest):
        run = list(group)
        # Captures that say the same differ in how they were read at most; the first one's word counts.
        found = (wordings[key] for sighting in run if (key := (sighting.capture_id, digest)) in wordings)
        said = next(found, by_digest[digest])
        versions.append(_Version(len(versions) + 1, run[0], run[-1].seen_at, said))
    db.conn.execute("DELETE FROM earlier_versions WHERE article_id = ?", (article_id,))
    db.conn.executemany(
        f"INSERT INTO earlier_versions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # our names
        [
            (article_id, number, first.capture_id, first.seen_at, last_seen, said.digest, said.kept())
            for number, first, last_seen, said in versions[:-1]
        ],
    )
    number, first, _, said = versions[-1]
    update_article(db, article_id, said, first.capture_id, number)
    return len(versions) != len(kept)
