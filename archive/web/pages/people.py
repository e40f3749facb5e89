"""``/people``, ``/person``, ``/offices``, ``/office``: who speaks for whom, when, with which numbers."""

from __future__ import annotations

from typing import Any

from datasette import Forbidden, NotFound, Response
from sqlite_utils import Database

from archive import people
from archive.database import fold

_SHOWN = 100
_ARTICLES_SHOWN = 200

_OFFICES = "SELECT * FROM offices ORDER BY articles DESC, office"
_REACHED = """
SELECT contacts.name, contacts.role, contacts.office, phones.printed, phones.e164, phones.kind, phones.valid,
    emails.email, substr(coalesce(articles.published, articles.first_seen), 1, 10) AS day
FROM contacts JOIN articles ON articles.id = contacts.article_id
LEFT JOIN phones ON phones.contact_id = contacts.id LEFT JOIN emails ON emails.contact_id = contacts.id
WHERE contacts.{column} = :value ORDER BY day
"""
_ARTICLES = (
    "SELECT DISTINCT articles.id, articles.title, articles.lang, articles.kind, articles.country, "
    "articles.published, articles.site FROM contacts JOIN articles ON articles.id = contacts.article_id "
    "WHERE contacts.{column} = :value ORDER BY articles.published DESC, articles.id DESC LIMIT :limit"
)


async def people_page(datasette: Any, request: Any) -> Response:
    """Everyone named as a contact, those named most first, or those who match the words asked for."""
    query = _allowed(datasette, request, "q")
    rows = await datasette.own.ask(lambda db: people.people(db, query or None, _SHOWN))
    context = {"query": query, "people": rows, "limit": _SHOWN}
    return Response.html(await datasette.render_template("people.html", context, request=request))


async def person_page(datasette: Any, request: Any) -> Response:
    """One person: roles, offices, numbers and addresses with their years, and the articles."""
    return await _one(datasette, request, "name", "person.html")


async def offices_page(datasette: Any, request: Any) -> Response:
    """All offices, those named in most articles first."""
    query = _allowed(datasette, request, "q")

    def ask(db: Database) -> list[dict[str, Any]]:
        offices: list[dict[str, Any]] = datasette.own.counted(
            db, "offices", lambda db: list(db.query(_OFFICES))
        )
        words = fold(query).split()
        return [row for row in offices if all(word in fold(row["office"]) for word in words)]

    rows = await datasette.own.ask(ask)
    context = {"query": query, "offices": rows[:_SHOWN], "more": len(rows) - _SHOWN}
    return Response.html(await datasette.render_template("offices.html", context, request=request))


async def office_page(datasette: Any, request: Any) -> Response:
    """One office: its people, numbers and addresses, and the articles."""
    return await _one(datasette, request, "office", "office.html")


async def _one(datasette: Any, request: Any, column: str, template: str) -> Response:
    value = _allowed(datasette, request, "name")

    def ask(db: Database) -> dict[str, Any] | None:
        rows = list(db.query(_REACHED.format(column=column), {"value": value}))
        return (
            {
                "name": value,
                "known": {part: _spans(rows, part) for part in ("name", "role", "office", "email")},
                "phones": _spans(rows, "printed", "e164", "kind", "valid"),
                "articles": list(
                    db.query(_ARTICLES.format(column=column), {"value": value, "limit": _ARTICLES_SHOWN})
                ),
            }
            if rows
            else None
        )

    found = await datasette.own.ask(ask)
    if found is None:
        raise NotFound("Nobody of that name is in this archive.")
    return Response.html(await datasette.render_template(template, found, request=request))


def _spans(rows: list[dict[str, Any]], *parts: str) -> list[dict[str, Any]]:
    """Each different value with the first and last day on which it was printed, the latest first."""
    spans: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        values = tuple(row[part] for part in parts)
        if values[0] is not None:
            span = spans.setdefault(values, {part: row[part] for part in parts} | {"first": row["day"]})
            span["last"] = row["day"]
    return sorted(spans.values(), key=lambda span: span["last"], reverse=True)


def _allowed(datasette: Any, request: Any, name: str) -> str:
    """The argument; refused where contacts are left out."""
    if datasette.without_contacts:
        raise Forbidden("Contacts are left out here.")
    return request.args.get(name) or ""
