"""What is found fast is what the selector finds: by the parser's table of ids, and by the index of classes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from lxml import html
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

from iomscrape.designs import cms, drupal7, drupal9, jahia
from iomscrape.designs.layout import Layout
from iomscrape.designs.scope import Scope, css, first, text_of
from tests.golden import PAGES

LAYOUTS = [design.LAYOUT for design in (jahia, cms, drupal7, drupal9)]
SELECTORS = {
    selector
    for layout in LAYOUTS
    for field in fields(Layout)
    if isinstance(selectors := getattr(layout, field.name), tuple)
    for selector in selectors
}
TREES = {
    "ids that are not unique": "<div id=a><p class=b>1<div id=a class='b c'>2</div></div><div id=a><p class='x b'>3</div>",
    "an anchor of the same name before it": "<a name=a>1</a><p class=b>2</p><div id=a><p class=b>3</p></div>",
    "only an anchor of that name": "<a name=a>1</a><p class=b>2</p>",
    "classes in classes": "<div class='a b'><div class='a b'><p class=b>1</p></div></div><p class='b'>2</p><b class=a></b>",
    "nothing": "<p>1</p>",
}
ASKED = [
    "#a",
    "#a .b",
    "#a .x",
    ".a",
    ".a .b",
    ".a .a .b",
    ".a p",
    "p",
    ".a, .b",
    ".x, .b",
    "p.b",
    "div#a",
    "[id^=a]",
]


def slow(selector: str, element: Element) -> list[Element]:
    """What the selector finds below an element, or the element itself."""
    return list(CSSSelector(selector, translator="html")(element))


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("selector", ASKED)
def test_small_trees(name: str, selector: str) -> None:
    tree = html.document_fromstring(TREES[name])
    for element in (tree, tree[-1], tree[-1][-1]):
        wanted = slow(selector, element)
        assert list(css(selector)(element)) == wanted
        assert first(element, [selector]) is (wanted[0] if wanted else None)


@pytest.mark.parametrize(
    "path", sorted(PAGES.rglob("*.html")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_selector_of_the_designs(path: Path) -> None:
    tree = html.document_fromstring(path.read_bytes())
    scope = Scope(tree)
    for selector in sorted(SELECTORS):
        wanted = slow(selector, tree)
        assert list(css(selector)(tree)) == wanted, selector
        assert list(scope.find(selector)) == wanted, selector


def test_the_text_of_an_element_is_that_of_all_inside_and_nothing_behind() -> None:
    cell = html.fragment_fromstring("<div>\n  a<b>b <i>c</i></b>d<!-- x -->\te\x0b<br>f </div>")
    cell.tail = "behind"
    assert text_of(cell) == "ab cd e f"
    assert text_of(html.fragment_fromstring("<p> a  b </p>")) == "a b"
    assert text_of(html.fragment_fromstring("<p></p>")) == ""
