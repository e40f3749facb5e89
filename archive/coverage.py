"""What an archive covers: when, which sites, which languages, where there is nothing, and which fields are filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from archive.database import at_once

_EACH = """
SELECT substr(published, 1, 7), site, lang, count(*) FROM facets GROUP BY 1, 2, 3
"""

# Fields of an article that may be empty, and those of its details: each with a query for how many have it.
_COLUMNS = (
    *("subtitle", "lang", "published", "updated", "dateline", "country", "region", "node_id"),
    "text",
)
_DETAILS = {
    "themes": "SELECT count(DISTINCT article_id) FROM themes",
    "contacts": "SELECT count(DISTINCT article_id) FROM contacts",
    "contacts with a name": "SELECT count(DISTINCT article_id) FROM contacts WHERE name IS NOT NULL",
    "contacts with an e-mail address": "SELECT count(DISTINCT article_id) FROM contacts "
    "WHERE id IN (SELECT contact_id FROM emails)",
    "contacts with a number": "SELECT count(DISTINCT article_id) FROM contacts "
    "WHERE id IN (SELECT contact_id FROM phones)",
    "links": "SELECT count(DISTINCT article_id) FROM links WHERE kind = 'link'",
    "documents": "SELECT count(DISTINCT article_id) FROM links WHERE kind = 'document'",
    "images": "SELECT count(DISTINCT article_id) FROM images",
    "translations": "SELECT count(DISTINCT article_id) FROM translations",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Articles over time: of the whole archive, or of one site."""

    articles: int
    undated: int
    """Articles of which not even the month is known; they stand in none of the following."""
    months: dict[str, int]
    """``2021-05`` to number, each month from the first that has any to the last, also those with none."""
    languages: dict[str, int]
    """The commonest first; those without one under ``""``. Undated ones count."""
    gaps: list[tuple[str, str]]
    """First and last of each row of months that have no article."""

    @property
    def first(self) -> str | None:
        """The first month that has an article."""
        return next(iter(self.months), None)

    @property
    def last(self) -> str | None:
        """The last one."""
        return next(reversed(self.months), None)

    @property
    def empty_months(self) -> int:
        """How many months between the two have none."""
        return sum(not number for number in self.months.values())

    @property
    def years(self) -> dict[str, int]:
        """Each year from the first to the last."""
        years: Counter[str] = Counter()
        for month, number in self.months.items():
            years[month[:4]] += number
        return dict(years)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is, and what there is not."""

    whole: Span
    sites: dict[str, Span]
    """Each site, the one with most articles first."""
    year_languages: dict[str, dict[str, int]]
    """Year to language to number; years in order, ``""`` (no year) last."""
    month_languages: dict[tuple[str, str], int]
    """Month and language to number; those without a month left out."""
    filled: dict[str, int]
    """Field, or kind of detail, to how many articles have it."""

    def share(self, name: str) -> float:
        """0 to 1: in how many of the articles a field is filled; 0 if there are no articles."""
        return self.filled[name] / self.whole.articles if self.whole.articles else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "whole": _plain(self.whole),
            "sites": {site: _plain(span) for site, span in self.sites.items()},
            "year_languages": self.year_languages,
            "filled": {
                name: {"articles": number, "share": round(self.share(name), 4)}
                for name, number in self.filled.items()
            },
        }


@at_once
def coverage(db: Database) -> Coverage:
    """Count everything; at a million articles a matter of seconds."""
    rows = [(month or "", site, lang or "", number) for month, site, lang, number in db.conn.execute(_EACH)]
    by_site: dict[str, list[tuple[str, str, int]]] = {}
    for month, site, lang, number in rows:
        by_site.setdefault(site, []).append((month, lang, number))
    sites = {site: _span(each) for site, each in by_site.items()}
    year_languages: dict[str, Counter[str]] = {}
    month_languages: Counter[tuple[str, str]] = Counter()
    for month, _, lang, number in rows:
        year_languages.setdefault(month[:4], Counter())[lang] += number
        if _is_month(month):
            month_languages[month, lang] += number
    return Coverage(
        whole=_span((month, lang, number) for month, _, lang, number in rows),
        sites=dict(sorted(sites.items(), key=lambda item: (-item[1].articles, item[0]))),
        year_languages={
            year: dict(year_languages[year].most_common()) for year in sorted(year_languages, key=_year_order)
        },
        month_languages=dict(month_languages),
        filled=_filled(db),
    )


def _span(rows: Iterable[tuple[str, str, int]]) -> Span:
    by_month: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for month, lang, number in rows:
        by_month[month if _is_month(month) else ""] += number
        languages[lang] += number
    undated = by_month.pop("", 0)
    months = {month: by_month[month] for month in _all_months(by_month)}
    return Span(
        articles=languages.total(),
        undated=undated,
        months=months,
        languages=dict(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        gaps=_gaps(months),
    )


def _is_month(text: str) -> bool:
    return len(text) == 7 and text[:4].isdigit() and "01" <= text[5:] <= "12"  # 2021-05


def _all_months(months: Iterable[str]) -> list[str]:
    if not months:
        return []
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (min(months), max(months)))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _gaps(months: dict[str, int]) -> list[tuple[str, str]]:
    gaps: list[tuple[str, str]] = []
    is_open = False
    for month, number in months.items():
        if number:
            is_open = False
        elif is_open:
            gaps[-1] = (gaps[-1][0], month)
        else:
            gaps.append((month, month))
            is_open = True
    return gaps


def _filled(db: Database) -> dict[str, int]:
    counts = ", ".join(f"count(nullif({name}, ''))" for name in _COLUMNS)
    filled = dict(zip(_COLUMNS, db.conn.execute(f"SELECT {counts} FROM articles").fetchone(), strict=True))  # noqa: S608  # our names
    return filled | {name: db.conn.execute(sql).fetchone()[0] for name, sql in _DETAILS.items()}


def _year_order(year: str) -> tuple[bool, str]:
    return not year, year


def _plain(span: Span) -> dict[str, Any]:
    return asdict(span) | {
        "first": span.first,
        "last": span.last,
        "years": span.years,
        "empty_months": span.empty_months,
        "gaps": [list(gap) for gap in span.gaps],
    }
