"""How a page was read: the design and why, and each block of the page with its verdict and rule.

Pure, like the reading itself: the page is read as always, and what the reading noted on its way is laid
over all blocks of the page. :func:`overlay` paints it onto the page itself.
"""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

import lxml.etree
import lxml.html
from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from lxml_html_clean import Cleaner

from iomscrape.designs import DESIGNS, THRESHOLD, recognise
from iomscrape.page import Note, Page
from iomscrape.parts import body
from iomscrape.parts.boilerplate import why_furniture
from iomscrape.records import Article

VERDICTS = {
    "title": "#8e5bd0",
    "article": "#1a7f37",
    "contact": "#0969da",
    "furniture": "#b42318",
    "left out": "#9a6700",
}
"""Every verdict with its colour. ``left out`` is no known furniture, but outside what was found."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure one design was, and the strings in the source that spoke for it."""

    design: str
    sureness: float
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """One block of the page: what became of it and by which rule."""

    text: str
    verdict: str
    rule: str
    path: str
    """XPath of its element; empty in a text dump."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one page was read."""

    design: str
    likenesses: tuple[Likeness, ...]
    blocks: tuple[ExplainedBlock, ...]
    articles: tuple[Article, ...]
    page: Page


def explain(
    raw: bytes | str, *, url: str | None = None, headers: Mapping[str, str] | None = None
) -> Explanation:
    """Read a page as :func:`iomscrape.extract_all` does, and tell how.

    Raises :class:`~iomscrape.records.UnreadablePage` where there is no article.
    """
    page = Page(raw, url=url, headers=headers, to_explain=True)
    design = recognise(page)
    articles = design.read(page)
    blocks = _html_blocks(page) if page.is_html else _text_blocks(page)
    return Explanation(design.name, _likenesses(page), tuple(blocks), tuple(articles), page)


def _likenesses(page: Page) -> tuple[Likeness, ...]:
    if not page.is_html:
        return (Likeness("textdump", 1.0, ("no markup",)),)
    source = page.source.lower()
    found = []
    for design in DESIGNS:
        signs = [text.decode() for sign in design.signs for text in sign.any_of if text.lower() in source]
        if signs:
            found.append(Likeness(design.name, design.likeness(source, lower=True), tuple(signs)))
    found.sort(key=lambda likeness: -likeness.sureness)
    return tuple(found) or (Likeness("unknown", 0.0, (f"no design reached {THRESHOLD}",)),)


def _text_blocks(page: Page) -> list[ExplainedBlock]:
    return [ExplainedBlock(note.text, note.verdict, note.rule, "") for note in page.notes or ()]


def _html_blocks(page: Page) -> list[ExplainedBlock]:
    """All blocks of the page in order, each with what the reading noted of it."""
    notes: dict[Element, list[Note]] = defaultdict(list)
    for note in page.notes or ():
        if note.element is not None:
            notes[note.element].append(note)
    titles = {note.text for note in page.notes or () if note.verdict == "title"}
    root = page.tree.find("body")
    root = root if root is not None else page.tree
    tree = page.tree.getroottree()
    order = {element: number for number, element in enumerate(root.iter())}
    found: list[tuple[int, ExplainedBlock]] = []
    for piece in body.read([root], lambda _: False, with_elements=True):
        if piece.element is None:
            continue
        path, text = tree.getpath(piece.element), body.visible(piece.text)
        for verdict, rule in _verdicts(piece, notes.get(piece.element, []), titles):
            found.append((order[piece.element], ExplainedBlock(text, verdict, rule, path)))
    for menu in root.iter("nav"):  # never gone into, whatever the design
        text = " ".join("".join(menu.itertext()).split())
        if text:
            found.append((order[menu], ExplainedBlock(text, "furniture", "<nav>", tree.getpath(menu))))
    found.sort(key=lambda numbered: numbered[0])
    return [block for _, block in found]


