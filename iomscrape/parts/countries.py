"""Countries by their names in nine languages (CLDR, through Babel), their towns, and the hosts of country offices."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

LANGUAGES = ("en", "es", "fr", "ar", "pt", "ru", "de", "it", "uk")

# Names that IOM's pages use and CLDR does not: ISO 3166-1 alpha-2 code, names.
ALIASES: dict[str, str] = {
    "CD": "Democratic Republic of the Congo|DR Congo|DRC|République démocratique du Congo|RDC|República Democrática del Congo",
    "CG": "Republic of the Congo|République du Congo",
    "CZ": "Czech Republic|République tchèque|República Checa",
    "CI": "Cote d'Ivoire|Ivory Coast",
    "FM": "Federated States of Micronesia",
    "GM": "The Gambia",
    "IR": "Islamic Republic of Iran",
    "KR": "Republic of Korea",
    "LA": "Lao PDR|Lao People's Democratic Republic",
    "MD": "Republic of Moldova",
    "MK": "The former Yugoslav Republic of Macedonia|Macedonia",
    "MM": "Burma|Birmanie",
    "PS": "Palestine|State of Palestine|Occupied Palestinian Territory",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "Timor-Leste|Timor Leste|East Timor|Timor Oriental",
    "TR": "Turkey|Türkiye|Turquie|Turquía",
    "TZ": "United Republic of Tanzania",
    "VE": "Bolivarian Republic of Venezuela",
    "VN": "Viet Nam",
    "XK": "Kosovo",
}

# Seats of headquarters, regional and capital offices that no time zone is named after, as offices print them.
TOWNS: dict[str, str] = {
    "AE": "Abu Dhabi|أبو ظبي",
    "AU": "Canberra",
    "BI": "Gitega",
    "BJ": "Cotonou|Porto-Novo",
    "BO": "Sucre",
    "BR": "Brasília",
    "CA": "Ottawa",
    "CH": "Geneva|Genève|Ginebra|Genebra|Genf|Ginevra|Женева|جنيف|Bern|Berne|Berna",
    "CI": "Yamoussoukro",
    "CM": "Yaoundé",
    "CN": "Beijing|Pekín|Pékin|Pequim|Peking|Pechino|Пекин|Пекін|بكين",
    "CR": "San José",
    "DE": "Bonn|Nuremberg|Nürnberg",
    "EC": "Quito",
    "ID": "Banda Aceh",
    "IL": "Tel Aviv",
    "IN": "New Delhi|Nueva Delhi|Delhi",
    "IQ": "Erbil|Basra|أربيل|البصرة",
    "KE": "Garissa|Lodwar",
    "KZ": "Astana|Nur-Sultan|Астана",
    "LY": "Benghazi|بنغازي",
    "MA": "Rabat|الرباط",
    "MM": "Naypyidaw|Nay Pyi Taw",
    "MW": "Lilongwe",
    "MX": "Tapachula",
    "NG": "Abuja|Maiduguri",
    "NL": "The Hague|La Haye|La Haya|Den Haag",
    "NZ": "Wellington",
    "PK": "Islamabad|Peshawar",
    "SO": "Hargeisa|Garowe",
    "SY": "Aleppo|حلب",
    "TR": "Ankara|Gaziantep|أنقرة",
    "TZ": "Dodoma",
    "UA": "Lviv|Львів",
    "US": "Washington|Washington DC",
    "VN": "Hanoi|Ha Noi",
    "YE": "Sana'a|صنعاء",
    "ZA": "Pretoria",
}

AMBIGUOUS = {"عمان", "center"}
"""Amman and Oman differ in vowel signs alone; a press center is not that of North Dakota."""


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^\w]+", "", "".join(char for char in folded if not unicodedata.combining(char)))


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for lang in LANGUAGES:
        for code, name in Locale(lang).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"):
                table.setdefault(_plain(name), code)
    for code, names in ALIASES.items():
        for name in names.split("|"):
            table[_plain(name)] = code
    return table


@lru_cache(maxsize=4096)
def code(name: str) -> str | None:
    """ISO 3166-1 alpha-2 code of a country by its whole name in any of the nine languages, else None."""
    return _table().get(_plain(name)) if 2 < len(name) < 60 else None


@lru_cache(maxsize=1)
def _towns() -> dict[str, str]:
    """Towns that time zones are named after (``Africa/Nairobi``), in the nine languages, and those above."""
    country, aliases = get_global("zone_territories"), get_global("zone_aliases")
    table = {
        _plain(zone.rpartition("/")[2].replace("_", "")): code
        for zone, code in country.items()
        if code.isalpha()
    }
    for lang in LANGUAGES:
        for zone, names in Locale(lang).time_zones.items():
            if (today := aliases.get(zone, zone)) in country and "city" in names:
                table.setdefault(_plain(names["city"]), country[today])
    for code, names in TOWNS.items():
        table.update((_plain(name), code) for name in names.split("|"))
    return table


def _nominatives(name: str) -> tuple[str, ...]:
    """What a Russian or Ukrainian name may be where it stands after "in": Казахстане, Женеве, Грузии, Києві."""
    stem, ending = name[:-1], name[-1:]
    return (stem, stem + "а", stem + "я") if ending in "еиі" and len(stem) > 3 else ()


@lru_cache(maxsize=4096)
def of_office(name: str) -> str | None:
    """The country of an office by the country or town in its name: ``IOM Headquarters, Geneva`` is in CH."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", name[:200])
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            if part[:1].islower() or _plain(part) in AMBIGUOUS:
                continue
            for name in (part, *_nominatives(part)):
                if found := of_place(name):
                    return found
    return None


def of_place(name: str) -> str | None:
    """The country of a country or town by its whole name, else None."""
    return code(name) or _towns().get(_plain(name))


def of_host(host: str) -> str | None:
    """The country of an office's host: ``timor-leste.iom.int`` is TL, ``costarica.iom.int`` CR."""
    first, _, rest = host.lower().removeprefix("www.").partition(".")
    return code(first) if rest == "iom.int" or rest.endswith(".iom.int") else None
