"""Finding elements by CSS selectors, fast: compiled once, and one class at a time from an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from lxml.cssselect import CSSSelector
from lxml.etree import XPath, tostring
from lxml.etree import _Element as Element

from iomscrape.parts.characters import CONTROLS

_TAG_AND_CLASS = re.compile(r"([a-z][a-z0-9]*)\.([A-Za-z_][\w-]*)$")
_ID = re.compile(r"#([A-Za-z][\w-]*)(?:\s+\.([A-Za-z_][\w-]*))?$")


@cache
def css(selector: str) -> Callable[[Element], Iterable[Element]]:
    """What finds the elements of a CSS selector below another one; compiling once is most of its cost."""
    if selector.isalnum():
        return lambda scope: scope.iter(selector)  # a tag alone needs no XPath
    if simple := _TAG_AND_CLASS.match(selector):
        tag, name = simple.groups()
        return lambda scope: [one for one in scope.iter(tag) if name in (one.get("class") or "").split()]
    found = CSSSelector(selector, translator="html")
    if by_id := _ID.match(selector):
        return _by_id(by_id.group(1), by_id.group(2), found)
    return lambda scope: found(scope)


def _by_id(name: str, of_class: str | None, slow: CSSSelector) -> Callable[[Element], Iterable[Element]]:
    """What finds ``#name`` or ``#name .of-class``: the first of that id from libxml2's table, which is much faster.

    Whoever asks for more than that gets all that the selector finds: ids are not always unique.
    """
    lookup = XPath(f"id('{name}')")

    def find(scope: Element) -> Iterator[Element]:
        fast: set[Element] = set()
        for holder in lookup(scope):
            if holder.get("id") == name and (scope is holder or scope in holder.iterancestors()):
                for one in holder.iterdescendants("*") if of_class else (holder,):
                    if of_class is None or of_class in (one.get("class") or "").split():
                        fast.add(one)
                        yield one
        yield from (one for one in slow(scope) if one not in fast)

    return find


class _Chain(NamedTuple):
    """Classes, each below the one before, and the class or tag that is looked for below them."""

    above: tuple[str, ...]
    last: str
    is_tag: bool


class Scope:
    """An element that is asked for many selectors: those of classes are answered from an index.

    Answered so: ``.a``, ``.a .b``, ``.a time`` and lists of these with commas; all others by XPath.
    """

    def __init__(self, element: Element) -> None:
        self.element = element
        self._classes: dict[str, dict[Element, None]] = {}
        """The elements of each class in document order: a hostile page has so many that no list may be searched."""
        classes = self._classes
        for one in element.iter("*"):
            if names := one.get("class"):
                for name in names.split():
                    if name in classes:
                        classes[name][one] = None
                    else:
                        classes[name] = {one: None}

    def find(self, selector: str) -> Iterable[Element]:
        """The elements of a selector in document order."""
        chains = _chains(selector)
        if chains is None:
            return css(selector)(self.element)
        if len(chains) == 1:
            return self._follow(chains[0])
        found = {one for chain in chains for one in self._follow(chain)}
        return [one for one in self.element.iter("*") if one in found] if found else ()

    def _follow(self, chain: _Chain) -> Iterable[Element]:
        """The elements of one chain of classes, a tag at its end perhaps, each below the one before."""
        above, last, is_tag = chain
        classes = self._classes
        if not above:
            return self.element.iter(last) if is_tag else classes.get(last, ())
        if any(name not in classes for name in above):
            return ()
        found: Iterable[Element] = classes.get(last, ())
        if is_tag:
            found = [one for holder in classes[above[-1]] for one in holder.iter(last)]
        return [one for one in found if self._is_below(one, above)]

    def _is_below(self, element: Element, names: Sequence[str]) -> bool:
        """Whether an element stands below others of these classes, the last one nearest, all inside the scope."""
        for name in reversed(names):
            holders = self._classes[name]
            parent = element.getparent() if element is not self.element else None
            while parent is not None and parent not in holders:
                parent = parent.getparent() if parent is not self.element else None
            if parent is None:
                return False
            element = parent
        return True


_CHAIN = re.compile(r"^\s*(?:\.[A-Za-z_][\w-]*\s+)*(?:\.[A-Za-z_][\w-]*|[a-z][a-z0-9]*)\s*$")


@cache
def _chains(selector: str) -> tuple[_Chain, ...] | None:
    """A selector as chains of classes, the last link perhaps a tag; None where it is more than that."""
    chains = selector.split(",")
    return tuple(map(_chain, chains)) if all(map(_CHAIN.match, chains)) else None


def _chain(selector: str) -> _Chain:
    *above, last = selector.split()
    return _Chain(tuple(name[1:] for name in above), last.removeprefix("."), not last.startswith("."))


def first(tree: Element, selectors: Sequence[str]) -> Element | None:
    """The first element that one of the selectors finds, in their order."""
    for selector in selectors:
        for element in css(selector)(tree):
            return element
    return None


def text_of(element: Element) -> str:
    """The text of an element with white space folded."""
    # Twice to ten times as fast as joining what itertext() gives.
    held = (
        tostring(element, method="text", encoding="unicode", with_tail=False)
        if len(element)
        else element.text
    )
    text = " ".join((held or "").split())
    return text if text.isprintable() else CONTROLS.sub("", text)
