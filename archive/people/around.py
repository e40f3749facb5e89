"""The spellings that could belong together, found step by step from some, without reading all contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlite_utils import Database

from archive.people.finding import office_key
from archive.people.merging import Mention, all_alike
from archive.people.names import FEWEST_WORDS, words_of

MOST_NAMES = 12
"""An address that was printed with more names than these is a desk's; whose it is need not be asked."""


class Named(NamedTuple):
    """One row of ``contacts``: one naming of a person in an article."""

    contact_id: int
    article_id: int
    name: str | None
    role: str | None
    office: str | None


@dataclass(slots=True)
class Around:
    """All that is known of some names and of those that could be the same people's."""

    rows: dict[tuple[str, str], list[Named]] = field(default_factory=lambda: defaultdict(list))
    """By name as printed and by the key of the office."""
    reached: dict[int, tuple[list[str], list[str]]] = field(default_factory=dict)
    """E-mail addresses and numbers by contact."""
    own: set[str] = field(default_factory=set)
    """Addresses and numbers that are one person's alone, as far as names can tell."""

    def mentions(self) -> list[Mention]:
        """For :func:`archive.people.merging.merge`."""
        return [
            Mention(
                name,
                office,
                frozenset(value for row in rows for value in self.addresses(row)),
            )
            for (name, office), rows in self.rows.items()
        ]

    def addresses(self, row: Named) -> list[str]:
        """The e-mail addresses of a contact and its numbers in E.164; others have no certain meaning."""
        emails, phones = self.reached.get(row.contact_id, ([], []))
        return [*emails, *(phone for phone in phones if phone.startswith("+"))]


def look_around(db: Database, names: Iterable[str]) -> Around:
    """Read what is known of these names, then of those that share an address or all their words, and so on."""
    around, waiting = Around(), sorted(set(names))
    seen, asked = set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        rows = named(db, "name = ?", name)
        around.reached.update(reached(db, "name = ?", name))
        for row in rows:
            around.rows[name, office_key(row.office)].append(row)
        waiting += _same_words(db, name)
        for address in {value for row in rows for value in around.addresses(row)} - asked:
            asked.add(address)
            users = _users(db, address)
            if len(users) <= MOST_NAMES and all_alike(users):
                around.own.add(address)
                waiting += users
    return around


def named(db: Database, condition: str, *values: object) -> list[Named]:
    """The rows of ``contacts`` that fulfil a condition, in the order of their numbers."""
    return [
        Named(*row)
        for row in db.conn.execute(
            f"SELECT id, article_id, name, role, office FROM contacts WHERE {condition} ORDER BY id",  # noqa: S608  # our conditions
            values,
        )
    ]


def reached(db: Database, condition: str, *values: object) -> dict[int, tuple[list[str], list[str]]]:
    """E-mail addresses and telephone numbers (E.164 where known) of the contacts that fulfil a condition."""
    found: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for kind, (table, column) in enumerate((("emails", "email"), ("phones", "coalesce(e164, printed)"))):
        for contact_id, value in db.conn.execute(
            f"SELECT contact_id, {column} FROM contacts JOIN {table} ON contact_id = contacts.id "  # noqa: S608  # our conditions
            f"WHERE {condition} ORDER BY {table}.id",
            values,
        ):
            found[contact_id][kind].append(value)
    return found


def _users(db: Database, address: str) -> list[str]:
    """The names ever printed with an e-mail address or number; of a desk's not all."""
    table, column = ("emails", "email") if "@" in address else ("phones", "e164")
    rows = db.conn.execute(
        f"SELECT DISTINCT name FROM {table} JOIN contacts ON contacts.id = contact_id "  # noqa: S608  # our names
        f"WHERE {column} = ? AND name IS NOT NULL LIMIT ?",
        (address, MOST_NAMES + 1),
    )
    return sorted(row[0] for row in rows)


def _same_words(db: Database, name: str) -> list[str]:
    """Other spellings with the same words: other capitals, accents, another order."""
    words = words_of(name)
    if len(words) < FEWEST_WORDS:
        return []
    expression = "name : (" + " AND ".join(f'"{word}"' for word in words) + ")"
    rows = db.conn.execute(
        "SELECT DISTINCT name FROM contacts WHERE id IN "
        "(SELECT rowid FROM contacts_fts WHERE contacts_fts MATCH ?)",
        (expression,),
    )
    return [row[0] for row in rows if row[0] and sorted(words_of(row[0])) == sorted(words)]
