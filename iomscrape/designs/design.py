"""What a design is: how it is recognised, from when to when it was used, and who reads its pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from iomscrape.page import Page
from iomscrape.records import Article


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern in the source of a page that speaks for a design, and how much (0 to 1)."""

    weight: float
    pattern: re.Pattern[str]


def sign(weight: float, pattern: str) -> Sign:
    """A :class:`Sign`; ``pattern`` is a regular expression, case ignored."""
    return Sign(weight, re.compile(pattern, re.I))


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One design. ``since`` and ``until`` tell its years on the live site (None: open)."""

    name: str
    since: date | None
    until: date | None
    signs: tuple[Sign, ...]
    read: Callable[[Page], list[Article]]
    """Reads all articles of a page; raises UnreadablePage where there is none."""

    def likeness(self, page: Page) -> float:
        """How sure this design is that the page is one of its own, 0 to 1."""
        return min(1.0, sum(sign.weight for sign in self.signs if sign.pattern.search(page.text)))
