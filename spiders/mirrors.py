"""Mirrors of sites as wget and HTTrack make them: the path of a file tells its address.

A folder whose name is a host holds a site; what is below it is the address' path. wget writes
``index.html`` where the address ends in a slash, puts ``.html`` behind what has no such ending (``-E``),
and keeps the query behind ``?``, or behind ``@`` where file names may not hold that.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote

from spiders import links

# www.iom.int   127.0.0.1:8000   www.iom.int+8080 (as Windows needs it)   localhost
_HOST = re.compile(
    r"(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2}|int|org|com|net|info|edu|gov|mil)"
    r"|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?:[:+]\d{1,5})?",
    re.IGNORECASE,
)
_LOOPBACK = re.compile(r"(?:localhost|127\.)")
_QUERY = re.compile(r"(?:\?|%3F|@(?=[^@/]*=))", re.IGNORECASE)
_INDEX = re.compile(r"index\.(?:html?|php|aspx?)", re.IGNORECASE)


def host_folder(path: Path) -> int | None:
    """Which of the path's parts is the host of a mirror; None if none is. The file's own name is none."""
    parts = path.parts[:-1]
    return next((n for n in range(len(parts) - 1, -1, -1) if _HOST.fullmatch(parts[n])), None)


def address(path: Path) -> str | None:
    """``mirror/www.iom.int/news/slug/index.html`` -> ``https://www.iom.int/news/slug``; None outside a mirror."""
    number = host_folder(path)
    if number is None:
        return None
    *folders, name = path.parts[number + 1 :]
    host = path.parts[number].lower().replace("+", ":")
    scheme = "http" if _LOOPBACK.match(host) else "https"
    if number and path.parts[number - 1] in ("http", "https"):  # wget --protocol-directories
        scheme = path.parts[number - 1]
    cut = _QUERY.search(name)
    name, query = (name[: cut.start()], name[cut.end() :]) if cut else (name, "")
    if query:
        query = re.sub(r"\.html?$", "", query, flags=re.IGNORECASE)
    if _INDEX.fullmatch(name):
        name = ""
    found = _joined(scheme, host, [*folders, name], query)
    bare = re.sub(r"\.html?$", "", name, flags=re.IGNORECASE)
    if bare != name:
        # /news/slug.html is what wget -E made of /news/slug; /iom/cms/en/slug.html was called so.
        without = _joined(scheme, host, [*folders, bare], query)
        if links.is_article(without) or not links.may_hold_article(without):
            return without
    return found


def _joined(scheme: str, host: str, steps: list[str], query: str) -> str:
    path = "/".join(_quoted(step) for step in steps)
    return links.clean(f"{scheme}://{host}/{path}{'?' if query else ''}{query.replace('#', '%23')}")


def _quoted(step: str) -> str:
    # Names may be encoded already, or hold bytes that are no UTF-8.
    return quote(unquote(step, errors="surrogateescape"), safe="@:!$&'()*+,;=~-._", errors="surrogateescape")
