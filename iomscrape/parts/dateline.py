"""The dateline: the place or places that open the text of a press note."""

from __future__ import annotations

import re
from datetime import date, datetime

from iomscrape.parts import dates
from iomscrape.parts.contact_words import AGENCY, NAME_PARTICLES
from iomscrape.parts.dates import MONTH_NAMES

# Geneva, 3 May 2021 –    Minsk, Bélarus -    Tapachula (México) / Tecún Umán (Guatemala). -    أنقرة، 5 فبراير -
_DASHES = re.compile("[–—-]")
_HYPHEN = re.compile(r"(?<=\s)--?(?=\s)|(?<=[.,]\s)-|(?<=\.)-(?=\s)")
"""A hyphen that is a dash; all others join words."""
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lun(?:es|di)|mar(?:tes|di)|mi[ée]rcoles|mercredi|jue(?:ves)|jeudi|viernes|vendredi|"
    r"s[áa]bado|samedi|domingo|dimanche|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lunedì|martedì|mercoledì|giovedì|venerdì"
)
_DATE = re.compile(
    # , le 18 décembre 2023   (3 May 2021)   30 نوفمبر 2021،   17 апреля 2012 г.   3 May 2021 |
    rf"(?:\(?(?<![^\W_])(?:(?:le|el|am|den|on|{_WEEKDAYS}),?\.? ){{0,2}}"
    rf"\d{{1,2}}(?:er|st|nd|rd|th|[º°.])?\s?(?:de |d[’'])?(?:{MONTH_NAMES})\.?"
    rf"(?:\s?/\s?(?:{MONTH_NAMES}))?(?:,?\s?(?:de |del )?\d{{4}})?(?:\s?(?:г\.?|года|р\.?|року)(?!\w))?\)?"
    # May 3, 2021   September 19th
    rf"|\b(?:{MONTH_NAMES})\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?"
    # 03/05/2021   (22/05)
    r"|\(?\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\)?)\.?(?!\w)",
    re.I,
)
# What stands before a dash at the head of a text and is no place; whole, in any case.
NOT_PLACES = frozenset(
    word.strip().casefold()
    for word in """
    note|note to editors|notes|update|updates|correction|corrigendum|erratum|clarification|editor’s note|media advisory|
    press release|news release|press briefing notes|briefing notes|statement|joint statement|press statement|media note|
    fact sheet|factsheet|breaking|photo|photos|video|story|photo story|background|summary|highlights|opinion|op-ed|blog|
    interview|world|global|migrants|refugees|nota|nota de prensa|notas|actualización|corrección|comunicado|
    comunicado de prensa|declaración|foto|fotos|migrantes|resumen|aviso|communiqué|communiqué de presse|mise à jour|
    rectificatif|déclaration|photographie|résumé|avis|atualização|correção|comunicado de imprensa|declaração|hinweis|
    aktualisierung|korrektur|pressemitteilung|erklärung|hintergrund|aggiornamento|correzione|comunicato|
    comunicato stampa|dichiarazione|примечание|обновление|исправление|пресс-релиз|заявление|фото|примітка|оновлення|
    виправлення|прес-реліз|заява|ملاحظة|تحديث|تصويب|تصحيح|بيان|بيان صحفي|صورة
    """.replace("\n", "").split("|")
)
# Words that stand in headings and clauses, never in a place.
_CLAUSE = frozenset(
    """
    is are was were be been has have had will would could must should need needs do does did what how why when who where which
    we our you your they their this that these those it its for to with from by as at if but not coming es qué cómo por para
    con está sont que qui quoi comment pourquoi pour avec dans ist sind wie warum è sono che come perché são что как это
    почему що як чому ما كيف لماذا هل
    """.split()
)
# Côte d’Ivoire   Val-d’Oise
_ELIDED = re.compile("[dl][’'][A-ZÀ-Ý]")
# What is left of a date in brackets, and the agency in them: Tegucigalpa, 7 mar (OIM) –
_AGENCY_ASIDE = re.compile(r"\(\s*(?:IOM|OIM|МОМ)?\s*\)")
# Washington, D.C.   New York, N.Y.: here the dot is no end of a sentence.
_ABBREVIATED = re.compile(r"(?<![^\W\d_])[A-Z]\.[A-Z]$")
LONGEST = 104
"""Characters before the dash."""

