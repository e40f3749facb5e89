"""Hard-wrapped lines put back together to paragraphs.

Mail programs and old editors wrapped text at 60 to 76 characters and put no empty line between paragraphs. Within
a paragraph a line ends where the next word would not have fitted; so where it would have, a paragraph ended. One whose
last line happens to be full (one in ten) shows no such end: whether a run of lines is one paragraph or two is then told
by how long they would be, beside the others of the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from operator import and_

from iomscrape.parts import mailto
from iomscrape.parts.contact_words import HEADING, JOINER_ALONE, MAIL_LABEL_LINE

WRAP = range(45, 100)
"""Where hard-wrapped text may have been wrapped, in characters."""

MANY = 20
"""Lines of a text in which one may be longer than the width without telling against it."""

ROOM = 0.75
"""How full a line must be, of the width, for an unfinished sentence to go on in the next one."""

USUAL = 5.0
"""Lines of a paragraph; it counts as much as two paragraphs of the text itself."""

SPREAD = 0.45
"""By how much their logarithms differ from that."""

FULL = 0.35
"""How much more than not (a logarithm of odds) a sentence that ends with a full line ends its paragraph."""

QUOTED = 0.7
"""The same, on top, before the first quotation, which often opens a paragraph; a speaker mostly goes on speaking."""

FEWEST = 4
"""Lines of an element in which paragraphs are looked for."""

FARTHEST = 24
"""Ends of sentences at the margin over which a paragraph may reach."""

_PHONE_LINE = re.compile(r"^(?:tel|tél|mob|cel|fax|phone|телефон|тел|моб|هاتف|محمول)[^:]{0,12}:", re.I)
_QUOTES = "\"“”«»„'‘"
_SENTENCE_END = re.compile(r"[.!?…؟:]\s?[\"'”’»)\]]*\s*$")


def unwrap(lines: Sequence[str]) -> list[str]:
    """Paragraphs of lines (without space around them): wrapped ones joined, everything else left one a line.

    Lines count as wrapped where most long ones are nearly of one length. An empty line ends a paragraph, lines of
    contacts stand alone.
    """
    width = wrap_width(lines)
    runs: list[list[str]] = []
    open_line = was_contact = False
    for line in lines:
        if not line:
            open_line = False
            continue
        is_contact = width > 0 and _is_contact_line(line)
        may_go_on = open_line and width and not (is_contact or was_contact)
        if may_go_on and _goes_on(runs[-1], line, width):
            runs[-1].append(line)
        else:
            runs.append([line])
        open_line, was_contact = True, is_contact
    ends = [_full_ends(run) for run in runs]
    usual = _usual([len(run) for run, full in zip(runs, ends, strict=True) if not full])
    return [
        " ".join(part) for run, full in zip(runs, ends, strict=True) for part in _parted(run, full, usual)
    ]


def unwrap_breaks(lines: Sequence[str]) -> list[str]:
    """Paragraphs of the lines of one element of a page, whose line breaks (``<br>``) are at a margin.

    A filter made one of each line of text that was wrapped before, as on pages of the 2000s, and none where a
    paragraph ended. Where no paragraph shows that it ended, and where lines are not wrapped, it is one paragraph.
    """
    width = wrap_width(lines) if len(lines) >= FEWEST else 0
    if width:
        ends = [_SENTENCE_END.search(line) is not None for line in lines[:-1]]
        fits = [_needed(line, following) <= width for line, following in pairwise(lines)]
        flows = sum(not end and not fit for end, fit in zip(ends, fits, strict=True))
        if 2 * flows >= len(lines) and any(map(and_, ends, fits)):
            return unwrap(lines)
    return [" ".join(lines)]


def wrap_width(lines: Sequence[str]) -> int:
    """The width the text was wrapped at, 0 where it was not."""
    lengths = sorted(len(line) for line in lines if line)
    if len(lengths) < 4:
        return 0
    longest = lengths[-1]
    if longest not in WRAP:
        # A few lines may be longer (links mended, a table); the mass decides.
        longest = lengths[int(0.95 * (len(lengths) - 1))]
        if longest not in WRAP or lengths[-1] > 2 * longest or len(lengths) < MANY:
            return 0
    # The short lines of a contact block say nothing of how the prose was wrapped.
    prose = [length for length in lengths if length > 0.5 * longest]
    near = sum(1 for length in prose if length > 0.8 * longest)
    return longest if len(prose) >= 4 and near >= 0.6 * len(prose) else 0


def _full_ends(run: list[str]) -> list[int]:
    """Before which lines of a run of full ones a paragraph may have ended: a sentence did, and another begins."""
    return [
        number
        for number in range(1, len(run))
        if _SENTENCE_END.search(run[number - 1]) and not run[number][:1].islower()
    ]


def _usual(sizes: list[int]) -> float:
    """The logarithm of the lines that a paragraph of the text has, by those that show where they end."""
    known = [math.log(size) for size in sizes if size > 1]
    return (2 * math.log(USUAL) + sum(known)) / (2 + len(known))


def _parted(run: list[str], ends: list[int], usual: float) -> list[list[str]]:
    """The run in the paragraphs that are likeliest, by their lengths and what they begin with.

    The likeliest parting of the lines up to each end is one paragraph behind the likeliest up to an earlier end.
    """
    places = [0, *ends, len(run)]
    found, before = (
        [0.0],
        [0],
    )  # how likely the best parting up to each place is, and where its last paragraph begins
    for this, place in enumerate(places[1:], 1):
        best, begin = -math.inf, 0
        for other in range(max(0, this - FARTHEST), this):
            start = places[other]
            likely = found[other] + _likely(place - start, usual)
            if place < len(run):
                likely += FULL + (QUOTED if _opens_quotation(run, start, place) else 0.0)
            if likely > best:
                best, begin = likely, other
        found.append(best)
        before.append(begin)
    parts: list[list[str]] = []
    last = len(places) - 1
    while last:
        parts.append(run[places[before[last]] : places[last]])
        last = before[last]
    return parts[::-1]


def _likely(size: int, usual: float) -> float:
    """The logarithm of how likely a paragraph of so many lines is (log-normal, as lengths of texts mostly are)."""
    return -0.5 * ((math.log(size) - usual) / SPREAD) ** 2 - math.log(size * SPREAD)


def _opens_quotation(run: list[str], start: int, place: int) -> bool:
    """Whether a quotation begins there, and none did in the lines before."""
    if run[place][:1] not in _QUOTES:
        return False
    return not any(mark in line for line in run[start:place] for mark in _QUOTES[:6])


def _goes_on(run: list[str], following: str, width: int) -> bool:
    """Whether ``following`` may continue the paragraph that the run belongs to; neither has lines of contacts."""
    line = run[-1]
    if HEADING.match(following) and len(following) < 100 and _SENTENCE_END.search(line):
        return False
    needed = _needed(line, following)
    if needed > width:
        return True
    if _SENTENCE_END.search(line):
        return False
    # No end of a sentence, and yet room. Much room: a heading, a name, an item of a list. A little: a link that
    # the dump made shorter than it was in the page, and the sentence goes on; but not where a capital follows on
    # a single line: two items.
    if needed < ROOM * width:
        return False
    return following[:1].islower() or (len(run) > 1 and not _opens_anew(following))


def _needed(line: str, following: str) -> int:
    """The width at which the first word of the following line would have fitted into the line."""
    return len(line) + 1 + len(following.split(" ", 1)[0])


def _opens_anew(line: str) -> bool:
    return line[:1] in "-•*·–" or JOINER_ALONE.match(line) is not None


def _is_contact_line(line: str) -> bool:
    return bool(
        MAIL_LABEL_LINE.search(line)
        or JOINER_ALONE.match(line)
        or (mailto.has_address(line) and len(mailto.ADDRESS.sub(" ", line).split()) <= 3)
        or _PHONE_LINE.match(line)
    )
