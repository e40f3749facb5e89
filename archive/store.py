"""Writing: one capture and what was read from it become rows, all of them or none.

The way of a page: its capture, then each article found in it (``keep``): a sighting, its versions,
and, where this is the latest word on it, the row in ``articles`` with everything that hangs on it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlite_utils import Database

from archive import frontier
from archive.addresses import identity, is_capture_of, readable
from archive.content import Sighting, Wording, as_json, digest_of, storable
from archive.latest import insert_article, move_seen
from archive.runs import now, stamp
from archive.told import Told
from archive.versions import note_sighting, weave
from iomscrape.records import Capture

if TYPE_CHECKING:
    from archive.prepared import Prepared


@dataclass(frozen=True, slots=True)
class WarcPlace:
    """Where a raw page lies: file within the WARC folder, offset and compressed length in bytes."""

    file: str
    offset: int
    length: int
    digest: str
    """SHA-256 of the page's body after decompression, ``sha256:…``."""
    revisit: bool = False
    """True if the record only points at an earlier one with the same bytes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a page gave nothing: a short stable code and a sentence for a person."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a capture. ``outcome``: new, changed, unchanged, problem or nothing."""

    capture_id: int
    article_ids: tuple[int, ...]
    outcome: str


_CAPTURED = f"SELECT digest, id FROM captures WHERE {is_capture_of('?1')} AND fetched_at = ?2 AND url = ?3 ORDER BY id DESC"  # noqa: S608  # ours


def find_capture(db: Database, capture: Capture, digest: str | None = None) -> int | None:
    """The number of this very capture (same address, time and bytes) if it is in the archive.

    ``digest``: that of its body, if it is known.
    """
    rows = _captured(db, capture.url, stamp(capture.fetched_at))
    # The digest is made only where there is one to compare it with.
    return rows.get(digest or digest_of(capture.body)) if rows else None


def _captured(db: Database, url: str, fetched_at: str) -> dict[str, int]:
    """The captures of this address, as it is written, at this time: their numbers by digest."""
    return dict(
        db.conn.execute(
            _CAPTURED,
            (identity(url), fetched_at, readable(url)),
        )
    )


def outcome_of(db: Database, capture: Capture, digest: str | None = None) -> str | None:
    """What came of this very capture; None if it is not in the archive."""
    known = find_capture(db, capture, digest)
    if known is None:
        return None
    outcome: str = db.conn.execute("SELECT outcome FROM captures WHERE id = ?", (known,)).fetchone()[0]
    return outcome


def store(db: Database, page: Prepared, run_id: int | None, place: WarcPlace | None) -> Stored:
    """Write a capture with its articles or its problem. Needs an open transaction."""
    capture, problem = page.capture, page.problem
    known_capture = find_capture(db, capture, page.digest)
    # Most pages are new; where that is wrong it is corrected below.
    guess = "problem" if problem else "new" if page.articles else "nothing"
    capture_id = known_capture or _insert_capture(db, page, run_id, place, guess)
    seen_at = stamp(capture.fetched_at)
    addresses = (capture.url, *capture.redirected_from)
    kept = [keep(db, Sighting(capture_id, seen_at, ""), told, addresses) for told in page.articles]
    if problem is not None:
        note_capture_problem(db, capture.url, problem, capture_id, run_id)
    elif kept and known_capture:
        # It could not be read once and can be now.
        db.conn.execute("DELETE FROM problems WHERE capture_id = ?", (capture_id,))
    outcome = _outcome([word for _, word in kept], problem)
    if outcome != ("unchanged" if known_capture else guess):
        db.conn.execute("UPDATE captures SET outcome = ? WHERE id = ?", (outcome, capture_id))
    if capture.source == "live":
        _remember(db, capture, run_id, place.digest if place else page.digest)
    return Stored(capture_id, tuple(article_id for article_id, _ in kept), outcome)


def note_problem(db: Database, url: str, problem: Problem, run_id: int | None) -> None:
    """Write down what could not even be fetched; the frontier counts the failure. Needs a transaction."""
    note_capture_problem(db, url, problem, None, run_id)
    if url.startswith(("http://", "https://")):
        known = frontier.known(db, url)
        # It is the latest word also where the clock was set back since the one before.
        before = known.fetched_at if known and known.fetched_at else now()
        frontier.mark(db, url, "failed", at=max(now(), before), run_id=run_id)