_EDGES = " \t,،.;:|"
_ARABIC = re.compile("[\u0600-\u06ff]")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")
_LETTER = re.compile(r"[^\W\d_]")
_BETWEEN_PLACES = re.compile(r"\s*(?:/|,|،|;|\band\b|\by\b|\bet\b|&)\s*")
_NAME = re.compile(r"[^\W\d_][\w’'.-]*")
_NO_NAME = re.compile(r"[!?\"«»“”:]")


def find(paragraph: str) -> str | None:
    """The place(s) that open ``paragraph``, as printed and without the date; None if it has no dateline.

    Fake ones are refused: an agency (``IOM –``), a clause in lower case, a title with figures.
    """
    head = paragraph[:220].strip()
    end, after = _dash(head)
    places = head[:end].rstrip().replace("٬", "،")
    if not places or len(places) > LONGEST or "\n" in places:
        return None
    if _DIGIT.search(places):  # every date has some
        places = _DATE.sub(" ", places.translate(_DIGITS))
    places = _AGENCY_ASIDE.sub(" ", " ".join(places.split()).strip(_EDGES))
    places = " ".join(places.split()).strip(_EDGES)
    if _ABBREVIATED.search(places):
        places += "."
    if not 2 <= len(places) <= 70 or any(map(str.isdigit, places)) or AGENCY.match(places):
        return None
    if places.replace("'", "’").casefold() in NOT_PLACES or _is_aside(paragraph.lstrip()[after:].lstrip()):
        return None
    parts = [part for part in _BETWEEN_PLACES.split(places) if part]
    return places if parts and len(parts) <= 4 and all(_is_place(part) for part in parts) else None


def day(paragraph: str) -> tuple[date, str] | None:
    """The day that a dateline gives with its year, and how it is printed: ``Geneva, 3 May 2021 – …``.

    Not in figures alone, of which nobody can tell month from day.
    """
    if find(paragraph) is None:
        return None
    head = paragraph[:220].strip()
    printed = _DATE.search(head[: _dash(head)[0]].replace("٬", "،").translate(_DIGITS))
    if printed is None or not _YEAR.search(printed.group()) or not _LETTER.search(printed.group()):
        return None
    found = dates.parse(printed.group().strip("() "))
    if found is None:
        return None
    return found.date() if isinstance(found, datetime) else found, printed.group().strip("() ")


def _dash(head: str) -> tuple[int, int]:
    """Where the first dash begins and ends that has something before and behind it; both 0 if there is none."""
    for dash in _DASHES.finditer(head):
        start = dash.start()
        found = dash if dash.group() != "-" else _HYPHEN.match(head, start) if start > 1 else None
        if found is not None:
            return (start, found.end()) if start > 1 and found.end() < len(head) else (0, 0)
    return 0, 0


def _is_aside(rest: str) -> bool:
    """Whether what follows the dash is an aside: ``Migrants – women and men alike – asked …``."""
    return rest[:1].islower() and re.search(r"\s[–—-]\s", rest[:120]) is not None


def _is_place(part: str) -> bool:
    words = _NAME.findall(part)
    if not 1 <= len(words) <= 5 or len("".join(words)) < 2 or _NO_NAME.search(part):
        return False
    if any(word.casefold() in _CLAUSE for word in words):
        return False
    if _ARABIC.search(part):
        return len(words) <= 4
    return words[0][0].isupper() and all(
        word[0].isupper()
        or word.lower() in NAME_PARTICLES
        or word in ("the", "of")
        or _ELIDED.match(word) is not None
        for word in words
    )


_DIGITS = {0x0660 + i: ord("0") + i for i in range(10)}
