"""``/people``, ``/person``, ``/offices``, ``/office``: who speaks for whom, when, on what, with which numbers."""

from __future__ import annotations

import json
from typing import Any

from datasette import Forbidden, NotFound, Response
from sqlite_utils import Database

from archive.database import fold
from archive.people import people
from archive.people.finding import office_key, tests

_SHOWN = 100
_NAMESAKES = 50
_ARTICLES_SHOWN = 200

_OFFICES = """
SELECT office, count(DISTINCT name) AS people, count(DISTINCT contacts.article_id) AS articles,
    min(published) AS first_mention, max(published) AS last_mention
FROM contacts JOIN facets ON facets.article_id = contacts.article_id
WHERE office IS NOT NULL GROUP BY office ORDER BY articles DESC, office
"""
_PEOPLE = """
SELECT name, office, count(DISTINCT contacts.article_id) AS articles,
    json_group_array(DISTINCT role) FILTER (WHERE role IS NOT NULL) AS roles,
    min(published) AS first_mention, max(published) AS last_mention
FROM contacts JOIN facets ON facets.article_id = contacts.article_id
WHERE coalesce(name, office) IS NOT NULL AND contacts.id IN (SELECT id FROM contacts WHERE {condition})
GROUP BY name, office ORDER BY articles DESC, name, office LIMIT {limit}
"""
_CONTACTS = "contacts.{column} IN (SELECT value FROM json_each(:values))"
_OF_ARTICLES = " AND contacts.article_id IN (SELECT value FROM json_each(:articles))"
_REACHED = """
SELECT contacts.name, phones.printed, phones.e164, phones.kind, phones.valid, emails.email,
    substr(coalesce(articles.published, articles.first_seen), 1, 10) AS day
FROM contacts JOIN articles ON articles.id = contacts.article_id
LEFT JOIN phones ON phones.contact_id = contacts.id LEFT JOIN emails ON emails.contact_id = contacts.id
WHERE {contacts} ORDER BY day
"""
_ARTICLES = (
    "SELECT DISTINCT articles.id, articles.title, articles.lang, articles.kind, articles.country, "
    "articles.published, articles.site FROM contacts JOIN articles ON articles.id = contacts.article_id "
    "WHERE {contacts} ORDER BY articles.published DESC, articles.id DESC LIMIT :limit"
)


async def people_page(datasette: Any, request: Any) -> Response:
    """Names at offices, those named most first, or those that fit the words; their pages put spellings together."""
    query = _allowed(datasette, request, "q").strip()

    def everyone(db: Database) -> list[dict[str, Any]]:
        return _named(db, "1", [])

    def ask(db: Database) -> list[dict[str, Any]]:
        return _named(db, *tests(query))

    rows = await datasette.own.ask(ask if query else lambda db: datasette.own.counted(db, "people", everyone))
    context = {"query": query, "people": rows, "limit": _SHOWN}
    return Response.html(await datasette.render_template("people.html", context, request=request))


async def person_page(datasette: Any, request: Any) -> Response:
    """One person: offices, roles, numbers and addresses with their years, themes, articles."""
    name, office = _allowed(datasette, request, "name"), request.args.get("office")

    def ask(db: Database) -> dict[str, Any] | None:
        found = [row for row in people(db, name, _NAMESAKES) if _is_spelt(row, name)]
        # Namesakes: the one at that office, or else the one named most.
        found.sort(key=lambda row: not _was_at(row, office))
        return (
            found[0] | _reached(db, "name", _spellings(found[0]), found[0]["article_ids"]) if found else None
        )

    return await _shown(datasette, request, "person.html", await datasette.own.ask(ask))


async def offices_page(datasette: Any, request: Any) -> Response:
    """All offices, those named in most articles first."""
    query = _allowed(datasette, request, "q")

    def ask(db: Database) -> list[dict[str, Any]]:
        words = fold(query).split()
        return [row for row in _offices(datasette, db) if all(word in fold(row["office"]) for word in words)]

    rows = await datasette.own.ask(ask)
    context = {"query": query, "offices": rows[:_SHOWN], "more": len(rows) - _SHOWN}
    return Response.html(await datasette.render_template("offices.html", context, request=request))


async def office_page(datasette: Any, request: Any) -> Response:
    """One office, in all languages of its name: people, numbers and addresses, articles."""
    name = _allowed(datasette, request, "name")

    def ask(db: Database) -> dict[str, Any] | None:
        key = office_key(name)
        spellings = [row["office"] for row in _offices(datasette, db) if office_key(row["office"]) == key]
        return (
            {"name": name, "spellings": spellings} | _reached(db, "office", spellings) if spellings else None
        )

    return await _shown(datasette, request, "office.html", await datasette.own.ask(ask))


async def _shown(datasette: Any, request: Any, template: str, found: dict[str, Any] | None) -> Response:
    if found is None:
        raise NotFound("Nobody of that name is in this archive.")
    return Response.html(await datasette.render_template(template, found, request=request))


def _named(db: Database, condition: str, values: list[str]) -> list[dict[str, Any]]:
    rows = db.query(_PEOPLE.format(condition=condition, limit=_SHOWN), values)
    return [row | {"roles": json.loads(row["roles"])} for row in rows]


def _offices(datasette: Any, db: Database) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = datasette.own.counted(db, "offices", lambda db: list(db.query(_OFFICES)))
    return rows


def _reached(
    db: Database, column: str, values: list[str], article_ids: list[int] | None = None
) -> dict[str, Any]:
    """Names, numbers and addresses of these contacts with their years, and the articles."""
    contacts = _CONTACTS.format(column=column) + (_OF_ARTICLES if article_ids else "")
    given = {"values": json.dumps(values), "articles": json.dumps(article_ids), "limit": _ARTICLES_SHOWN}
    rows = list(db.query(_REACHED.format(contacts=contacts), given))
    articles = list(db.query(_ARTICLES.format(contacts=contacts), given))
    return {
        "people": _spans(rows, "name"),
        "emails": _spans(rows, "email"),
        "phones": _spans(rows, "printed", "e164", "kind", "valid"),
        "articles_shown": articles,
    }


def _spans(rows: list[dict[str, Any]], *parts: str) -> list[dict[str, Any]]:
    """Each different value with the first and last day on which it was printed, the latest first."""
    spans: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        values = tuple(row[part] for part in parts)
        if values[0] is not None:
            span = spans.setdefault(values, {part: row[part] for part in parts} | {"first": row["day"]})
            span["last"] = row["day"]
    return sorted(spans.values(), key=lambda span: span["last"], reverse=True)


def _spellings(row: dict[str, Any]) -> list[str]:
    return [spelling["name"] for spelling in row["spellings"]]


def _is_spelt(row: dict[str, Any], name: str) -> bool:
    return fold(name) in {fold(spelling) for spelling in _spellings(row)}


def _was_at(row: dict[str, Any], office: str | None) -> bool:
    return office_key(office) in {office_key(known["office"]) for known in row["offices"]}


def _allowed(datasette: Any, request: Any, name: str) -> str:
    """The argument; refused where contacts are left out."""
    if datasette.without_contacts:
        raise Forbidden("Contacts are left out here.")
    return request.args.get(name) or ""
