"""The body: the blocks of an element in order, with their roles and the lines as the page broke them.

A :class:`Piece` is a block on its way: still with its printed lines, still with the contact block
among them. ``contact_block`` takes the contacts out, :func:`blocks` makes the rest into records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml.etree import XPath
from lxml.etree import _Element as Element

from iomscrape.parts import fragments, mailto, unwrapping
from iomscrape.parts.boilerplate import is_furniture
from iomscrape.parts.characters import CELL, CONTROLS, HIDDEN_CLOSE, HIDDEN_OPEN
from iomscrape.records import Block, Repair, Role

T = TypeVar("T")

PROSE = 50
"""A shorter block is a name or a label, and nothing goes on from it."""

NEARBY = 10_000
"""Characters before the end of a link among which its address is looked for; a page can hold thousands of links."""

_HIDDEN = re.compile(f" ?{HIDDEN_OPEN}[^{HIDDEN_CLOSE}]*{HIDDEN_CLOSE}")

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BREAKING = _HEADINGS | frozenset(
    "p div section article main aside header footer address blockquote pre ul ol dl dt dd li table tbody thead tfoot "
    "tr td th caption figure figcaption hr center fieldset details summary body form".split()
)
_ROLES = {
    **dict.fromkeys(_HEADINGS, Role.HEADING),
    "li": Role.LIST_ITEM,
    "blockquote": Role.QUOTE,
    "tr": Role.TABLE_ROW,
}
_SILENT = frozenset(
    "script style noscript iframe template svg math canvas audio video object embed select button textarea "
    "input nav figcaption head map".split()
)
_UNSEEN = "".join(map(chr, mailto.INVISIBLE)) + " \n\t\r\u00a0"
_EMPTY_LINE = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?…:;؟。)\]\"'»”’]\s*$")


@dataclass(slots=True)
class Piece:
    """One block with its printed lines; ``opened`` says whether an element of its own opened it."""

    lines: list[str]
    role: Role = Role.PARAGRAPH
    opened: bool = True
    linked: int = 0
    """Characters of it that stand in links."""
    repairs: Sequence[Repair] = ()
    links: Sequence[tuple[str, str]] = ()
    """Address as written and text of each link in it, mail links left out."""
    element: Element | None = None
    """The innermost block element it stands in, where that was asked for."""

    @property
    def text(self) -> str:
        """All lines as one, hidden addresses still marked."""
        return " ".join(self.lines)


def last_cell(line: str) -> str:
    """What stands in the last cell of a line of a table; the whole line where there is but one."""
    return line.rpartition(CELL)[2].strip()


def visible(text: str) -> str:
    """``text`` without the addresses that only its links hold, cells apart by a space."""
    if CELL in text:
        text = " ".join(text.replace(CELL, " ").split())
    return _HIDDEN.sub("", text).strip() if HIDDEN_OPEN in text else text


def blocks(pieces: Iterable[Piece]) -> tuple[Block, ...]:
    """The records of what is left of the pieces."""
    return tuple(Block(text=text, role=piece.role) for piece in pieces for text in _texts(piece) if text)


def _texts(piece: Piece) -> list[str]:
    if piece.role is not Role.PARAGRAPH or len(piece.lines) < unwrapping.FEWEST:
        return [visible(piece.text)]
    return unwrapping.unwrap_breaks([shown for line in piece.lines if (shown := visible(line))])


def read(
    roots: Iterable[Element], skip: Callable[[Element], bool] = is_furniture, *, with_elements: bool = False
) -> list[Piece]:
    """The pieces of these elements in order; what ``skip`` says yes to is left out with all it holds.

    ``with_elements``: each piece also says where it stands, which takes memory.
    """
    reader = _Reader(skip, with_elements=with_elements)
    for root in roots:
        reader.read(root)
    return _joined(reader.pieces)


class _Reader:
    """Walks a tree without recursion (hostile pages nest deeper than Python may) and collects pieces."""

    def __init__(self, skip: Callable[[Element], bool], *, with_elements: bool) -> None:
        self.skip = skip
        self._with_elements = with_elements
        self.pieces: list[Piece] = []
        self._buffer: list[str] = []
        self._repairs: list[Repair] = []
        self._links: list[tuple[str, str]] = []
        self._roles: list[tuple[Element, Role]] = []
        self._opened = False
        self._block: Element | None = None
        self._length = 0
        self._linked = 0
        self._link_start: int | None = None
        self._units = 0  # how many elements are open that make one block of all they hold (li, tr)
        self._preformatted = 0  # how many are open in which a line of text is a line of the page

    def read(self, root: Element) -> None:
        self._start(root)
        stack: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
        while stack:
            element, children = stack[-1]
            for child in children:
                if not self._whole(child):
                    self._start(child)
                    if len(child):
                        stack.append((child, iter(child)))
                        break
                    self._end(child)
                self._text(child.tail)
            else:
                stack.pop()
                self._end(element)
                if stack:
                    self._text(element.tail)
        self.flush()

    def _whole(self, element: Element) -> bool:
        """Elements that are read at once: line breaks, hidden addresses, and what is left out."""
        tag = element.tag
        if tag == "br":
            self._add("\n")
            return True
        if tag in _SILENT or not isinstance(tag, str) or (tag in _BREAKING and self.skip(element)):
            return True
        code = element.get("data-cfemail")
        if code and (address := mailto.decode_cfemail(code)):
            self._add(address)
            self._repairs.append(_cloudflare(element, address))
            return True
        return False

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag in _BREAKING:
            if self._units and tag not in ("li", "tr"):
                self._add(f" {CELL} " if tag in ("td", "th") and self._buffer else " ")
            else:
                self.flush()
                self._block = element if self._with_elements else None
                self._preformatted += tag == "pre"
                self._opened = tag not in ("div", "section", "article", "main", "td", "body")
            role = _ROLES.get(tag)
            if role and (tag != "tr" or not _is_layout(element)):
                self._roles.append((element, role))
                if role in (Role.LIST_ITEM, Role.TABLE_ROW):
                    self._units += 1
        elif tag == "a":
            self._link_start = self._length
        self._text(element.text)

    def _end(self, element: Element) -> None:
        tag = element.tag
        if tag == "a":
            self._close_link(element)
        elif tag in _BREAKING:
            if self._units and tag not in ("li", "tr"):
                self._add(" ")
            else:
                self.flush()
                self._preformatted -= tag == "pre"
            if self._roles and self._roles[-1][0] is element:
                role = self._roles.pop()[1]
                if role in (Role.LIST_ITEM, Role.TABLE_ROW):
                    self._units -= 1

    def _add(self, text: str) -> None:
        self._buffer.append(text)
        self._length += len(text)

    def _close_link(self, element: Element) -> None:
        if self._link_start is not None:
            self._linked += max(0, self._length - self._link_start)
            self._link_start = None
        link = mailto.read_link(dict(element.items()))
        if (href := element.get("href")) and (link is None or not mailto.is_mail(href, {})):
            self._links.append((href, " ".join("".join(element.itertext()).split())))
        if link is None or not link.addresses:
            return
        shown = "".join(self._buffer[-40:])[-NEARBY:]
        missing = _not_in(shown.lower(), link.addresses)
        if missing:  # what is shown may be damaged itself
            missing = _not_in(mailto.mend_text(shown)[0].lower(), missing)
        self._repairs.extend(link.repairs)
        if missing and (told := mailto.disagreement(link.addresses, "".join(element.itertext()))):
            self._repairs.append(told)
        for address in missing:
            self._add(f" {HIDDEN_OPEN}{address}{HIDDEN_CLOSE}")

    def _text(self, text: str | None) -> None:
        if text:
            self._add(text.replace("\n", " ") if "\n" in text and not self._preformatted else text)

    def flush(self) -> None:
        """Close the piece at hand; an empty line inside it (``<br><br>``) makes two of it."""
        if not self._buffer:
            return
        text = "".join(self._buffer)
        if self._link_start is not None:
            self._linked += len(text) - self._link_start
            self._link_start = 0
        self._buffer, self._length = [], 0
        opened, self._opened = self._opened, False
        linked, self._linked = self._linked, 0
        # Most pieces have neither: an empty tuple for all of them takes no room.
        repairs: Sequence[Repair] = ()
        links: Sequence[tuple[str, str]] = ()
        if self._repairs:
            repairs, self._repairs = self._repairs, []
        if self._links:
            links, self._links = self._links, []
        if text.isspace():
            return
        if not text.isprintable():
            text = CONTROLS.sub("", text)
            if not text.strip(_UNSEEN):  # editors leave paragraphs of one zero-width space behind
                text = ""
        text, mended = mailto.mend_text(text)
        repairs = (*repairs, *mended) if mended else repairs
        if "<" in text and (shown := fragments.unescaped(text)) != text:
            told = Repair(kind="escaped-markup", before=text[:500], after=shown[:500], where="contact")
            repairs, text = (*repairs, told), shown
        role = self._roles[-1][1] if self._roles else Role.PARAGRAPH
        if "\n" not in text:
            if line := _folded(text):
                self.pieces.append(Piece([line], role, opened, linked, repairs, links, self._block))
            return
        parts = _EMPTY_LINE.split(text)
        for number, part in enumerate(parts):
            lines = [line for line in (" ".join(line.split()) for line in part.split("\n")) if line]
            if not lines:
                continue
            piece = Piece(lines, role, opened, linked, element=self._block)
            within = part if number < len(parts) - 1 else None
            piece.repairs, repairs = _handed_out(
                repairs, within, lambda repair: repair.after.removeprefix("mailto:")
            )
            piece.links, links = _handed_out(links, within, lambda link: link[1])
            self.pieces.append(piece)
            opened, linked = True, 0


def _folded(text: str) -> str:
    """``text`` with its white space folded; nearly every paragraph is so already."""
    if text.isprintable() and "  " not in text:  # printable: no other white space than that
        return text.strip(" ")
    return " ".join(text.split())


def _not_in(shown: str, addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if address not in shown]


def _handed_out(
    things: Sequence[T], part: str | None, key: Callable[[T], str]
) -> tuple[Sequence[T], Sequence[T]]:
    """What belongs to a part of the text (to the last part: all), and what is left."""
    mine = [thing for thing in things if part is None or key(thing) in part]
    return mine, [thing for thing in things if thing not in mine]


LARGEST_CELL, MOST_BREAKS = 700, 5
"""Characters and line breaks; what holds more is no cell of a table of figures, but a column of the page."""


def _is_layout(row: Element) -> bool:
    """Whether a table row lays out the page rather than holding figures: a cell with blocks or much text."""
    length = _length_of(row)
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        paragraphs = breaks = 0
        for held in cell.iterdescendants("p", "br", "table", "h1") if len(cell) else ():
            paragraphs += held.tag == "p"
            breaks += held.tag == "br"
            if held.tag in ("table", "h1") or paragraphs > 1 or breaks > MOST_BREAKS:
                return True
        if length > LARGEST_CELL and _length_of(cell) > LARGEST_CELL:
            return True
    return len(row) == 1 and length > 400


_length_of = XPath("string-length(.)", smart_strings=False)


def _cloudflare(element: Element, address: str) -> Repair:
    before = f'data-cfemail="{element.get("data-cfemail")}"'
    return Repair(kind="cloudflare", before=before, after=address, where="contact")


def _is_caseless(char: str) -> bool:
    return char.isalpha() and char.lower() == char.upper()


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Paragraphs that a field boundary cut in two made whole again.

    Drupal's paragraph items (blogs since 2021) can end in the middle of a sentence: the next item then
    opens with bare text in lower case, or in a script without cases, while the last one has no end.
    """
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if (
            last is not None
            and not piece.opened
            and piece.role is last.role is Role.PARAGRAPH
            and len(last.text) > PROSE
            and last.linked < 0.5 * len(last.text)  # no menu beside the text
            and not _SENTENCE_END.search(last.text)
            and not mailto.has_address(last.lines[-1])
            and (piece.text[0].islower() or (_is_caseless(piece.text[0]) and len(piece.text) > PROSE))
        ):
            last.lines = [*last.lines[:-1], f"{last.lines[-1]} {piece.lines[0]}", *piece.lines[1:]]
            last.repairs = (*last.repairs, *piece.repairs)
            last.links = (*last.links, *piece.links)
        else:
            whole.append(piece)
    return whole
