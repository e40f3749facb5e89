"""Reading a page by a layout: selectors and rules as data, in layers.

Sites change without notice, so nothing is asked of one selector alone: first what the design knows,
then what the page says of itself (JSON-LD, OpenGraph, ``<time>``, ``<main>``), and in the end the
unknown design. A renamed class costs confidence, never the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from lxml.etree import XPath
from lxml.etree import _Element as Element

from iomscrape.designs.assemble import Parts, assemble, is_document
from iomscrape.designs.scope import Scope, css, first, text_of
from iomscrape.page import Page
from iomscrape.parts import body, boilerplate, countries, dates, kinds, mainblock
from iomscrape.parts.boilerplate import is_furniture
from iomscrape.records import Article, Image

ENOUGH = 60
"""Characters that make a body; a selector that finds less has missed it."""

REST = 600
"""Characters that titles, dates, captions and tags take in a container beside the body."""

LEAD = 14
"""Lines before the text among which title and date are looked for in the last resort."""

LEAST = 20
"""Characters without which there is no article at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the parts of an article stand. Each tuple is tried in order; selectors are CSS."""

    container: tuple[str, ...]
    """The element that holds one whole article and nothing of the others."""
    body: tuple[str, ...]
    """The text inside the container; all matches of the first selector that finds text, outermost ones."""
    title: tuple[str, ...] = ("h1",)
    subtitle: tuple[str, ...] = ()
    date: tuple[str, ...] = ("time",)
    date_order: str = "MDY"
    """How dates in figures are written: ``MDY`` or ``DMY``."""
    kind: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    """A path that names the kind, anywhere on the page: ``Home / News / Press Briefing Notes``."""
    place: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    """What holds a country's name, a label such as ``Country:`` before it or not."""
    themes: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    """Pictures of sustainable development goals, the goal's number in their address; each goal is a theme."""
    images: tuple[str, ...] = ("figure",)
    documents: tuple[str, ...] = ("a",)
    """Links beside the body that may offer documents; only those to files of documents count."""
    not_body: str = ""
    """Classes of parts that are read apart (title, date, subtitle), words of a regular expression."""


@dataclass(slots=True)
class _Found:
    scope: Scope
    pieces: list[body.Piece] = field(default_factory=list)
    length: int = 0
    """Characters of the pieces."""
    sureness: float = 0.0
    rule: str = ""


def read(page: Page, layout: Layout, *, design: str, likeness: float) -> Article | None:
    """The one article of a page by its layout; None where not even the fallbacks find a body."""
    tree = page.tree
    container = first(tree, layout.container)
    found = _body(
        Scope(container if container is not None else tree), layout, to_explain=page.notes is not None
    )
    if found.length < LEAST:
        return None
    scope = found.scope
    title = _text(scope, layout.title) or _title_outside(page, layout)
    published = _date(scope, layout.date, layout.date_order)
    if title is None or published[0] is None:
        lines = lead(tree, found.pieces[0])
        published = published if published[0] else date_in(lines, layout.date_order)
        title = title or _title_in(lines, page) or _title_above([*lines, *found.pieces[0].lines[:1]])
    return assemble(
        page,
        Parts(
            pieces=found.pieces,
            found_by=found.rule,
            title=title,
            subtitle=_text(scope, layout.subtitle),
            published=published,
            date_order=layout.date_order,
            place=_text(scope, layout.place),
            kind=_kind(scope, layout.kind)
            or _kind_of_label(next((text_of(one) for one in _everywhere(tree, layout.path)), None))
            or kinds.of_path(page.url)
            or kinds.of_path(page.canonical)
            or kinds.of_node_type(scope.element.get("class") or ""),
            country=_country(scope, layout.country),
            themes=(*_themes(scope, layout.themes), *_goals(scope, layout.goals)),
            images=_images(page, scope, layout.images),
            documents=[
                a for selector in layout.documents for a in scope.find(selector) if is_document(a.get("href"))
            ],
            node_id=scope.element.get("data-history-node-id"),
        ),
        design=design,
        confidence=round(likeness * found.sureness, 3),
    )


