"""Narrowing a question to some articles: language, country, kind, site, theme, time."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypedDict

from archive.addresses import readable
from archive.addresses import site as site_of
from archive.errors import QueryError
from archive.runs import stamp

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

_TIME = re.compile(r"\d[T ]\d{2}:\d{2}(:\d{2})?$", re.ASCII)

_END = "~"  # sorts behind every digit, "-", ":" and "T": the whole of the year, month or day

_THEME = {
    "articles": "articles.id IN (SELECT article_id FROM themes WHERE theme = :theme COLLATE NOCASE)",
    # There are few sets, however many articles have them.
    "facets": "facets.theme_set_id IN (SELECT theme_sets.id FROM theme_sets, json_each(theme_sets.themes) "
    "AS each_theme WHERE each_theme.value = :theme COLLATE NOCASE)",
}


class Narrowing(TypedDict, total=False):
    """The fields of :class:`Filters` as the keyword arguments of a method."""

    lang: str | None
    country: str | None
    kind: str | None
    site: str | None
    theme: str | None
    since: str | date | None
    until: str | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What articles must fulfil; None asks nothing. Give dates as ``2016``, ``2016-05`` or ``2016-05-03``.

    ``until`` includes the whole year, month or day named. Articles without a date of publication
    fulfil neither ``since`` nor ``until``.
    """

    lang: str | None = None
    country: str | None = None
    kind: str | None = None
    site: str | None = None
    theme: str | None = None
    since: str | date | None = None
    until: str | date | None = None

    def __bool__(self) -> bool:
        """True if anything is asked."""
        return any(getattr(self, field.name) is not None for field in fields(self))

    def where(self, table: str = "articles") -> tuple[list[str], dict[str, Any]]:
        """Conditions on ``articles``, or on ``facets``, which is faster; and their parameters.

        Raises QueryError for a bad date.
        """
        tests: list[str] = []
        values: dict[str, Any] = {}
        for name, value in (
            ("lang", self.lang and self.lang.lower()),
            ("country", self.country and self.country.upper()),
            ("kind", self.kind and self.kind.lower()),
            ("site", self.site and _host(self.site)),
        ):
            if value is not None:
                tests.append(f"{table}.{name} = :{name}")
                values[name] = value
        if self.theme is not None:
            tests.append(_THEME[table])
            values["theme"] = readable(self.theme.strip())
        if self.since is not None:
            tests.append(f"{table}.published >= :since")
            values["since"] = _partial_date(self.since)
        if self.until is not None:
            tests.append(f"{table}.published < :until")
            values["until"] = _partial_date(self.until) + _END
        return tests, values


def last_moment(value: str | date) -> str:
    """What sorts behind all times of a year, month, day or minute; of a datetime, itself (in UTC).

    Raises QueryError for what is no date.
    """
    if isinstance(value, str) and _TIME.search(value):
        try:
            datetime.fromisoformat(value.strip())
        except ValueError:
            raise QueryError(f"{value!r} is no time; give 2016-05-03 12:30, in UTC") from None
        return value.strip().replace(" ", "T") + _END
    return stamp(value) if isinstance(value, datetime) else _partial_date(value) + _END


def _host(text: str) -> str:
    return site_of(text if "//" in text else f"//{text}")


def _partial_date(value: str | date) -> str:
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    match = _PARTIAL_DATE.fullmatch(value.strip())
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            return match[0]
    raise QueryError(f"{value!r} is no date; give 2016, 2016-05 or 2016-05-03")
