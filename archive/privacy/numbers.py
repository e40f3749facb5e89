"""E-mail addresses and telephone numbers in a text, put out of sight.

Every e-mail address goes. A telephone number goes where it is a contact's, where it is written for
calls from abroad (``+41 22 …``), or where a label (``Tel.``) or a verb (``call …``) stands before it; it
stays where the words around it offer it to everybody (a hotline), unless it is a contact's. Other
figures are figures: ``2 870 000`` and ``2010-2015`` are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.privacy.named import Named, digits, folded
from archive.privacy.words import FOR_EVERYBODY, FOR_THE_PRESS, PHONE_LABEL, PHONE_VERB

EMAIL_MARK = "[e-mail address]"
PHONE_MARK = "[phone number]"

# "amoreno@iom.int", "amoreno @ iom.int", "amoreno (at) iom.int", "amoreno[at]iom[dot]int"
_DOT = r"(?:\.|\s?[(\[{]\s?dot\s?[)\]}]\s?)"
_EMAIL = re.compile(
    r"(?:mailto:)?[\w.+%'’-]*[\w+%]\s{0,2}(?:[@＠]|[(\[{]\s?at\s?[)\]}])\s{0,2}[\w-]+(?:"
    + _DOT
    + r"\w[\w-]*)+",
    re.IGNORECASE,
)
# Most texts hold none: this look is short.
_MAY_BE_EMAIL = re.compile(r"[@＠]|[(\[{]\s?at\s?[)\]}]", re.IGNORECASE)
_MAY_BE_NUMBER = re.compile(r"\d")
_AT_WORD = r"{local}\s+at\s+[\w-]+(?:\.\w[\w-]*)+"  # "amoreno at iom.int": only for a contact's own address

_SEPARATORS = r"\s().\-‐‑–/ ·"
_NUMBER = re.compile(rf"(?:[+＋]|\b00\s?(?=[1-9]))?[(]?\d(?:[{_SEPARATORS}]{{0,3}}\d){{4,22}}(?!\d)")
_LABELLED = re.compile(
    rf"(?:{PHONE_LABEL.pattern})[\s.:：/()*#–-]*(?:\b(?:no|nr|num|number|num[eé]ro|n[uú]mero|is|at|direct|office)\b[\s.:)-]*)?$|№\s*$",
    re.IGNORECASE,
)
_BEFORE, _AFTER = 150, 60
_MIN_SPOKEN, _MIN_SHARED = 7, 6
_LONG = 10  # digits behind a "+"; no figure is written so
_FREE_CALL = re.compile(r"1?0?8(?:00|88|77|66|55|44|33|08)")


def masked(text: str, named: Named | None = None) -> str:
    """The text with addresses and numbers replaced by ``[e-mail address]`` and ``[phone number]``."""
    named = named or Named()
    if _MAY_BE_EMAIL.search(text):
        text = _EMAIL.sub(EMAIL_MARK, text)
    if " at " in text:
        for local in (address.partition("@")[0] for address in named.emails):
            text = re.sub(_AT_WORD.format(local=re.escape(local)), EMAIL_MARK, text, flags=re.IGNORECASE)
    parts, end = [], 0
    for start, stop in personal_numbers(text, named):
        parts += [text[end:start], PHONE_MARK]
        end = stop
    return "".join([*parts, text[end:]])


def has_address(text: str) -> bool:
    """True if an e-mail address stands in it, or its mark."""
    return EMAIL_MARK in text or (_MAY_BE_EMAIL.search(text) and _EMAIL.search(text)) is not None


def personal_numbers(text: str, named: Named) -> Iterator[tuple[int, int]]:
    """Where the telephone numbers of persons stand, from the left."""
    if not _MAY_BE_NUMBER.search(text):
        return
    end, was_shared = 0, False
    for match in _NUMBER.finditer(text):
        start, stop = match.start(), match.end()
        found = digits(match[0])
        if start and text[start - 1].isalnum():
            continue
        before = text[max(end, start - _BEFORE) : start]
        after = re.split(r"[.;!?]\s|\n", text[stop : stop + _AFTER], maxsplit=1)[0]
        end = stop
        if _is_contacts(found, named):
            yield start, stop
        elif _is_number(match[0], found, before):
            # "0800 123 456, or by text message to +254 …": the second is for everybody as the first is.
            was_shared = (
                FOR_EVERYBODY.search(before + " " + after) is not None
                or _FREE_CALL.match(found) is not None
                or (was_shared and not PHONE_LABEL.search(before) and not FOR_THE_PRESS.search(before))
            )
            if not was_shared:
                yield start, stop
        elif _FREE_CALL.match(found):
            was_shared = True


def _is_contacts(found: str, named: Named) -> bool:
    """The same number, with or without what the country or the area puts before it."""
    return any(
        min(len(found), len(number)) >= _MIN_SHARED
        and (found.endswith(number.lstrip("0")) or number.endswith(found.lstrip("0")))
        for number in named.numbers
    )


def _is_number(printed: str, found: str, before: str) -> bool:
    if printed.startswith(("+", "＋", "00")):
        return _is_possible(found.removeprefix("00"))
    if _LABELLED.search(before):
        return True
    # National numbers begin with 0 or an area in brackets; "call 2 870 000 voters" is none.
    is_national = printed.startswith(("0", "("))
    return is_national and len(found) >= _MIN_SPOKEN and PHONE_VERB.search(before) is not None


def _is_possible(found: str) -> bool:
    """Some country has numbers as long as this one; "+1 200 000" is a figure."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{found}")) or len(found) > _LONG
    except phonenumbers.NumberParseException:
        return len(found) > _LONG


def mentions(text: str, names: frozenset[str]) -> bool:
    """True if one of the (folded) names stands in the text as whole words."""
    if not names:
        return False
    plain = folded(text)
    return any(
        name in plain and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain) is not None for name in names
    )
