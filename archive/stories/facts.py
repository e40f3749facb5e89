"""What stays the same when a text is translated: its numbers, names, contacts, pictures, its shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.database import fold

_GROUP = "[.,'’ \u00a0\u2009\u202f٬]"
_NUMBER = re.compile(rf"(?<!\d)\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)|\d+(?:[.,٫]\d+)?")
_NAME = re.compile(r"(?<![.!?:;…–—\"“”«»'’(\s-])[ \u00a0]+[(«\"“]?((?:[A-ZÀ-ÖØ-ÞŠŽČŁŚŻĞİ][\w’'-]+))")
_NAME_SIGNS = 4  # of a name only its beginning: Manila is Manille in French, Brahmaputra Brahmapoutre
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_SIGNS = 3  # a Chinese character says about as much as three letters
NAME_WEIGHT = 0.8
_YEARS = range(1900, 2100)
_BEGINNING = 600
_LATIN = re.compile("[a-zA-Z]")
_OTHER_LETTER = re.compile(r"[\u0370-\u1cff\u2e80-\ud7ff]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: how long it is, which numbers and names stand in it."""

    length: int
    """In letters; wide characters count three times."""
    numbers: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True)
class Facts:
    """What is compared of an article with one in another language."""

    article_id: int
    lang: str | None
    country: str | None
    day: date | None
    is_latin: bool
    """Whether it is written in Latin letters, so that names can be compared."""
    paragraphs: tuple[Paragraph, ...]
    """The title first."""
    contacts: frozenset[str]
    """E-mail addresses and telephone numbers, as fingerprints."""
    files: frozenset[str]
    """Names of pictures and documents, as fingerprints."""

    @cached_property
    def numbers(self) -> frozenset[str]:
        """All numbers of the text."""
        return frozenset().union(*(paragraph.numbers for paragraph in self.paragraphs))

    @cached_property
    def names(self) -> frozenset[str]:
        """All beginnings of names."""
        return frozenset().union(*(paragraph.names for paragraph in self.paragraphs))

    @cached_property
    def length(self) -> int:
        """Of title and text, in letters."""
        return sum(paragraph.length for paragraph in self.paragraphs)

    @cached_property
    def telling(self) -> dict[str, float]:
        """Its numbers, as ``n1846``, and beginnings of names, as ``amore``, each with how telling it is."""
        return {f"n{number}": weight(number) for number in self.numbers} | {
            f"a{name}": NAME_WEIGHT for name in self.names
        }

    @cached_property
    def heft(self) -> float:
        """How much there is to recognise it by: of its numbers, and of its names where those can be compared."""
        return sum(self.telling.values())


def numbers(text: str) -> list[str]:
    """The numbers in order, however they are written: ``1,846``, ``1 846`` and ``١٨٤٦`` are all ``1846``."""
    found = []
    for match in _NUMBER.finditer(text):
        printed = match[0]
        parts = re.split(r"\D", printed)
        if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3:
            found.append(str(int("".join(parts))))
        elif len(parts) == 2:
            decimals = str(int(parts[1][::-1]))[::-1]  # without the zeros at the end, in western digits
            found.append(f"{int(parts[0])}.{decimals}" if int(parts[1]) else str(int(parts[0])))
        else:
            found.append(str(int(parts[0][:18])))
    return found


def weight(number: str) -> float:
    """How telling it is that two texts share this number: ``7`` hardly at all, ``18932`` very much."""
    if "." in number:
        return 1.5
    value = int(number)
    if value in _YEARS or value <= 12:
        return 0.2
    if value <= 31:
        return 0.5
    return 1.0 if value < 100 else min(0.5 + 0.5 * len(number.rstrip("0")), 2.5) + 0.5 * (value >= 1000)


def names(text: str) -> set[str]:
    """The beginnings of words with a capital inside sentences, in lower case without accents."""
    found = (fold(match[1]) for match in _NAME.finditer(text))
    return {name[:_NAME_SIGNS] for name in found if len(name) >= _NAME_SIGNS}


def paragraph(text: str) -> Paragraph:
    """Look at one paragraph."""
    length = len(text) + (_WIDE_SIGNS - 1) * len(_WIDE.findall(text))
    return Paragraph(length, frozenset(numbers(text)), frozenset(names(text)))


def is_latin(text: str) -> bool:
    """True if most letters of its beginning are Latin ones."""
    text = text[:_BEGINNING]
    return len(_LATIN.findall(text)) > len(_OTHER_LETTER.findall(text))


def day_of(published: str | None) -> date | None:
    """The day in an ISO 8601 date or time; None where there is none."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def fingerprint(value: str) -> str:
    """Twelve signs that stand for a value without telling it."""
    return blake2b(value.encode("utf-8", "replace"), digest_size=6).hexdigest()


def file_names(urls: Iterable[str]) -> frozenset[str]:
    """Fingerprints of the last parts of addresses of pictures and documents."""
    found = (fold(unquote(urlsplit(url).path.rpartition("/")[2])) for url in urls if "://" in url)
    return frozenset(fingerprint(name) for name in found if "." in name)


def packed(facts: Facts) -> list[Any]:
    """As a JSON list, for the table ``fingerprints``; :func:`unpacked` undoes it."""
    return [
        int(facts.is_latin),
        [
            [part.length, " ".join(sorted(part.numbers)), " ".join(sorted(part.names))]
            for part in facts.paragraphs
        ],
        " ".join(sorted(facts.contacts)),
        " ".join(sorted(facts.files)),
    ]


def unpacked(kept: list[Any], row: Mapping[str, Any]) -> Facts:
    """The facts from what :func:`packed` gave and ``article_id``, ``lang``, ``country`` and ``day``."""
    latin, paragraphs, contacts, files = kept
    return Facts(
        article_id=row["article_id"],
        lang=row["lang"],
        country=row["country"],
        day=day_of(row["day"]),
        is_latin=bool(latin),
        paragraphs=tuple(
            Paragraph(length, frozenset(some.split()), frozenset(others.split()))
            for length, some, others in paragraphs
        ),
        contacts=frozenset(contacts.split()),
        files=frozenset(files.split()),
    )
