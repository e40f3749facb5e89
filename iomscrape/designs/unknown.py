"""Pages of no known design: the body by a library, everything else by our own parts.

trafilatura says which text is the article; that text is then looked up in the page's own tree, so that
paragraphs keep their roles, links their addresses, and the contact block is found as everywhere else.
"""

from __future__ import annotations

import re
from collections import Counter

import trafilatura
from lxml.html import HtmlElement

from iomscrape.designs import layout
from iomscrape.designs.assemble import Parts, assemble
from iomscrape.designs.design import Design
from iomscrape.page import Page
from iomscrape.parts import body
from iomscrape.parts.boilerplate import is_furniture
from iomscrape.records import Article, UnreadablePage

SURE = 0.4
"""Confidence of a body that the library chose; 0.2 where it had to be guessed."""

LEAST = 40
"""Characters below which a page has no article."""


def read(page: Page) -> list[Article]:
    """The article of a page whose design is not known."""
    chosen = _library_text(page)
    pieces, root = _in_tree(page.tree, chosen) if chosen else ([], None)
    sureness = SURE
    if not pieces:
        pieces = [body.Piece([line]) for line in chosen]
        sureness = SURE / 2
    if sum(len(piece.text) for piece in pieces) < LEAST:
        raise UnreadablePage("no-article", "no article was found on the page")
    scope = root if root is not None else page.tree
    parts = Parts(pieces=pieces, title=_title(page), links=[scope] if root is not None else ())
    return [assemble(page, parts, design=DESIGN.name, confidence=sureness)]


def _library_text(page: Page) -> list[str]:
    """The paragraphs that trafilatura takes for the article; none where it finds nothing or gives up."""
    try:
        text = trafilatura.extract(page.text, url=page.url, include_comments=False, fast=True)
    except Exception:  # noqa: BLE001  its own faults on hostile pages must not become ours
        return []
    return [line for line in (text or "").split("\n") if line.strip()]


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text)[:60].casefold()


def _in_tree(tree: HtmlElement, chosen: list[str]) -> tuple[list[body.Piece], HtmlElement | None]:
    """The chosen paragraphs as pieces of the tree, with what stands between them and right after them."""
    wanted = {_key(line.lstrip("-• ")) for line in chosen}
    wanted.discard("")
    holders: Counter[HtmlElement] = Counter()
    matched = 0
    for element in tree.iter("p", "li", "blockquote", "h2", "h3", "h4", "td", "div"):
        if len(element) < 12 and _key(" ".join(element.itertext())) in wanted:
            matched += 1
            for ancestor in element.iterancestors():
                holders[ancestor] += 1
    if matched < max(1, len(wanted) // 3):
        return [], None
    # The smallest element that holds nearly all of them: the deepest among those with as many.
    enough = 0.9 * max(holders.values())
    root = min(
        (element for element, count in holders.items() if count >= enough),
        key=lambda element: -sum(1 for _ in element.iterancestors()),
    )
    pieces = body.read([root], lambda element: is_furniture(element) or element.tag == "h1")
    hits = [number for number, piece in enumerate(pieces) if _key(piece.text) in wanted]
    if not hits:
        return [], None
    return pieces[hits[0] :], root


def _title(page: Page) -> str | None:
    headings = [layout.text_of(element) for element in layout.css("h1")(page.tree)]
    said = page.meta.get("og:title", "")
    # Several h1: the one that the page's own meta tags repeat.
    return next(
        (text for text in headings if text and text in said), headings[0] if len(headings) == 1 else None
    )


DESIGN: Design = Design(name="unknown", since=None, until=None, signs=(), read=read)
