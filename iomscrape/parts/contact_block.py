"""Finding the contact block: which pieces of a body are contacts, and which are article.

Words alone decide nothing: prose says "for more information" too, and a hotline in the text is no
contact. A heading counts where addresses or numbers follow it closely; without a heading a piece
counts where it holds an address and hardly anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from iomscrape.parts import phones
from iomscrape.parts.body import Piece
from iomscrape.parts.characters import CELL, HIDDEN_CLOSE, HIDDEN_OPEN
from iomscrape.parts.contact_words import (
    END_MARK,
    JOINER_ALONE,
    MAIL_LABEL_LINE,
    OTHER_LABEL,
    REACHED,
    heading_at,
    headings,
)
from iomscrape.parts.mailto import ADDRESS, addresses_in, has_address
from iomscrape.records import Repair, Role

LOOK_AHEAD = 7
"""How many short pieces may stand between a heading and the first address (one line a piece)."""
CARD_LENGTH = 150
"""Characters of a contact beside its addresses and numbers, at most: name, role and a long office."""
LINE_LENGTH = 110
"""A line of a contact that has a line for itself is shorter than this."""
LONGEST = 100_000
"""Characters of a piece above which no contacts are looked for in it; the longest real ones have some thousands."""
LOOKED_AT = 200_000
"""Characters that are looked at behind all headings of one piece, or three times the piece where that is more."""
# … or areis@iom.int for comment.
_PURPOSE = re.compile(r",?\s(?:for|para|pour)\s[^\d@]{3,40}$")
_SEPARATORS = (",", "،", "|", CELL)
_MANY_DIGITS = re.compile(rf"[{phones.DIGITS}][{phones.DIGITS}\s().-]{{5,}}[{phones.DIGITS}]")
_MANY_ASCII_DIGITS = re.compile(r"[0-9][0-9\s().-]{5,}[0-9]")
"""The same in a text of ASCII alone, in half the time."""
_FIVE_DIGITS = re.compile(rf"[{phones.DIGITS}](?:[^{phones.DIGITS}]{{0,3}}[{phones.DIGITS}]){{4}}")
"""So much of a number stands in one piece whatever is between its digits."""
_SENTENCE_END = re.compile(r"[.!?](?<=[^\W\d_]{4}.)(?![^\W\d_]|@)")
_TWO_SENTENCES = re.compile(r"[.!?](?<=[^\W\d_]{4}.) +[^\W\d_]\w+ +\w+ +\w+ +\w+ +\w+")
HOTLINE = re.compile(
    r"hotline|helpline|toll.?free|línea (?:gratuita|de ayuda)|numéro vert|горяч\w+ лини|гаряч\w+ ліні|الخط الساخن",
    re.I,
)
_OF_HOTLINES = (
    "line",
    "LINE",
    "Line",
    "toll",
    "Toll",
    "TOLL",
    "línea",
    "vert",
    "горяч",
    "Горяч",
    "гаряч",
    "Гаряч",
    "الخط",
)
"""One of these stands in every text about a hotline; looking them up is cheaper than the pattern."""


@dataclass(slots=True)
class Split:
    """A body taken apart: what is article, and the lines of each contact block (empty = a gap)."""

    body: list[Piece] = field(default_factory=list)
    zones: list[list[str]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    """Of both, each told where it stood."""
    taken: list[tuple[Piece, str]] = field(default_factory=list)
    """The pieces of the contact blocks, each with the rule that took it."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """How a contact block opens in a piece."""

    before: Piece | None
    """What of the piece is still article."""
    lines: list[str]
    """The first lines of the block."""
    rule: str


def split(pieces: list[Piece]) -> Split:
    """Take the contact blocks out of ``pieces``, wherever they stand."""
    result = Split()
    # Most bodies hold few addresses or none: only pieces near one are looked at closely.
    likely = [_is_likely(piece.text) for piece in pieces]
    index = 0
    while index < len(pieces):
        near = any(likely[index : index + LOOK_AHEAD + 2])
        opening = _opening(pieces, index, likely[index]) if near else None
        if opening is None:
            _keep(result, pieces[index])
            index += 1
            continue
        index = _take(result, pieces, index, opening)
    for known in (_numbers, _addresses):  # of this body only: texts of contacts are not kept
        known.cache_clear()
    return result


def _is_likely(text: str) -> bool:
    """Whether a text may hold an address or a number at all."""
    digits = _MANY_ASCII_DIGITS if text.isascii() else _MANY_DIGITS
    return len(text) <= LONGEST and ("@" in text or HIDDEN_OPEN in text or digits.search(text) is not None)


def _take(result: Split, pieces: list[Piece], index: int, opening: _Opening) -> int:
    """Take the block that opens at ``index``; returns where the article goes on."""
    if opening.before is not None:
        _keep(result, opening.before)
    zone = list(opening.lines)
    said = list(zone)
    result.repairs.extend(pieces[index].repairs)
    result.taken.append((pieces[index], opening.rule))
    index += 1
    while index < len(pieces) and (more := _continues(pieces, index, said)):
        for piece in pieces[index : index + more]:
            # A paragraph of its own may begin a new person: keep the gap.
            zone.extend(("", *piece.lines))
            result.repairs.extend(piece.repairs)
            result.taken.append((piece, "goes on with the block"))
        index += more
        said.append(pieces[index - 1].text)
    result.zones.append(zone)
    return index


def _keep(result: Split, piece: Piece) -> None:
    result.body.append(piece)
    if piece.repairs:
        result.repairs.extend(replace(repair, where="body") for repair in piece.repairs)


def _opening(pieces: list[Piece], index: int, likely: bool) -> _Opening | None:
    """How a contact block opens in this piece, if one does.

    ``likely`` says whether the piece itself may hold an address or a number.
    """
    piece = pieces[index]
    if not likely:
        may_lead = len(piece.text) < 3 * LINE_LENGTH and _may_reach_evidence(pieces, index + 1)
        heading = heading_at(piece.text) if may_lead else None
        rest = piece.text[heading.end() :] if heading else ""
        if heading is None or len(rest) >= LINE_LENGTH or not _reaches_evidence(pieces, index + 1, rest):
            return None
        return _Opening(None, rest.split("\n"), f"heading: {heading.group().strip()}")
    if piece.role is Role.TABLE_ROW and not _evidence(piece.text):
        return None
    text = "\n".join(piece.lines)
    left = max(LOOKED_AT, 3 * len(text))
    for match in headings(text):
        left -= len(text) - match.end()
        if left < 0:
            break  # hundreds of headings in one piece are none
        rest, rule = text[match.end() :], f"heading: {match.group().strip()}"
        if _evidence(rest) and _is_card(rest):
            before = text[: match.start()].strip()
            kept = replace(piece, lines=before.split("\n"), repairs=[]) if before else None
            return _Opening(kept, rest.split("\n"), rule)
        if match.start() == 0 and len(rest) < LINE_LENGTH and _reaches_evidence(pieces, index + 1, rest):
            return _Opening(None, rest.split("\n"), rule)
    if (sentence := _named_first(piece, text)) is not None:
        return sentence
    if _is_headless(piece, text):
        return _Opening(None, list(piece.lines), "an address and little else")
    return None


def _named_first(piece: Piece, text: str) -> _Opening | None:
    """The opening by a sentence that names the person before the address, the last one of the piece."""
    match = REACHED.search(text) if "@" in text else None
    rest = text[match.end() :] if match else ""
    if match is None or not _evidence(rest) or not _is_card(rest) or _is_hotline(text):
        return None
    before = text[: match.start()].strip()
    kept = replace(piece, lines=before.split("\n"), repairs=[]) if before else None
    line = f"{match.group('who')}, {_PURPOSE.sub('', rest)}"
    return _Opening(kept, line.split("\n"), "a person who can be reached")


def _is_hotline(text: str) -> bool:
    return any(word in text for word in _OF_HOTLINES) and HOTLINE.search(text) is not None


def _is_headless(piece: Piece, text: str) -> bool:
    """A contact with no heading: an address, and besides it little that is no sentence."""
    if piece.role is Role.HEADING or _is_hotline(text):
        return False
    if not (has_address(text) or HIDDEN_OPEN in text):
        return False
    left = _leftover(text)
    words = left.split()
    if not 1 < len(words) <= 24 or len(left) > CARD_LENGTH:
        return False
    if len(piece.lines) == 1 and not any(mark in left for mark in _SEPARATORS) and len(words) > 5:
        return False  # one line without a comma: a sentence with an address in it
    has_phone = bool(_numbers(text))
    return has_phone or (bool(MAIL_LABEL_LINE.search(text)) and words[0][:1].isupper())


def _continues(pieces: list[Piece], index: int, said: list[str]) -> int:
    """How many pieces from here still belong to the block; 0 if it ends before this one.

    ``said`` is what was taken before.
    """
    piece = pieces[index]
    text = "\n".join(piece.lines)
    if END_MARK.match(text):
        return 0
    if OTHER_LABEL.match(text) and len(text) < LINE_LENGTH:
        return 1
    if _evidence(text):
        if not _is_card(text) or _is_hotline(text):
            return 0
        return 1 if piece.role is not Role.HEADING else 0
    if piece.role is Role.HEADING and any(map(_evidence, said)):
        return 0
    # Names, roles, offices and joiners each in a paragraph of its own, on the way to an address.
    if _is_short(piece):
        for ahead in range(index + 1, min(index + 6, len(pieces))):
            following = pieces[ahead]
            if _evidence(following.text) and _is_card("\n".join(following.lines)):
                return ahead - index + 1
            if not _is_short(following):
                return 0
    return 0


def _reaches_evidence(pieces: list[Piece], index: int, rest: str) -> bool:
    """Whether only short pieces stand between a heading and the next address or number."""
    if len(_leftover(rest)) > LINE_LENGTH:
        return False
    for piece in pieces[index : index + LOOK_AHEAD]:
        text = "\n".join(piece.lines)
        if _evidence(text):
            return _is_card(text) and not _is_hotline(text)
        if not _is_short(piece):
            return False
    return False


def _may_reach_evidence(pieces: list[Piece], index: int) -> bool:
    """A cheap look at the same: nearly every paragraph is followed by another one without any number."""
    for piece in pieces[index : index + LOOK_AHEAD]:
        text = piece.text
        if "@" in text or _FIVE_DIGITS.search(text):
            return True
        if not _is_short(piece):
            return False
    return False


def _is_short(piece: Piece) -> bool:
    if piece.role is Role.TABLE_ROW:
        return False
    return all(
        len(line) < LINE_LENGTH and (line[-1:] not in ".!?…" or JOINER_ALONE.match(line) is not None)
        for line in piece.lines
    )


@lru_cache(maxsize=512)
def _numbers(text: str) -> tuple[phones.FoundPhone, ...]:
    """The numbers of a text; each piece is asked for them several times."""
    return tuple(phones.find(text))


@lru_cache(maxsize=512)
def _addresses(text: str) -> int:
    """How many addresses stand in a text; each piece is asked for them several times, too."""
    return sum(1 for _ in addresses_in(text))


def _evidence(text: str) -> bool:
    """Whether a text holds an address or what is surely a number."""
    if "@" in text and _addresses(text):
        return True
    return any(found.labelled or "+" in found.printed for found in _numbers(text))


def _is_card(text: str) -> bool:
    """Whether little stands in ``text`` besides addresses, numbers and the lines of persons."""
    longest = CARD_LENGTH * max(1, _addresses(text))
    if len(text) <= longest and not _SENTENCE_END.search(text):
        return True  # whatever is left of it
    left = _leftover(text)
    return len(left) <= longest and not _TWO_SENTENCES.search(left)


def _leftover(text: str) -> str:
    """What is left of a text without its addresses, numbers and their labels."""
    parts, at = [], 0
    for found in _numbers(text):
        parts.append(text[at : found.start])
        at = found.end
    text = " ".join((*parts, text[at:]))
    if "@" in text:
        text = ADDRESS.sub(" ", text.replace(HIDDEN_OPEN, " ").replace(HIDDEN_CLOSE, " "))
    return " ".join(MAIL_LABEL_LINE.sub(" ", text).split())