def _body(scope: Scope, layout: Layout, *, to_explain: bool) -> _Found:
    """The body by the first layer that finds one; the last layer is the container less its furniture."""
    container = scope.element

    def skip(element: Element) -> bool:
        return is_furniture(element) or _has_class(element, layout.not_body)

    found = _Found(scope)
    whole = _length_of(container)  # takes room for the text, and so comes before there are pieces
    for layer, selector in enumerate(layout.body):
        roots = [
            element for element in _outermost(scope.find(selector)) if not _inside(element, container, skip)
        ]
        pieces = body.read(roots, skip, with_elements=to_explain)
        length = _length(pieces)
        if length >= ENOUGH:
            found = _Found(scope, pieces, length, 1.0 - 0.05 * layer, f"selector {selector}")
            break
    # A selector that finds a part only (one of several fields kept its name) is known by what it leaves.
    if found.pieces and whole < 2 * found.length + REST:
        return found
    pieces = mainblock.select(
        body.read([container], lambda element: skip(element) or element.tag == "h1", with_elements=to_explain)
    )
    pieces = boilerplate.without_edges(pieces)
    length = _length(pieces)
    if found.pieces and length < 1.4 * found.length:
        return found
    return _Found(scope, pieces, length, 0.5, "where the prose is")


def _length(pieces: Sequence[body.Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def lead(tree: Element, first_piece: body.Piece) -> list[str]:
    """The short lines between the furniture and the text: where title and date stand if no selector found them."""
    pieces = body.read([tree], lambda element: element.tag in ("nav", "footer", "aside"))
    texts = [piece.text for piece in pieces]
    end = texts.index(first_piece.text) if first_piece.text in texts else 0
    return [line for piece in pieces[max(0, end - LEAD) : end] for line in piece.lines if len(line) < 300]


def _title_outside(page: Page, layout: Layout) -> str | None:
    """The title where it stands outside the container; of several headings the one that the page's title repeats."""
    best: str | None = None
    for text in filter(None, map(text_of, _everywhere(page.tree, layout.title))):
        if text in page.title:
            return text
        best = best or text
    return best


def _title_in(lines: list[str], page: Page) -> str | None:
    """The line of the lead that the page's own title repeats, the longest if there are several."""
    repeated = [text for text in lines if len(text) > 12 and text in page.title]
    return max(repeated, key=len, default=None)


def _title_above(lines: list[str]) -> str | None:
    """The line above ``Posted on …``; above a day without its label anything may stand."""
    return next(
        (body.last_cell(above) for above, line in pairwise(lines) if dates.is_labelled(line)),
        None,
    )


def date_in(lines: list[str], order: str) -> tuple[date | datetime | None, str | None]:
    """The last line of the lead that is a date and nothing else, its label aside."""
    for text in reversed(lines):
        for part in re.split(r"\s[|·•]\s", text):
            if len(part) < 60 and (found := dates.parse(part, order=order)):
                return found, part
    return None, None


def _has_class(element: Element, words: str) -> bool:
    names = element.get("class")
    return bool(words and names) and _matches(words, str(names)[: boilerplate.LONGEST])


@lru_cache(maxsize=4096)
def _matches(words: str, names: str) -> bool:
    # A site writes a few hundred different class attributes, millions of times.
    return re.search(words, names) is not None


_length_of = XPath("string-length(.)", smart_strings=False)


def _outermost(elements: Iterable[Element]) -> list[Element]:
    elements = list(elements)
    if len(elements) < 2:
        return elements
    chosen: list[Element] = []
    inner: set[Element] = set()
    for element in elements:  # in document order: a parent comes before its children
        if element not in inner:
            chosen.append(element)
            inner.update(element.iterdescendants())
    return chosen


def _inside(element: Element, container: Element, skip: object) -> bool:
    """Whether an element stands in furniture inside the container (a menu block, a related card)."""
    for ancestor in element.iterancestors():
        if ancestor is container:
            return False
        if callable(skip) and skip(ancestor):
            return True
    return False


def _text(scope: Scope, selectors: Sequence[str]) -> str | None:
    for selector in selectors:
        for element in scope.find(selector):
            text = text_of(element)
            if text:
                return text
    return None


def _kind(scope: Scope, selectors: Sequence[str]) -> str | None:
    return _kind_of_label(_text(scope, selectors))


def _kind_of_label(label: str | None) -> str | None:
    """The kind that a label names; of a path (``Home / News / Press Briefing Notes``) its last part that does."""
    parts = _STEPS.split(label) if label else ()
    return next((kind for part in reversed(parts) if (kind := kinds.of_label(part))), None)


def _everywhere(tree: Element, selectors: Sequence[str]) -> Iterator[Element]:
    """The elements of selectors on the whole page, which is not worth an index."""
    for selector in selectors:
        yield from css(selector)(tree)


_LABEL = re.compile(r"^[^:]{2,24}:\s*")
_COUNTRIES = re.compile(r"\s*[,;/]\s*")
_THEMES = re.compile(r"\s*[,،;]\s+")
_STEPS = re.compile(r"\s*[/>»|]\s*")


def _country(scope: Scope, selectors: Sequence[str]) -> str | None:
    for selector in selectors:
        for element in scope.find(selector):
            name = _LABEL.sub("", text_of(element))
            for part in _COUNTRIES.split(name[:200]):
                if code := countries.code(part):
                    return code
    return None


def _themes(scope: Scope, selectors: Sequence[str]) -> tuple[str, ...]:
    for selector in selectors:
        texts = [text_of(element) for element in scope.find(selector)]
        if len(texts) == 1:
            texts = _THEMES.split(texts[0])  # Drupal 7 prints them as one list
        if any(texts):
            return tuple(dict.fromkeys(text for text in texts if text))
    return ()


# /sites/g/files/tmzbdl486/files/public/sdg-icons/e_web_10.png
_GOAL = re.compile(r"/sdg[^?#]{0,80}?e_web_(\d{2})\.", re.I)


def _goals(scope: Scope, selectors: Sequence[str]) -> tuple[str, ...]:
    """The goals as ``SDG 10``, in the order of the page."""
    addresses = [picture.get("src") or "" for selector in selectors for picture in scope.find(selector)]
    numbers = [int(match.group(1)) for address in addresses if (match := _GOAL.search(address))]
    return tuple(dict.fromkeys(f"SDG {number}" for number in numbers if 1 <= number <= 17))


def _date(scope: Scope, selectors: Sequence[str], order: str) -> tuple[date | datetime | None, str | None]:
    """The date and what was printed of it; never one of a related item."""
    for selector in selectors:
        for element in scope.find(selector):
            if _inside(element, scope.element, _is_other_item):
                continue
            printed = text_of(element)
            machine = element.get("datetime") if element.tag == "time" else None
            found = dates.from_time_tag(machine, printed) if machine else dates.parse(printed, order=order)
            if found:
                return found, printed or element.get("datetime")
    return None, None


_OTHER_ITEM = "(?i)related|teaser|search-card|article-detail|views-row|sidebar"


def _is_other_item(element: Element) -> bool:
    return element.tag in ("nav", "footer", "aside") or _has_class(element, _OTHER_ITEM)


_CREDIT = re.compile(
    r"(?:^|[\s.(|])(?:(?:photo(?: credit)?s?|photograph|foto(?:graf[ií]a)?s?|crédit|credits?|(?:ال)?صورة|تصوير|фото|"
    r"bild(?:nachweis)?)\s*[:/©]|©)\s*(.{2,120}?)\)?\.?$",
    re.I,
)


def _legend(figure: Element) -> str | None:
    """The caption in a figure: ``figcaption``, or whatever calls itself a caption."""
    for element in figure.iter("*"):
        if element.tag == "figcaption" or "caption" in (element.get("class") or ""):
            return text_of(element) or None
    return None


def _images(page: Page, scope: Scope, selectors: Sequence[str]) -> tuple[Image, ...]:
    images: dict[str, Image] = {}
    for selector in selectors:
        for figure in scope.find(selector):
            if _inside(figure, scope.element, _is_other_item):
                continue
            for picture in figure.iter("img"):
                url = page.absolute(picture.get("src") or picture.get("data-src"))
                if url is None or url in images:
                    continue
                legend = _legend(figure) or picture.get("alt") or None
                credit = _CREDIT.search(legend or "")
                images[url] = Image(
                    url=url, caption=legend, credit=credit.group(1).strip() if credit else None
                )
    return tuple(images.values())
