"""Figures of the archive as a whole, and what the latest crawl added to it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from sqlite_utils import Database

from archive.watch.tried import Run, numbers

_TOTALS = ("articles", "captures", "problems")


def growth(db: Database, crawls: Sequence[Run]) -> dict[str, Any]:
    """Totals; new articles, captures and bytes of raw pages of the last of these runs, and what is usual: the
    median of the others, None where there are none."""
    found: dict[str, Any] = {
        table: db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # our names
        for table in _TOTALS
    }
    found["last_article"] = db.conn.execute("SELECT max(first_seen) FROM articles").fetchone()[0]
    whole = numbers(crawls)
    rows = {run.id: [0, 0, 0] for run in crawls}
    for run, *rest in db.conn.execute(
        "SELECT run_id, sum(outcome = 'new'), count(*), coalesce(sum(warc_length), 0) FROM captures "  # noqa: S608  # our numbers
        f"WHERE run_id IN ({', '.join(map(str, whole))}) GROUP BY 1"
    ):
        rows[whole[run]] = [before + more for before, more in zip(rows[whole[run]], rest, strict=True)]
    *earlier, now = rows.values()
    for place, name in enumerate(("new_articles", "new_captures", "new_bytes")):
        found[name] = now[place]
        found[f"usual_{name}"] = median(row[place] for row in earlier) if earlier else None
    return found
