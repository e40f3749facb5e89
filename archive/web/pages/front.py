"""``/``: the search box, what there is, and when it was published."""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response
from sqlite_utils import Database

from archive.web.plots import Plot, Point, bars

_TOTALS = ("articles", "captures", "contacts", "repairs", "problems")
# From the small rows that say what articles have in common, not from the long ones with their texts.
_COUNTED = {
    "languages": "SELECT lang, count(*) FROM facets WHERE lang IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
    "kinds": "SELECT kind, count(*) FROM facets GROUP BY 1 ORDER BY 2 DESC, 1",
    "countries": "SELECT country, count(*) FROM facets WHERE country IS NOT NULL "
    "GROUP BY 1 ORDER BY 2 DESC, 1",
    "sites": "SELECT site, count(*) FROM facets GROUP BY 1 ORDER BY 2 DESC, 1",
    "years": "SELECT substr(published, 1, 4), count(*) FROM facets WHERE published IS NOT NULL "
    "GROUP BY 1 ORDER BY 1",
}
_LATEST = (
    "SELECT id, title, lang, kind, country, published, dateline FROM articles "
    "WHERE published IS NOT NULL ORDER BY published DESC, id DESC LIMIT 8"
)
_LAST_RUN = "SELECT id, command, started_at, ended_at, outcome FROM runs ORDER BY id DESC LIMIT 1"


async def page(datasette: Any, request: Any) -> Response:
    """The front page."""

    def ask(db: Database) -> dict[str, Any]:
        return datasette.own.counted(db, "front", _counts) | {  # type: ignore[no-any-return]  # Datasette publishes no types
            "latest": list(db.query(_LATEST)),
            "run": next(iter(db.query(_LAST_RUN)), None),
        }

    found = await datasette.own.ask(ask)
    found["latest"] = [datasette.shown.headline(row) for row in found["latest"]]
    found["plot"] = by_year(found["years"])
    return Response.html(await datasette.render_template("front.html", found, request=request))


async def closed() -> Response:
    """Nothing, for addresses that lead nowhere here."""
    raise NotFound


def by_year(years: list[tuple[str, int]]) -> Plot | None:
    """Articles by year, every year between the first and the last; a click leads to its articles."""
    counts = {int(year): number for year, number in years if year.isdecimal()}
    if not counts:
        return None
    points = [
        Point(
            str(year),
            counts.get(year, 0),
            f"/search?since={year}&until={year}" if year in counts else None,
            str(year) if year % 5 == 0 else None,
        )
        for year in range(min(counts), max(counts) + 1)
    ]
    return bars(points)


def _counts(db: Database) -> dict[str, Any]:
    counts: dict[str, Any] = {
        table: db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # our names
        for table in _TOTALS
    }
    for name, sql in _COUNTED.items():
        counts[name] = db.conn.execute(sql).fetchall()
    return counts
