"""Spellings become people: only over evidence, and never two names that cannot be one person's.

A mention is a spelling at an office. Two of them are one person if

- the name is the same (accents, capitals, titles and order aside) and so is the office; or
- the names can be one person's, and an e-mail address or number agrees that is nobody else's.

An address is a person's own if all names that were ever printed with it can be one person's. Where a chain
of such steps would lead from one name to another that cannot be the same person's, its weaker steps are not
taken. The order of the mentions makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from archive.people.names import is_in_address, likeness, words_of

SURE = frozenset({"same", "order"})
"""Likenesses of names that leave no guess."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as printed, at an office; with all addresses and numbers that were printed with it there."""

    name: str
    office: str
    """Folded, see :func:`archive.people.finding.office_key`; empty where none is named."""
    addresses: frozenset[str] = frozenset()
    """E-mail addresses, and telephone numbers in E.164."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two mentions are one person's."""

    one: str
    other: str
    how: str
    """How the names are alike, see :func:`archive.people.names.likeness`."""
    same_office: str | None
    shared: tuple[str, ...]
    """Addresses and numbers that agree and are nobody else's."""


@dataclass(frozen=True, slots=True)
class Person:
    """Mentions that are one person's."""

    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]


def merge(mentions: Iterable[Mention], own: Collection[str]) -> list[Person]:
    """The people behind the mentions.

    ``own``: the addresses and numbers of which all names that were ever printed with them are alike.
    """
    given = sorted(
        set(mentions), key=lambda mention: (mention.name, mention.office, sorted(mention.addresses))
    )
    steps = _steps(given, frozenset(own))
    people = []
    for group, inside in _joined(range(len(given)), steps):
        if not all_alike({given[place].name for place in group}):
            inside = {pair: step for pair, step in inside.items() if step.how in SURE}
        for part, found in _joined(group, inside):
            mentions_of_one = tuple(given[place] for place in sorted(part))
            people.append(Person(mentions_of_one, tuple(_told_once(found.values()))))
    return sorted(people, key=lambda person: (person.mentions[0].name, person.mentions[0].office))


def all_alike(names: Collection[str]) -> bool:
    """True if all these names can be one person's, each with each."""
    return all(likeness(one, other) is not None for one, other in combinations(sorted(names), 2))


def _steps(given: list[Mention], own: frozenset[str]) -> dict[tuple[int, int], Evidence]:
    # Only mentions that have something in common are looked at in pairs.
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, mention in enumerate(given):
        places[mention.office, *sorted(words_of(mention.name))].append(place)
        for address in mention.addresses & own:
            places[(address,)].append(place)
    pairs = {pair for found in places.values() for pair in combinations(sorted(found), 2)}
    steps = {pair: _step(given[pair[0]], given[pair[1]], own) for pair in sorted(pairs)}
    return {pair: step for pair, step in steps.items() if step is not None}


def _step(one: Mention, other: Mention, own: frozenset[str]) -> Evidence | None:
    how = likeness(one.name, other.name)
    if how is None:
        return None
    shared = one.addresses & other.addresses & own
    if how == "script":
        # Only an address that is made of the name itself tells what the other letters mean.
        shared = frozenset(
            address
            for address in shared
            if "@" in address and (is_in_address(one.name, address) or is_in_address(other.name, address))
        )
    same_office = one.office if one.office and one.office == other.office else None
    if not shared and not (how in SURE and same_office):
        return None
    return Evidence(one.name, other.name, how, same_office, tuple(sorted(shared)))


def _joined(
    places: Iterable[int], steps: Mapping[tuple[int, int], Evidence]
) -> list[tuple[set[int], dict[tuple[int, int], Evidence]]]:
    """The groups that steps make of places, each with its own steps."""
    groups = {place: {place} for place in places}
    for one, other in steps:
        small, large = sorted((groups[one], groups[other]), key=len)
        if small is not large:
            large |= small
            for place in small:
                groups[place] = large
    found = {id(group): (group, dict[tuple[int, int], Evidence]()) for group in groups.values()}
    for pair, step in steps.items():
        found[id(groups[pair[0]])][1][pair] = step
    return list(found.values())


def _told_once(steps: Iterable[Evidence]) -> list[Evidence]:
    return sorted(set(steps), key=lambda step: (step.one, step.other, step.how, step.shared))
