"""People and offices over all articles: one row for each, however often they were named."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlite_utils import Database

from archive.database import fold

_MIN_DIGITS = 5  # fewer digits are part of a name or a year rather than of a telephone number

_DESCRIBED = (
    "fold(coalesce(name, '') || ' ' || coalesce(role, '') || ' ' || coalesce(office, '') || ' ' || emails)"
)

# A person is a name at an office. Who has neither is known by the first e-mail address or number.
_PEOPLE = """
WITH reached AS (
    SELECT contacts.*,
        (SELECT json_group_array(email) FROM emails WHERE contact_id = contacts.id) AS emails,
        (SELECT json_group_array(coalesce(e164, printed)) FROM phones WHERE contact_id = contacts.id)
            AS phones,
        (SELECT group_concat(printed || ' ' || coalesce(e164, ''), ' ') FROM phones
            WHERE contact_id = contacts.id) AS numbers
    FROM contacts
)
SELECT reached.name, reached.role, reached.office, reached.emails, reached.phones,
    articles.id, articles.published, articles.first_seen
FROM reached JOIN articles ON articles.id = reached.article_id
WHERE {tests}
ORDER BY coalesce(articles.published, articles.first_seen), articles.id
"""


def people(db: Database, query: str | None, limit: int) -> list[dict[str, Any]]:
    """Contacts grouped by name and office, those named in most articles first.

    ``query``: words that must all occur in name, role, office or e-mail address (accents and case do not
    matter), or a telephone number or a part of one. Each row: ``name``, ``office``, ``roles``, ``emails``,
    ``phones`` (E.164 where known), ``articles`` (how many), ``first``, ``last`` (date of publication, or
    else day first seen, of the first and the last of them) and ``article_ids``.
    """
    tests, values = _tests(query)
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for name, role, office, emails, phones, article_id, published, first_seen in db.conn.execute(
        _PEOPLE.format(tests=tests), values
    ):
        addresses, numbers = json.loads(emails), json.loads(phones)
        key = (fold(name), _office(office)) if name or office else ("", "", *addresses[:1], *numbers[:1])
        row = rows.setdefault(key, _empty(name, office))
        day = (published or first_seen)[:10]
        row["first"], row["last"] = min(row["first"] or day, day), max(row["last"] or day, day)
        _add(row["roles"], [role] if role else [])
        _add(row["emails"], addresses)
        _add(row["phones"], numbers)
        _add(row["article_ids"], [article_id])
    ranked = sorted(rows.values(), key=lambda row: (-len(row["article_ids"]), fold(row["name"] or "~")))
    return [row | {"articles": len(row["article_ids"])} for row in ranked[: max(limit, 0)]]


def _tests(query: str | None) -> tuple[str, dict[str, str]]:
    words = fold(query).split()
    digits = re.sub(r"\D", "", query or "")
    if len(digits) >= _MIN_DIGITS and not re.search(r"[^\W\d_]", query or ""):
        bare = "numbers"
        for sign in " .-()/":
            bare = f"replace({bare}, '{sign}', '')"
        return f"instr({bare}, :digits) > 0", {"digits": digits}
    tests = [f"instr({_DESCRIBED}, :word{number}) > 0" for number in range(len(words))]
    return " AND ".join(tests) or "1", {f"word{number}": word for number, word in enumerate(words)}


def _office(office: str | None) -> str:
    # The organisation's name in its languages: a translation does not make another person.
    return re.sub(r"\boim\b", "iom", fold(office))


def _empty(name: str | None, office: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "office": office,
        "roles": [],
        "emails": [],
        "phones": [],
        "articles": 0,
        "first": None,
        "last": None,
        "article_ids": [],
    }


def _add(known: list[Any], more: list[Any]) -> None:
    known.extend(item for item in more if item not in known)
