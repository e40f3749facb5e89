"""What a crawl remembers of each address: what is still to fetch, and how to ask whether a page changed.

The memory lies in the archive, not in Scrapy's job folder, so that it survives ``kill -9``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.addresses import identity, readable
from archive.runs import now, stamp

ANSWERS = ("fetched", "failed", "gone")
"""What asking for an address can come to; before that it is ``queued``."""

_GONE = (404, 410)
_REFUSED = (401, 403, 451)


@dataclass(frozen=True, slots=True)
class FrontierEntry:
    """An address to be fetched, with the last change its sitemap gives (ISO 8601), if any."""

    url: str
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows of an address. ``etag`` and ``last_modified`` are for asking again.

    ``fetched_at`` is when it was last asked for, whatever came of it: see ``state``.
    """

    url: str
    etag: str | None
    last_modified: str | None
    fetched_at: datetime | None
    status: int | None
    digest: str | None
    state: str = "fetched"
    lastmod: str | None = None
    tries: int = 0
    run_id: int | None = None
    """The run that asked last."""


def known(db: Database, url: str) -> Known | None:
    """The memory of ``url``, or else of the same address written otherwise (http, ``www.``, slash)."""
    row = db.conn.execute(
        "SELECT url, etag, last_modified, fetched_at, status, digest, state, lastmod, tries, run_id "
        "FROM frontier WHERE url = ?1 OR identity = ?2 ORDER BY url = ?1 DESC, fetched_at DESC LIMIT 1",
        (readable(url), identity(url)),
    ).fetchone()
    if row is None:
        return None
    fetched_at = datetime.fromisoformat(row[3]) if row[3] else None
    return Known(row[0], row[1], row[2], fetched_at, *row[4:])


def is_refused_alone(db: Database, url: str) -> bool:
    """Whether the site refused this page when it was last asked for it, and gave others after that."""
    told = known(db, url)
    if told is None or told.state != "failed" or told.fetched_at is None:
        return False
    found = db.conn.execute(
        "SELECT 1 FROM frontier WHERE state = 'fetched' AND host = ? AND fetched_at > ? LIMIT 1",
        (_host(url), stamp(told.fetched_at)),
    )
    return told.status in _REFUSED and found.fetchone() is not None


def queue(db: Database, entries: Iterable[FrontierEntry | str], run_id: int | None) -> int:
    """Note addresses as still to be fetched; returns how many. What is known of them stays.

    Needs an open transaction, like :func:`mark`.
    """
    number = 0
    for entry in entries:
        entry = FrontierEntry(entry) if isinstance(entry, str) else entry
        db.conn.execute(
            "INSERT INTO frontier (url, identity, host, state, lastmod, run_id) "
            "VALUES (?, ?, ?, 'queued', ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET state = 'queued', run_id = excluded.run_id, "
            "lastmod = coalesce(excluded.lastmod, lastmod)",
            (readable(entry.url), identity(entry.url), _host(entry.url), entry.lastmod, run_id),
        )
        number += 1
    return number


def waiting(db: Database) -> Iterator[FrontierEntry]:
    """The addresses that are queued and not fetched, those of the latest run first."""
    rows = db.conn.execute(
        "SELECT url, lastmod FROM frontier WHERE state = 'queued' ORDER BY run_id DESC, url"
    ).fetchall()
    return (FrontierEntry(url, lastmod) for url, lastmod in rows)


def state_of(status: int | None) -> str:
    """``fetched``, ``gone`` or ``failed`` by HTTP status; no status is no answer, ``failed``."""
    if status in _GONE:
        return "gone"
    return "fetched" if status is not None and status < 400 else "failed"


def mark(
    db: Database,
    url: str,
    state: str,
    *,
    at: datetime,
    status: int | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    digest: str | None = None,
    run_id: int | None = None,
) -> None:
    """Note what came of asking for ``url`` at a time. Needs an open transaction.

    A memory never goes back in time: what is older than what is known changes nothing, unless that is from
    a time still to come, when a clock was wrong. Failures and 304 answers keep the validators and the digest
    of the last good answer.
    """
    if state not in ANSWERS:
        raise ValueError(f"an answer is {', '.join(ANSWERS)}; not {state!r}")
    fresh = state == "fetched" and status != 304
    db.conn.execute(
        "INSERT INTO frontier "
        "(url, identity, host, state, etag, last_modified, fetched_at, status, digest, tries, run_id) "
        "VALUES (:url, :identity, :host, :state, :etag, :last_modified, :at, :status, :digest, :failed, "
        ":run_id) "
        "ON CONFLICT (url) DO UPDATE SET state = excluded.state, fetched_at = excluded.fetched_at, "
        "status = excluded.status, run_id = coalesce(excluded.run_id, run_id), "
        "tries = CASE WHEN :failed THEN tries + 1 ELSE 0 END, "
        "etag = CASE WHEN :fresh THEN excluded.etag ELSE coalesce(excluded.etag, etag) END, "
        "last_modified = CASE WHEN :fresh THEN excluded.last_modified "
        "ELSE coalesce(excluded.last_modified, last_modified) END, "
        "digest = coalesce(excluded.digest, digest) "
        "WHERE fetched_at IS NULL OR fetched_at <= excluded.fetched_at OR fetched_at > :now",
        {
            "url": readable(url),
            "identity": identity(url),
            "host": _host(url),
            "state": state,
            "etag": etag,
            "last_modified": last_modified,
            "at": stamp(at),
            "now": stamp(now()),
            "status": status,
            "digest": digest,
            "failed": int(state in ("failed", "gone")),
            "fresh": int(fresh),
            "run_id": run_id,
        },
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
