"""Dates as the pages print them, in the formats of each design and nine languages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

EARLIEST, LATEST = 1951, 2100
"""IOM was founded in 1951; a year outside is a misreading."""

LONGEST = 60
"""Characters of a printed date with all that stands around it; longer texts are prose."""

# The months in nine languages, whole and short, with the cases that dates take; "_" is a space.
MONTHS: dict[int, str] = {
    1: "january jan enero ene janvier janv janeiro gennaio gen januar jänner январь января янв січень січня січ "
    "يناير كانون_الثاني جانفي",
    2: "february feb febrero février fevrier févr fevereiro fev febbraio februar февраль февраля фев лютий лютого лют "
    "فبراير شباط فيفري",
    3: "march mar marzo mars março marco märz mrz март марта березень березня бер مارس آذار",
    4: "april apr abril abr avril avr aprile апрель апреля апр квітень квітня квіт أبريل إبريل ابريل نيسان أفريل",
    5: "may mayo mai maio maggio mag май мая травень травня трав مايو أيار ماي",
    6: "june jun junio juin junho giugno giu juni июнь июня июн червень червня черв يونيو يونيه حزيران جوان",
    7: "july jul julio juillet juil julho luglio lug juli июль июля июл липень липня лип يوليو يوليه تموز جويلية",
    8: "august aug agosto ago août aout авг август августа серпень серпня серп أغسطس اغسطس آب أوت",
    9: "september sep sept septiembre setiembre septembre setembro set settembre сентябрь сентября сен сент "
    "вересень вересня вер سبتمبر أيلول",
    10: "october oct octubre octobre outubro out ottobre ott oktober okt октябрь октября окт жовтень жовтня жовт "
    "أكتوبر اكتوبر تشرين_الأول",
    11: "november nov noviembre novembre novembro ноябрь ноября ноя листопад листопада лист نوفمبر تشرين_الثاني",
    12: "december dec diciembre dic décembre decembre déc dezembro dez dicembre dezember декабрь декабря дек "
    "грудень грудня груд ديسمبر كانون_الأول",
}
_MONTH_NUMBER = {word.replace("_", " "): number for number, words in MONTHS.items() for word in words.split()}
MONTH_NAMES = "|".join(re.escape(word) for word in sorted(_MONTH_NUMBER, key=len, reverse=True))
"""Every name of a month, longest first, for patterns that are matched without regard to case."""

# The days of the week, which tell month from day where a date is all figures.
_DAYS = {
    0: "monday mon lunes lundi lun lunedì segunda segunda-feira montag mo понедельник пн понеділок الاثنين الإثنين",
    1: "tuesday tue tues martes mardi mar martedì terça terça-feira dienstag di вторник вт вівторок الثلاثاء",
    2: "wednesday wed miércoles mié mie mercredi mer mercoledì quarta quarta-feira mittwoch mi среда ср середа الأربعاء",
    3: "thursday thu thurs jueves jue jeudi jeu giovedì gio quinta quinta-feira donnerstag do четверг чт четвер الخميس",
    4: "friday fri viernes vie vendredi ven venerdì sexta sexta-feira freitag fr пятница пт п’ятниця п'ятниця الجمعة",
    5: "saturday sat sábado sab sáb samedi sam sabato samstag sonnabend sa суббота сб субота السبت",
    6: "sunday sun domingo dom dimanche dim domenica sonntag so воскресенье вс неділя нд الأحد",
}
_WEEKDAY = {word: number for number, words in _DAYS.items() for word in words.split()}

_HAS_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?!\.?\d{2,4}\b)")
_ISO = re.compile(
    r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
)
# Fri, 08/03/2018 - 09:20   Ven, 03/17/2017 - 10:33: American order, whatever the language of the day name.
# Tuesday, 04-02-2005: the Jahia site's, day first, and its weekday is not to be trusted.   11/17/15   02/10/2012
_NUMERIC = re.compile(
    r"^(?:([^\W\d_][\w’'-]{1,14})\.?[,،]?\s+)?(\d{1,2})([/.-])(\d{1,2})\3(\d{4}|\d{2})"
    r"(?:\s*[-–,]?\s*(\d{1,2}):(\d{2}))?$"
)
# 2003/05/13   2003.5.13
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$")
_DAY = r"(?P<day>\d{1,2})(?:er|st|nd|rd|th|[.ºª°])?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_MONTH = rf"(?<![^\W\d_])(?P<month>{MONTH_NAMES})(?![^\W\d_])\.?"
_BETWEEN = r"[\s,،-]{0,2}\s?(?:de[l]? |d[’']|of |من )?\s?"
_WORDED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # 13 May 2003   1er mars 2011   15 de junio de 2004   08 يناير/كانون الثاني 2025   17 апреля 2012 г.   13-May-2003
        rf"(?<!\d){_DAY}{_BETWEEN}{_MONTH}(?:\s?/\s?(?:{MONTH_NAMES}))?{_BETWEEN}{_YEAR}",
        # Wednesday, September 19, 2018 - 17:11   Posted on Tue. May-10-2016
        rf"{_MONTH}[\s-]{{1,2}}{_DAY}(?!\d)[\s,،-]{{1,2}}{_YEAR}",
        # 2003 May 13
        rf"(?<!\d){_YEAR}[\s,-]{{1,2}}{_MONTH}[\s-]{{1,2}}{_DAY}(?!\d)",
    )
)
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])[:hH.](?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d.])\s?(?P<half>[ap]\.?m\b)?"
    r"\s?\(?(?P<zone>Z\b|UTC|GMT|CEST|CET)?\s?(?P<offset>[+-]\d{2}:?\d{2})?",
    re.I,
)
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120}
"""Minutes from UTC. Only zones that Geneva and Drupal print; others are too often ambiguous."""
# Posted on …   Published: …   Publié le …
_PREFIX = re.compile(
    r"^(?:posted(?: on)?|published(?: on)?|updated|date|publié le|publicado el|fecha)\s*:?\s*", re.I
)
# A whole line of the day that an article is of; "Data from 13 May 2003 show" is none.
_LABELLED = re.compile(
    r"^(?:(?:posted|published) on|publiée? le|publicad[oa] (?:el|em)|pubblicat[oa] il|veröffentlicht am|опубликовано|"
    r"опубліковано|تاريخ النشر|نشر في|(?:posted|published|date(?: de publication)?|fecha|data|datum|дата)\s?:)"
    r"\s*:?(?: \S+){1,6}(?<!\.)$",
    re.I,
)
# Tuesday, 12-09-2006   Mardi 12 septembre 2006   Tue. May-10-2016: the weekday alone says that the line is a date
_WITH_WEEKDAY = re.compile(
    rf"^(?:{'|'.join(re.escape(day) for day in sorted(_WEEKDAY, key=len, reverse=True))})\.?\s?[,،]?\s+"
    rf"(?:\d{{1,2}}([/.-])\d{{1,2}}\1(?:\d{{4}}|\d{{2}})|(?:{MONTH_NAMES})\.?[ -]\d{{1,2}}(?:st|nd|rd|th)?[,-]?\s?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s(?:de\s)?(?:{MONTH_NAMES})\.?,?(?:\sde)?\s\d{{4}}(?:\s?г\.|\sгода|\sроку)?)$",
    re.I,
)
# What dateparser may be asked at all: one year, another number, a word, nothing that counts from today.
_LIKE_A_DATE = re.compile(r"^(?=.*[^\W\d_]{3})(?=\D*\d{1,4}\D+\d{1,4}\D*(?:\d{1,2}\D\d{2}\D*)?$).{8,40}$")
_ONE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DIGITS = {0x0660 + i: ord("0") + i for i in range(10)} | {0x06F0 + i: ord("0") + i for i in range(10)}


def from_iso(text: str | None) -> date | datetime | None:
    """An ISO 8601 day or moment; None for anything else."""
    cleaned = (text or "")[:40].strip()
    if not _ISO.match(cleaned):
        return None
    try:
        if len(cleaned) == 10:
            found: date | datetime = date.fromisoformat(cleaned)
        else:
            zoned = re.sub(r"\s?(?:UTC|GMT)$", "+00:00", cleaned)
            found = datetime.fromisoformat(re.sub(r"\s?([+-]\d{2}):?(\d{2})$", r"\1:\2", zoned))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def from_time_tag(machine: str | None, printed: str) -> date | datetime | None:
    """The date of a ``<time datetime=…>``.

    Drupal writes noon UTC into date-only fields, or midnight of another zone: where the reader sees no hour,
    the day is all that is known, and it is the day that is printed.
    """
    found = from_iso(machine)
    if found is None:
        return parse(printed)
    if isinstance(found, datetime) and not _HAS_TIME.search(printed[:200].translate(_DIGITS)):
        day = parse(printed)
        near = isinstance(day, date) and not isinstance(day, datetime) and abs((day - found.date()).days) == 1
        return day if near else found.date()
    return found


def is_labelled(text: str) -> bool:
    """Whether a line is a date and says so: ``Posted on 04-02-2005``, ``Publié le 13 mai 2003``, ``Tuesday, 04-02-2005``."""
    return _LABELLED.match(text) is not None or _WITH_WEEKDAY.match(text) is not None


def parse(text: str, lang: str | None = None, *, order: str = "MDY") -> date | datetime | None:
    """The date in a short printed text, or None.

    ``lang`` (primary tag) is the language whose month names are tried first; ``order`` (``MDY`` or
    ``DMY``) says how the design writes a date in figures, where no weekday tells month from day.
    The same text gives the same date for ever: nothing counts from today.
    """
    if len(text) > 4 * LONGEST:
        return None
    return _parse(text, lang, order)


@lru_cache(maxsize=2048)
def _parse(text: str, lang: str | None, order: str) -> date | datetime | None:
    cleaned = _PREFIX.sub("", " ".join(text.translate(_DIGITS).split()).strip(" .|-–"))
    if not cleaned or len(cleaned) > LONGEST or not any(char.isdigit() for char in cleaned):
        return None
    found = from_iso(cleaned) or _numeric(cleaned, order) or _worded(cleaned)
    if found is None and _LIKE_A_DATE.match(cleaned) and len(_ONE_YEAR.findall(cleaned)) == 1:
        found = _library(cleaned, lang)
    return found if found is not None and EARLIEST <= found.year <= LATEST else None


def _worded(text: str) -> date | datetime | None:
    for pattern in _WORDED:
        match = pattern.search(text)
        if match:
            month = _MONTH_NUMBER[match.group("month").lower()]
            try:
                found = date(int(match.group("year")), month, int(match.group("day")))
            except ValueError:
                continue
            return _with_time(found, text[: match.start()] + " " + text[match.end() :])
    return None


def _with_time(day: date, rest: str) -> date | datetime:
    """The day with the time of day that stands beside it, if one does."""
    match = _TIME.search(rest)
    if match is None:
        return day
    hour, half = int(match.group("hour")), (match.group("half") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    minutes: int | None = None
    if offset := match.group("offset"):
        minutes = int(offset[0] + "1") * (int(offset[1:3]) * 60 + int(offset[-2:]))
    elif zone := match.group("zone"):
        minutes = _ZONES[zone.lower()]
    known = timezone(timedelta(minutes=minutes)) if minutes is not None and abs(minutes) < 15 * 60 else None
    return datetime(day.year, day.month, day.day, hour, int(match.group("minute")), tzinfo=known)


_LANGUAGES = ("en", "es", "fr", "ar", "pt", "ru", "de", "it", "uk")


def _library(text: str, lang: str | None) -> date | datetime | None:
    """What dateparser makes of a date that is written in a way of its own; it never sees the clock."""
    import dateparser  # 0.2 s: hardly any page comes here

    settings = {
        "DATE_ORDER": "DMY",
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],
        "RELATIVE_BASE": datetime(EARLIEST, 1, 1),
    }
    first = lang if lang in _LANGUAGES else "en"
    for tries in ([first], list(_LANGUAGES)):
        moment: datetime | None = dateparser.parse(
            re.sub(r"\s+-\s+", " ", text), languages=tries, settings=settings
        )
        if moment is not None:
            return moment if _HAS_TIME.search(text) else moment.date()
    return None


def _numeric(text: str, order: str) -> date | datetime | None:
    if year_first := _YEAR_FIRST.match(text):
        return _day(*map(int, year_first.groups()))
    match = _NUMERIC.match(text)
    if not match:
        return None
    day_name, first, sign, second, digits, hour, minute = match.groups()
    year = int(digits) if len(digits) == 4 else 2000 + int(digits)
    weekday = _WEEKDAY.get((day_name or "").lower())
    pairs = [(int(first), int(second)), (int(second), int(first))]  # month, day
    if order == "DMY" or sign == ".":  # dots stand between day and month wherever they are used
        pairs.reverse()
    possible = [found for month, day in pairs if (found := _day(year, month, day))]
    # The weekday tells month from day where it fits one of them; else the order of the design.
    found = next((day for day in possible if day.weekday() == weekday), possible[0] if possible else None)
    if found is not None and hour is not None and int(hour) < 24 and int(minute) < 60:
        return datetime(found.year, found.month, found.day, int(hour), int(minute))
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
