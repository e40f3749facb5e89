"""What is cut out of a source before it is parsed, and what must stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iomscrape import extract
from iomscrape.designs import recognise
from iomscrape.page import Page
from iomscrape.parts.cutting import without_menus

PAGES = sorted((Path(__file__).parent.parent / "pages").glob("*/*.html"))

CUT = {
    "a menu of links": b"<nav class='x'><a href=/n>News</a></nav>",
    "menus in menus": b"<nav><ul><li><nav>A</nav></li></ul></nav>",
    "a list that calls itself a menu": b'<ul class="menu superfish"><li>A<ul class="menu"><li>B</ul></ul>',
    "a list whose id does": b'<ul id="main-menu" class="x"><li>A</li></ul>',
    "styles": b"<style>@media screen { p > b { color: red } }</style>",
    "a program": b"<script src='x.js'>if (a < b) document.write('<nav>')</script>",
    "a program in old comments": b"<script><!-- \n f('</p>') //--></script>",
    "a drawing": b"<svg viewBox='0 0 1 1'><title>Logo</title><path d='M0'/></svg>",
}
KEPT = {
    "an address in the menu": b"<nav><a href='mailto:press@iom.int'>Press</a></nav>",
    "a menu that is not closed": b"<nav><a href='/n'>News</a><p>Text</p>",
    "a menu that swallowed the page": b"<nav><a>News</a><main><h1>Title</h1></main></nav>",
    "a list of sentences": b'<ul class="nav"><li><p>Some honest text.</p></li></ul>',
    "a list like any other": b'<ul class="navigable menus"><li>A</li></ul>',
    "data for machines": b'<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
    "a program whose end is unclear": b"<script><!-- <script></script> --></script>",
    "a program that is not closed": b"<script>f()",
    "a comment": b"<!-- <nav>old menu</nav> -->",
    "another tag": b"<navigation>Text</navigation><scripture>Text</scripture>",
}


@pytest.mark.parametrize("piece", CUT.values(), ids=CUT.keys())
def test_is_cut(piece: bytes) -> None:
    assert without_menus(b"<p>One</p>" + piece + b"<p>Two</p>") == b"<p>One</p><p>Two</p>"


@pytest.mark.parametrize("piece", KEPT.values(), ids=KEPT.keys())
def test_stays(piece: bytes) -> None:
    source = b"<p>One</p>" + piece + b"<p>Two</p>"
    assert without_menus(source) == source


def test_a_menu_inside_a_comment_does_not_open_one_behind_it() -> None:
    source = b"<!-- <nav> --><p>The article.</p><nav>Menu</nav>"
    assert without_menus(source) == b"<!-- <nav> --><p>The article.</p>"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_article_is_the_same_with_and_without(path: Path) -> None:
    raw = path.read_bytes()
    whole = Page(raw, to_explain=True)
    assert recognise(whole).read(whole)[0].to_dict() == extract(raw).to_dict()


CLOSED = [
    *CUT.values(),
    *(piece for name, piece in KEPT.items() if "not closed" not in name and "unclear" not in name),
]


@given(st.lists(st.sampled_from(CLOSED)))
def test_nothing_between_menus_is_lost(pieces: list[bytes]) -> None:
    paragraphs = [f"<p>{number}</p>".encode() for number in range(len(pieces))]
    source = b"".join(part for pair in zip(pieces, paragraphs, strict=True) for part in pair)
    cut = without_menus(source)
    kept = [piece for piece in pieces if piece not in CUT.values()]
    assert re.findall(rb"<p>\d+</p>", cut) == paragraphs
    assert len(cut) == sum(map(len, (*kept, *paragraphs)))


@pytest.mark.parametrize(
    "unit",
    [
        b"<nav>",
        b"<nav>@</nav>",
        b'<ul class="menu">',
        b"<script>",
        b"<!--",
        b"<style></script>",
        b'<ul x="class="menu',
    ],
)
@pytest.mark.timeout(20)
def test_hostile_pages_take_no_long_time(unit: bytes) -> None:
    source = unit * (2_000_000 // len(unit))
    assert len(without_menus(source)) <= len(source)
