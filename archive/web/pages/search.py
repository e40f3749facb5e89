"""``/search``: articles by their words and what they have in common, and by what they can be narrowed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Forbidden, Response
from markupsafe import Markup, escape
from sqlite_utils import Database

from archive.facets import Facets, facets
from archive.filters import Filters
from archive.marking import HIT_END, HIT_START
from archive.question import read_question
from archive.search import SORTS, search

_PAGE = 20
_FILTERS = ("lang", "country", "kind", "theme", "site", "since", "until")
_FACETS = ("year", "country", "kind", "lang", "theme")
_SHOWN = 8
_MOST = 60
"""Values of a facet: shown at once, and at the most."""

_Asked = dict[str, str | None]


async def page(datasette: Any, request: Any) -> Response:
    """The form, what was found, and by what it can be narrowed."""
    asked: _Asked = {name: request.args.get(name) or None for name in ("q", *_FILTERS, "sort")}
    asked["sort"] = asked["sort"] if asked["sort"] in SORTS[1:] else None
    number = _page_number(request.args.get("page"))
    if datasette.without_contacts and _asks_for_people(asked["q"] or ""):
        raise Forbidden("Contacts are left out here, and cannot be searched for.")

    def ask(db: Database) -> dict[str, Any]:
        words, filters = asked["q"] or "", Filters(**{name: asked[name] for name in _FILTERS})
        hits = (
            search(db, words, filters, _PAGE, (number - 1) * _PAGE, asked["sort"] or SORTS[0])
            if words or filters
            else []
        )
        count = facets(db, words, filters) if words or filters else datasette.own.counted(db, "facets", _all)
        return {"hits": datasette.shown.hits(db, hits), "facets": count}

    found = await datasette.own.ask(ask)
    count: Facets = found["facets"]
    context = {
        **found,
        "asked": asked,
        "empty": not any(value for name, value in asked.items() if name != "sort"),
        "chosen": [
            (name, value, _address(asked, {name: None}))
            for name, value in asked.items()
            if value and name in _FILTERS
        ],
        "facet_lists": [(name, _narrowing(asked, name, getattr(count, name))) for name in _FACETS],
        "facets_shown": _SHOWN,
        "total": count.total,
        "first": (number - 1) * _PAGE + 1,
        "page": number,
        "pages": -(-count.total // _PAGE),
        "previous": _address(asked, {"page": number - 1}) if number > 1 else None,
        "next": _address(asked, {"page": number + 1}) if number * _PAGE < count.total else None,
        "sorts": [(sort, _address(asked, {"sort": sort if sort != SORTS[0] else None})) for sort in SORTS],
        "sort": asked["sort"] or SORTS[0],
        "marked": marked,
    }
    return Response.html(await datasette.render_template("search.html", context, request=request))


def marked(text: str) -> Markup:
    """The text, escaped, with what was found in ``<mark>``."""
    return Markup(str(escape(text)).replace(HIT_START, "<mark>").replace(HIT_END, "</mark>"))  # noqa: S704  # escaped first


def _all(db: Database) -> Facets:
    return facets(db, "", Filters())


def _asks_for_people(query: str) -> bool:
    question = read_question(query)
    return bool(question.contacts or question.emails or question.not_contacts)


def _narrowing(asked: _Asked, name: str, counts: dict[str, int]) -> list[tuple[str, int, str]]:
    """Value, number of articles, and the address that narrows to it; what is chosen already is left out."""
    values = [(value, number) for value, number in counts.items() if value]
    if name == "year":
        if asked["since"] and asked["since"] == asked["until"]:
            return []
        return [
            (year, number, _address(asked, {"since": year, "until": year})) for year, number in values[:_MOST]
        ]
    return [
        (value, number, _address(asked, {name: value}))
        for value, number in values[:_MOST]
        if value != asked[name]
    ]


def _address(asked: _Asked, changes: dict[str, Any]) -> str:
    values = {name: value for name, value in {**asked, **changes}.items() if value not in (None, "", 1)}
    return f"/search?{urlencode(values)}" if values else "/search"


def _page_number(text: str | None) -> int:
    number = int(text) if text and text.isdecimal() and text.isascii() and len(text) < 7 else 1
    return max(number, 1)
