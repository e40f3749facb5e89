"""When two printed names can be one person's. That they can be is never enough to say that they are."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from archive.database import fold

_TITLED = frozenset("dr mr mrs ms miss mme mlle prof sr sra srta eng ing".split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LIKE = 0.75
"""How alike two spellings of one word of a name must be (Mohammed, Muhammad)."""
_FULL = 3  # letters of a word that says more than an initial
FEWEST_WORDS = 2
"""A single word (``Maria``, ``Press``) is too little to take one spelling for another."""


@lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """The words in order, in lower case without accents, titles left out: ``Dr. MORENO-Été`` -> moreno, ete."""
    found = tuple(word.replace("’", "'") for word in _WORD.findall(fold(name)))
    bare = tuple(word for word in found if word not in _TITLED)
    return bare or found


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> str | None:
    """How two names could be one person's, or None if they could not.

    ``same`` (accents and capitals aside), ``order``, ``initials``, ``shorter``, ``spelling``, or ``script``
    where one is in Latin letters and the other is not, so that nothing can be said.
    """
    some, others = words_of(one), words_of(other)
    if some == others:
        return "same" if some else None
    if min(len(some), len(others)) < FEWEST_WORDS:
        return None
    if sorted(some) == sorted(others):
        return "order"
    if _is_latin(one) != _is_latin(other):
        return "script"
    return _fits(some, others) or _fits(tuple(sorted(some)), tuple(sorted(others)))


def _fits(some: tuple[str, ...], others: tuple[str, ...]) -> str | None:
    short, long = sorted((some, others), key=len)
    kinds = _aligned(short, long)
    if kinds is None or not {"full", "like"} & set(kinds):
        return None
    if "like" in kinds:
        # A guess at the spelling and a guess at what was left out are one guess too many.
        return "spelling" if len(short) == len(long) and "initial" not in kinds else None
    return "initials" if "initial" in kinds else "shorter"


def _aligned(short: tuple[str, ...], long: tuple[str, ...]) -> list[str] | None:
    """How each word of the shorter name is found in the longer one, in order; None if one is not."""
    kinds: list[str] = []
    place = 0
    for word in short:
        for later in range(place, len(long)):
            kind = _word_likeness(word, long[later])
            if kind is not None and len(long) - later >= len(short) - len(kinds):
                kinds.append(kind)
                place = later + 1
                break
        else:
            return None
    return kinds


def _word_likeness(one: str, other: str) -> str | None:
    if one == other:
        return "full" if len(one) >= _FULL else "initial"
    if 1 in (len(one), len(other)):
        return "initial" if one[0] == other[0] else None
    if min(len(one), len(other)) < _FULL or one[0] != other[0]:
        return None
    return "like" if SequenceMatcher(None, one, other).ratio() >= _LIKE else None


def _is_latin(name: str) -> bool:
    letters = [sign for sign in name if sign.isalpha()]
    return sum("LATIN" in unicodedata.name(sign, "") for sign in letters) * 2 >= len(letters)


def is_in_address(name: str, email: str) -> bool:
    """True if a word of the name stands in the part of the address before the ``@``."""
    local = re.sub(r"[^a-z]", "", email.partition("@")[0].lower())
    return any(len(word) > _FULL and word in local for word in words_of(name))
