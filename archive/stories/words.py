"""Texts as words and runs of words, and how much of them two texts share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.database import fold

SHINGLE_WORDS = 3
"""How many words in a row are looked at together."""

# Chinese, Japanese and Thai are written without spaces: there each character counts as a word.
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+"
)


def words(text: str) -> list[str]:
    """The words in order, in lower case without accents; signs and spaces are left out."""
    return _WORD.findall(text.lower() if text.isascii() else fold(text))


def shingles(sequence: Sequence[str]) -> set[str]:
    """All runs of SHINGLE_WORDS words; of a text with fewer words the whole of it, of none nothing."""
    if len(sequence) < SHINGLE_WORDS:
        return {" ".join(sequence)} if sequence else set()
    return {
        " ".join(sequence[place : place + SHINGLE_WORDS])
        for place in range(len(sequence) - SHINGLE_WORDS + 1)
    }


def jaccard(one: set[str], other: set[str]) -> float:
    """What both have, as a share of what either has; 0 where both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def containment(part: set[str], whole: set[str]) -> float:
    """How much of ``part`` is found in ``whole``; 0 for an empty part."""
    return len(part & whole) / len(part) if part else 0.0
