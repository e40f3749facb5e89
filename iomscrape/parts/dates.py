"""Dates as the pages print them, in the formats of each design and nine languages."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

EARLIEST, LATEST = 1951, 2100
"""IOM was founded in 1951; a year outside is a misreading."""

_HAS_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?!\.?\d{2,4}\b)")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?$")
# Fri, 08/03/2018 - 09:20   Ven, 03/17/2017 - 10:33: American order, whatever the language of the day name.
# Tuesday, 04-02-2005: the Jahia site's, day first, and its weekday is not to be trusted.   11/17/15   02/10/2012
_NUMERIC = re.compile(
    r"^(?:(\w{2,12})\.?,?\s+)?(\d{1,2})([/.-])(\d{1,2})\3(\d{4}|\d{2})(?:\s*-\s*(\d{1,2}):(\d{2}))?$"
)
# 13 May 2003   Posted on Tue. May-10-2016   Wednesday, September 19, 2018 - 17:11
_PREFIX = re.compile(
    r"^(?:posted(?: on)?|published(?: on)?|updated|date|publié le|publicado el|fecha)\s*:?\s*", re.I
)
_DAYS = {
    0: "mon lun mo montag monday lunes lundi",
    1: "tue mar di dienstag tuesday martes mardi",
    2: "wed mer mié mie mi mittwoch wednesday mercredi",
    3: "thu gio jue jeu do donnerstag thursday jueves jeudi",
    4: "fri ven vie vendredi fr freitag friday viernes",
    5: "sat sab sáb sam sa samstag saturday sábado samedi",
    6: "sun dom dim so sonntag sunday domingo dimanche",
}
_WEEKDAY = {word: number for number, words in _DAYS.items() for word in words.split()}


def from_iso(text: str | None) -> date | datetime | None:
    """An ISO 8601 day or moment; None for anything else."""
    cleaned = (text or "").strip()
    if not _ISO.match(cleaned):
        return None
    try:
        if len(cleaned) == 10:
            found: date | datetime = date.fromisoformat(cleaned)
        else:
            found = datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", cleaned))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def from_time_tag(machine: str | None, printed: str) -> date | datetime | None:
    """The date of a ``<time datetime=…>``.

    Drupal writes noon UTC into date-only fields: where the reader sees no hour, the day is all that is known.
    """
    found = from_iso(machine)
    if found is None:
        return parse(printed)
    if isinstance(found, datetime) and not _HAS_TIME.search(printed):
        return found.date()
    return found


@lru_cache(maxsize=2048)
def parse(text: str, lang: str | None = None, *, order: str = "MDY") -> date | datetime | None:
    """The date in a short printed text, or None.

    ``lang`` (primary tag) is the language whose month names are tried first; ``order`` (``MDY`` or
    ``DMY``) says how the design writes a date in figures, where no weekday tells month from day.
    """
    cleaned = _PREFIX.sub("", " ".join(text.split()).strip(" .|-–"))
    if not cleaned or len(cleaned) > 60 or not any(char.isdigit() for char in cleaned):
        return None
    found = from_iso(cleaned) or _numeric(cleaned, order)
    if found is not None:
        return found
    import dateparser  # 0.2 s: only pages without a machine-readable date pay for it

    languages = [lang] if lang in _LANGUAGES else ["en"]
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DAY_OF_MONTH": "first",
        "REQUIRE_PARTS": ["day", "month", "year"],
    }
    for tries in ([languages[0]], list(_LANGUAGES)):
        moment: datetime | None = dateparser.parse(
            re.sub(r"\s+-\s+", " ", cleaned), languages=tries, settings=settings
        )
        if moment is not None and EARLIEST <= moment.year <= LATEST:
            return moment if _HAS_TIME.search(cleaned) else moment.date()
    return None


_LANGUAGES = ("en", "es", "fr", "ar", "pt", "ru", "de", "it", "uk")


def _numeric(text: str, order: str) -> date | datetime | None:
    match = _NUMERIC.match(text)
    if not match:
        return None
    day_name, first, _, second, digits, hour, minute = match.groups()
    year = int(digits) if len(digits) == 4 else 2000 + int(digits)
    weekday = _WEEKDAY.get((day_name or "").lower())
    pairs = [(int(first), int(second)), (int(second), int(first))]  # month, day
    if order == "DMY":
        pairs.reverse()
    possible: list[date] = []
    for month, day in pairs:
        try:
            possible.append(date(year, month, day))
        except ValueError:
            continue
    # The weekday tells month from day where it fits one of them; else the order of the design.
    found = next((day for day in possible if day.weekday() == weekday), possible[0] if possible else None)
    if found is not None and hour is not None and int(hour) < 24 and int(minute) < 60:
        return datetime(found.year, found.month, found.day, int(hour), int(minute))
    return found
