"""The language of a text: what the page declares, checked against the words themselves."""

from __future__ import annotations

import re
from collections import Counter

# The commonest words of each language that others of the list do not have: enough to tell a press note.
_WORDS: dict[str, str] = {
    "en": "the of and to in for with that on is by has from this have are was were which their an as it will be",
    "es": "el los las del que una para con por su sus al más como este esta fue han son ha y la en de",
    "fr": "le les des du que une pour avec dans par sur est au aux ont été ces cette qui sont plus et la en de",
    "pt": "o os as do da dos das que uma para com por não em no na ao à mais foi são também e de seu sua",
    "it": "il gli della del delle che una per con nel nella sono è di ha più alla dei anche dal e la in lo",
    "de": "der die das und den von mit für ist im auf eine nicht dem des sich ein zu werden als auch in",
    "ru": "и в на с что для по из от как это не они его был были или также к которые при она года",
    "uk": "і в на з що для та від як це не вони його був були або також до які у та під року є",
}
_TABLE: dict[str, frozenset[str]] = {lang: frozenset(words.split()) for lang, words in _WORDS.items()}
_CYRILLIC_ONLY = {"ru": re.compile("[ыэъё]"), "uk": re.compile("[іїєґ]")}
_WORD = re.compile(r"[^\W\d_]+")


def of_text(text: str) -> str | None:
    """The language of ``text`` among the nine that IOM writes most, or None where it is unclear."""
    sample = text[:4000].lower()
    letters = [char for char in sample if char.isalpha()]
    if len(letters) < 20:
        return None
    if sum("\u0600" <= char <= "\u06ff" for char in letters) > len(letters) / 2:
        return "ar"
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in letters) > len(letters) / 2
    if cyrillic:
        marks = {lang: len(pattern.findall(sample)) for lang, pattern in _CYRILLIC_ONLY.items()}
        return max(marks, key=lambda lang: marks[lang]) if any(marks.values()) else None
    words = Counter(_WORD.findall(sample))
    scores = {
        lang: sum(words[word] for word in table)
        for lang, table in _TABLE.items()
        if lang not in _CYRILLIC_ONLY
    }
    best, second = sorted(scores, key=lambda lang: scores[lang], reverse=True)[:2]
    total = sum(words.values())
    return best if scores[best] > 0.12 * total and scores[best] > 1.15 * scores[second] else None


def decide(declared: str | None, text: str) -> str | None:
    """The text's own language where it is clear, else what the page declares.

    French text stands under ``/es/`` at times: the words are believed before the label.
    """
    return of_text(text) or declared
