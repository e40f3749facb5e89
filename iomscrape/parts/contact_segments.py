"""Segments of words in a contact block, each judged by its words: name, role, office, place or language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from iomscrape.parts import countries, language
from iomscrape.parts.characters import CELL
from iomscrape.parts.contact_words import (
    AGENCY,
    AT_OFFICE,
    CAPITAL,
    IN,
    JOINERS,
    NAME_PARTICLES,
    NOISE_AHEAD,
    NOISE_ALONE,
    OFFICE,
    OFFICE_WORDS,
    ROLE,
    TO,
)

SPLIT = re.compile(rf"\s*(?:[,،;|•·{CELL}]|\s[-–—/]\s)\s*")
EDGES = ' \t.,،;:|–—-/<>[]"“”'
# in Geneva Joel Millman
_IN_FIRST = re.compile(rf"\W*(?:{IN})\s+({CAPITAL}.*)", re.S)
# our colleagues in Juba
_IN_TOWN = re.compile(rf"(?:^|\s)(?:{IN})\s+({CAPITAL}[\w'’ -]{{1,30}})\s*$")
# vos demandes d’entretien à Florence Kim
_AFTER_TO = re.compile(rf"\w (?:{TO}) ({CAPITAL}.*)$")
_BETWEEN_LANGUAGES = re.compile(rf"\s*(?:[,/&+]|\b(?:{JOINERS})\b)\s*")
_ARABIC = re.compile("[\u0600-\u06ff]")
_WORD = re.compile(r"\w+")


def segments(text: str) -> Iterator[tuple[str, str]]:
    """The segments of words without an address or number among them, each with what it is (:func:`judge`)."""
    for chunk in filter(None, SPLIT.split(text)):
        parts = list(_parts(chunk))
        for part in parts:
            segment = NOISE_AHEAD.sub("", bare(part)).strip()
            if segment and (kind := _kind(segment)):
                # "Ana at IOM Dili": whoever is at an office is no place.
                is_at_office = (
                    kind == "place" and part is not parts[-1] and judge(bare(parts[-1])) == "office"
                )
                yield ("name" if is_at_office else kind), segment


def bare(part: str) -> str:
    """A part without what hangs on its edges; parentheses go only where they do not match."""
    part = part.strip(EDGES)
    if "(" not in part and ")" not in part:
        return part
    while part[-1:] == ")" and part.count(")") > part.count("("):  # IOM Dakar (Regional Office))
        part = part[:-1].strip(EDGES)
    if part.count("(") != part.count(")"):
        part = part.strip(EDGES + "()")
    return part[1:-1] if part[:1] == "(" and part[-1:] == ")" and _is_level(part[1:-1]) else part


def _is_level(text: str) -> bool:
    """Whether no parenthesis closes before it opened, so that those around the text belong together."""
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def _parts(chunk: str) -> Iterator[str]:
    """``Name (Role`` in two; ``OIM Dakar (Bureau régional)`` stays whole."""
    if (town := _IN_FIRST.match(chunk)) and (parted := _town_and_name(town.group(1))):
        yield from parted
        return
    before, bracket, inside = chunk.partition("(")
    agency, of, person = _of_agency(chunk)
    if bracket and judge(before.strip(EDGES)) == "name":
        yield before
        yield from _at_office(inside)
    elif bracket and judge(name := bare(inside)) == "name" and judge(bare(before)) in ("place", "unknown"):
        # in Juba (Ana Reis, +211 …   our colleagues in Juba (Ana Reis, …
        town = _IN_TOWN.search(before)
        if town:
            yield town.group(1)
        yield name
    elif of and judge(person) == "name" and judge(agency) == "office":
        yield person
        yield agency
    elif (
        judge(bare(chunk)) == "unknown"
        and (tail := _AFTER_TO.search(chunk))
        and judge(name := bare(tail.group(1)).partition("(")[0].strip()) == "name"
    ):
        yield name
    else:
        yield from _at_office(chunk)


def _town_and_name(text: str) -> tuple[str, str] | None:
    """``Geneva Joel Millman`` in two, if the first words are a town or country that we know."""
    words = text.split()
    for length in (3, 2, 1):
        town, name = " ".join(words[:length]), " ".join(words[length:])
        if name and countries.of_place(town) and judge(name) == "name":
            return town, name
    return None


def _of_agency(chunk: str) -> tuple[str, str, str]:
    """``IOM Dili’s Ana Reis`` at its apostrophe."""
    return chunk.replace("’s ", "'s ", 1).strip(EDGES).partition("'s ")


def _at_office(chunk: str) -> Iterator[str]:
    """``Judith Makonese at IOM Harare`` in two; ``Oficina Regional de la OIM`` stays whole."""
    match = AT_OFFICE.search(chunk)
    if match and match.start() > 0:
        left = chunk[: match.start()]
        if not _office(left) and not AGENCY.search(left):
            yield left
            yield re.sub(r"^(?:(?:à|all|dell|presso) ?)?l?[’']", "", chunk[match.end() :].strip())
            return
    yield chunk


def _office(segment: str) -> re.Match[str] | None:
    words = _WORD.findall(segment.casefold())
    return None if OFFICE_WORDS.isdisjoint(words) else OFFICE.search(segment)


@lru_cache(maxsize=8192)
def _kind(segment: str) -> str:
    """The same as :func:`judge` says; empty for words that mean nothing here."""
    is_label = len(segment) == 1  # T +41 22 …   M +41 79 …   E ana@…
    return "" if is_label or NOISE_ALONE.match(segment) else judge(segment)


@lru_cache(maxsize=8192)
def judge(segment: str) -> str:
    """What a segment is by its words: ``name``, ``role``, ``office``, ``place``, ``other`` (a language) or ``unknown``."""
    role, agency, office = ROLE.search(segment), AGENCY.search(segment), _office(segment)
    if agency and agency.start() == 0 and not (role and role.end() == len(segment)):
        return "office"
    if role and not (office and office.start() < role.start() and agency):
        return "role"
    if agency or office:
        return "office"
    if all(map(language.is_name, _BETWEEN_LANGUAGES.split(segment))):
        return "other"
    words = segment.split()
    if len(segment) > 60 or len(words) > 6 or any(char.isdigit() for char in segment):
        return "unknown"
    if _ARABIC.search(segment):
        return "name" if 2 <= len(words) <= 5 else "place"
    capital = sum(1 for word in words if word[:1].isupper())
    small = [word for word in words if not word[:1].isupper() and word.lower() not in NAME_PARTICLES]
    if small or not capital:
        return "unknown"
    return "name" if capital >= 2 else "place"
