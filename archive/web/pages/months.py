"""``/months``: articles by month, for a country, a theme, a language or a kind; or split by one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Response
from sqlite_utils import Database

from archive.filters import Filters
from archive.web.plots import Plot, Point, bars

SPLITS = {"country": "country", "theme": "theme", "lang": "language", "kind": "kind"}
"""What a plot can be narrowed to and split by: name in the address, name for people."""

_SHOWN = 8  # plots below each other, when split
_CHOICES = 200
_COLUMNS = {
    "country": "facets.country",
    "theme": "themes.theme",
    "lang": "facets.lang",
    "kind": "facets.kind",
}
_MONTHS = "January February March April May June July August September October November December".split()

_Counts = dict[str, dict[str, int]]  # value -> month -> articles


async def page(datasette: Any, request: Any) -> Response:
    """The form, and a plot or several."""
    chosen = {name: request.args.get(name) or None for name in SPLITS}
    by = request.args.get("by") if request.args.get("by") in SPLITS else None

    def ask(db: Database) -> tuple[dict[str, list[tuple[str, int]]], _Counts]:
        counts = (
            _counts(db, chosen, by)
            if any(chosen.values())
            else datasette.own.counted(db, f"months by {by}", lambda db: _counts(db, chosen, by))
        )
        return datasette.own.counted(db, "choices", _choices), counts

    choices, counts = await datasette.own.ask(ask)
    months = _span(counts)
    ranked = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    most = max((number for _, by_month in ranked[:_SHOWN] for number in by_month.values()), default=0)
    shown = [(value, _plot(by_month, months, chosen, by, value, most)) for value, by_month in ranked[:_SHOWN]]
    context = {
        "splits": SPLITS,
        "chosen": chosen,
        "by": by,
        "choices": choices,
        "plots_shown": shown,
        "table": _table(counts.get("", {}), months) if not by else None,
        "years": _by_year(ranked[:_SHOWN]) if by else None,
        "months": _MONTHS,
        "left_out": len(ranked) - len(shown),
        "address": f"/months?{urlencode({name: value for name, value in chosen.items() if value})}",
    }
    return Response.html(await datasette.render_template("months.html", context, request=request))


def _choices(db: Database) -> dict[str, list[tuple[str, int]]]:
    """The values to choose from, the commonest first."""
    return {
        name: db.conn.execute(
            f"SELECT {column}, count(*) FROM {'themes' if name == 'theme' else 'facets'} "  # noqa: S608  # our names
            f"WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_CHOICES}"
        ).fetchall()
        for name, column in _COLUMNS.items()
    }


def _counts(db: Database, chosen: dict[str, str | None], by: str | None) -> _Counts:
    """Articles by month, for each value of what they are split by (``""`` if they are not)."""
    filters = Filters(**{name: value for name, value in chosen.items() if value})
    tests, values = filters.where("facets")
    tests.append("length(facets.published) >= 7")
    column = _COLUMNS[by] if by else "''"
    if by:
        tests.append(f"{column} IS NOT NULL")
    themes = " JOIN themes ON themes.article_id = facets.article_id" if by == "theme" else ""
    rows = db.conn.execute(
        f"SELECT {column}, substr(facets.published, 1, 7), count(*) FROM facets{themes} "  # noqa: S608  # our names
        f"WHERE {' AND '.join(tests)} GROUP BY 1, 2",
        values,
    )
    counts: _Counts = {}
    for value, month, number in rows:
        if month[:4].isdecimal() and month[5:].isdecimal() and 1 <= int(month[5:]) <= 12:
            counts.setdefault(value, {})[month] = number
    return counts


def _span(counts: _Counts) -> list[str]:
    """Every month from January of the first year to December of the last."""
    years = [int(month[:4]) for by_month in counts.values() for month in by_month]
    if not years:
        return []
    return [f"{year:04}-{month:02}" for year in range(min(years), max(years) + 1) for month in range(1, 13)]


def _plot(
    by_month: dict[str, int],
    months: list[str],
    chosen: dict[str, str | None],
    by: str | None,
    value: str,
    most: int,
) -> Plot:
    filters = {name: text for name, text in chosen.items() if text} | ({by: value} if by else {})
    years = len(months) // 12
    every = 1 if years <= 6 else 5
    points = [
        Point(
            month,
            by_month.get(month, 0),
            f"/search?{urlencode({**filters, 'since': month, 'until': month})}"
            if month in by_month
            else None,
            month[:4] if month.endswith("-01") and int(month[:4]) % every == 0 else None,
        )
        for month in months
    ]
    return bars(points, height=70 if by else 180, most=most)


def _table(by_month: dict[str, int], months: list[str]) -> list[tuple[str, list[int], int]]:
    """Year, its twelve months, its sum."""
    years = dict.fromkeys(month[:4] for month in months)
    rows = [(year, [by_month.get(f"{year}-{month:02}", 0) for month in range(1, 13)]) for year in years]
    return [(year, numbers, sum(numbers)) for year, numbers in rows if any(numbers)]


def _by_year(ranked: list[tuple[str, dict[str, int]]]) -> list[tuple[str, list[int]]]:
    """Year and the number of articles of each value that is shown."""
    years = sorted({month[:4] for _, by_month in ranked for month in by_month})
    return [
        (year, [sum(n for month, n in by_month.items() if month[:4] == year) for _, by_month in ranked])
        for year in years
    ]
