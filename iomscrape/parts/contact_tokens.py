"""The lines of a contact block as tokens: addresses, numbers, and segments of words.

Each segment is judged (``contact_segments``) as name, role, office or place; ``contacts`` puts persons together from
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from iomscrape.parts import phones
from iomscrape.parts.characters import HIDDEN_CLOSE, HIDDEN_OPEN
from iomscrape.parts.contact_segments import EDGES, SPLIT, bare, judge, segments
from iomscrape.parts.contact_words import (
    FIELD_LABEL,
    IN,
    JOINER_AHEAD,
    JOINER_ALONE,
    JOINER_WITHIN,
    JOINERS,
    MAIL_LABEL,
    MAIL_LABEL_LINE,
    NOISE_AHEAD,
    NOISE_ALONE,
    NOISE_BEHIND,
    OTHER_LABEL,
)
from iomscrape.parts.mailto import addresses_in, has_address, valid
from iomscrape.records import Phone

LABEL = 40
"""Characters at the end of a text in which the label of an address stands."""

USUAL = 300
"""Characters of a line below which it is remembered; nearly every contact is shorter."""

_LABELLED = re.compile(rf"^(?:(?:{IN})\s+)?([^\W\d_][^:@\d]{{1,40}}?)\s?[:：]\s*(.*)$", re.I | re.S)
_LIST_MARK = re.compile(r"^[-–—•·▪►*]\s+(?=\w)")
# or the IOM Press Office: media@iom.int; in lower case, for U Kyaw Min has a name
_JOINER_AT_START = re.compile(rf"(?:{JOINERS})\s+(?:the\s+)?(?=\S)")
# Follow @iom_dili on Twitter; not the half of a torn address.
_HANDLE = re.compile(r"(?<![^\s(/:,])@[A-Za-z_]\w{2,29}(?![\w@]|[.-]\w)")
# +93 700 555 120 (Kabul);
_ASIDE = re.compile(r"\s*\(([^()@\d]{2,40})\)[\s,،;|/.]*")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Token:
    """One thing of a contact block. ``kind``: name role office place aside email phone other gap or-gap."""

    kind: str
    text: str = ""
    phone: Phone | None = None
    new_line: bool = False


def tokens_of(lines: Iterable[str], region: str | None) -> Iterator[Token]:
    """The tokens of one block, given as its printed lines (an empty line is a gap)."""
    reachable = False
    for printed in lines:
        line = _LIST_MARK.sub("", printed.strip())
        if HIDDEN_OPEN in line or HIDDEN_CLOSE in line:
            line = line.replace(HIDDEN_OPEN, " ").replace(HIDDEN_CLOSE, " ").strip()
        if not line:
            yield Token("gap")
        elif JOINER_ALONE.match(line):
            yield Token("or-gap")
        elif OTHER_LABEL.match(line) and not has_address(line):
            yield Token("other", line.strip(EDGES))
        else:
            if reachable and (joiner := _JOINER_AT_START.match(line)):
                line = line[joiner.end() :]
                yield Token("or-gap")
            for token in _known(line, region) if len(line) < USUAL else _line_tokens(line, region):
                reachable = reachable or token.kind in ("email", "phone")
                yield token


@lru_cache(maxsize=2048)
def _known(line: str, region: str | None) -> tuple[Token, ...]:
    # The same officers stand under hundreds of notes, and each note in many captures.
    return tuple(_line_tokens(line, region))


def _line_tokens(line: str, region: str | None) -> Iterator[Token]:
    addresses, handles = (addresses_in(line), _HANDLE.finditer(line)) if "@" in line else ((), ())
    spans: list[tuple[int, int, Token | None]] = [
        (found.start(), found.end(), Token("email", found.group())) for found in addresses
    ]
    spans += [(found.start(), found.end(), Token("other", found.group())) for found in handles]
    spans += [
        (found.start, found.end, Token("phone", found.printed, found.phone))
        for found in phones.find(line, region)
    ]
    spans.sort(key=lambda span: span[0])
    spans.append((len(line), len(line), None))
    at, first, after_address = 0, True, False
    for start, end, token in spans:
        if start < at:
            continue  # a number inside an address
        if _WORD.search(line, at, start):
            for words in _words(line[at:start], alone=first and token is None, after_address=after_address):
                words.new_line = first
                first = False
                yield words
        if token is not None:
            after_address = True
            email = valid(token.text) if token.kind == "email" else None
            if token.kind != "email" or email:
                yield Token(token.kind, email or token.text, token.phone, new_line=first)
                first = False
        at = end


def _words(text: str, *, alone: bool, after_address: bool) -> list[Token]:
    """The segments of words between two addresses or numbers, judged."""
    if text[-1:].isspace() or text[-1:] in ":：.<([" or text[-1:].isalpha():
        tail = max(0, len(text) - LABEL)
        text = text[:tail] + MAIL_LABEL.sub("", text[tail:])
    if not alone:
        tail = max(0, len(text) - LABEL)
        text = text[:tail] + NOISE_BEHIND.sub("", text[tail:])
    if not _WORD.search(text):
        return []
    if (
        after_address
        and "(" in text
        and (aside := _ASIDE.fullmatch(text))
        and judge(aside.group(1)) == "place"
    ):
        return [Token("aside", aside.group(1))]
    before: list[Token] = []
    if after_address and JOINER_AHEAD.match(text) and not NOISE_ALONE.match(text):
        text = JOINER_AHEAD.sub("", text, count=1)
        before.append(Token("or-gap"))
    elif after_address and (own := _own_part(text)):
        theirs = _words(text[own[1] :], alone=alone, after_address=False)
        return [*_words(text[: own[0]], alone=alone, after_address=False), Token("or-gap"), *theirs]
    labelled, text = _label(text)
    tokens: list[Token] = []
    for kind, segment in segments(text):
        token = Token(kind, segment)
        last = tokens[-1] if tokens else None
        if last is not None and last.kind == "office" and _belongs_to_office(token, alone=alone):
            # "IOM HQ, Geneva": the comma is the office's own.
            last.text = f"{last.text}{_comma(text, last.text)}{token.text}"
        else:
            tokens.append(token)
    return [*before, *labelled, *tokens]


def _label(text: str) -> tuple[list[Token], str]:
    """What a label at the head of a text says (``In Geneva: …``, ``Title: …``), and the rest of the text."""
    found = _LABELLED.match(text.lstrip(EDGES + ")]").rstrip())
    if found is None or MAIL_LABEL_LINE.match(found.group()):  # the latter of a withheld address
        return [], text
    label, rest = NOISE_AHEAD.sub("", found.group(1).strip()), found.group(2)
    if field := FIELD_LABEL.fullmatch(label):
        held = rest.strip(EDGES)
        return [Token(str(field.lastgroup), held)] if held else [], ""
    kind = judge(label)
    if len(label.split()) > 4 and kind != "office":
        return [], text
    if kind == "office":  # Ana Reis at IOM Dili: +670 …
        return [Token(*part) for part in segments(label)], rest
    if kind == "other":  # In English and French: whoever follows speaks them
        return [Token("or-gap"), Token("other", label)], rest
    return [Token(kind if kind in ("role", "office") else "place", label)], rest


def _own_part(text: str) -> tuple[int, int] | None:
    """Where what belongs to the person before ends, and the next one begins: ``IOM Haiti) or Leo Cruz``."""
    may_hold_both = text.count(" ") > 3 and len(text) < USUAL
    for joiner in JOINER_WITHIN.finditer(text) if may_hold_both else ():
        before, after = text[: joiner.start()], next(filter(None, SPLIT.split(text[joiner.end() :])), "")
        if (
            judge(bare(before)) in ("office", "place", "other")
            and judge(bare(after).partition("(")[0].strip()) == "name"
        ):
            return joiner.span()
    return None


def _comma(text: str, before: str) -> str:
    return "، " if "،" in text[text.find(before) :] else ", "


def _belongs_to_office(token: Token, *, alone: bool) -> bool:
    if token.kind == "office":
        return alone
    # Charlottenstr. 68 is none of its name.
    return token.kind in ("place", "unknown") and token.text[:1].isupper() and not _DIGIT.search(token.text)
