"""How our pages hang in Datasette: their addresses, what every template can use, and answers to errors."""

from __future__ import annotations

import re
import sqlite3
import sys
import traceback
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from archive.errors import ArchiveError, QueryError
from archive.web import words
from archive.web.links import mail, outside, telephone
from archive.web.metadata import DATABASE, MEANINGS
from archive.web.pages import ROUTES

_NAVIGATION = (
    ("/search", "Search"),
    ("/months", "Months"),
    ("/people", "People"),
    ("/offices", "Offices"),
    (f"/{DATABASE}", "Tables"),
)
_NAVIGATION_WITHOUT_CONTACTS = tuple(link for link in _NAVIGATION if link[0] not in ("/people", "/offices"))

_REFUSED = re.compile(r"prohibited|not authorized|authorization denied|vtable constructor failed")
_TOO_LONG = "The statement took longer than the time limit allows. Ask for less: a WHERE, a LIMIT."
_SLOW = "This question takes too long on this archive. Ask for less: more words, a shorter time, a filter."


@hookimpl  # type: ignore[untyped-decorator]  # Datasette publishes no types
def register_routes() -> list[tuple[str, Any]]:
    """Address patterns and the functions that answer them."""
    return list(ROUTES)


@hookimpl  # type: ignore[untyped-decorator]  # Datasette publishes no types
def prepare_jinja2_environment(env: Any) -> None:
    """Filters for the templates."""
    env.filters.update(
        language=words.language,
        country=words.country,
        plain=words.plain,
        direction=words.direction,
        is_tag=words.is_tag,
        outside=outside,
        telephone=telephone,
        mail=mail,
    )


@hookimpl  # type: ignore[untyped-decorator]  # Datasette publishes no types
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """What the frame of every page needs to know."""
    return {
        "with_contacts": not datasette.without_contacts,
        "archive_name": datasette.path.name,
        "path": request.path if request else "",
        "meanings": MEANINGS,
        "sql_seconds": datasette.setting("sql_time_limit_ms") // 1000,
        "nav_links": _NAVIGATION if not datasette.without_contacts else _NAVIGATION_WITHOUT_CONTACTS,
    }


@hookimpl  # type: ignore[untyped-decorator]  # Datasette publishes no types
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    """What is left out says so."""

    async def answer() -> Response:
        context = {"status": 403, "title": "Left out", "error": message}
        page = await datasette.render_template("error.html", context, request=request)
        return Response.html(page, status=403)

    return answer


@hookimpl  # type: ignore[untyped-decorator]  # Datasette publishes no types
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """A page that says in one sentence what is wrong; JSON where JSON was asked for."""
    status, message, title = _told(exception)
    if status == 500:
        # What a page says may be in it, and must not reach the terminal as a command.
        told = "".join(traceback.format_exception(exception))
        sys.stderr.write("".join(sign if sign == "\n" or sign.isprintable() else "\ufffd" for sign in told))

    async def answer() -> Response:
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": str(message), "status": status}, status=status)
        context = {"status": status, "title": title, "error": message}
        page = await datasette.render_template("error.html", context, request=request)
        return Response.html(page, status=status)

    return answer


def _told(exception: Exception) -> tuple[int, str, str]:
    """Status, message and heading for the person who asked."""
    if isinstance(exception, Base400):
        missing = exception.status == 404
        said = str(exception.args[0]) if exception.args else ""
        return (
            exception.status,
            _sentence(said) or "There is nothing under this address.",
            ("Not found" if missing else "This cannot be asked"),
        )
    if isinstance(exception, DatasetteError):
        # Datasette says in HTML, with a script, only that a statement took too long.
        message = _TOO_LONG if exception.message_is_html else exception.message
        return exception.status, message, exception.title or "This cannot be asked"
    if isinstance(exception, QueryError):
        return 400, _sentence(str(exception)), "This cannot be asked"
    if isinstance(exception, sqlite3.DatabaseError) and _REFUSED.search(str(exception)):
        return (
            403,
            "This archive is shown read-only, and not all of it: contacts may be left out.",
            "Left out",
        )
    if isinstance(exception, QueryInterrupted) or str(exception) == "interrupted":
        return 503, _SLOW, "Too slow"
    if isinstance(exception, ArchiveError | sqlite3.DatabaseError):
        return 503, _sentence(str(exception)), "The archive cannot be read"
    return 500, "Something is wrong with this program; the terminal it runs in says more.", "An error"


def _sentence(text: str) -> str:
    """``not found`` -> ``Not found.``; codes that say nothing (``404``) become nothing."""
    if not text or text.isdecimal():
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
