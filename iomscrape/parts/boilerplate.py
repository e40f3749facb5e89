"""Furniture: what stands on the page around the article and is never part of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol, TypeVar

from lxml.etree import XPath
from lxml.etree import _Element as Element

LONGEST = 500
"""Characters of a class attribute that are looked at."""

FURNITURE_TAGS = frozenset("nav footer header aside form".split())

# Words of class names and ids, whole between separators: `addtoany_list`, `views-related`, `node--view-mode-teaser`.
_FURNITURE_WORDS = (
    "addtoany sharethis share sharing social breadcrumb breadcrumbs cookie cookies eu-cookie-compliance megamenu menu nav "
    "navbar pager pagination related teaser search-card skip-link visually-hidden element-invisible sdg sdg-block print "
    "toolbox newsletter subscribe sidebar comments popup banner contextual node__meta node__links field__label "
    "field--name-field-tags field-name-field-tags field--name-dynamic-block-fieldnode-sdg-sorted"
)
_FURNITURE_CLASS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + "|".join(re.escape(word) for word in _FURNITURE_WORDS.split())
    + r")(?![A-Za-z0-9])",
    re.I,
)


def is_furniture(element: Element) -> bool:
    """Whether an element is furniture by its own tag, role, class or id; its text is never asked.

    An honest subheading may say "Who we are" or "Share": words alone condemn nothing.
    """
    return why_furniture(element) is not None


def why_furniture(element: Element) -> str | None:
    """What makes an element furniture (``<nav>``, ``class breadcrumb``), or None if nothing does."""
    if element.tag in FURNITURE_TAGS and not (element.tag == "form" and _is_whole_page(element)):
        return f"<{element.tag}>"
    for name in ("class", "id"):
        value = element.get(name)
        if value and (found := _furniture_word(value[:LONGEST])):
            return f"{name} {found}"
    role = element.get("role")
    return f"role {role}" if role in _FURNITURE_ROLES else None


_LENGTH = XPath("string-length(.)", smart_strings=False)


def _is_whole_page(form: Element) -> bool:
    """Whether a form holds most of the page's text: ASP.NET puts the whole page into one."""
    return bool(_LENGTH(form) > 0.5 * _LENGTH(form.getroottree().getroot()))


@lru_cache(maxsize=4096)
def _furniture_word(names: str) -> str | None:
    # A site writes a few hundred different class attributes, millions of times.
    found = _FURNITURE_CLASS.search(names)
    return found.group() if found else None


_FURNITURE_ROLES = frozenset("navigation banner contentinfo search complementary".split())


class HasText(Protocol):
    """Anything with a text, such as a piece of a body."""

    @property
    def text(self) -> str:
        """The text."""


PieceT = TypeVar("PieceT", bound=HasText)

# Whole lines that stand around an article where no markup tells them apart; only ever dropped at its edges.
_EDGE_WORDS = """
(?:print|email|e-mail|share|tweet)(?: (?:this )?page)?(?: via)?|print me|subscribe|rss|tweet|facebook|twitter|linkedin|whatsapp
share this(?: page)?(?: via| on)?|compartir(?: esta página)?|partager(?: cette page)?|شارك هذه الصفحة
related (?:news|stories|articles|content)|noticias relacionadas|actualités liées|articles liés|أخبار ذات صلة
latest (?:news|press briefing notes)|últimas noticias|dernières actualités|آخر الأخبار
home|inicio|accueil|الرئيسية|skip to main content|back(?: to top)?|read more|leer más|lire la suite
tags?|etiquetas|mots-clés|الوسوم
(?:country|region|posted|themes?|date|source)\\s?:.{0,80}
home ?[>/»›].{0,120}
\\d{1,2}(?:\\.|er|º)?(?: de)? [^\\W\\d]{3,12}\\.?(?: de|,)? \\d{4}|[^\\W\\d]{3,12} \\d{1,2}, \\d{4}
\\d+ min(?:ute)?s? read
(?:«|<|‹)?\\s?(?:prev(?:ious)?|anterior|précédent|precedente|zurück|назад|السابق)
(?:next|siguiente|seguinte|suivant|successivo|weiter|далее|التالي)\\s?(?:»|>|›)?
(?:©|copyright|\\(c\\)).{0,120}
(?:.{0,80}\\W)?(?:all rights reserved|tous droits réservés|todos los derechos reservados|جميع الحقوق محفوظة).{0,20}
"""
EDGE_LINES = re.compile(rf"^\W*(?:{'|'.join(_EDGE_WORDS.split(chr(10))[1:-1])})\W*$", re.I)


def without_edges(
    pieces: list[PieceT], is_edge: Callable[[str], bool] = lambda text: all_edge(text)
) -> list[PieceT]:
    """``pieces`` without the furniture lines before the first and after the last real one."""
    start, end = 0, len(pieces)
    while start < end and is_edge(pieces[start].text):
        start += 1
    while end > start and is_edge(pieces[end - 1].text):
        end -= 1
    return pieces[start:end]


def all_edge(text: str) -> bool:
    """Whether a line, or every part of it between bars, is furniture that stands at the edges."""
    return len(text) < 160 and all(EDGE_LINES.match(part) for part in re.split(r"\s[|·•]\s", text))
