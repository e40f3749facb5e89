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
    """An element that is asked for many selectors: those of one class or tag are answered from an index."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._classes: dict[str, list[Element]] = {}
        for one in element.iter():
            if names := one.get("class"):
                for name in names.split():
                    self._classes.setdefault(name, []).append(one)

    def find(self, selector: str) -> Iterable[Element]:
        """The elements of a selector in document order."""
        if match := _ONE_CLASS.match(selector):
            return self._classes.get(match.group(1), ())
        names = _CLASS.findall(selector)
        # What holds a class that is not there finds nothing; commas make it a question of several.
        if (
            names
            and "," not in selector
            and ":not" not in selector
            and any(n not in self._classes for n in names)
        ):
            return ()
        return css(selector)(self.element)


_ONE_CLASS = re.compile(r"^\.([\w-]+)$")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")


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
