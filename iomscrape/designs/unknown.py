"""Pages of no known design: the body by a library, everything else by our own parts.

trafilatura says which text is the article; that text is then looked up among the pieces of the page's
own tree, so that paragraphs keep their roles, links their addresses, and the contact block is found as
everywhere else. Where the two disagree on a few short pieces, the run of text around them decides.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import lxml.etree

from iomscrape.designs import layout
from iomscrape.designs.assemble import Parts, assemble
from iomscrape.designs.design import Design
from iomscrape.designs.scope import text_of
from iomscrape.page import Page
from iomscrape.parts import body, dates, mainblock, nopage
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

MANY, TAGS, LARGE = 3000, 60_000, 2_000_000
"""Pieces, tags (openings and ends) and bytes above which the library is not asked: its time grows with the square of
the pieces, and with the tags to seconds. Real pages have some thousands of tags."""

OPENING, LINE = 10, 120
"""Pieces among which title and facts may stand that were taken for article, and characters of such a line."""

# Category: Press   Published: 21-Sep-2017   Hits: 1823   Reading time: 4 minutes   Details
_FACT = re.compile(
    r"^(?:details|(?:category|categories|published|posted|updated|created|modified|date|author|written by|by|source|country|"
    r"region|hits|views|tags?|themes?|topics?|location|language|reading time|read time|last (?:modified|updated)|"
    r"catégorie|publié|mis à jour|auteur|pays|région|thèmes?|date de publication|temps de lecture|"
    r"categoría|publicado|actualizado|autora?|fuente|país|región|temas?|fecha|categoria|atualizado|fonte|data|"
    r"kategorie|veröffentlicht|autor|quelle|datum|land|pubblicato|autore|paese|категория|опубликовано|дата|автор|"
    r"категорія|опубліковано|التاريخ|الكاتب|المصدر|البلد|التصنيف|نشر في|تاريخ النشر)"
    r"(?: (?:on|by|le|el|in|am))?\s?[:：].{0,60})$",
    re.I,
)
_BETWEEN_FACTS = re.compile(r"\s[|·•–—]\s")
_MONTH = re.compile(rf"(?:{dates.MONTH_NAMES})\b", re.I)

_SAME = 25
"""Letters and digits from which on a piece is known by its text alone."""


def read(page: Page) -> list[Article]:
    """The article of a page whose design is not known."""
    top = page.tree.find("body")
    root = top if top is not None else page.tree
    pieces = body.read(
        [root],
        lambda element: is_furniture(element) or element.tag == "h1",
        with_elements=page.notes is not None,
    )
    lines = _library_lines(page) if _is_bearable(page, pieces) else []
    chosen, sureness, how = _agreed(pieces, lines), SURE, "trafilatura and the page's own blocks agree"
    if _length(chosen) < 0.5 * sum(map(len, lines)):
        chosen, sureness, how = [body.Piece([line]) for line in lines], SURE / 2, "trafilatura alone"
    if nopage.is_list(chosen) or (sureness < SURE and nopage.is_list(body.read([root], lambda _: False))):
        raise UnreadablePage("no-article", "the page is a list of articles or a front page")
    if not chosen:
        chosen, sureness, how = mainblock.select(pieces), SURE / 4, "where the prose is"
    if _length(chosen) < LEAST:
        raise UnreadablePage("no-article", "no article was found on the page")
    title = _title(page)
    opening = [line for piece in chosen[:OPENING] for line in piece.lines if len(line) < LINE]
    printed = layout.date_in([*layout.lead(root, chosen[0]), *opening], "DMY")
    chosen = _without_facts(_after_title(chosen, title or page.title))
    parts = Parts(found_by=how, pieces=without_edges(chosen), title=title, printed=printed)
    return [assemble(page, parts, design=DESIGN.name, confidence=sureness)]


def _length(pieces: Sequence[body.Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _is_bearable(page: Page, pieces: Sequence[body.Piece]) -> bool:
    """Whether the library can read a page in a second or two."""
    return len(pieces) <= MANY and len(page.source) <= LARGE and page.source.count(b"<") <= TAGS


def _library_lines(page: Page) -> list[str]:
    """The paragraphs that trafilatura takes for the article; none where it finds nothing or gives up."""
    import trafilatura  # 0.1 s, and few pages come here

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
    runs = _without_teasers(pieces, runs)
    # A run that weighs less than nothing is a list of links or a caption that the library fell for.
    worth = [sum(weights[number] for number in run) for run in runs]
    kept = [
        number
        for run, value in zip(runs, worth, strict=True)
        if value >= min(0.0, max(worth))
        for number in _trimmed(run, weights)
    ]
    for end in (runs[worth.index(max(worth))][-1] + 1, kept[-1] + 1):
        kept.extend(range(end, _contacts_end(pieces, end)))
    return [pieces[number] for number in sorted({*kept})]


def _trimmed(run: list[int], weights: list[float]) -> list[int]:
    """A run without the menus at its ends; the last paragraph of an article may be little but a link."""
    start, end = 0, len(run)
    while start < end - 1 and weights[run[start]] < mainblock.LABEL:
        start += 1
    while end > start + 1 and weights[run[end - 1]] <= mainblock.LABEL * mainblock.MENU:
        end -= 1
    return run[start:end]


def _without_teasers(pieces: list[body.Piece], runs: list[list[int]]) -> list[list[int]]:
    """The runs less those that are the short texts of cards, each below the linked title of another article."""
    times = Counter(piece.text for piece in pieces)

    def is_teaser(number: int) -> bool:
        above = pieces[number - 1] if number else None
        is_titled = above is not None and above.linked > 0.8 * len(above.text) > 0
        return is_titled or times[pieces[number].text] > 1

    articles = [run for run in runs if not all(is_teaser(number) for number in run)]
    return articles or runs


def _contacts_end(pieces: list[body.Piece], start: int) -> int:
    """Where a contact block that begins right at ``start`` ends; ``start`` itself where none does."""
    end = start
    for number in range(start, min(start + TAIL, len(pieces))):
        piece = pieces[number]
        weight = mainblock.weigh(piece)
        if all_edge(piece.text) or (len(piece.text) > 300 and weight != mainblock.REACHABLE):
            break
        if weight == mainblock.REACHABLE:
            end = number + 1
        elif number - end >= 5:
            break
    return end


def _title(page: Page) -> str | None:
    """The heading that the page's own title repeats, the longest if there are several; or else the only h1."""
    headings = [text_of(element) for element in page.tree.iter("h1", "h2", "h3")]
    for said in (page.meta.get("og:title", ""), page.title):
        repeated = [text for text in headings if len(text) > len(said) / 3 and text in said]
        if repeated:
            return max(repeated, key=len)
    first = [text_of(element) for element in page.tree.iter("h1")]
    return first[0] if len(first) == 1 else None