def seen_unchanged(db: Database, url: str, at: datetime, run_id: int | None) -> tuple[int, ...]:
    """The site answered 304: what the last capture of ``url`` showed is still there.

    Writes a capture without a raw page (status 304) and returns the numbers of the articles. If the
    archive has no capture of that address, only the frontier notes the answer. Needs an open transaction.
    """
    seen_at = stamp(at)
    asked_with = frontier.known(db, url)
    frontier.mark(
        db,
        url,
        "fetched",
        at=at,
        status=304,
        etag=asked_with.etag if asked_with else None,
        last_modified=asked_with.last_modified if asked_with else None,
        digest=asked_with.digest if asked_with else None,
        run_id=run_id,
    )
    last = db.conn.execute(
        f"SELECT id, digest, length, content_type, url FROM captures WHERE {is_capture_of('?1')} "  # noqa: S608  # ours
        "AND (fetched_at <= ?2 OR digest IS ?3) AND outcome <> 'problem' "
        # The page that was asked with; captures from elsewhere may be later.
        "ORDER BY digest IS ?3 DESC, fetched_at DESC, id DESC LIMIT 1",
        (identity(url), seen_at, asked_with.digest if asked_with else None),
    ).fetchone()
    if last is None:
        return ()
    last_id, digest, length, content_type, last_url = last
    shown = db.conn.execute(
        "SELECT article_id, digest FROM sightings WHERE capture_id = ? ORDER BY article_id", (last_id,)
    ).fetchall()
    if digest not in _captured(db, last_url, seen_at):
        cursor = db.conn.execute(
            "INSERT INTO captures (url, identity, redirected_from, fetched_at, source, status, content_type, "
            "digest, length, run_id, outcome) VALUES (?, ?, '[]', ?, 'live', 304, ?, ?, ?, ?, 'unchanged')",
            (last_url, identity(url), seen_at, content_type, digest, length, run_id),
        )
        capture_id = int(cursor.lastrowid or 0)
        for article_id, said in shown:
            (record,) = db.conn.execute(
                "SELECT record FROM versions WHERE article_id = ? AND digest = ?", (article_id, said)
            ).fetchone()
            sighting = Sighting(capture_id, seen_at, said)
            note_sighting(db, article_id, sighting)
            weave(db, article_id, sighting, Wording(json.loads(record), said))
            move_seen(db, article_id, seen_at)
    return tuple(article_id for article_id, _ in shown)


def _insert_capture(
    db: Database, page: Prepared, run_id: int | None, place: WarcPlace | None, outcome: str
) -> int:
    capture = page.capture
    cursor = db.conn.execute(
        "INSERT INTO captures (url, identity, redirected_from, fetched_at, source, status, content_type, "
        "digest, length, warc_file, warc_offset, warc_length, revisit, origin, run_id, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            readable(capture.url),
            identity(capture.url),
            as_json(storable(list(capture.redirected_from))),
            stamp(capture.fetched_at),
            capture.source,
            capture.status,
            storable(capture.header("Content-Type")),
            place.digest if place else page.digest,
            page.length,
            place.file if place else None,
            place.offset if place else None,
            place.length if place else None,
            int(place.revisit) if place else 0,
            storable(capture.origin),
            run_id,
            outcome,
        ),
    )
    return int(cursor.lastrowid or 0)


def keep(db: Database, seen: Sighting, told: Told, addresses: Sequence[str]) -> tuple[int, str]:
    """Write one article of a capture; returns its number and new, changed or unchanged.

    ``addresses``: others that lead to it. Needs an open transaction.
    """
    key, said = told.key, told.said
    sighting = seen._replace(digest=said.digest)
    row = db.conn.execute(
        "SELECT id, (SELECT digest FROM sightings WHERE article_id = articles.id AND capture_id = ?) "
        "FROM articles WHERE identity = ?",
        (seen.capture_id, key),
    ).fetchone()
    if row is None:
        article_id = insert_article(db, key, said, sighting)
        note_sighting(db, article_id, sighting)
        became = "new"
    elif row[1] == sighting.digest:
        return row[0], "unchanged"
    else:
        article_id = row[0]
        note_sighting(db, article_id, sighting)
        became = "changed" if weave(db, article_id, sighting, said) or row[1] else "unchanged"
        move_seen(db, article_id, sighting.seen_at)
    note_addresses(db, article_id, key, (told.own, *addresses))
    return article_id, became


def note_addresses(db: Database, article_id: int, key: str, urls: Sequence[str]) -> None:
    """Write down other addresses of an article than its own, whose identity is ``key``."""
    for url in urls:
        if (name := identity(url)) != key:
            db.conn.execute(
                "INSERT INTO other_addresses (identity, article_id, url) VALUES (?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (name, article_id, readable(url)),
            )


def _outcome(words: list[str], problem: Problem | None) -> str:
    if problem is not None:
        return "problem"
    return next((word for word in ("new", "changed", "unchanged") if word in words), "nothing")


def note_capture_problem(
    db: Database, url: str, problem: Problem, capture_id: int | None, run_id: int | None
) -> None:
    """Write down what is wrong with a capture; once for each reason. Needs an open transaction."""
    if (
        capture_id is not None
        and db.conn.execute(
            "SELECT 1 FROM problems WHERE capture_id = ? AND reason = ?", (capture_id, problem.reason)
        ).fetchone()
    ):
        return
    db.conn.execute(
        "INSERT INTO problems (url, capture_id, run_id, reason, detail, at) VALUES (?, ?, ?, ?, ?, ?)",
        (readable(url), capture_id, run_id, readable(problem.reason), readable(problem.detail), stamp(now())),
    )


def _remember(db: Database, capture: Capture, run_id: int | None, body_digest: str) -> None:
    """Note in the frontier that the address was fetched, and those that led to it."""
    state = frontier.state_of(capture.status)
    digest = body_digest if state == "fetched" else None
    for url in capture.redirected_from:
        frontier.mark(
            db, url, state, at=capture.fetched_at, status=capture.status, digest=digest, run_id=run_id
        )
    frontier.mark(
        db,
        capture.url,
        state,
        at=capture.fetched_at,
        status=capture.status,
        etag=storable(capture.header("ETag")),
        last_modified=storable(capture.header("Last-Modified")),
        digest=digest,
        run_id=run_id,
    )
