"""Finding elements by CSS selectors, fast: compiled once, and one class at a time from an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

from iomscrape.parts.characters import CONTROLS


@cache
def css(selector: str) -> Callable[[Element], Iterable[Element]]:
    """What finds the elements of a CSS selector below another one; compiling once is most of its cost."""
    if selector.isalnum():
        return lambda scope: scope.iter(selector)  # a tag alone needs no XPath
    found = CSSSelector(selector, translator="html")
    return lambda scope: found(scope)


class Scope:
    """An element that is asked for many selectors: those of tags and classes are answered from an index.

    Answered so: ``.a``, ``time``, ``.a .b time`` and lists of these with commas; all others by XPath.
    """

    def __init__(self, element: Element) -> None:
        self.element = element
        self._named: dict[str, list[Element]] = {}
        self._order: dict[Element, int] = {}
        for number, one in enumerate(element.iter("*")):
            self._order[one] = number
            self._named.setdefault(str(one.tag), []).append(one)
            if names := one.get("class"):
                for name in names.split():
                    self._named.setdefault(f".{name}", []).append(one)

    def find(self, selector: str) -> Iterable[Element]:
        """The elements of a selector in document order."""
        chains = _chains(selector)
        if chains is None:
            return css(selector)(self.element)
        found = [
            one
            for chain in chains
            for one in self._named.get(chain[-1], ())
            if self._is_below(one, chain[:-1])
        ]
        if len(chains) > 1:
            return sorted(dict.fromkeys(found), key=self._order.__getitem__)
        return found

    def _is_below(self, element: Element, names: Sequence[str]) -> bool:
        """Whether an element stands below others of these names, the last one nearest, all inside the scope."""
        for name in reversed(names):
            holders = self._named.get(name, ())
            parent = element.getparent()
            while parent is not None and parent in self._order and parent not in holders:
                parent = parent.getparent()
            if parent is None or parent not in self._order:
                return False
            element = parent
        return True


_SIMPLE = re.compile(r"^(?:\.[A-Za-z_][\w-]*|[a-z][a-z0-9]*)$")


@cache
def _chains(selector: str) -> tuple[tuple[str, ...], ...] | None:
    """A selector as chains of tags and classes, or None where it is more than that."""
    chains = tuple(tuple(chain.split()) for chain in selector.split(","))
    return chains if all(_SIMPLE.match(name) for chain in chains for name in chain) else None


def first(tree: Element, selectors: Sequence[str]) -> Element | None:
    """The first element that one of the selectors finds, in their order."""
    for selector in selectors:
        for element in css(selector)(tree):
            return element
    return None


def text_of(element: Element) -> str:
    """The text of an element with white space folded."""
    text = " ".join("".join(element.itertext()).split())
    return text if text.isprintable() else CONTROLS.sub("", text)
