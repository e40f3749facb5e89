"""The form in which words are compared: the same in the full-text index and in a question.

SQLite's tokenizer folds capitals and Latin accents by itself (``é``, ``Ñ``, ``ễ``). Here stands what it
does not know: Arabic vowel signs, tatweel and forms of one letter, digits of other scripts, letters
that are no accented ones but are typed without (``ł``, ``ß``), and scripts that put no space between words.

In the database it is a view, ``search_words``, of which the triggers of the index read. A change here
changes what is in the index, so it needs a step that calls ``archive.searchindex.build``.
"""

from __future__ import annotations

import re

_ARABIC = {
    "\u0640": "",  # tatweel, which only stretches a word
    # Vowel signs and other marks that print leaves out or not as it likes.
    **dict.fromkeys("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670", ""),
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىی", "ي"),  # alef maksura, and the Persian yeh
    "ک": "ك",
    "ة": "ه",
}
_DIGITS = {sign: str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, sign in enumerate(digits)}
_LATIN = dict(
    zip("ßæÆœŒøØđĐłŁı", ("ss", "ae", "ae", "oe", "oe", "o", "o", "d", "d", "l", "l", "i"), strict=True)
)
_CYRILLIC = {"ё": "е", "Ё": "е"}

FOLDED = _ARABIC | _DIGITS | _LATIN | _CYRILLIC
"""Sign to what it is compared as."""

_SIGNS = frozenset(FOLDED)

# Chinese and Japanese, Thai, Lao, Burmese, Khmer: each sign is a word of its own there, and a word is a
# phrase of such words. As ranges from first to last sign.
_UNSPACED = (
    ("\u0e01", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3041", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
)

UNSPACED = "".join(f"{first}-{last}" for first, last in _UNSPACED)
"""The same for a class of signs, in a regular expression or a GLOB."""

_ONE_UNSPACED = re.compile(f"[{UNSPACED}]")

# One look through a text tells whether there is anything to do, for most there is not. The fewer ranges,
# the faster; that they hold other signs, too, costs only time.
_PERHAPS_FOLDED = "[ßæÆøØ\u0110-\u06ff]"
_PERHAPS_UNSPACED = "[\u0e01-\u17ff\u3041-\ufaff]"
_LATIN_1 = "ßæÆøØ"
_PERHAPS = re.compile(f"{_PERHAPS_FOLDED[:-1]}{_PERHAPS_UNSPACED[1:]}")


FOLD_WORDS = "fold_words"
"""The name under which :func:`folded` is lent to SQL, to connections that write."""


def lent(text: str | None) -> str | None:
    """As SQL calls :func:`folded`."""
    return text and folded(text)


def folded(text: str) -> str:
    """``text`` as the index compares it; the number of words stays the same but in unspaced scripts."""
    # One by one: a text has few of them, and ``translate`` looks each of its signs up. None gives another one.
    for sign in _SIGNS.intersection(text):
        text = text.replace(sign, FOLDED[sign])
    return _ONE_UNSPACED.sub(r" \g<0> ", text)


def is_plain(text: str) -> bool:
    """True if ``folded(text)`` is ``text``, as far as one fast look can tell."""
    if text.isascii():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _PERHAPS.search(text) is None
    return not any(sign in text for sign in _LATIN_1)


def has_unspaced(text: str) -> bool:
    """True if there is a sign of a script that puts no space between words."""
    return _ONE_UNSPACED.search(text) is not None


def folded_sql(column: str) -> str:
    """An SQL expression for :func:`folded` of ``column``, of functions that SQLite itself has."""
    return (
        f"CASE WHEN {column} GLOB '*{_PERHAPS_UNSPACED}*' THEN {_replaced(_spaced(column))} "
        f"WHEN {column} GLOB '*{_PERHAPS_FOLDED}*' THEN {_replaced(column)} ELSE {column} END"
    )


def _spaced(column: str) -> str:
    # A sign is found by counting from the start of its text: in a whole text that takes the square of its
    # length. So a text is cut into long parts, those into short ones, and only short ones with such a sign
    # into signs. In one SELECT, as SQLite's parser allows no deeper nesting.
    long, short = 20_000, 100
    source = f"iif(long = '', substr({column}, at, {long}), long)"
    sign, holds = "substr(short, n, 1)", f"short GLOB '*{_PERHAPS_UNSPACED}*'"
    return (
        f"(WITH RECURSIVE part(short, long, at) AS (SELECT '', '', 1 UNION ALL SELECT substr({source}, 1, {short}), "  # noqa: S608  # our names
        f"substr({source}, {short + 1}), iif(long = '', at + {long}, at) FROM part "
        f"WHERE long <> '' OR at <= length({column})), "
        f"place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < {short}) "
        f"SELECT group_concat(CASE WHEN NOT {holds} THEN short WHEN {sign} GLOB '[{UNSPACED}]' "
        f"THEN ' ' || {sign} || ' ' ELSE {sign} END, '') "
        f"FROM part CROSS JOIN place WHERE n = 1 OR ({holds} AND n <= length(short)))"
    )


def _replaced(words: str) -> str:
    # SQLite's parser stops at some twenty calls in each other: those for one sign go round in a loop,
    # in which signs that only vanish come last, where substr() finds nothing any more.
    for sign, plain in FOLDED.items():
        if len(plain) > 1:
            words = f"replace({words}, '{sign}', '{plain}')"
    single = sorted((item for item in FOLDED.items() if len(item[1]) <= 1), key=lambda item: not item[1])
    signs = "".join(sign for sign, _ in single)
    plain = "".join(plain for _, plain in single)
    return (
        f"(WITH RECURSIVE fold(at, words) AS (SELECT 1, {words} UNION ALL "  # noqa: S608  # our names
        f"SELECT at + 1, replace(words, substr('{signs}', at, 1), substr('{plain}', at, 1)) "
        f"FROM fold WHERE at <= {len(signs)}) SELECT words FROM fold WHERE at = {len(signs) + 1})"
    )
