"""Counting what an archive holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.database import at_once

_TOTALS = ("articles", "captures", "contacts", "emails", "phones", "repairs", "problems", "runs")

# What is counted, and how: each gives value and number.
_COUNTED = {
    "by_site": "SELECT site, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_lang": "SELECT lang, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_kind": "SELECT kind, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_country": "SELECT country, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_year": "SELECT substr(published, 1, 4), count(*) FROM articles GROUP BY 1 ORDER BY 1 DESC",
    "by_design": "SELECT design, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_repair": "SELECT kind, count(*) FROM repairs GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_problem": "SELECT reason, count(*) FROM problems GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_source": "SELECT source, count(*) FROM captures GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_frontier": "SELECT state, count(*) FROM frontier GROUP BY 1 ORDER BY 2 DESC, 1",
}
_RUNS_SHOWN = 10


@at_once
def stats(db: Database, path: Path) -> dict[str, Any]:
    """Totals, counts by what articles have in common, the latest runs, times and sizes.

    ``by_…`` are dicts from value to number, the commonest first (years: the latest first); articles
    without the value count under ``""``. ``bytes`` is the size of the database on disk, ``raw_bytes``
    that of the WARC records.
    """
    counted: dict[str, Any] = {"path": str(path), "bytes": path.stat().st_size}
    counted["raw_bytes"] = db.conn.execute("SELECT coalesce(sum(warc_length), 0) FROM captures").fetchone()[0]
    for table in _TOTALS:
        counted[table] = db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # our names
    # To count the view would put every version together.
    counted["versions"] = db.conn.execute(
        "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM earlier_versions)"
    ).fetchone()[0]
    counted["changed_articles"] = db.conn.execute(
        "SELECT count(DISTINCT article_id) FROM earlier_versions"
    ).fetchone()[0]
    counted["first_published"], counted["last_published"] = db.conn.execute(
        "SELECT min(published), max(published) FROM articles"
    ).fetchone()
    for name, sql in _COUNTED.items():
        counted[name] = {value or "": number for value, number in db.conn.execute(sql)}
    counted["latest_runs"] = [
        {
            "id": run_id,
            "command": command,
            "started_at": started_at,
            "ended_at": ended_at,
            "outcome": outcome,
            "exit_code": exit_code,
            "counts": json.loads(counts or "{}"),
        }
        for run_id, command, started_at, ended_at, outcome, exit_code, counts in db.conn.execute(
            "SELECT id, command, started_at, ended_at, outcome, exit_code, counts FROM runs "
            "ORDER BY id DESC LIMIT ?",
            (_RUNS_SHOWN,),
        )
    ]
    return counted
