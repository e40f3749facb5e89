"""``/article/42``: one article with all that is known of it, as it reads today or, ``?as-of=2016``, as it did.

Addresses are keys, too: ``/article/https://www.iom.int/news/a-title``.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import unquote

from datasette import NotFound, Response
from sqlite_utils import Database

from archive import articles
from archive.history import as_of
from archive.stories.asking import story_of


async def page(datasette: Any, request: Any) -> Response:
    """The article with that number, or a redirect from its address to its number."""
    key = unquote(request.url_vars["key"])
    number = int(key) if key.isdecimal() and key.isascii() else None

    def ask(db: Database) -> dict[str, Any] | None:
        if number is None:
            found = articles.find_article(db, key)
            return {"id": found} if found is not None else None
        record = articles.article(db, number)
        if record is None:
            return None
        when = request.args.get("as-of") or None
        if when:
            then = as_of(db, number, when)
            if then is None:
                raise NotFound(f"The article was first seen on {record['first_seen'][:10]}.")
            record |= then | {"versions": record["versions"], "then": then["version"]["number"]}
        context = _page(db, datasette.shown.record(db, record))
        context["asked_time"] = when
        context["story"] = datasette.shown.story(story_of(db, number))
        return context

    found = await datasette.own.ask(ask)
    if found is None:
        raise NotFound("There is no such article in this archive.")
    if number is None:
        return Response.redirect(f"/article/{found['id']}")
    return Response.html(await datasette.render_template("article.html", found, request=request))


def _page(db: Database, record: dict[str, Any]) -> dict[str, Any]:
    return {
        "article": record,
        "body": [
            (role, [block["text"] for block in blocks])
            for role, blocks in groupby(record["blocks"], key=lambda block: block["role"])
        ],
        "translations": [
            {"lang": lang, "url": url, "id": articles.find_article(db, url)}
            for lang, url in sorted(record["translations"].items())
        ],
    }
