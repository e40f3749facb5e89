"""Telephone numbers as press notes print them: found, told apart, and brought to E.164.

``phonenumbers`` (Google's libphonenumber) knows the numbering plans; what is ours is to find the
numbers inside a contact block, with their labels, extensions and separators in nine languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from iomscrape.records import Phone

# What stands before a number. Each row is a kind and the words for it, in the languages of the pages.
LABELS: dict[str, str] = {
    "mobile": r"mobile(?: phone)?|mobil(?:telefon|e)?|mob|cell(?:ular(?:e)?|phone)?|cel(?:ular)?|portable|gsm"
    r"|telem[oó]vel|m[oó]vil|handy|whats ?app|моб(?:ильный|[іи]льний)?(?: тел(?:ефон)?)?|сот(?:овый)?"
    r"|(?:ال)?(?:هاتف (?:ال)?)?(?:محمول|جوال|نقال|خلوي)|واتساب",
    "fax": r"t[eé]l[eé]?fax|telefax|fax|факс|(?:ال)?فاكس",
    "phone": r"tele(?:phone|fono?|fon)|t[eé]l[eé]phone|t[eé]l[eé]fono|tel[eé]fono|tel(?:s|ef)?|t[eé]l|phone|ph|office"
    r"|direct(?: line)?|landline|fixe|standard|tfno?|t|тел(?:ефон)?|(?:ال)?هاتف|تلفون|ت",
}
_EXTENSION = (
    r"(?:\s?[,;]?\s?(?:ext(?:ension|\.)?|poste|anexo|ramal|durchwahl|int(?:erno|\.)"
    r"|доб(?:авочный|\.)?|дод\.?|x)\.?\s?:?\s?(\d{1,6}))"
)

_LABEL = re.compile(
    "(?<![^\\W\\d_])(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items())
    + r")(?:\s?(?:no|nr|n°|№|number)\.?)?\s?[.:：)]{0,2}\s?[:：]?\s{0,3}$",
    re.I,
)
# +670.723.0810   (593-2) 555-3948   +38 (050) 555-61-77   06.555.97.431   0041 22 717 9111
_NUMBER = re.compile(
    r"(?<![\w@])(?:\+\s?|00\s?)?(?:\(\s?\+?\d[\d\s\-]{0,8}\)|\d)(?:[\s.\u00a0\u2011\u2013()-]{0,3}\d){5,16}(?!\w)"
)
_EXT_AFTER = re.compile(_EXTENSION, re.I)
_DATE = re.compile(r"^\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d\d$|^(?:19|20)\d\d[.\s–-]{1,3}(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class FoundPhone:
    """A number and where it stands: ``text[start:end]`` covers label, number and extension."""

    phone: Phone
    start: int
    end: int
    labelled: bool


def find(text: str, region: str | None = None) -> Iterator[FoundPhone]:
    """Every number in ``text``, in order.

    ``region`` (ISO 3166-1 alpha-2) reads national formats: ``06.555.97.431`` is Italian on an
    Italian page and nothing elsewhere. Dates and ranges of years are no numbers.
    """
    translated = text.translate(_DIGITS)
    kind: str | None = None
    last = 0
    for match in _NUMBER.finditer(translated):
        printed = text[match.start() : match.end()].strip()
        if _DATE.match(printed):
            continue
        before = translated[max(last, match.start() - 40) : match.start()]
        label = _LABEL.search(before)
        labelled = label is not None
        if label:
            kind = label.lastgroup
            start = max(last, match.start() - 40) + label.start()
        else:
            # +41 22 555 95 36 / 37 …: a second number after a slash is of the kind of the first.
            kind = kind if last and re.fullmatch(r"\s*(?:/|;|,|or|o|ou|أو|и|y|et|e)?\s*", before) else None
            start = match.start()
        extension = _EXT_AFTER.match(translated, match.end())
        end = extension.end() if extension else match.end()
        phone = parse(printed, region, kind=kind, extension=extension.group(1) if extension else None)
        last = end
        yield FoundPhone(phone, start, end, labelled)


def parse(
    printed: str, region: str | None = None, *, kind: str | None = None, extension: str | None = None
) -> Phone:
    """The record of one printed number. Never fails: what cannot be told stays None.

    ``valid`` is today's numbering plan; ``e164`` is given for every possible number, since numbers
    of 2003 are often no longer valid and must not be lost for it.
    """
    e164, valid, mobile = _parse(printed.translate(_DIGITS), region)
    return Phone(
        printed=printed,
        e164=e164,
        kind=kind or ("mobile" if mobile else "phone"),
        extension=extension,
        valid=valid,
    )


@lru_cache(maxsize=4096)
def _parse(printed: str, region: str | None) -> tuple[str | None, bool, bool]:
    digits = re.sub(r"\D", "", printed)
    # (593-2) 555-3948: a country code in parentheses, its plus left out.
    bare = printed if not printed.startswith("(") else "+" + digits
    tries = [(printed, region), (bare, None)]
    if printed.startswith("(") and not printed.startswith("(0"):
        tries.reverse()
    for candidate, place in tries:
        try:
            number = phonenumbers.parse(candidate, place)
        except NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            valid = phonenumbers.is_valid_number(number)
            mobile = valid and phonenumbers.number_type(number) == PhoneNumberType.MOBILE
            return form, valid, mobile
    return None, False, False


# Arabic-Indic and Persian digits, full-width ones.
_DIGITS = {
    **{0x0660 + i: ord("0") + i for i in range(10)},
    **{0x06F0 + i: ord("0") + i for i in range(10)},
    **{0xFF10 + i: ord("0") + i for i in range(10)},
    0xFF0B: ord("+"),
}
