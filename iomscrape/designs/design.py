"""What a design is: how it is recognised, from when to when it was used, and who reads its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from iomscrape.page import Page
from iomscrape.records import Article

FIRST = 4
"""A page without any of a design's first signs is none of its own; the others are not looked up."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What in the source of a page speaks for a design, and how much (0 to 1)."""

    weight: float
    any_of: tuple[bytes, ...]
    """Strings of which one must stand in the source, as the design writes them."""
    shared: bytes
    """What stands in all of them: where it does not, none of them does."""


def sign(weight: float, *any_of: str) -> Sign:
    """A :class:`Sign`. Plain strings: every page is asked for the signs of every design."""
    return Sign(weight, tuple(text.encode() for text in any_of), _shared(any_of).encode())


def _shared(texts: tuple[str, ...]) -> str:
    """The longest string that stands in all of them."""
    first = texts[0]
    parts = (first[start:end] for start in range(len(first)) for end in range(start + 1, len(first) + 1))
    return max((part for part in parts if all(part in text for text in texts)), key=len, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One design. ``since`` and ``until`` tell its years on the live site (None: open)."""

    name: str
    since: date | None
    until: date | None
    signs: tuple[Sign, ...]
    generators: tuple[str, ...] = ()
    """How the page's Generator meta tag begins, if the design has one: ``Drupal 7``."""
    read: Callable[[Page], list[Article]]
    """Reads all articles of a page; raises UnreadablePage where there is none."""

    def likeness(self, source: bytes, *, lower: bool = False) -> float:
        """How sure this design is that a page with this source is its own, 0 to 1.

        ``lower``: the source was brought to lower case, because some tool changed the page's.
        """
        total = 0.0
        for number, one in enumerate(self.signs):
            if total >= 1.0 or (number == FIRST and not total):
                break
            if self._stands(one, source, lower=lower):
                total += one.weight
        return min(1.0, round(total, 3))

    @staticmethod
    def _stands(sign: Sign, source: bytes, *, lower: bool) -> bool:
        if lower:
            return any(text.lower() in source for text in sign.any_of)
        return sign.shared in source and (
            len(sign.any_of) == 1 or any(text in source for text in sign.any_of)
        )
