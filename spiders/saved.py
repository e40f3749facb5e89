"""Saved pages: where a page says what its address was, or a small file beside it does.

Looked at in this order: what the page itself says (canonical, ``og:url``, the comment of the browser
that saved it), a file beside it, its path in a mirror of the site.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from spiders import dumps, links, mirrors

# Where a saved page says what its address was, in this order.
ADDRESSES = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        # <link rel="canonical" href="https://www.iom.int/news/slug">
        rb"""<link\b(?=[^>]*\brel=["']?canonical\b)[^>]*\bhref=["']?([^"'\s>]+)""",
        # <meta property="og:url" content="https://www.iom.int/news/slug">
        rb"""<meta\b(?=[^>]*\bproperty=["']?og:url\b)[^>]*\bcontent=["']([^"'>]+)""",
        # <!-- saved from url=(0034)https://www.iom.int/news/slug -->
        rb"""<!--\s*saved from url=\(\d+\)(\S+)""",
        # <!-- Page saved with SingleFile url: https://www.iom.int/news/slug saved date: … -->
        rb"""<!--\s*Page saved with SingleFile\s+url:\s*(\S+)""",
        # <!-- Mirrored from www.iom.int/news/slug by HTTrack Website Copier/3.x -->
        rb"""<!--\s*Mirrored from (\S+) by HTTrack""",
    )
)

MAX_BESIDE = 64 * 1024
"""Bytes of a file that tells a page's address."""

# page.html.url, page.url: a shortcut of Windows, or the address alone; .meta: lines or JSON.
_BESIDE = (".url", ".meta", ".meta.json", ".json")
_URL_LINE = re.compile(r"^\s*(?:url|uri|address|source)\s*[=:]\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_TIME_LINE = re.compile(
    r"^\s*(?:date|time|timestamp|saved|fetched_at)\s*[=:]\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE
)


class Told(NamedTuple):
    """What is known of a page besides the page."""

    url: str | None
    fetched_at: datetime | None


def told(path: Path, body: bytes, *, html: bool) -> Told:
    """The address of a saved page, and when it was saved, where anything says so."""
    beside = _beside(path)
    found = [*(_own(body) if html else ()), beside.url, mirrors.address(path)]
    addresses = [url for url in found if url]
    # A page whose canonical address is the home page, as some templates had it, is better known by its path.
    best = next((url for url in addresses if links.may_hold_article(url)), None)
    return Told(best or next(iter(addresses), None), beside.fetched_at)


def _own(body: bytes) -> Iterator[str]:
    for rule in ADDRESSES:
        found = rule.search(body)
        if found:
            address = found[1].decode("utf-8", "replace").strip().replace("&amp;", "&")
            if rule is ADDRESSES[-1] and "://" not in address:
                address = f"https://{address}"
            if links.site_key(address):
                yield address


def is_beside(path: Path) -> bool:
    """Whether the file only tells the address of a page that lies beside it."""
    name = path.name
    ending = next((ending for ending in _BESIDE if name.lower().endswith(ending)), None)
    if ending is None:
        return False
    stem = name[: -len(ending)]
    return any(path.with_name(stem + page).is_file() for page in ("", ".html", ".htm", ".txt") if stem + page)


def _beside(path: Path) -> Told:
    stem = path.name.rpartition(".")[0] or path.name
    for name in (*(path.name + ending for ending in _BESIDE), *(stem + ending for ending in _BESIDE)):
        file = path.with_name(name)
        if file == path or not file.is_file():
            continue
        with file.open("rb") as stream:
            text = stream.read(MAX_BESIDE).decode("utf-8-sig", "replace")
        found = _from_json(text) if text.lstrip().startswith("{") else _from_lines(text)
        if found.url:
            return found
    return Told(None, None)


def _from_json(text: str) -> Told:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return Told(None, None)
    fields = {str(key).lower(): value for key, value in row.items()} if isinstance(row, dict) else {}
    urls = (fields.get(name) for name in dumps.URL_FIELDS)
    url = next((value for value in urls if isinstance(value, str) and links.site_key(value)), None)
    when = next((at for name in dumps.TIME_FIELDS if (at := dumps.moment(fields.get(name)))), None)
    return Told(url, when)


def _from_lines(text: str) -> Told:
    named = _URL_LINE.search(text)
    url = named[1] if named else next(iter(text.split()), "")
    when = _TIME_LINE.search(text)
    return Told(url if links.site_key(url) else None, dumps.moment(when[1]) if when else None)
