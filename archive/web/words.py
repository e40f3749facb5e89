"""Codes as people say them: languages, countries, kinds; and the direction a language is written in."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale, UnknownLocaleError

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_ENGLISH = Locale("en")


def language(tag: str | None) -> str:
    """``fr`` -> ``French``; a tag that is not known stays as it is."""
    return str(_ENGLISH.languages.get(tag or "", tag or ""))


def country(code: str | None) -> str:
    """``TL`` -> ``Timor-Leste``; a code that is not known stays as it is."""
    return str(_ENGLISH.territories.get(code or "", code or ""))


def plain(code: str | None) -> str:
    """``press-release`` -> ``press release``."""
    return (code or "").replace("-", " ")


@cache
def direction(tag: str | None) -> str:
    """``rtl`` for Arabic, Persian, Hebrew …, ``ltr`` for other languages, ``auto`` where none is known."""
    if not is_tag(tag):
        return "auto"
    try:
        return "rtl" if Locale.parse(str(tag), sep="-").character_order == "right-to-left" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "auto"


def is_tag(tag: str | None) -> bool:
    """True for what may stand in an HTML ``lang`` attribute."""
    return bool(tag and _TAG.fullmatch(tag))
