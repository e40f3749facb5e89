"""The answer: people with their offices, years, themes, numbers, and why spellings were put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from archive.database import fold
from archive.people.around import Around, Named, look_around, named, reached
from archive.people.finding import office_key, seeds, tests
from archive.people.merging import Evidence, Person, merge

_TITLES_SHOWN = 3
_THEMES_SHOWN = 8
_FACTS = (
    "SELECT title, kind, substr(coalesce(published, first_seen), 1, 10) AS day FROM articles WHERE id = ?"
)


def people(db: Database, query: str | None, limit: int) -> list[dict[str, Any]]:
    """People, and desks without a name, those named in most articles first.

    ``query``: words that must all occur in name, role, office (beginnings of words) or e-mail address
    (anywhere), accents and case do not matter; or a telephone number or a part of one. Each row:

    - ``name`` (the commonest spelling; None for a desk), ``office`` (the latest), ``roles``, ``emails``,
      ``phones`` (E.164 where known), ``articles`` (how many), ``first`` and ``last`` (day of publication, or else
      day first seen), ``article_ids``, all in the order of time;
    - ``spellings`` and ``offices``, each with ``articles``, ``first`` and ``last``;
    - ``kinds`` and ``themes``: what was spoken on, with how many articles; ``titles``: the latest few;
    - ``evidence``: why spellings or offices were put together; ``same_name``: offices of others of that name.
    """
    found = seeds(db, query, limit)
    around = look_around(db, [seed.name for seed in found if seed.name])
    asked = {(seed.name, office_key(seed.office)) for seed in found}
    everyone = merge(around.mentions(), around.own)
    meant = [
        person
        for person in everyone
        if any((mention.name, mention.office) in asked for mention in person.mentions)
    ]
    rows = [_person(db, around, person, everyone) for person in meant]
    rows += _desks(db, {seed.office for seed in found if not seed.name}, query)
    rows.sort(key=lambda row: (-row["articles"], fold(row["name"] or "~"), fold(row["office"])))
    return rows[: max(limit, 0)]


def _person(db: Database, around: Around, person: Person, everyone: list[Person]) -> dict[str, Any]:
    contacts = [row for mention in person.mentions for row in around.rows[mention.name, mention.office]]
    names = {mention.name for mention in person.mentions}
    others = [
        mention.office
        for other in everyone
        if other is not person
        for mention in other.mentions
        if fold(mention.name) in {fold(name) for name in names}
    ]
    return _row(db, contacts, around.reached, person.evidence) | {"same_name": sorted(set(others))}


def _desks(db: Database, offices: Iterable[str | None], query: str | None) -> list[dict[str, Any]]:
    """Contacts without a name: one row for each office, or for each address where there is none."""
    groups: dict[tuple[str, ...], list[Named]] = {}
    known: dict[int, tuple[list[str], list[str]]] = {}
    for office in offices:
        contacts = named(db, "name IS NULL AND office IS ?", office)
        known |= reached(db, contacts)
        for row in contacts:
            emails, phones = known[row.contact_id]
            key = (office_key(office),) if office else ("", *emails[:1], *phones[:1])
            groups.setdefault(key, []).append(row)
    condition, values = tests(query) if query and query.strip() else ("1", [])
    meant = {row.contact_id for row in named(db, f"name IS NULL AND {condition}", *values)}
    return [
        _row(db, contacts, known, ()) | {"same_name": []}
        for contacts in groups.values()
        if any(row.contact_id in meant for row in contacts)
    ]


def _row(
    db: Database,
    contacts: list[Named],
    known: dict[int, tuple[list[str], list[str]]],
    evidence: Iterable[Evidence],
) -> dict[str, Any]:
    facts = {
        number: db.conn.execute(_FACTS, (number,)).fetchone()
        for number in {row.article_id for row in contacts}
    }
    contacts = sorted(contacts, key=lambda row: (facts[row.article_id][2], row.article_id, row.contact_id))
    article_ids = list(dict.fromkeys(row.article_id for row in contacts))
    spellings = _spans([(row.name, row.article_id) for row in contacts], facts)
    offices = _spans([(row.office, row.article_id) for row in contacts], facts)
    return {
        "name": max(spellings, key=lambda row: (row["articles"], len(row["value"])))["value"]
        if spellings
        else None,
        "office": offices[-1]["value"] if offices else None,
        "roles": list(dict.fromkeys(row.role for row in contacts if row.role)),
        "emails": list(dict.fromkeys(email for row in contacts for email in known[row.contact_id][0])),
        "phones": list(dict.fromkeys(phone for row in contacts for phone in known[row.contact_id][1])),
        "articles": len(article_ids),
        "first": facts[article_ids[0]][2],
        "last": facts[article_ids[-1]][2],
        "article_ids": article_ids,
        "spellings": [{"name": row.pop("value")} | row for row in spellings],
        "offices": [{"office": row.pop("value")} | row for row in offices],
        "kinds": dict(Counter(facts[number][1] for number in article_ids).most_common()),
        "themes": _themes(db, article_ids),
        "titles": [
            {"id": number, "published": facts[number][2], "title": facts[number][0]}
            for number in reversed(article_ids[-_TITLES_SHOWN:])
        ],
        "evidence": [
            {
                "one": step.one,
                "other": step.other,
                "how": step.how,
                "same_office": step.same_office,
                "shared": list(step.shared),
            }
            for step in evidence
        ],
    }


def _spans(
    values: list[tuple[str | None, int]], facts: dict[int, tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """Each value with how many articles have it, and the days of the first and last; the latest last."""
    spans: dict[str, list[int]] = {}
    for value, number in values:
        if value:
            spans.setdefault(value, []).append(number)
    rows = [
        {
            "value": value,
            "articles": len(set(numbers)),
            "first": facts[numbers[0]][2],
            "last": facts[numbers[-1]][2],
        }
        for value, numbers in spans.items()
    ]
    return sorted(rows, key=lambda row: (row["last"], row["value"]))


def _themes(db: Database, article_ids: list[int]) -> dict[str, int]:
    themes = Counter(
        theme
        for number in article_ids
        for (theme,) in db.conn.execute("SELECT theme FROM themes WHERE article_id = ?", (number,))
    )
    ranked = sorted(themes.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:_THEMES_SHOWN])
