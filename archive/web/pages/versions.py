"""``/versions/42?from=1&to=2``: what changed between two versions of an article, word by word."""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response
from sqlite_utils import Database

from archive.articles import find_article
from archive.difference import SAME, Difference
from archive.history import diff, history


async def page(datasette: Any, request: Any) -> Response:
    """The versions to choose from, and the difference of two: by default the last two."""
    number = int(request.url_vars["id"])
    before, after = request.args.get("from") or None, request.args.get("to") or None

    def ask(db: Database) -> dict[str, Any] | None:
        if find_article(db, number) is None:
            return None
        shown = datasette.shown
        versions = [shown.headline(version.to_dict()) for version in history(db, number)]
        lang = db.conn.execute("SELECT lang FROM articles WHERE id = ?", (number,)).fetchone()[0]
        context = {"id": number, "lang": lang, "versions": versions}
        if len(versions) == 1:
            return context
        compared = diff(db, number, before, after)
        difference = shown.difference(db, compared)
        return context | {
            "before": compared.before,
            "after": compared.after,
            "difference": difference,
            "passages": _passages(difference, full=bool(request.args.get("full"))),
        }

    found = await datasette.own.ask(ask)
    if found is None:
        raise NotFound("There is no such article in this archive.")
    return Response.html(await datasette.render_template("versions.html", found, request=request))


def _passages(difference: Difference, *, full: bool) -> list[Any]:
    """Passages in order; a number stands for so many paragraphs that are the same."""
    if full:
        return list(difference.passages)
    shown: list[Any] = []
    for passage in difference.passages:
        if any(piece.what != SAME for piece in passage):
            shown.append(passage)
        elif shown and isinstance(shown[-1], int):
            shown[-1] += 1
        else:
            shown.append(1)
    return shown
