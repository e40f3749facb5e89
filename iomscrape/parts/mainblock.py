"""Which run of pieces is the article, where no selector tells.

Every piece of the page is given a score, prose above nought, labels and links below; the run with the
greatest sum is the article (maximum subsequence segmentation, Pasternack and Roth, WWW 2009). Linear
in the number of pieces. Contact lines are short, but their addresses hold them to the text before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from iomscrape.parts.body import Piece, visible
from iomscrape.parts.boilerplate import all_edge
from iomscrape.parts.characters import HIDDEN_OPEN
from iomscrape.parts.contact_words import HEADING as HEADING_OF_CONTACTS
from iomscrape.parts.mailto import has_address
from iomscrape.records import Role

# What a piece weighs. Characters of prose count one each up to CAP.
CAP = 400.0
LABEL = -15.0
EDGE_LINE = -220.0
HEADING = -10.0
SMALL_ITEM = -4.0
REACHABLE = 60.0
LONGEST_CONTACTS = 1000
"""Characters of a paragraph that begins with whom to ask."""
MENU = 4
"""Short lines, one below the other, that make a menu."""

_SENTENCE_END = re.compile(r"[.!?؟][\"'”’»)\]]*$")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)\s*$")
# Copyright International Organization for Migration. 17, Route des Morillons …
_IMPRINT = re.compile(r"^\W{0,3}(?:©|copyright\b|\(c\) ?(?:19|20)\d\d)", re.I)
_NUMBER = re.compile(r"\d[\d\s().-]{6,}\d")


def weigh(piece: Piece) -> float:
    """What a piece speaks for (above nought) or against (below) being part of the article."""
    text = visible(piece.text)
    length = len(text)
    if all_edge(text) or _IMPRINT.match(text):
        return EDGE_LINE
    mails = HIDDEN_OPEN in piece.text or has_address(text)
    if length and piece.linked > 0.5 * length and not mails:
        return -(20.0 + length / 4)
    if mails and length < LONGEST_CONTACTS and HEADING_OF_CONTACTS.match(text):
        return REACHABLE
    if length < 300 and (mails or (length < 120 and _NUMBER.search(text))):
        return REACHABLE
    if length < 120 and HEADING_OF_CONTACTS.match(text):
        return REACHABLE
    if piece.role is Role.HEADING:
        return HEADING
    if len(piece.lines) >= MENU and not any(
        len(line) > 60 or _SENTENCE_END.search(line) for line in piece.lines
    ):
        return LABEL * len(piece.lines)
    if _CUT_OFF.search(text) and length < 400:
        return -length / 2  # the teaser of another item
    if piece.role in (Role.TABLE_ROW, Role.LIST_ITEM):
        return length / 2 if length > 60 else SMALL_ITEM
    if length >= 40 and _SENTENCE_END.search(text):
        return min(CAP, float(length))
    return min(CAP, 0.6 * length) if length >= 80 else LABEL


def select(pieces: Sequence[Piece], weight: Callable[[Piece], float] = weigh) -> list[Piece]:
    """The run of pieces with the greatest sum of weights, headings that lead into it included."""
    best = total = 0.0
    start = first = last = 0
    for number, piece in enumerate(pieces):
        if total <= 0:
            total, start = 0.0, number
        total += weight(piece)
        if total > best:
            best, first, last = total, start, number + 1
    while (
        0 < first < last and pieces[first - 1].role is Role.HEADING and not all_edge(pieces[first - 1].text)
    ):
        first -= 1
    return list(pieces[first:last])