def _verdicts(piece: body.Piece, notes: list[Note], titles: set[str]) -> list[tuple[str, str]]:
    """What became of a piece; two verdicts where its last sentence alone is a contact."""
    mine = [note for note in notes if note.text in piece.text or piece.text in note.text]
    if mine:
        return list(dict.fromkeys((note.verdict, note.rule) for note in mine))
    if body.visible(piece.text) in titles:
        return [("title", "of the article")]
    element = piece.element
    while element is not None:
        if why := why_furniture(element):
            return [("furniture", why)]
        element = element.getparent()
    return [("left out", "outside what was found")]


STYLE = """
body {{ padding-bottom: 5em; }}
[data-iomscrape] {{ outline: 2px solid; outline-offset: 1px; }}
{rules}
#iomscrape-legend {{ position: fixed; inset: auto 0 0 0; background: #fff; color: #222; border-top: 2px solid #222;
  padding: .5em 1em; font: 14px/1.6 system-ui, sans-serif; z-index: 2147483647; }}
#iomscrape-legend b {{ padding: .1em .5em; margin-inline-end: .6em; color: #fff; border-radius: .3em; }}
"""

# What a saved page could do in the reader's browser: nothing, and load nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def overlay(explanation: Explanation) -> str:
    """The page itself as HTML, each block in the colour of its verdict with its rule as a tooltip.

    Scripts, forms, frames and event handlers are taken out and a content security policy forbids the
    rest. A text dump becomes a page of paragraphs.
    """
    if explanation.page.is_html:
        painted = deepcopy(explanation.page.tree)
        paths = painted.getroottree()
        for block in explanation.blocks:
            found = paths.xpath(block.path)
            for element in found if isinstance(found, list) else ():
                if element.tag in ("html", "body"):
                    continue  # bare text of the page itself: there is nothing to paint but everything
                element.set("data-iomscrape", block.verdict)
                element.set("title", f"{block.verdict}: {block.rule}")
        # The cleaner wants the elements of lxml.html, which reading does without: they cost half a parse.
        tree = lxml.html.document_fromstring(lxml.etree.tostring(painted, encoding="unicode", method="html"))
    else:
        paragraphs = "".join(
            f'<p data-iomscrape="{html.escape(block.verdict)}" title="{html.escape(block.rule)}">{html.escape(block.text)}</p>'
            for block in explanation.blocks
        )
        tree = lxml.html.document_fromstring(f"<html><body>{paragraphs}</body></html>")
    cleaner = Cleaner(
        scripts=True, javascript=True, style=False, inline_style=False, embedded=True, frames=True, forms=False,
        meta=True, page_structure=False, links=True, safe_attrs_only=False, processing_instructions=True,
    )  # fmt: skip
    cleaner(tree)
    _decorate(tree, explanation)
    return "<!DOCTYPE html>\n" + lxml.html.tostring(tree, encoding="unicode")


def _decorate(tree: HtmlElement, explanation: Explanation) -> None:
    head = tree.find("head")
    if head is None:
        head = lxml.html.Element("head")
        tree.insert(0, head)
    rules = "\n".join(
        f'[data-iomscrape="{verdict}"] {{ outline-color: {colour}; background: {colour}1f; }}'
        for verdict, colour in VERDICTS.items()
    )
    policy = lxml.html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    charset = lxml.html.Element("meta", {"charset": "utf-8"})
    style = lxml.html.Element("style")
    style.text = STYLE.format(rules=rules)
    head.insert(0, policy)
    head.insert(0, charset)
    head.append(style)
    legend = lxml.html.Element("div", {"id": "iomscrape-legend"})
    for verdict, colour in VERDICTS.items():
        count = sum(block.verdict == verdict for block in explanation.blocks)
        label = lxml.html.Element("b", {"style": f"background: {colour}"})
        label.text = f"{verdict} {count}"
        legend.append(label)
    legend[-1].tail = f" read as {explanation.design}"
    body_element = tree.find("body")
    (body_element if body_element is not None else tree).append(legend)
