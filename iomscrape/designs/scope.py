"""Finding elements by CSS selectors, fast: compiled once, and one class at a time from an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

from iomscrape.parts.characters import CONTROLS

_TAG_AND_CLASS = re.compile(r"([a-z][a-z0-9]*)\.([A-Za-z_][\w-]*)$")


@cache
def css(selector: str) -> Callable[[Element], Iterable[Element]]:
    """What finds the elements of a CSS selector below another one; compiling once is most of its cost."""
    if selector.isalnum():
        return lambda scope: scope.iter(selector)  # a tag alone needs no XPath
    if simple := _TAG_AND_CLASS.match(selector):
        tag, name = simple.groups()
        return lambda scope: [one for one in scope.iter(tag) if name in (one.get("class") or "").split()]
    found = CSSSelector(selector, translator="html")
    return lambda scope: found(scope)


class Scope:
    """An element that is asked for many selectors: those of classes are answered from an index.

    Answered so: ``.a``, ``.a .b``, ``.a time`` and lists of these with commas; all others by XPath.
    """

    def __init__(self, element: Element) -> None:
        self.element = element
        self._classes: dict[str, list[Element]] = {}
        classes = self._classes
        for one in element.iter("*"):
            if names := one.get("class"):
                for name in names.split():
                    if name in classes:
                        classes[name].append(one)
                    else:
                        classes[name] = [one]

    def find(self, selector: str) -> Iterable[Element]:
        """The elements of a selector in document order."""
        chains = _chains(selector)
        if chains is None:
            return css(selector)(self.element)
        if len(chains) == 1:
            return self._follow(chains[0])
        found = {one for chain in chains for one in self._follow(chain)}
        return [one for one in self.element.iter("*") if one in found] if found else ()

    def _follow(self, chain: tuple[str, ...]) -> Iterable[Element]:
        """The elements of one chain of classes, a tag at its end perhaps, each below the one before."""
        *above, last = chain
        if last.startswith("."):
            found: Iterable[Element] = self._classes.get(last[1:], ())
        elif not above:
            return self.element.iter(last)
        else:
            found = [one for holder in self._classes.get(above[-1][1:], ()) for one in holder.iter(last)]
        return [one for one in found if self._is_below(one, above)] if above and found else found

    def _is_below(self, element: Element, names: Sequence[str]) -> bool:
        """Whether an element stands below others of these classes, the last one nearest, all inside the scope."""
        for name in reversed(names):
            holders = self._classes.get(name[1:], ())
            parent = element.getparent() if element is not self.element else None
            while parent is not None and parent not in holders:
                parent = parent.getparent() if parent is not self.element else None
            if parent is None:
                return False
            element = parent
        return True


_CHAIN = re.compile(r"^\s*(?:\.[A-Za-z_][\w-]*\s+)*(?:\.[A-Za-z_][\w-]*|[a-z][a-z0-9]*)\s*$")


@cache
def _chains(selector: str) -> tuple[tuple[str, ...], ...] | None:
    """A selector as chains of classes, the last link perhaps a tag; None where it is more than that."""
    chains = selector.split(",")
    return tuple(tuple(chain.split()) for chain in chains) if all(map(_CHAIN.match, chains)) else None


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
