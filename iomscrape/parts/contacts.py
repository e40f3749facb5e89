"""The people in a contact block: lines to tokens, tokens to persons.

Persons are put together from what follows what, since blocks print name-role-office, role-name-office and
office-name, on one line or on many. ``contact_tokens`` takes the lines apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from iomscrape.parts import countries, phones
from iomscrape.parts.contact_tokens import Token, tokens_of
from iomscrape.records import Contact, Phone

_ARABIC = re.compile(r"[\u0621-\u064a]")


@dataclass(slots=True)
class _Person:
    name: str | None = None
    roles: list[str] = field(default_factory=list)
    offices: list[str] = field(default_factory=list)
    place: str | None = None
    phones: list[Phone] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def reachable(self) -> bool:
        return bool(self.phones or self.emails)

    @property
    def is_open(self) -> bool:
        """Whether only the name is known yet, so that a role is what comes next."""
        return not (self.roles or self.offices or self.reachable)

    @property
    def empty(self) -> bool:
        return not (self.name or self.roles or self.offices or self.phones or self.emails)


def read(lines: Iterable[str], *, region: str | None = None, position: int = 0) -> tuple[Contact, ...]:
    """The contacts of one block, given as its printed lines (an empty line is a gap).

    ``region`` (ISO 3166-1 alpha-2) reads phone numbers in national format where the office of a person is in no
    country that we know; ``position`` counts on from earlier blocks of the page. Lines that say nothing of a
    person are left out.
    """
    lines = list(lines)
    tokens = list(tokens_of(lines, region))
    if region is None and len(own := _countries(tokens)) == 1:
        tokens = list(tokens_of(lines, own.pop()))
    found = (person for person in _persons(tokens) if person.reachable or person.name)
    return tuple(
        Contact(
            name=person.name,
            role=_listed(person.roles) or None,
            office=(office := _listed(person.offices) or person.place),
            phones=tuple(dict.fromkeys(_dialled_at(office, phone) for phone in person.phones)),
            emails=tuple(dict.fromkeys(person.emails)),
            other=tuple(person.other),
            position=number,
        )
        for number, person in enumerate(found, position)
    )


def _listed(parts: list[str]) -> str:
    return ("، " if all(map(_ARABIC.search, parts)) else ", ").join(parts)


def _countries(tokens: list[Token]) -> set[str]:
    """The countries of the offices in a block."""
    offices = (token.text for token in tokens if token.kind in ("office", "place"))
    return {country for office in offices if (country := countries.of_office(office))}


def _dialled_at(office: str | None, phone: Phone) -> Phone:
    """A number in national format is one of the country of its office, if it is valid there."""
    if office is None or phone.printed.startswith(("+", "00", "(+", "(00")):
        return phone
    if (country := countries.of_office(office)) is None:
        return phone
    there = phones.parse(phone.printed, country, kind=phone.kind, extension=phone.extension)
    return there if there.valid else phone


def _persons(tokens: list[Token]) -> list[_Person]:
    """Persons in the order of the block."""
    style = _first_kind(tokens)
    persons: list[_Person] = []
    person, group = _Person(), None

    def finish() -> None:
        nonlocal person
        if not person.empty:
            if person.place is None:
                person.place = group
            persons.append(person)
        person = _Person()

    for number, token in enumerate(tokens):
        if token.kind == "or-gap":
            finish()
        elif token.kind == "gap":
            if person.emails and _starts_person(tokens, number + 1) and not _is_rest(tokens, number, person):
                finish()
        elif token.kind == "place":
            is_rest = _is_rest(tokens, number, person)
            if person.reachable and not is_rest and not _goes_on(tokens, number, person):
                finish()
            if token.new_line and _line_ends(tokens, number) and not is_rest:
                group = token.text
                person.place = token.text
            elif person.empty or person.place is None:
                person.place = token.text
        elif token.kind == "aside":
            # Where a number rings; of the only number of a person without an office, where the person is.
            if person.name and not (person.place or person.offices) and len(person.phones) == 1:
                person.place = token.text
        elif token.kind in ("name", "unknown") and person.name and person.is_open:
            # No word for a role that we know, but it stands where a role stands.
            if any(map(str.isalpha, token.text)):
                person.roles.append(token.text)
        elif token.kind == "name":
            if (person.name and (person.reachable or person.offices or token.new_line)) or person.emails:
                finish()
            if person.name:
                person.offices.append(token.text)
            else:
                person.name = token.text
        elif token.kind in ("role", "office"):
            mine = person.roles if token.kind == "role" else person.offices
            if person.reachable and (mine or (token.new_line and style == token.kind) or not person.name):
                finish()
                mine = person.roles if token.kind == "role" else person.offices
            mine.append(token.text)
        elif token.kind == "phone" and token.phone is not None:
            person.phones.append(token.phone)
        elif token.kind == "email":
            person.emails.append(token.text)
        elif token.kind == "other":
            person.other.append(token.text)
    finish()
    return persons


def _first_kind(tokens: list[Token]) -> str:
    """How the persons of this block begin: by name, role or office."""
    return next((token.kind for token in tokens if token.kind in ("name", "role", "office")), "name")


def _starts_person(tokens: list[Token], number: int) -> bool:
    while number < len(tokens) and tokens[number].kind == "gap":
        number += 1
    return number < len(tokens) and tokens[number].kind in ("name", "role", "office", "place")


def _is_rest(tokens: list[Token], number: int, person: _Person) -> bool:
    """Whether lines behind an address are still of that person: ``Jane Doe`` - address - role - office - number.

    They have a number and no address, up to the next name; the person has an address and no number.
    """
    if not person.name or not person.emails or person.phones:
        return False
    kinds = []
    for token in tokens[number:]:
        if token.kind in ("name", "or-gap"):
            break
        if token.kind != "gap":
            kinds.append(token.kind)
    has_one = person.roles if kinds[:1] == ["role"] else person.offices or person.place
    return "phone" in kinds and "email" not in kinds and not has_one


def _goes_on(tokens: list[Token], number: int, person: _Person) -> bool:
    """Whether a place after an address is still of that person.

    ``Jane Doe x@iom.int, Islamabad, +92 51 …``, and at the end of a line ``Jane Doe, +92 51 … (Islamabad)``.
    """
    if tokens[number].new_line or person.name is None or person.place or person.offices:
        return False
    return _line_ends(tokens, number) or (not person.phones and tokens[number + 1].kind == "phone")


def _line_ends(tokens: list[Token], number: int) -> bool:
    return (
        number + 1 >= len(tokens)
        or tokens[number + 1].new_line
        or tokens[number + 1].kind in ("gap", "or-gap")
    )
