"""Articles as references: BibTeX, RIS and CSL-JSON, for Zotero, LaTeX and the like.

The libraries for these formats were tried: they leave ``$``, ``^`` and ``\\`` of a title as LaTeX commands,
break addresses by escaping them, or let a line end in a title begin a field of its own. So the few
lines of each format are written here; the tests read them back with those libraries.

A key (``iom-2021-bridge-school-reopens-1f3a9c``) is made of year, title and address: the same article has
the same key in every archive.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from archive.addresses import identity

PUBLISHER = "International Organization for Migration"

_KEY_WORDS = 4
_PARTIAL_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_LATEX_SIGN = re.compile("[" + re.escape("".join(_LATEX)) + "]")
# In a field of its own an address is taken as it is; only what would end the field cannot stand there.
_URL_ENDS = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
_LANGUAGES = dict(
    pair.split(":")
    for pair in (
        "en:english fr:french es:spanish pt:portuguese ar:arabic ru:russian uk:ukrainian de:german "
        "it:italian tr:turkish zh:chinese"
    ).split()
)
"""Language tag to babel's name, for biblatex."""


def bibtex(records: Iterable[dict[str, Any]], *, with_contacts: bool) -> Iterator[str]:  # noqa: ARG001  # no contacts in a reference
    """One ``@misc`` an article, in UTF-8, for biblatex and for BibTeX programs that read it."""
    for record in records:
        published = _day(record["published"])
        fields = {
            "author": f"{{{_latex(PUBLISHER)}}}",
            # Braces keep the capitals of the title.
            "title": f"{{{_latex(_line(record['title']))}}}",
            "subtitle": _latex(_line(record["subtitle"])),
            "howpublished": _latex(_kind(record)),
            "date": "-".join(published),
            "year": published[0] if published else "",
            "month": str(int(published[1])) if published else "",
            "url": re.sub(r"[{}\\ ]", lambda sign: _URL_ENDS[sign[0]], _line(record["url"])),
            "urldate": "-".join(_day(record["last_seen"])),
            "language": _latex(record["lang"] or ""),
            "langid": _LANGUAGES.get(record["lang"] or "", ""),
            "keywords": _latex(", ".join(_line(theme.replace(",", " ")) for theme in record["themes"])),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        yield "\n".join([f"@misc{{{key(record)},", *lines, "}", "", ""])


def ris(records: Iterable[dict[str, Any]], *, with_contacts: bool) -> Iterator[str]:  # noqa: ARG001  # no contacts in a reference
    """One record of type ELEC (web page) an article; lines end as the format wants, with CR LF."""
    for record in records:
        published = _day(record["published"])
        fields = [
            ("TY", "ELEC"),
            ("ID", key(record)),
            ("AU", PUBLISHER),
            ("TI", record["title"]),
            ("ST", record["subtitle"]),
            ("M3", _kind(record)),
            ("PY", published[0] if published else None),
            ("DA", "/".join(published)),
            ("PB", PUBLISHER),
            ("CY", record["dateline"]),
            ("LA", record["lang"]),
            *(("KW", theme) for theme in record["themes"]),
            ("UR", record["url"]),
            ("Y2", "/".join(_day(record["last_seen"]))),
        ]
        lines = [f"{tag}  - {_line(value)}" for tag, value in fields if value and _line(value)]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def csl_json(records: Iterable[dict[str, Any]], *, with_contacts: bool) -> Iterator[str]:  # noqa: ARG001  # no contacts in a reference
    """A JSON list with one item an article, as citation processors read it."""
    yield "["
    for number, record in enumerate(records):
        item: dict[str, Any] = {
            "id": key(record),
            "type": "webpage",
            "title": _line(record["title"]),
            "author": [{"literal": PUBLISHER}],
            "publisher": PUBLISHER,
            "genre": _kind(record),
            "issued": _parts(record["published"]),
            "accessed": _parts(record["last_seen"]),
            "URL": record["url"],
            "language": record["lang"],
            "publisher-place": _line(record["dateline"]),
            "keyword": ", ".join(_line(theme) for theme in record["themes"]),
        }
        kept = {name: value for name, value in item.items() if value}
        yield ("," if number else "") + "\n" + json.dumps(kept, ensure_ascii=False)
    yield "\n]\n"


def key(record: dict[str, Any]) -> str:
    """``iom-2021-bridge-school-reopens-1f3a9c``: ASCII letters, digits and ``-``."""
    published = _day(record["published"])
    words = slug(record["title"]).split("-")[:_KEY_WORDS]
    mark = sha256(identity(record["url"]).encode()).hexdigest()[:6]
    return "-".join(filter(None, ("iom", published[0] if published else "nd", *words, mark)))


def slug(text: str) -> str:
    """The ASCII letters and digits of a text in lower case, joined by ``-``; empty where it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _latex(text: str) -> str:
    return _LATEX_SIGN.sub(lambda sign: _LATEX[sign[0]], text)


def _line(text: str | None) -> str:
    """On one line, without control characters: nothing in it can begin a field."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text or "")
    return " ".join(plain.split())


def _kind(record: dict[str, Any]) -> str:
    """``press-release`` -> ``Press release``."""
    return str(record["kind"]).replace("-", " ").capitalize()


def _day(moment: str | None) -> list[str]:
    """Year, month and day as printed digits; empty for none."""
    found = _PARTIAL_DATE.match(moment or "")
    return list(found.groups()) if found else []


def _parts(moment: str | None) -> dict[str, list[list[int]]] | None:
    day = _day(moment)
    return {"date-parts": [[int(part) for part in day]]} if day else None