def _after_title(pieces: list[body.Piece], title: str) -> list[body.Piece]:
    """The pieces after a line that only repeats the title or its greater part, if nothing but labels stands before it."""
    for number, piece in enumerate(pieces[:OPENING]):
        for line, text in enumerate(piece.lines):
            if text == title or (len(text) > max(12, len(title) / 3) and text in title):
                rest = piece.lines[line + 1 :]
                return [*([replace(piece, lines=rest)] if rest else []), *pieces[number + 1 :]]
        if mainblock.weigh(piece) > 0:
            break
    return pieces


def _without_facts(pieces: list[body.Piece]) -> list[body.Piece]:
    """The pieces without the lines before the text that tell of it: its date, ``Category: Press``, ``Hits: 18``."""
    start = 0
    for number, piece in enumerate(pieces[:OPENING]):
        if piece.role is Role.HEADING or len(piece.text) > LINE or mainblock.weigh(piece) > 0:
            break
        if all(_is_fact(part) for line in piece.lines for part in _BETWEEN_FACTS.split(line)):
            start = number + 1
    return pieces[start:] or pieces


def _is_fact(text: str) -> bool:
    if _FACT.match(text) or all_edge(text):
        return True
    # "12 March 2015" is; "Geneva, 12 March 2015" may be the beginning of the text.
    opens_with_date = text[:1].isdigit() or _MONTH.match(text)
    return bool(opens_with_date and len(text) < 40 and dates.parse(text, order="DMY"))


DESIGN: Design = Design(name="unknown", since=None, until=None, signs=(), read=read)
