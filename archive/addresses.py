"""When two addresses are one: http and https, with and without ``www.``, a slash more or less."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

# Left as they are in a path or query; everything else outside ASCII letters and digits is
# percent-encoded, so that an Arabic slug is one address whether it was encoded or not.
_PLAIN = "/%:@!$&'()*+,;=~-._?"
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


@lru_cache(maxsize=4096)  # the same few addresses are asked for again and again while a page is stored
def identity(url: str) -> str:
    """``https://www.iom.int/news/slug/#top`` -> ``iom.int/news/slug``.

    Scheme http or https, ``www.``, default ports, the last slash and the fragment are left out; the
    query stays. Other schemes (``file:``) keep theirs. Never raises: what is no address stays as it is.
    """
    url = readable(url.strip())
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return url
    scheme = "" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    shown_port = f":{port}" if port not in (None, 80, 443) else ""
    path = _encoded(parts.path).rstrip("/")
    query = f"?{_encoded(parts.query)}" if parts.query else ""
    return f"{scheme}{host}{shown_port}{path}{query}"


def is_capture_of(identity: str, row: str = "captures") -> str:
    """An SQL condition: whether a row of ``captures`` is of an address, given as an expression for its identity.

    Their index holds ends of identities only: those differ, while beginnings are alike and long.
    """
    # The plus keeps SQLite from putting the value in place of the column in the first half, which then fits no index.
    return f"substr({row}.identity, -16) = substr({identity}, -16) AND +{row}.identity = {identity}"


def site(url: str) -> str:
    """The host in lower case without ``www.``; empty for an address without one."""
    try:
        return (urlsplit(url.strip()).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""


def fragment(url: str) -> str:
    """What stands behind ``#``; empty if nothing does."""
    return url.partition("#")[2]


def readable(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 database can hold, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoded(text: str) -> str:
    quoted = quote(text, safe=_PLAIN)
    # What is quoted here has capitals.
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quoted) if "%" in text else quoted
