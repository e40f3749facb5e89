"""One question to the figures: is this share, of these pages, what it was?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from archive.watch.chance import Share, at_least, at_most, law_of_all
from archive.watch.finding import Finding

LEAST_SITES = 3
"""Sites whose small numbers are put together."""
LARGE = 12
"""A site with so many pages speaks for itself."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A number of this run that is compared with earlier ones."""

    chance: float
    """How likely what was seen, or anything further off, is where nothing has changed."""
    least: float
    """How unlikely the answer could have been at most, with so many pages."""
    change: float
    """By how much a share moved; 1 where that is no question."""
    tell: Callable[[], Finding]
    """What to say if it is rare."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A share of this run and of those before."""

    have: int
    pages: int
    usual: Share
    falls: bool = True
    """Whether it matters that fewer have it …"""
    rises: bool = True
    """… and that more have it."""

    @property
    def share(self) -> float:
        """In this run."""
        return self.have / self.pages

    @property
    def change(self) -> float:
        """How far it moved, 0 to 1; 0 where it moved in a direction that does not matter."""
        moved = self.share - self.usual.mean
        return abs(moved) if (self.rises if moved > 0 else self.falls) else 0.0

    @cached_property
    def chance(self) -> float:
        """Of what was seen or anything further off."""
        if not self.change:
            return 1.0
        found = (
            at_most(self.have, self.pages, self.usual)
            if self.share < self.usual.mean
            else at_least(self.have, self.pages, self.usual)
        )
        return min(found * self._sides, 1.0)

    @cached_property
    def least(self) -> float:
        """The least chance that any answer could have had."""
        found = [at_most(0, self.pages, self.usual)] if self.falls else []
        found += [at_least(self.pages, self.pages, self.usual)] if self.rises else []
        return min(found) * self._sides

    @property
    def _sides(self) -> int:
        return self.falls + self.rises

    def asked(self, tell: Callable[[], Finding]) -> Question:
        """As a question of its own."""
        return Question(chance=self.chance, least=self.least, change=self.change, tell=tell)


def of_several(
    compared: Mapping[str, Compared], tell: Callable[[str, Compared], Finding]
) -> Iterator[Question]:
    """The same of several sites, each of which has too few pages to say anything: all of them together have not.

    It matters in one direction only. ``tell`` gets the names of the sites that moved, and the whole.
    """
    small = {site: one for site, one in compared.items() if one.pages < LARGE}
    if len(small) < LEAST_SITES:
        return
    law = law_of_all((one.pages, one.usual) for one in small.values())
    have, pages = sum(one.have for one in small.values()), len(law) - 1
    falls = next(iter(small.values())).falls
    usual = Share(
        sum(one.usual.mean * one.pages for one in small.values()) / pages,
        min(one.usual.steadiness for one in small.values()),
        sum(one.usual.pages for one in small.values()),
        sum(one.usual.seen * one.pages for one in small.values()) / pages,
    )
    whole = Compared(have=have, pages=pages, usual=usual, falls=falls, rises=not falls)
    chance = min(sum(law[: have + 1] if falls else law[have:]), 1.0)
    names = [site for site, one in small.items() if one.change and one.change >= whole.change / 2]
    yield Question(
        chance=chance,
        least=law[0] if falls else law[-1],
        change=whole.change,
        tell=lambda: replace(tell(listed(names), whole), chance=chance),
    )


def percent(share: float) -> str:
    """``85 %``."""
    return f"{share:.0%}".replace("%", " %")


def listed(names: Sequence[str], most: int = 4) -> str:
    """``a, b and 3 more``."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
