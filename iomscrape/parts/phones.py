"""Telephone numbers as press notes print them: found, told apart, and brought to E.164.

``phonenumbers`` (Google's libphonenumber) knows the numbering plans; what is ours is to find the
numbers inside a contact block, with their labels, extensions and separators in nine languages.

Decided here: in ``+41 22 717 9111/12`` the tail is a number of its own, printed ``12``, whose E.164 form is
that of the first with its last digits replaced; where the first has no E.164 form, the tail stays with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from iomscrape.records import Phone

# What stands before a number. Each row is a kind and the words for it, in the languages of the pages.
LABELS: dict[str, str] = {
    "mobile": r"mobile(?: phone)?|mobil(?:telefon|e)?|mob|cell(?:ular(?:e)?| ?phone)?|cel(?:ular)?|gsm"
    r"|(?:t[eé]l[.]? ?)?portable|telem[oó]vel|(?:tel[eé]fono )?m[oó]vil|handy|whats ?app|signal|viber|m(?=\s?[:：])"
    r"|моб(?:ильный|[іи]льний)?(?:\.? тел(?:ефон)?)?|сот(?:овый)?"
    r"|(?:ال)?(?:هاتف (?:ال)?)?(?:محمول|جوال|نقال|خلوي)|واتساب",
    "fax": r"t[eé]l[eé]?fax|telefax|fax|f(?=\s?[:：])|факс|(?:ال)?فاكس",
    "phone": r"tele(?:phone|fono?|fone?)|t[eé]l[eé]phone|t[eé]l[eé]fono|tel[eé]fono|tel(?:s|ef)?|t[eé]l|phone|ph|office"
    r"|direct(?: line)?|landline|fixe|standard|festnetz|cellulaire|tfno?|t(?=\s?[.:：])"
    r"|тел(?:ефон)?|(?:ال)?هاتف(?: أرضي)?|تلفون|ت(?=\s?[.:：])",
}
_ANY_LABEL = "|".join(LABELS.values())
_LABEL = re.compile(
    r"(?<![^\W\d_])(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items())
    # Tel/Fax:   Tel. (office):   Phone No.:
    + rf")\.?(?:\s?[/&+-]\s?(?:{_ANY_LABEL})\.?)?(?:\s?(?:no|nr|n°|№|number)\.?)?(?:\s?\([^()\d\n]{{1,25}}\))?"
    r"\s?[.:：)]{0,2}\s?[:：]?\s{0,3}$"
)
"""In lower case: that is three times as fast as a pattern without regard to case."""
REACH = 60
"""Characters before a number in which its label stands."""

# Ext. 142   (poste 12)   x142   доб. 5   تحويلة 12
_EXTENSION = re.compile(
    r"\s?[,;]?\s?(?P<open>\()?(?:ext(?:ensi[oó]n|\.)?|poste|anexo|ramal|durchwahl|dw|int(?:erno|\.)"
    r"|доб(?:авочный|\.)?|дод(?:атковий|\.)?|вн\.|تحويلة|داخلي|x)\.?\s?:?\s?(?P<number>[0-9]{1,6})(?(open)\))(?![0-9])",
    re.I,
)
# +41 79 555 21 30 (WhatsApp): words about the number itself; other words in brackets are left to the reader
_NOTE = re.compile(
    rf"\s?\((?:(?P<mobile>{LABELS['mobile']})|(?P<fax>{LABELS['fax']})|(?P<phone>{LABELS['phone']})"
    r"|telegram|sms|24/7|toll[- ]free|only|nur|seulement|solo)(?:[\s/,&+]{1,3}[^()\d\n]{1,20})?\)",
    re.I,
)

# +670.723.0810   (593-2) 555-3948   +38 (050) 555-61-77   06.555.97.431   0041 22 717 9111   030/555 778 17
_GAP = "[ \t.\u00a0\u2007\u2009\u202f\u2010-\u2013\u2212()-]"
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z@])(?<![0-9][.,])(?:\+[ \u00a0]?|00 ?)?"
    r"(?:\( ?\+?[0-9][0-9 \-]{0,8}\)|0[0-9]{1,4} ?/ ?(?=[0-9])|[0-9]{1,3} ?/ ?(?=[0-9]{1,4}[/ ][0-9]{4})|[0-9])"
    rf"(?:(?:{_GAP}{{0,3}}|(?<=\d)/(?=[0-9]{{4}}))[0-9]){{5,16}}(?!(?!x[0-9])[0-9A-Za-z])"
)
_OPENING = re.compile("[+(0-9]")
_DASH = re.compile(r"\s+[-\u2013\u2014]\s+")
_WHOLE = 8
"""Digits that are a number by themselves, so that a dash between spaces does not go on with it."""
# +41 22 717 9111/12   555 95 36 / 37
_TAIL = re.compile(r"(?:/| / )(?!(?:19|20)[0-9]{2})([0-9]{1,4})(?![0-9A-Za-z/]|[.-][0-9]| [0-9A-Za-z])")
_RANGE = re.compile(r"(.{7,}[0-9])[-\u2013]([0-9]{1,2})")
_JOINER = re.compile(r"\s*(?:/|;|,|\||&|or|and|o|ou|oder|oppure|или|або|أو|و|и|та|y|et|e|und)?\s*", re.I)

# What has the digits of a number and is none. Whole strings:
_NO_NUMBER = re.compile(
    # 12.05.2003   12-05-2003   2003-05-12   20030512
    r"[0-3]?[0-9][ .-][01]?[0-9][ .-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[ .-]?[01][0-9][ .-]?[0-3][0-9]"
    # 2003-2004   2001, 2002 2003
    r"|(?:19|20)[0-9]{2}(?:[ .\u2010-\u2013-]{1,3}(?:19|20)[0-9]{2}){1,3}"
    # 10.30-12.30
    r"|[0-2]?[0-9]\.[0-5][0-9] ?[-\u2013] ?[0-2]?[0-9]\.[0-5][0-9]"
)
# The same where no label says that it is one: 1 500 000   1.500.000   8.558612   175000
_NO_NUMBER_ALONE = re.compile(
    r"[0-9]{1,3}(?P<gap>[ .\u00a0\u202f])[0-9]{3}(?:(?P=gap)[0-9]{3})*|[0-9]{1,3}\.[0-9]{3,}|[1-9][0-9]*|(?!00)(?:[0-9] ?){16,}"
    r"|0[0-9.]+/.*"
)
# IBAN CH93 0076 2011 …   P.O. Box 17   ISBN 978-…   US$ 1 500 000   …?id=
_BEFORE_NO_NUMBER = re.compile(
    r"(?:\b[A-Z]{2}[0-9]{2}|\b(?:iban|bic|swift|account|compte|cuenta|conto|konto|isbn|issn|doi|box|b\.?p\.?|c\.?p\.?|ref|id|ruc|nit|cnpj|grant|project|счет|счёт)"
    r"(?: (?:no|nr|number|n°|№))?|[$€£¥₽₴]|\b(?:USD|EUR|CHF|GBP|US))\.?[:\s]{0,3}$|[=/#_%&?@°]$"
    r"|[-\u2212]?[0-9]{1,3}\.[0-9]{3,}[°,;\s]{1,3}$",
    re.I,
)
_AFTER_NO_NUMBER = re.compile(
    r"\s?(?:[%°€$£¥₽₴]|(?:USD|EUR|CHF|GBP|dollars?|euros?|francs?|people|persons|personnes|personas|pessoas|persone|migrants?|km|kg|m2|mt|человек|осіб|شخص)\b)",
    re.I,
)


class FoundPhone(NamedTuple):
    """A number and where it stands: ``text[start:end]`` covers label, number, extension and note."""

    printed: str
    start: int
    end: int
    labelled: bool
    kind: str | None = None
    """By its label or note, or that of the number before; None where none says it."""
    extension: str | None = None
    region: str | None = None
    head: str | None = None
    """Of an abbreviated second number: the E.164 digits that it shares with the first."""

    @property
    def phone(self) -> Phone:
        """The record. Only now the numbering plans are asked, which costs more than finding the number."""
        if self.head is not None:
            digits = self.head + re.sub(r"\D", "", self.printed.translate(_DIGITS))
            e164, valid, mobile = _parse(digits, None)
            return Phone(
                printed=self.printed,
                e164=e164,
                kind=self.kind or ("mobile" if mobile else "phone"),
                valid=valid,
            )
        return parse(self.printed, self.region, kind=self.kind, extension=self.extension)


def find(text: str, region: str | None = None) -> Iterator[FoundPhone]:
    """Every number in ``text``, in order; never across a line end.

    ``region`` (ISO 3166-1 alpha-2) reads national formats: ``06.555.97.431`` is Italian on an Italian page and
    nothing elsewhere. Dates, years, times, amounts, coordinates and account numbers are no numbers.
    """
    plain = text if text.isascii() or not _OTHER_DIGITS.search(text) else text.translate(_DIGITS)
    kind: str | None = None
    last = 0
    for match in _matches(plain):
        if match.start() < last:
            continue
        low = max(last, match.start() - REACH)
        before = plain[low : match.start()].replace("İ", "i").lower()  # the one letter that would become two
        label = _LABEL.search(before, _clause_start(before))
        joined = last > 0 and _JOINER.fullmatch(before) is not None
        if not _is_number(plain, match, labelled=label is not None or joined, region=region):
            continue
        if label:
            kind, start = label.lastgroup, low + label.start()
        else:
            # +41 22 555 95 36 / 37 …: a second number after a slash is of the kind of the first.
            kind, start = (kind if joined else None), match.start()
        for found in _with_tail(text, plain, match, region, kind, start, label is not None):
            last, kind = found.end, found.kind
            yield found


def _clause_start(before: str) -> int:
    """Where the label can begin at the earliest: labels hold no commas, except in brackets."""
    if "(" in before:
        return 0
    return max(before.rfind(","), before.rfind("،"), before.rfind(";"), before.rfind("@"), 0)


def _matches(plain: str) -> Iterator[re.Match[str]]:
    """What ``_NUMBER.finditer`` gives, three times as fast where few characters can open a number."""
    opening = _OPENING.search(plain)
    while opening:
        match = _NUMBER.match(plain, opening.start())
        # 06.555.97.431 – 347.555.0926: two numbers, not one.
        dash = _DASH.search(match.group()) if match else None
        if match and dash and _digits(match.group()[: dash.start()]) >= _WHOLE:
            match = _NUMBER.match(plain, match.start(), match.start() + dash.start()) or match
        if match:
            yield match
        opening = _OPENING.search(plain, match.end() if match else opening.start() + 1)


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _is_number(plain: str, match: re.Match[str], *, labelled: bool, region: str | None) -> bool:
    printed = match.group().strip()
    if _NO_NUMBER.fullmatch(printed):
        return False
    if labelled or printed.startswith("+"):
        return True
    if _BEFORE_NO_NUMBER.search(plain[max(0, match.start() - 24) : match.start()]):
        return False
    if _AFTER_NO_NUMBER.match(plain, match.end()):
        return False
    if _NO_NUMBER_ALONE.fullmatch(printed):
        return region is not None and len(re.sub(r"\D", "", printed)) > 6 and _parse(printed, region)[1]
    return True


def _with_tail(
    text: str,
    plain: str,
    match: re.Match[str],
    region: str | None,
    kind: str | None,
    start: int,
    labelled: bool,
) -> Iterator[FoundPhone]:
    """The number of a match with its extension and note, and the abbreviated second one after it."""
    first, end = match.start(), match.end()
    tail: tuple[int, int] | None = None
    behind = plain[end : end + 2]
    ranged = _RANGE.fullmatch(plain, first, end) if plain[end - 3 : end].strip("0123456789") else None
    if ranged and not _parse(ranged.group(), region)[1] and _parse(ranged.group(1), region)[1]:
        tail, end = ranged.span(2), ranged.end(1)
    elif "/" in behind and (slash := _TAIL.match(plain, end)):
        tail = slash.span(1)
    e164 = _parse(plain[first:end].strip(), region)[0] if tail else None
    if tail and e164 is None:
        end, tail = tail[1], None
    printed = text[first:end].strip()
    number: str | None = None
    if tail is None:
        extension = _EXTENSION.match(plain, end) if behind else None
        if extension:
            number, end = extension.group("number"), extension.end()
        note = _NOTE.match(plain, end) if "(" in plain[end : end + 2] else None
        if note:
            kind, end = kind if kind in ("mobile", "fax") else note.lastgroup or kind, note.end()
    yield FoundPhone(printed, start, end, labelled, kind, number, region)
    if tail and e164:
        shared = e164[: tail[0] - tail[1]]
        yield FoundPhone(text[tail[0] : tail[1]], end, tail[1], False, kind, None, region, shared)


def parse(
    printed: str, region: str | None = None, *, kind: str | None = None, extension: str | None = None
) -> Phone:
    """The record of one printed number. Never fails: what cannot be told stays None.

    ``valid`` is today's numbering plan; ``e164`` is given for every possible number, since numbers
    of 2003 are often no longer valid and must not be lost for it.
    """
    e164, valid, mobile = _parse(printed if printed.isascii() else printed.translate(_DIGITS), region)
    return Phone(
        printed=printed,
        e164=e164,
        kind=kind or ("mobile" if mobile else "phone"),
        extension=extension,
        valid=valid,
    )


WITH_COUNTRY = 11
"""Digits from which on a number may begin with the code of its country though no plus says so."""

_TRUNK_ZERO = re.compile(r"[ .-]{0,2}\( ?0 ?\)[ .-]{0,2}")


@lru_cache(maxsize=4096)
def _parse(printed: str, region: str | None) -> tuple[str | None, bool, bool]:
    digits = re.sub(r"\D", "", printed)
    # +44 (0)20 7946 0000: the zero in brackets is dialled inside the country only.
    if printed.startswith(("+", "00")):
        printed = _TRUNK_ZERO.sub(" ", printed, count=1)
    # (593-2) 555-3948: a country code in parentheses, its plus left out.
    # 0041 22 717 9111: dialled from abroad.
    abroad = "+" + digits[2:] if digits.startswith("00") else "+" + digits
    bare = printed if not printed.startswith(("(", "00")) else abroad
    tries = [(printed, region), (bare, None)]
    if printed.startswith("(") and not printed.startswith("(0"):
        tries.reverse()
    found: list[tuple[str, bool, bool]] = []
    for candidate, place in tries:
        if one := _possible(candidate, place):
            if one[1]:
                return one
            found.append(one)
    if len(digits) >= WITH_COUNTRY and printed[:1] not in "+0(":
        one = _possible(abroad, None)  # 41 79 103 8720: the plus left out; believed where that is valid
        if one and one[1]:
            return one
    return found[0] if found else (None, False, False)


def _possible(printed: str, region: str | None) -> tuple[str, bool, bool] | None:
    """E.164, whether it is valid, and whether a mobile's; None where no number can be of that form."""
    try:
        number = phonenumbers.parse(printed, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    valid = phonenumbers.is_valid_number(number)
    return form, valid, valid and phonenumbers.number_type(number) == PhoneNumberType.MOBILE


# Arabic-Indic and Persian digits, full-width ones.
_DIGITS = {
    **{0x0660 + i: ord("0") + i for i in range(10)},
    **{0x06F0 + i: ord("0") + i for i in range(10)},
    **{0xFF10 + i: ord("0") + i for i in range(10)},
    0xFF0B: ord("+"),
}
_OTHER_DIGITS = re.compile(f"[{''.join(map(chr, _DIGITS))}]")
DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19"
"""Every digit that a number may be printed with, for sets of characters in patterns."""
