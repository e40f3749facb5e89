"""Runs: each time a command brings pages in, how it ended, and which were cut short.

Their order is that of their numbers: a clock may be set back between two of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlite_utils import Database

from archive.addresses import readable
from archive.database import writing

OUTCOMES = ("done", "failed", "interrupted", "refused", "nothing")


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """The moment as it stands in the archive: ISO 8601 in UTC. Without a zone it is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def start_run(db: Database, command: str, arguments: Mapping[str, object], version: str) -> int:
    """Open a run; returns its number. Its ``ended_at`` stays empty until :func:`finish_run`."""
    with writing(db):
        cursor = db.conn.execute(
            "INSERT INTO runs (command, arguments, version, started_at) VALUES (?, ?, ?, ?)",
            (command, _arguments(arguments), version, stamp(now())),
        )
        return int(cursor.lastrowid or 0)


def finish_run(db: Database, run_id: int, outcome: str, exit_code: int, counts: Mapping[str, int]) -> None:
    """Close a run. ``outcome`` is one of OUTCOMES; ValueError for any other.

    It never ends before it began, whatever the clock says.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"a run ends {', '.join(OUTCOMES)}; not {outcome!r}")
    with writing(db):
        db.conn.execute(
            "UPDATE runs SET ended_at = max(started_at, ?), outcome = ?, exit_code = ?, counts = ? WHERE id = ?",
            (stamp(now()), outcome, exit_code, json.dumps(dict(counts)), run_id),
        )


def unfinished(
    db: Database, command: str, arguments: Mapping[str, object], before: int | None
) -> frozenset[int]:
    """The runs whose work a new run should go on with; none if the last one ended properly.

    The latest runs of the same command with the same arguments are one piece of work as long as each
    was killed (no ``ended_at``) or stopped by a signal (``interrupted``). What was fetched since the
    first of them, by whatever run of the command, need not be fetched again. ``before`` leaves out that
    run and later ones: the caller's.
    """
    began: int | None = None
    end = before if before is not None else 2**62
    rows = db.conn.execute(
        "SELECT id, ended_at, outcome FROM runs WHERE command = ? AND arguments = ? AND id < ? "
        "ORDER BY id DESC",
        (command, _arguments(arguments), end),
    )
    for number, ended_at, outcome in rows:
        if ended_at is not None and outcome != "interrupted":
            break
        began = number
    if began is None:
        return frozenset()
    since = db.conn.execute(
        "SELECT id FROM runs WHERE command = ? AND id >= ? AND id < ?", (command, began, end)
    )
    return frozenset(number for (number,) in since)


def last_fetched(db: Database) -> datetime | None:
    """When the page was fetched that a crawl stored last; None where none did."""
    row = db.conn.execute(
        "SELECT captures.fetched_at FROM captures JOIN runs ON runs.id = captures.run_id "
        "WHERE captures.source = 'live' AND runs.command = 'crawl' ORDER BY captures.id DESC LIMIT 1"
    ).fetchone()
    return datetime.fromisoformat(row[0]) if row else None


def _arguments(arguments: Mapping[str, object]) -> str:
    # Sorted, so that the same arguments are the same text; what JSON does not know (a date, a path)
    # stands as its text.
    return readable(json.dumps(dict(arguments), sort_keys=True, ensure_ascii=False, default=str))
