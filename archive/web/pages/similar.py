"""``/similar/42``: the articles that are most like one, and the words that they share."""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response
from sqlite_utils import Database

from archive.similar import similar

_SHOWN = 20


async def page(datasette: Any, request: Any) -> Response:
    """The list, most alike first."""
    number = int(request.url_vars["id"])

    def ask(db: Database) -> dict[str, Any] | None:
        row = next(iter(db.query("SELECT id, title, lang FROM articles WHERE id = ?", [number])), None)
        shown = datasette.shown
        return row and {
            "article": shown.headline(row),
            "rows": [shown.headline(found) for found in similar(db, number, _SHOWN)],
        }

    found = await datasette.own.ask(ask)
    if found is None:
        raise NotFound("There is no such article in this archive.")
    return Response.html(await datasette.render_template("similar.html", found, request=request))
