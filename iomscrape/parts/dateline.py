"""The dateline: the place or places that open the text of a press note."""

from __future__ import annotations

import re

from iomscrape.parts.contact_words import AGENCY, NAME_PARTICLES

# Geneva, 3 May 2021 –    Minsk, Bélarus -    Tapachula (México) / Tecún Umán (Guatemala). -    أنقرة، 5 فبراير -
_OPENING = re.compile(
    r"^\s*([^\n–—]{2,100}?)\s*(?:\.\s?)?(?:[–—]|(?<=\s)-(?=\s)|(?<=[.,]\s)-|(?<=\s)--?(?=\s))\s*(?=\S)"
)
_MONTHS = (
    r"jan(?:uary|vier|uar|\.)?|feb(?:ruary|ruar|\.)?|f[ée]v(?:rier|ereiro|\.)?|mar(?:ch|s|zo|ço|\.)?|märz|apr(?:il|ile|\.)?|avril|abril|"
    r"may|mai|mayo|maio|maggio|june?|juin|junio|junho|giugno|juni|july?|juillet|julio|julho|luglio|juli|"
    r"aug(?:ust|\.)?|ao[uû]t|agosto|sep(?:t|tember|tembre|tiembre|\.)?|setembro|settembre|"
    r"oct(?:ober|obre|ubre|\.)?|outubro|ottobre|oktober|nov(?:ember|embre|iembre|embro|\.)?|"
    r"dec(?:ember|\.)?|d[ée]cembre|diciembre|dezembro|dicembre|dezember|enero|janeiro|gennaio|febrero|febbraio|aprile|"
    r"январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]|"
    r"січ(?:ень|ня)|лют(?:ий|ого)|берез(?:ень|ня)|квіт(?:ень|ня)|трав(?:ень|ня)|черв(?:ень|ня)|лип(?:ень|ня)|серп(?:ень|ня)|"
    r"верес(?:ень|ня)|жовт(?:ень|ня)|листопада?|груд(?:ень|ня)|"
    r"يناير|فبراير|مارس|أبريل|إبريل|نيسان|مايو|أيار|يونيو|حزيران|يوليو|تموز|أغسطس|آب|سبتمبر|أيلول|أكتوبر|نوفمبر|ديسمبر|آذار|شباط|"
    r"كانون (?:الثاني|الأول)|تشرين (?:الثاني|الأول)"
)
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lun(?:es|di)|mar(?:tes|di)|mi[ée]rcoles|mercredi|jue(?:ves)|jeudi|viernes|vendredi|"
    r"s[áa]bado|samedi|domingo|dimanche|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lunedì|martedì|mercoledì|giovedì|venerdì"
)
_DATE = re.compile(
    rf"(?:\(?\b(?:(?:{_WEEKDAYS}),? )?\d{{1,2}}(?:er|st|nd|rd|th|º|\.)?\s?(?:de |d[’'])?(?:{_MONTHS})"
    rf"(?:\s?/\s?(?:{_MONTHS}))?(?:,?\s?(?:de |del )?\d{{4}})?\)?"
    rf"|\b(?:{_MONTHS})\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|\(?\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?\)?)\.?(?!\w)",
    re.I,
)
_EDGES = " \t,،.;:()"
_ARABIC = re.compile("[\u0600-\u06ff]")


def find(paragraph: str) -> str | None:
    """The place(s) that open ``paragraph``, as printed and without the date; None if it has no dateline.

    Fake ones are refused: an agency (``IOM –``), a clause in lower case, a title with figures.
    """
    match = _OPENING.match(paragraph[:220].replace("٬", "،"))
    if match is None:
        return None
    places = _DATE.sub(" ", match.group(1).translate(_DIGITS))
    places = re.sub(r"\s+", " ", places).strip(_EDGES.replace("(", "").replace(")", ""))
    places = re.sub(r"\(\s*\)", "", places).strip(_EDGES.replace("(", "").replace(")", ""))
    if not 2 <= len(places) <= 70 or any(char.isdigit() for char in places) or AGENCY.match(places):
        return None
    parts = [part for part in re.split(r"\s*(?:/|,|،|;|\band\b|\by\b|\bet\b|&)\s*", places) if part]
    return places if parts and len(parts) <= 4 and all(_is_place(part) for part in parts) else None


def _is_place(part: str) -> bool:
    words = re.findall(r"[^\W\d_][\w’'.-]*", part)
    if not 1 <= len(words) <= 5 or re.search(r"[!?\"«»“”:]", part):
        return False
    if _ARABIC.search(part):
        return len(words) <= 4
    return words[0][0].isupper() and all(
        word[0].isupper() or word.lower() in NAME_PARTICLES or word in ("the", "of") for word in words
    )


_DIGITS = {0x0660 + i: ord("0") + i for i in range(10)}
