"""The answer: people with their offices, years, themes, numbers, and why spellings were put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from archive.database import fold
from archive.people.around import Named, look_around, named, reached
from archive.people.finding import office_key, seeds, tests
from archive.people.merging import Evidence, Person, merge
from archive.people.names import words_of

_TITLES_SHOWN = 3
_THEMES_SHOWN = 8
_FACTS = "SELECT id, title, kind, substr(coalesce(published, first_seen), 1, 10) FROM articles WHERE id"
_THEMES = "SELECT article_id, theme FROM themes WHERE article_id"
_AT_ONCE = 500


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
    named_rows = [
        (person, [row for mention in person.mentions for row in around.rows[mention.name, mention.office]])
        for person in meant
    ]
    desks, desks_reached = _desks(db, {seed.office for seed in found if not seed.name}, query)
    known = around.reached | desks_reached
    ranked = sorted(
        [*named_rows, *((None, contacts) for contacts in desks)],
        key=lambda item: (-len({row.article_id for row in item[1]}), _sorted_by(item[1])),
    )
    return [
        _row(db, contacts, known, person.evidence if person else ())
        | {"same_name": _namesakes(person, everyone) if person else []}
        for person, contacts in ranked[: max(limit, 0)]
    ]


def _sorted_by(contacts: list[Named]) -> tuple[str, str]:
    return min((fold(row.name or "~"), fold(row.office)) for row in contacts)


def _namesakes(person: Person, everyone: list[Person]) -> list[str]:
    """The offices of others that have one of the person's names."""
    names = {words_of(mention.name) for mention in person.mentions}
    return sorted(
        {
            mention.office
            for other in everyone
            if other is not person
            for mention in other.mentions
            if words_of(mention.name) in names
        }
    )


def _desks(
    db: Database, offices: Iterable[str | None], query: str | None
) -> tuple[list[list[Named]], dict[int, tuple[list[str], list[str]]]]:
    """Contacts without a name, together for each office, or for each address where there is none."""
    groups: dict[tuple[str, ...], list[Named]] = {}
    known: dict[int, tuple[list[str], list[str]]] = {}
    for office in offices:
        condition = "name IS NULL AND office IS ?"
        known.update(reached(db, condition, office))
        for row in named(db, condition, office):
            emails, phones = known.get(row.contact_id, ([], []))
            key = (office_key(office),) if office else ("", *emails[:1], *phones[:1])
            groups.setdefault(key, []).append(row)
    condition, values = tests(query) if query and query.strip() else ("1", [])
    meant = (
        {row.contact_id for row in named(db, f"name IS NULL AND {condition}", *values)} if groups else set()
    )
    return [rows for rows in groups.values() if any(row.contact_id in meant for row in rows)], known


def _row(
    db: Database,
    contacts: list[Named],
    known: dict[int, tuple[list[str], list[str]]],
    evidence: Iterable[Evidence],
) -> dict[str, Any]:
    facts = {
        number: (title, kind, day)
        for number, title, kind, day in _of_articles(db, _FACTS, {row.article_id for row in contacts})
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
        "emails": list(
            dict.fromkeys(email for row in contacts for email in known.get(row.contact_id, ([], []))[0])
        ),
        "phones": list(
            dict.fromkeys(phone for row in contacts for phone in known.get(row.contact_id, ([], []))[1])
        ),
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
    themes = Counter(theme for _, theme in _of_articles(db, _THEMES, article_ids))
    ranked = sorted(themes.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:_THEMES_SHOWN])


def _of_articles(db: Database, sql: str, article_ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """The rows of a question about articles, asked for some hundreds of them at once."""
    numbers = sorted(article_ids)
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        yield from db.conn.execute(f"{sql} IN ({', '.join('?' * len(part))})", part)
