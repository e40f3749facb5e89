"""Countries by their names in nine languages (CLDR, through Babel) and by the hosts of country offices."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale

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


def of_host(host: str) -> str | None:
    """The country of an office's host: ``timor-leste.iom.int`` is TL, ``costarica.iom.int`` CR."""
    first, _, rest = host.lower().removeprefix("www.").partition(".")
    return code(first) if rest == "iom.int" or rest.endswith(".iom.int") else None
