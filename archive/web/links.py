"""Which stored addresses become links. Pages may hold anything where an address should be."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_E164 = re.compile(r"\+[1-9][0-9]{3,14}", re.ASCII)


def outside(url: str | None) -> str | None:
    """The address if a click on it leads to a web page and nowhere else, else None.

    ``javascript:``, ``data:``, ``file:`` and what is no address at all are shown as text only.
    """
    if not url or any(ord(sign) < 33 for sign in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def telephone(e164: str | None) -> str | None:
    """``+6707230000`` -> ``tel:+6707230000``; None for what is no international number."""
    return f"tel:{e164}" if e164 and _E164.fullmatch(e164) else None


def mail(address: str) -> str:
    """``amoreno@iom.int`` -> ``mailto:amoreno@iom.int``, in which nothing can be a header of the message."""
    return f"mailto:{quote(address, safe='@+')}"
