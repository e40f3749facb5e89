"""Arabic writes the article, some prepositions and "and" together with the word they belong to.

``الهجرة`` (the migration), ``للهجرة`` (for the migration) and ``وهجرة`` (and migration) are one word to a
reader and three to an index. A question for one of them asks for all.
"""

from __future__ import annotations

import re

_WORD = re.compile("[\u0621-\u064a]{3,}")
# و/ف and, ب with, ك as, before the article; ل for, which melts with it.
_WITH_ARTICLE = re.compile("(?:[وف]?[بك]?ال|[وف]?لل)([\u0621-\u064a]{3,})")
_PREFIXES = ("", "ال", "وال", "فال", "بال", "وبال", "كال", "لل", "ولل", "و", "ب", "ل")


def forms(word: str) -> tuple[str, ...]:
    """The word as it may be written, itself first; only itself if it is no Arabic word of three letters.

    ``word`` is folded already. Without its article it must still have three letters, so that words that
    only begin like one stay whole; other prefixes are never taken off, they may belong to the word.
    """
    if not _WORD.fullmatch(word):
        return (word,)
    match = _WITH_ARTICLE.fullmatch(word)
    stem = match[1] if match else word
    return tuple(dict.fromkeys((word, *(prefix + stem for prefix in _PREFIXES))))
