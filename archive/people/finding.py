"""Which contacts a question means."""

from __future__ import annotations

import re
from typing import NamedTuple

from sqlite_utils import Database

from archive.database import fold
from archive.folding import folded

_MIN_DIGITS = 5  # fewer digits are part of a name or a year rather than of a telephone number
_SIGNS = " .-()/"  # that stand between the digits of a printed number
_OVERSIZE = 4  # so many times more names than asked for are looked at, as several may be one person's


class Seed(NamedTuple):
    """A name at an office, both as printed; either may be missing."""

    name: str | None
    office: str | None


def office_key(office: str | None) -> str:
    """What offices are compared by: the organisation has other initials in other languages."""
    return re.sub(r"\s+", " ", re.sub(r"\boim\b", "iom", fold(office))).strip()


def seeds(db: Database, query: str | None, limit: int) -> list[Seed]:
    """The names and offices that a question means, those named most often first; without one of all."""
    condition, values = tests(query) if query and query.strip() else ("1", [])
    rows = db.conn.execute(
        f"SELECT name, office FROM contacts WHERE {condition} GROUP BY name, office "  # noqa: S608  # values are bound
        "ORDER BY count(*) DESC, name, office LIMIT ?",
        [*values, max(limit, 0) * _OVERSIZE],
    )
    return [Seed(*row) for row in rows]


def tests(query: str) -> tuple[str, list[str]]:
    """The condition on ``contacts`` that a question with at least one word or digit sets, and its values."""
    digits = re.sub(r"\D", "", query)
    if len(digits) >= _MIN_DIGITS and not re.search(r"[^\W\d_]", query):
        bare = "printed || ' ' || coalesce(e164, '')"
        for sign in _SIGNS:
            bare = f"replace({bare}, '{sign}', '')"
        return f"id IN (SELECT contact_id FROM phones WHERE instr({bare}, ?))", [digits]  # noqa: S608  # our signs
    conditions, values = [], []
    for word in query.split():
        test = "id IN (SELECT contact_id FROM emails WHERE instr(email, ?))"
        values.append(fold(word))
        parts = re.findall(r"\w+", folded(word))
        if parts:
            test += " OR id IN (SELECT rowid FROM contacts_fts WHERE contacts_fts MATCH ?)"
            values.append('"' + " ".join(parts) + '"*')
        conditions.append(f"({test})")
    return " AND ".join(conditions), values
