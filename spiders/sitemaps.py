"""Sitemaps and feeds: XML that others wrote, read without trusting it.

Formats: https://www.sitemaps.org/protocol.html (urlset, sitemapindex, lastmod), Google's xhtml
hreflang links in it, RSS 2.0 and Atom (RFC 4287). Entities are never resolved, DTDs never loaded, and
what comes out is bounded, so that a hostile file costs a problem row and nothing else.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

MAX_XML = 64 * 1024 * 1024
"""Bytes of one sitemap after decompression; the protocol allows 50 MB."""

MAX_ENTRIES = 60_000
"""Entries of one file; the protocol allows 50,000."""


class BadXml(ValueError):
    """The body is no sitemap and no feed; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a sitemap or feed."""

    url: str
    lastmod: datetime | None = None
    """Of a sitemap entry: lastmod; of a feed item: when it was published. UTC."""
    alternates: tuple[str, ...] = ()
    """The same page in other languages."""


@dataclass(slots=True)
class Listed:
    """What a sitemap or feed lists."""

    sitemaps: list[Entry] = field(default_factory=list)
    """Further sitemaps, of an index."""
    pages: list[Entry] = field(default_factory=list)
    cut: bool = False
    """Whether the file is broken or too long, and what stands behind that point is missing."""


def read_listed(body: bytes) -> Listed:
    """Read a sitemap, sitemap index, RSS or Atom feed, gzipped or not.

    A file that breaks off gives what stands before the break. Raises BadXml where it is none of these.
    """
    listed = Listed()
    try:
        for kind, entry in _entries(_unpacked(body)):
            target = listed.sitemaps if kind == "sitemap" else listed.pages
            target.append(entry)
            if len(listed.sitemaps) + len(listed.pages) >= MAX_ENTRIES:
                listed.cut = True
                break
    except etree.XMLSyntaxError as error:
        if not (listed.sitemaps or listed.pages):
            raise BadXml(f"It is no XML: {error}"[:300]) from None
        listed.cut = True
    return listed


_ITEMS = {"url": "page", "sitemap": "sitemap", "item": "page", "entry": "page"}
_ROOTS = frozenset({"urlset", "sitemapindex", "rss", "RDF", "feed"})


def _entries(xml: bytes) -> Iterator[tuple[str, Entry]]:
    """Stream (kind, entry); memory stays small as elements are cleared once read."""
    reading = etree.iterparse(
        io.BytesIO(xml),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = None
    for event, element in reading:
        name = _name(element)
        if root is None:
            if name not in _ROOTS:
                raise BadXml(f"It is no sitemap and no feed: its root element is {name[:40]!r}")
            root = element
        if event == "end" and name in _ITEMS:
            entry = _entry(element)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
            if entry:
                yield _ITEMS[name], entry


def _entry(element: etree._Element) -> Entry | None:
    url, lastmod, alternates = "", None, []
    for child in element:
        name, text = _name(child), (child.text or "").strip()
        if name == "loc" or (name == "link" and text):
            url = url or text
        elif name == "link" and child.get("href"):
            # xhtml:link of a sitemap; Atom's link, whose rel is "alternate" where it has none
            href, lang = str(child.get("href")).strip(), child.get("hreflang")
            if lang is not None and child.get("rel") == "alternate":
                alternates.append(href)
            elif child.get("rel", "alternate") == "alternate":
                url = url or href
        elif name in ("lastmod", "pubDate", "updated", "published", "date"):
            lastmod = lastmod or moment(text)
    return Entry(url, lastmod, tuple(alternates)) if url else None


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body.lstrip()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            xml = packed.read(MAX_XML + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadXml(f"It is no whole gzip file: {error}") from None
    if len(xml) > MAX_XML:
        raise BadXml(f"It is larger than {MAX_XML} bytes once unpacked")
    return xml.lstrip()


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def moment(text: str) -> datetime | None:
    """ISO 8601 (sitemaps, Atom) or RFC 2822 (RSS) -> UTC; a bare day is its last second.

    The last second, because a page changed some time that day: it is not older than the day's morning.
    """
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
        found = datetime.fromisoformat(text) if _DAY.match(text) else parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
