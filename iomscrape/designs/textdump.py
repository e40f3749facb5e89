"""Pages that some tool has already turned into text: no markup, the menu as lines, the links as words.

History
    Two forms were seen in corpora of 2019-2025: with the mega menu before the title (lines of ``-``,
    items printed twice, a heading glued to its text), and without it, opening with the item's kind and
    scope as lines of their own (``Comunicado`` / ``Global``).
Notes
    Items from before 2013 come hard-wrapped at 60 to 70 characters with no empty line between
    paragraphs (``iomscrape/parts/unwrapping.py`` parts them).
    No date, tags or footer comes through; on some stories not even the title.
"""

from __future__ import annotations

import re

from iomscrape.designs.assemble import Parts, assemble
from iomscrape.designs.design import Design
from iomscrape.page import Page
from iomscrape.parts import body, kinds, mailto, nopage
from iomscrape.parts.boilerplate import all_edge
from iomscrape.parts.unwrapping import WRAP, unwrap
from iomscrape.records import Article, Repair, Role, UnreadablePage

# Items of the mega menu by language, as the dumps print them (years change their texts, not their names).
MENU = """
Who we are|Our Work|What We Do|Partnerships|Highlights|Where we work|Take Action|Work with us|Get involved|
Data and Research|2030 Agenda|Quiénes somos|Sobre nosotros|OIM Global|Nuestro trabajo|Qué hacemos|
Prioridades transversales|Partenariados|Dónde operamos|Dónde trabajamos|Actúa|Actúe|Trabaje con nosotros|Participe|
Datos e investigación|Datos y Recursos|Agenda 2030|Qui sommes nous|Qui sommes-nous|Structure|Notre travail|Ce que nous faisons|
Partenariats|Où travaillons-nous|Agir|Travailler avec nous|Engagez-vous|Données et recherche|من نحن|معلومات عن|
المنظمة الدولية للهجرة في العالم|عملنا|ماذا نفعل|القضايا العالمية الشاملة|أين نعمل؟|أين نعمل|شارك بعمل شيء|البيانات والمصادر
"""
_MENU = frozenset(item.strip().casefold() for item in MENU.split("|"))

SCOPES = frozenset(["global", "regional", "local", "national", "mundial", "mondial", "عالمي"])
"""What stands under the kind at the head of a dump without menu."""

LEAST = 40

SEARCHES = 100
"""So many repairs that leave no whole address are looked for in every paragraph; a page has a handful."""


def read(page: Page) -> list[Article]:
    """The one article of a dump."""
    printed = page.plain_text
    nopage.check_prose(printed)
    text, repairs = mailto.mend_text(printed.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.strip() for line in text.split("\n")]
    lines = lines[_menu_end(lines) :]
    kind, lines = _head(lines)
    title, lines = _title(lines)
    pieces = [_piece(text) for text in unwrap(_without_tail(lines))]
    if sum(len(piece.text) for piece in pieces) < LEAST:
        raise UnreadablePage("no-article", "the text holds no article")
    _lend_repairs(pieces, repairs)
    # Dated dumps are of the site of the 2000s: Posted on Tuesday, 04-02-2005
    parts = Parts(pieces=pieces, found_by="after the menu", title=title, kind=kind, date_order="DMY")
    return [assemble(page, parts, design=DESIGN.name, confidence=0.9 if title else 0.6)]


def _piece(text: str) -> body.Piece:
    """A paragraph, or a list item less its dash."""
    item = re.match(r"^[-•*·–]\s+(?=\S)", text)
    return body.Piece([text[item.end() :]], Role.LIST_ITEM) if item else body.Piece([text])


def _without_tail(lines: list[str]) -> list[str]:
    """The lines without related news and tags at the end: a furniture line with no prose after it."""
    last = next((number for number in reversed(range(len(lines))) if _is_article(lines[number])), 0)
    for number in range(max(1, last), len(lines)):
        if lines[number] and all_edge(lines[number]):
            return lines[:number]
    return lines


def _is_article(line: str) -> bool:
    """Whether a line is prose or a contact, and no teaser."""
    prose = len(line) > 100 and not line.endswith(("…", "..."))
    return prose or mailto.has_address(line)


def _lend_repairs(pieces: list[body.Piece], repairs: tuple[Repair, ...]) -> None:
    """Give each repair to the last piece that holds the address it mended, so that it is told where it stood."""
    holders: dict[str, body.Piece] = {}
    for piece in pieces if repairs else ():
        if "@" in piece.text:
            holders.update((found.group(), piece) for found in mailto.addresses_in(piece.text))
    lent: dict[int, list[Repair]] = {}
    searches = SEARCHES
    for repair in repairs:
        address = mailto.ADDRESS.search(repair.after)
        holder = holders.get(address.group()) if address else None
        if holder is None and searches:  # a web link, a part of an address
            searches -= 1
            holder = next((piece for piece in reversed(pieces) if repair.after in piece.text), None)
        holder = holder or pieces[-1]
        lent.setdefault(id(holder), []).append(repair)
    for piece in pieces:
        piece.repairs = lent.get(id(piece), ())


def _menu_end(lines: list[str]) -> int:
    """How many lines at the top are menu; 0 where the text has none."""
    end, gap = 0, 0
    for number, line in enumerate(lines[:400]):
        if not line:
            continue
        if _is_menu_line(lines, number):
            end, gap = number + 1, 0
        else:
            gap += 1
            # One line that is no menu may stand between two that are (a heading's text); two are the article.
            if gap > 1:
                break
    return end if end > 2 else 0


def _is_menu_line(lines: list[str], number: int) -> bool:
    line = lines[number]
    before = lines[number - 1] if number else ""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    if line == "-" or before == "-":
        return True
    if line.casefold() in _MENU or (line.startswith("- ") and len(line) < 60):
        return True
    if line in (before, after):  # sub-items stand twice
        return len(line) < 80
    # WHO WE AREThe International Organization …: the heading glued to the first word of its text
    return len(before) > 3 and line.casefold().startswith(before.casefold()) and len(line) > len(before) + 20


def _head(lines: list[str]) -> tuple[str | None, list[str]]:
    """The kind and scope lines that open a dump without menu."""
    rest = _from_text(lines)
    while rest and all_edge(rest[0]) and kinds.of_label(rest[0]) is None:
        rest = _from_text(rest[1:])
    kind = kinds.of_label(rest[0]) if rest else None
    if kind is None:
        return None, rest
    rest = _from_text(rest[1:])
    if rest and rest[0].casefold() in SCOPES:
        rest = _from_text(rest[1:])
    return kind, rest


def _from_text(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines) if line), len(lines))
    return lines[start:]


def _title(lines: list[str]) -> tuple[str | None, list[str]]:
    """The first line, unless it is the body already: a sentence, or wrapped into the next line."""
    if not lines:
        return None, lines
    first = lines[0]
    following = next((line for line in lines[1:] if line), "")
    if len(first) > 300 or (len(first) > 80 and re.search(r"[.؟!?]\s*$", first)):
        return None, lines
    if following[:1].islower() and len(first) in WRAP:
        return None, lines
    return first, lines[1:]


DESIGN: Design = Design(name="textdump", since=None, until=None, signs=(), read=read)
