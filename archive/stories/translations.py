"""When two articles in different languages are one item, told by what no translator changes.

A translation has its numbers, names and contacts in the same places: paragraph by paragraph, in the same
order, each about as long. Two offices that tell of one event share the numbers too, but not their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.stories.copies import Likeness
from archive.stories.facts import NAME_WEIGHT, Facts, Paragraph, weight

WINDOW_DAYS = 7
"""Translations that say nothing of each other are looked for among articles so many days apart."""
NAMED_DAYS = 60
"""How far apart a page and the translation that it names may be."""
FIT = 0.46
"""The score that makes two articles translations of each other when nothing but their facts says so."""
LEAST_AGREEMENT = 0.18
"""So much of all numbers and names must be in both, whatever else agrees, unless a page names the other."""
NAMED_FIT = 0.15
"""The same where one page names the other as its translation (hreflang), or both have one page number."""
MUTUAL_FIT = 0.08
"""The same where each page names the other."""
_CHANCE = 0.4
_PLENTY = 8.0  # so much weight in both is as good as any more
_SHOWN = 12  # numbers and names that are kept as evidence
_RATIO = 0.45  # translations differ in length, but not by more than this


@dataclass(frozen=True, slots=True)
class Naming:
    """What two pages say of each other."""

    forth: bool = False
    """The first names the second as its translation."""
    back: bool = False
    same_number: bool = False
    """They stand on one site under one page number."""

    def __bool__(self) -> bool:
        """True if anything is said."""
        return self.forth or self.back or self.same_number


def judge(one: Facts, other: Facts, naming: Naming) -> Likeness | None:
    """The likeness of two articles in different languages, or None if they are two items."""
    apart = abs((one.day - other.day).days) if one.day and other.day else None
    if one.lang == other.lang or one.lang is None or other.lang is None or _is_far(one, other, apart, naming):
        return None
    both, either = shared(one, other)
    agreement = both / either if either else 0.0
    if agreement < LEAST_AGREEMENT and not naming:
        return None
    evidence: dict[str, object] = {
        "shape": round(alignment(one, other), 3),
        "agreement": round(agreement, 3),
        "numbers": sorted(one.numbers & other.numbers, key=lambda number: (-weight(number), number))[:_SHOWN],
        "names": sorted(one.names & other.names)[:_SHOWN] if one.is_latin and other.is_latin else [],
        "contacts": len(one.contacts & other.contacts),
        "files": len(one.files & other.files),
        "days_apart": apart,
        "named": [name for name in ("forth", "back", "same_number") if getattr(naming, name)],
    }
    fit = _fit(one, other, evidence, both)
    if not naming:
        fit = round(fit - 0.01 * (apart or 0), 3)
        return Likeness("same-facts", fit, evidence) if fit >= FIT else None
    mutual = naming.forth and naming.back
    if fit < (MUTUAL_FIT if mutual else NAMED_FIT):
        return None
    reason = "hreflang" if naming.forth or naming.back else "page-number"
    return Likeness(reason, 1.0 if mutual else max(0.9, fit), evidence | {"fit": fit})


def _is_far(one: Facts, other: Facts, apart: int | None, naming: Naming) -> bool:
    """True if dates or countries speak against it; where pages name each other, more may be forgiven."""
    if naming:
        return apart is not None and apart > NAMED_DAYS
    elsewhere = one.country and other.country and one.country != other.country
    return apart is None or apart > WINDOW_DAYS or bool(elsewhere)


def _fit(one: Facts, other: Facts, evidence: Mapping[str, Any], both: float) -> float:
    """The score, 0 to 0.99. ``both``: the weight of what both have."""
    # Any two articles have about half their shape in common: only what is beyond that counts.
    shape = max(0.0, (evidence["shape"] - _CHANCE) / (1 - _CHANCE))
    score = 0.5 * shape + 0.35 * evidence["agreement"] + 0.15 * min(both / _PLENTY, 1.0)
    score += 0.1 * bool(evidence["contacts"]) + 0.05 * bool(evidence["files"])
    # Each has numbers that the other lacks: last week's report in one language, this week's in the other.
    score -= 0.04 * min(_weight_of(one.numbers - other.numbers), _weight_of(other.numbers - one.numbers))
    return float(round(max(min(score, 0.99), 0.0), 3))


def shared(one: Facts, other: Facts) -> tuple[float, float]:
    """The weight of the numbers, and of the names where both can be compared, in both and in either."""
    with_names = one.is_latin and other.is_latin
    both = either = 0.0
    for key in one.telling.keys() | other.telling.keys():
        if with_names or key[0] == "n":
            worth = one.telling.get(key) or other.telling[key]
            either += worth
            both += worth * (key in one.telling and key in other.telling)
    return both, either


def alignment(one: Facts, other: Facts) -> float:
    """How well the paragraphs fit in order, 0 to 1: 1 if each has its counterpart, as long, with its facts."""
    with_names = one.is_latin and other.is_latin
    total, other_total = one.length or 1, other.length or 1
    best = [0.0] * (len(other.paragraphs) + 1)
    for mine in one.paragraphs:
        previous, best = best, [0.0] * len(best)
        for place, theirs in enumerate(other.paragraphs):
            share, other_share = mine.length / total, theirs.length / other_total
            fit = _fit_of(mine, theirs, share, other_share, with_names=with_names)
            paired = previous[place] + (share + other_share) / 2 * fit
            best[place + 1] = max(paired, previous[place + 1], best[place])
    return best[-1]


def _fit_of(
    mine: Paragraph, theirs: Paragraph, share: float, other_share: float, *, with_names: bool
) -> float:
    """How well two paragraphs fit: the likeness of their lengths, and of their facts if they have any."""
    lengths = min(share, other_share) / max(share, other_share, 1e-9)
    lengths = max(0.0, (lengths - _RATIO) / (1 - _RATIO))
    some = {f"n{number}" for number in mine.numbers}
    others = {f"n{number}" for number in theirs.numbers}
    if with_names:
        some |= {f"a{name}" for name in mine.names}
        others |= {f"a{name}" for name in theirs.names}
    if not some and not others:
        return lengths
    facts = 2 * _weight(some & others) / (_weight(some) + _weight(others))
    return 0.5 * lengths + 0.5 * facts


def _weight_of(numbers: frozenset[str]) -> float:
    return sum(weight(number) for number in numbers)


def _weight(keys: frozenset[str] | set[str]) -> float:
    return sum(weight(key[1:]) if key[0] == "n" else NAME_WEIGHT for key in keys)
