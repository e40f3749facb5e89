"""``/search``: articles by their words and what they have in common."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Response
from markupsafe import Markup, escape
from sqlite_utils import Database

from archive import search
from archive.filters import Filters
from archive.marking import HIT_END, HIT_START

_PAGE = 20
_FILTERS = ("lang", "country", "kind", "site", "since", "until")


async def page(datasette: Any, request: Any) -> Response:
    """The form, what was found, and by what it can be narrowed."""
    asked = {name: request.args.get(name) or None for name in ("q", *_FILTERS)}
    number = _page_number(request.args.get("page"))

    def ask(db: Database) -> dict[str, Any]:
        filters = Filters(**{name: asked[name] for name in _FILTERS})
        hits = search.search(db, asked["q"] or "", filters, _PAGE + 1, (number - 1) * _PAGE)
        return {"hits": datasette.shown.hits(db, hits[:_PAGE]), "more": len(hits) > _PAGE}

    found = await datasette.own.ask(ask) if any(asked.values()) else {"hits": [], "more": False}
    context = {
        **found,
        "asked": asked,
        "empty": not any(asked.values()),
        "chosen": [
            (name, value, _address(asked, **{name: None}))
            for name, value in asked.items()
            if value and name != "q"
        ],
        "page": number,
        "previous": _address(asked, page=number - 1) if number > 1 else None,
        "next": _address(asked, page=number + 1) if found["more"] else None,
        "marked": marked,
    }
    return Response.html(await datasette.render_template("search.html", context, request=request))


def marked(text: str) -> Markup:
    """The text, escaped, with what was found in ``<mark>``."""
    return Markup(str(escape(text)).replace(HIT_START, "<mark>").replace(HIT_END, "</mark>"))  # noqa: S704  # escaped first


def _address(asked: dict[str, str | None], **changes: object) -> str:
    values = {name: value for name, value in (asked | changes).items() if value not in (None, "", 1)}
    return f"/search?{urlencode(values)}" if values else "/search"


def _page_number(text: str | None) -> int:
    number = int(text) if text and text.isdecimal() and len(text) < 7 else 1
    return max(number, 1)
