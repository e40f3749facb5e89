"""The language of a text: what the page declares, checked against the words themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import repeat

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
_CYRILLIC_ONLY = {"ru": re.compile("[ыэъё]"), "uk": re.compile("[іїєґ]")}
_LATIN = tuple(lang for lang in _WORDS if lang not in _CYRILLIC_ONLY)
_TALLY_BITS = 10
"""Of one number that counts the words of all languages at once: each has its own bits, enough for the sample."""
_TALLY: dict[str, int] = {}
for _place, _lang in enumerate(_LATIN):
    for _word in set(_WORDS[_lang].split()):
        _TALLY[_word] = _TALLY.get(_word, 0) + (1 << (_TALLY_BITS * _place))
_MARKS = ".,;:!?()[]«»“”„’'\"–—-،؛؟0123456789"
# In UTF-8 a letter of U+0600 to U+06FF, and one of U+0400 to U+04FF, begins with one of these bytes, and nothing else does.
_ARABIC, _CYRILLIC = b"\xd8\xd9\xda\xdb", b"\xd0\xd1\xd2\xd3"

SAMPLE = 800
"""Characters that are looked at: some hundred words tell as much as all of them."""

GLANCE = 200
"""Characters at the start and the end of the sample that are looked at first: most pages are in the language that
they declare, beyond doubt."""

SURE_SHARE, SURE_LEAD = 0.15, 2.0
"""Of the words at a glance, how many must be common ones of the language, and how many times those of another."""

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
        encoded = sample.encode("utf-8", "replace")
        if _letters_of(_ARABIC, encoded) > letters / 2:
            return "ar"
        if _letters_of(_CYRILLIC, encoded) > letters / 2:
            marks = {lang: len(pattern.findall(sample)) for lang, pattern in _CYRILLIC_ONLY.items()}
            return max(marks, key=lambda lang: marks[lang]) if any(marks.values()) else None
    scores = _scores(words)
    second, best = sorted(_LATIN, key=lambda lang: scores[lang])[-2:]
    clear = scores[best] > share * len(words) and scores[best] > 1.15 * scores[second]
    return best if clear else None


def _scores(words: list[str]) -> dict[str, int]:
    """How many of the words are common ones of each language in Latin letters."""
    tally = sum(map(_TALLY.get, words, repeat(0)))
    return {
        lang: tally >> (_TALLY_BITS * place) & ((1 << _TALLY_BITS) - 1) for place, lang in enumerate(_LATIN)
    }


def _letters_of(script: bytes, encoded: bytes) -> int:
    return len(encoded) - len(encoded.translate(None, script))


def decide(declared: str | None, text: str) -> str | None:
    """The text's own language where it is clear, else what the page declares.

    French text stands under ``/es/`` at times: the words are believed before the label.
    """
    if declared in _LATIN and _is_surely(declared, text):
        return declared
    strange = declared is not None and declared != "ar" and declared not in _WORDS
    return of_text(text, share=STRANGE_SHARE if strange else SHARE) or declared


def _is_surely(lang: str, text: str) -> bool:
    glance = f"{text[:GLANCE]} {text[SAMPLE - GLANCE : SAMPLE]}".lower()
    if not glance.isascii() and _letters_of(_ARABIC + _CYRILLIC, glance.encode("utf-8", "replace")):
        return False
    words = glance.split()
    scores = _scores(words)
    own = scores.pop(lang)
    return own > SURE_SHARE * len(words) and own > SURE_LEAD * max(scores.values())


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
