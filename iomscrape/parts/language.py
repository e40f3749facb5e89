"""The language of a text: what the page declares, checked against the words themselves."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from babel import Locale

from iomscrape.parts import countries
from iomscrape.parts.countries import LANGUAGES

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
_LANGS_OF_WORD: dict[str, tuple[str, ...]] = {
    word: tuple(lang for lang, common in _WORDS.items() if word in common.split())
    for words in _WORDS.values()
    for word in words.split()
}
_CYRILLIC_ONLY = {"ru": re.compile("[ыэъё]"), "uk": re.compile("[іїєґ]")}
_LATIN = tuple(lang for lang in _WORDS if lang not in _CYRILLIC_ONLY)
_MARKS = ".,;:!?()[]«»“”„’'\"–—-،؛؟0123456789"
_ARABIC = re.compile("[\u0600-\u06ff]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]+")

SAMPLE = 800
"""Characters that are looked at: some hundred words tell as much as all of them."""

LEAST = 20
"""Letters without which nothing is said."""

SHARE = 0.12
"""Of all words, how many must be common ones of a language that the page declares or that is among the nine."""

STRANGE_SHARE = 0.25
"""How many, where the page declares a language that is none of the nine (Turkish, Polish …)."""


def of_text(text: str, *, share: float = SHARE) -> str | None:
    """The language of ``text`` among the nine that IOM writes most, or None where it is unclear."""
    sample = text[:SAMPLE].lower()
    words = [word if word.isalpha() else word.strip(_MARKS) for word in sample.split()]
    letters = sum(map(len, words))
    if letters < LEAST:
        return None
    if not sample.isascii():
        if sum(map(len, _ARABIC.findall(sample))) > letters / 2:
            return "ar"
        if sum(map(len, _CYRILLIC.findall(sample))) > letters / 2:
            marks = {lang: len(pattern.findall(sample)) for lang, pattern in _CYRILLIC_ONLY.items()}
            return max(marks, key=lambda lang: marks[lang]) if any(marks.values()) else None
    scores = dict.fromkeys(_WORDS, 0)
    for langs, count in Counter(map(_LANGS_OF_WORD.get, words)).items():
        for lang in langs or ():
            scores[lang] += count
    second, best = sorted(_LATIN, key=lambda lang: scores[lang])[-2:]
    clear = scores[best] > share * len(words) and scores[best] > 1.15 * scores[second]
    return best if clear else None


def decide(declared: str | None, text: str) -> str | None:
    """The text's own language where it is clear, else what the page declares.

    French text stands under ``/es/`` at times: the words are believed before the label.
    """
    strange = declared is not None and declared != "ar" and declared not in _WORDS
    return of_text(text, share=STRANGE_SHARE if strange else SHARE) or declared


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Languages of two letters by their names in the nine languages (CLDR, through Babel)."""
    return {
        name.casefold(): code
        for lang in reversed(LANGUAGES)  # where two share a name, what it means in English counts
        for code, name in Locale(lang).languages.items()
        if len(code) == 2 and countries.code(name) is None
    }


def code(name: str) -> str | None:
    """The tag of a language by its name in any of the nine languages: ``English`` is en."""
    return _codes().get(name.casefold())


def is_name(word: str) -> bool:
    """Whether a word names a language, as in ``Ana Paz (English, Tetum), +670 …``; no name of a country does."""
    return code(word) is not None
