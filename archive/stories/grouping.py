"""Links become stories: which articles belong together when all that was found is taken together.

Copies are joined first. Then translations, the surest first, and only where that does not put two different
texts of one language into one story: an item has one French translation, not two. Which articles come first
in the archive, and in which order links were found, makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

COPIES = frozenset({"same-text", "near-copy"})
"""The reasons that speak for one text, whatever its language is said to be."""


class Link(NamedTuple):
    """Two articles that were found to be one item."""

    article_id: int
    other_id: int
    reason: str
    score: float


def group(langs: Mapping[int, str | None], links: Iterable[Link]) -> list[frozenset[int]]:
    """The stories among articles, given as number to language; articles that stand alone are left out."""
    groups = {article_id: {article_id} for article_id in langs}
    ordered = sorted(links, key=lambda link: (link.reason not in COPIES, -link.score, link[:2]))
    for link in ordered:
        one, other = groups[link.article_id], groups[link.other_id]
        if one is other or (link.reason not in COPIES and _would_clash(one, other, langs)):
            continue
        one |= other
        for article_id in other:
            groups[article_id] = one
    return sorted({frozenset(members) for members in groups.values() if len(members) > 1}, key=min)


def _would_clash(one: set[int], other: set[int], langs: Mapping[int, str | None]) -> bool:
    return not {langs[article_id] for article_id in one}.isdisjoint(langs[article_id] for article_id in other)
