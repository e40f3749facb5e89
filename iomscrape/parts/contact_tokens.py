"""The lines of a contact block as tokens: addresses, numbers, and segments of words.

Each segment is judged by its words as name, role, office or place; ``contacts`` puts persons together from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from iomscrape.parts import language, phones
from iomscrape.parts.characters import CELL, HIDDEN_CLOSE, HIDDEN_OPEN
from iomscrape.parts.contact_words import (
    AGENCY,
    AT_OFFICE,
    JOINER_AHEAD,
    JOINER_ALONE,
    MAIL_LABEL,
    NAME_PARTICLES,
    NOISE_AHEAD,
    NOISE_ALONE,
    NOISE_BEHIND,
    OFFICE,
    OFFICE_WORDS,
    OTHER_LABEL,
    ROLE,
)
from iomscrape.parts.mailto import addresses_in, has_address, valid
from iomscrape.records import Phone

LABEL = 40
"""Characters at the end of a text in which the label of an address stands."""

USUAL = 300
"""Characters of a line below which it is remembered; nearly every contact is shorter."""

_SPLIT = re.compile(rf"\s*(?:[,،;|•·{CELL}]|\s[-–—/]\s)\s*")
_PLACE_LINE = re.compile(
    r"^(?:(?:in|en|à|em|a|in der|в|во|у|في)\s+)?([^\W\d_][^:@\d]{1,40}?)\s?[:：]\s*(.*)$", re.I | re.S
)
_LIST_MARK = re.compile(r"^[-–—•·▪►*]\s+(?=\w)")
# or the IOM Press Office: media@iom.int; in lower case, for U Kyaw Min has a name
_JOINER_AT_START = re.compile(r"(?:or|and|ou|et|o|y|u|e|oder|und|oppure|или|и|або|та)\s+(?:the\s+)?(?=\S)")
_EDGES = ' \t.,،;:|–—-/<>[]"“”'
# Follow @iom_dili on Twitter; not the half of a torn address.
_HANDLE = re.compile(r"(?<![^\s(/:,])@[A-Za-z_]\w{2,29}(?![\w@]|[.-]\w)")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_BETWEEN_LANGUAGES = re.compile(r"\s*(?:[,/&+]|\b(?:and|or|y|o|et|ou|e|und|и|та)\b)\s*")
_ARABIC = re.compile("[\u0600-\u06ff]")


@dataclass(slots=True)
class Token:
    """One thing of a contact block. ``kind``: name role office place email phone other gap or-gap."""

    kind: str
    text: str = ""
    phone: Phone | None = None
    new_line: bool = False


def tokens_of(lines: Iterable[str], region: str | None) -> Iterator[Token]:
    """The tokens of one block, given as its printed lines (an empty line is a gap)."""
    reachable = False
    for printed in lines:
        line = _LIST_MARK.sub("", printed.strip())
        if HIDDEN_OPEN in line or HIDDEN_CLOSE in line:
            line = line.replace(HIDDEN_OPEN, " ").replace(HIDDEN_CLOSE, " ").strip()
        if not line:
            yield Token("gap")
        elif JOINER_ALONE.match(line):
            yield Token("or-gap")
        elif OTHER_LABEL.match(line) and not has_address(line):
            yield Token("other", line.strip(_EDGES))
        else:
            if reachable and (joiner := _JOINER_AT_START.match(line)):
                line = line[joiner.end() :]
                yield Token("or-gap")
            for token in _known(line, region) if len(line) < USUAL else _line_tokens(line, region):
                reachable = reachable or token.kind in ("email", "phone")
                yield token


@lru_cache(maxsize=2048)
def _known(line: str, region: str | None) -> tuple[Token, ...]:
    # The same officers stand under hundreds of notes, and each note in many captures.
    return tuple(_line_tokens(line, region))


def _line_tokens(line: str, region: str | None) -> Iterator[Token]:
    addresses, handles = (addresses_in(line), _HANDLE.finditer(line)) if "@" in line else ((), ())
    spans: list[tuple[int, int, Token | None]] = [
        (found.start(), found.end(), Token("email", found.group())) for found in addresses
    ]
    spans += [(found.start(), found.end(), Token("other", found.group())) for found in handles]
    spans += [
        (found.start, found.end, Token("phone", found.printed, found.phone))
        for found in phones.find(line, region)
    ]
    spans.sort(key=lambda span: span[0])
    spans.append((len(line), len(line), None))
    at, first, after_address = 0, True, False
    for start, end, token in spans:
        if start < at:
            continue  # a number inside an address
        if _WORD.search(line, at, start):
            for words in _words(line[at:start], alone=first and token is None, after_address=after_address):
                words.new_line = first
                first = False
                yield words
        if token is not None:
            after_address = True
            email = valid(token.text) if token.kind == "email" else None
            if token.kind != "email" or email:
                yield Token(token.kind, email or token.text, token.phone, new_line=first)
                first = False
        at = end


def _words(text: str, *, alone: bool, after_address: bool) -> list[Token]:
    """The segments of words between two addresses or numbers, judged."""
    if text[-1:].isspace() or text[-1:] in ":：.<([" or text[-1:].isalpha():
        tail = max(0, len(text) - LABEL)
        text = text[:tail] + MAIL_LABEL.sub("", text[tail:])
    if not alone:
        tail = max(0, len(text) - LABEL)
        text = text[:tail] + NOISE_BEHIND.sub("", text[tail:])
    if not _WORD.search(text):
        return []
    before: list[Token] = []
    if after_address and JOINER_AHEAD.match(text) and not NOISE_ALONE.match(text):
        text = JOINER_AHEAD.sub("", text, count=1)
        before.append(Token("or-gap"))
    place = _PLACE_LINE.match(text.strip())
    label = NOISE_AHEAD.sub("", place.group(1).strip()) if place else ""
    kind = judge(label) if label else ""
    if place and (len(label.split()) <= 4 or kind == "office"):
        text = place.group(2)
        if kind == "other":  # In English and French: whoever follows speaks them
            before.append(Token("or-gap"))
        before.append(Token(kind if kind in ("role", "office", "other") else "place", label))
    tokens: list[Token] = []
    for token in _segments(text):
        last = tokens[-1] if tokens else None
        if last is not None and last.kind == "office" and _belongs_to_office(token, alone=alone):
            # "IOM HQ, Geneva": the comma is the office's own.
            last.text = f"{last.text}{_comma(text, last.text)}{token.text}"
        else:
            tokens.append(token)
    return before + tokens


def _comma(text: str, before: str) -> str:
    return "، " if "،" in text[text.find(before) :] else ", "


def _belongs_to_office(token: Token, *, alone: bool) -> bool:
    if token.kind == "office":
        return alone
    # Charlottenstr. 68 is none of its name.
    return token.kind in ("place", "unknown") and token.text[:1].isupper() and not _DIGIT.search(token.text)


def _segments(text: str) -> Iterator[Token]:
    for chunk in filter(None, _SPLIT.split(text)):
        parts = list(_parts(chunk))
        for part in parts:
            segment = NOISE_AHEAD.sub("", _bare(part)).strip()
            if segment and not NOISE_ALONE.match(segment):
                kind = judge(segment)
                # "Ana at IOM Dili": whoever is at an office is no place.
                yield Token("name" if kind == "place" and part is not parts[-1] else kind, segment)


def _bare(part: str) -> str:
    """A part without what hangs on its edges; parentheses go only where they do not match."""
    part = part.strip(_EDGES)
    if "(" not in part and ")" not in part:
        return part
    if part.count("(") != part.count(")"):
        part = part.strip(_EDGES + "()")
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
    before, bracket, inside = chunk.partition("(")
    agency, of, person = _of_agency(chunk)
    if bracket and judge(before.strip(_EDGES)) == "name":
        yield before
        yield from _at_office(inside)
    elif of and judge(person) == "name" and judge(agency) == "office":
        yield person
        yield agency
    else:
        yield from _at_office(chunk)


def _of_agency(chunk: str) -> tuple[str, str, str]:
    """``IOM Dili’s Ana Reis`` at its apostrophe."""
    return chunk.replace("’s ", "'s ", 1).strip(_EDGES).partition("'s ")


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
