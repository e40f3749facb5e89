"""Pages of no known design: the body by a library, everything else by our own parts.

trafilatura says which text is the article; that text is then looked up among the pieces of the page's
own tree, so that paragraphs keep their roles, links their addresses, and the contact block is found as
everywhere else. Where the two disagree on a few short pieces, the run of text around them decides.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import lxml.etree
import trafilatura

from iomscrape.designs import layout
from iomscrape.designs.assemble import Parts, assemble
from iomscrape.designs.design import Design
from iomscrape.designs.scope import css, text_of
from iomscrape.page import Page
from iomscrape.parts import body, mainblock, nopage
from iomscrape.parts.boilerplate import all_edge, is_furniture, without_edges
from iomscrape.records import Article, Role, UnreadablePage

# It tells of every odd page; our own records do.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

SURE = 0.4
"""Confidence of a body that the library and our own reading agree on; less where only one has it."""

LEAST = 40
"""Characters below which a page has no article."""

BRIDGE = 3
"""How many paragraphs the library may have left out between two that it took."""

LIST = 12
"""How many pieces of any role, for it loses short lists and tables whole."""

TAIL = 16
"""How many pieces after the article may be its contact block."""

MANY, LARGE = 3000, 2_000_000
"""Pieces and bytes above which the library is not asked: its time grows with the square of them."""

_SAME = 25
"""Letters and digits from which on a piece is known by its text alone."""


def read(page: Page) -> list[Article]:
    """The article of a page whose design is not known."""
    top = page.tree.find("body")
    root = top if top is not None else page.tree
    pieces = body.read([root], lambda element: is_furniture(element) or element.tag == "h1")
    lines = _library_lines(page) if len(pieces) <= MANY and len(page.source) <= LARGE else []
    chosen, sureness, how = _agreed(pieces, lines), SURE, "trafilatura and the page's own blocks agree"
    if _length(chosen) < 0.5 * sum(map(len, lines)):
        chosen, sureness, how = [body.Piece([line]) for line in lines], SURE / 2, "trafilatura alone"
    if nopage.is_list(chosen) or (sureness < SURE and nopage.is_list(body.read([root], lambda _: False))):
        raise UnreadablePage("no-article", "the page is a list of articles or a front page")
    if not chosen:
        chosen, sureness, how = mainblock.select(pieces), SURE / 4, "where the prose is"
    if _length(chosen) < LEAST:
        raise UnreadablePage("no-article", "no article was found on the page")
    printed = layout.date_in([*layout.lead(root, chosen[0]), *(piece.text for piece in chosen[:3])], "DMY")
    parts = Parts(found_by=how, pieces=without_edges(chosen), title=_title(page), printed=printed)
    return [assemble(page, parts, design=DESIGN.name, confidence=sureness)]


def _length(pieces: Sequence[body.Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _library_lines(page: Page) -> list[str]:
    """The paragraphs that trafilatura takes for the article; none where it finds nothing or gives up."""
    try:
        # Our own tree, written out: its links are mended, and tags without end are no danger any more.
        source = lxml.etree.tostring(page.tree, encoding="unicode", method="html")
        text = trafilatura.extract(source, url=page.url, include_comments=False)
    except Exception:  # noqa: BLE001  its own faults on hostile pages must not become ours
        return []
    return [line for line in (text or "").split("\n") if line.strip()]


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _agreed(pieces: list[body.Piece], lines: list[str]) -> list[body.Piece]:
    """The pieces that the library took too, with the few between them, and the contact block after them."""
    keys = {_key(line) for line in lines}
    whole = "".join(_key(line) for line in lines)
    own = [_key(body.visible(piece.text)) for piece in pieces]
    hits = [number for number, key in enumerate(own) if key in keys or (len(key) >= _SAME and key in whole)]
    if not hits:
        return []
    weights = [mainblock.weigh(piece) for piece in pieces]
    runs = [[hits[0]]]
    for hit in hits[1:]:
        between = range(runs[-1][-1] + 1, hit)
        paragraphs = sum(pieces[number].role is Role.PARAGRAPH for number in between)
        if (
            paragraphs <= BRIDGE
            and len(between) <= LIST
            and all(weights[n] >= mainblock.LABEL for n in between)
        ):
            runs[-1].extend((*between, hit))
        else:
            runs.append([hit])
    # A run that weighs less than nothing is a list of links or a caption that the library fell for.
    worth = [sum(weights[number] for number in run) for run in runs]
    kept = [
        number
        for run, value in zip(runs, worth, strict=True)
        if value >= min(0.0, max(worth))
        for number in run
    ]
    kept.extend(range(kept[-1] + 1, _contacts_end(pieces, kept[-1] + 1)))
    return [pieces[number] for number in kept]


def _contacts_end(pieces: list[body.Piece], start: int) -> int:
    """Where a contact block that begins right at ``start`` ends; ``start`` itself where none does."""
    end = start
    for number in range(start, min(start + TAIL, len(pieces))):
        piece = pieces[number]
        if all_edge(piece.text) or len(piece.text) > 300:
            break
        if mainblock.weigh(piece) == mainblock.REACHABLE:
            end = number + 1
        elif number - end >= 5:
            break
    return end


def _title(page: Page) -> str | None:
    headings = [text_of(element) for element in css("h1")(page.tree)]
    said = page.meta.get("og:title", "")
    # Several h1: the one that the page's own meta tags repeat.
    return next(
        (text for text in headings if text and text in said), headings[0] if len(headings) == 1 else None
    )


DESIGN: Design = Design(name="unknown", since=None, until=None, signs=(), read=read)
