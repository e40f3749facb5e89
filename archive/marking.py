"""Marks around what was found, where SQLite cannot set them: in scripts without spaces between words."""

from __future__ import annotations

import re

from archive.folding import folded

HIT_START, HIT_END = "\ue000", "\ue001"
"""Private-use characters around what was found, in ``Hit.snippet`` and ``Hit.marked_title``."""

_AROUND = 60
_PHRASE = re.compile('"([^"]*)"')


def marked(text: str, match: str) -> str:
    """``text`` with marks around the phrases of an FTS5 expression, as far as one can see them in it."""
    phrases = {"".join(phrase.split()) for phrase in _PHRASE.findall(match.partition(") NOT (")[0])}
    # Sign by sign, so that a place in the folded text is a place in the text.
    plain = "".join(_single(sign) for sign in text)
    marks = [
        (found.start(), found.end())
        for phrase in phrases
        if phrase
        for found in re.finditer(re.escape(phrase.casefold()), plain)
    ]
    return _with_marks(text, sorted(marks))


def window(text: str) -> str:
    """The part of a marked text around its first mark."""
    first = text.find(HIT_START)
    if first < 0:
        return text[: 2 * _AROUND]
    last = text.find(HIT_END, first)
    start, end = max(first - _AROUND, 0), last + 1 + _AROUND
    part = text[start:end]
    # A mark that was cut in two would never end.
    if part.count(HIT_START) > part.count(HIT_END):
        part = part[: part.rfind(HIT_START)]
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _single(sign: str) -> str:
    plain = folded(sign).strip().casefold()
    return plain if len(plain) == 1 else sign


def _with_marks(text: str, marks: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in marks:
        if start >= done:
            parts += [text[done:start], HIT_START, text[start:end], HIT_END]
            done = end
    return "".join([*parts, text[done:]])
