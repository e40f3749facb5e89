"""Pages that list articles: the links on them, the days printed beside these, and the next page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from parsel import Selector

from spiders import links

# The menu and the footer link articles, too ("highlights"): the same on every page of the list.
CONTENT = "main, [role=main], #main-content, .region-content"
"""Where the list stands; the whole body where a page has none of these."""

DAYS = "time, .date, .field--name-created, .field--name-field-date, .post-date, .datetime"
"""Where a card prints its day."""

NEXT = (
    "link[rel~=next]::attr(href), a[rel~=next]::attr(href), "
    ".pager__item--next a::attr(href), .pager-next a::attr(href)"
)
"""The link to the next page of the list."""


@dataclass(frozen=True, slots=True)
class Card:
    """One article that a page links to."""

    url: str
    day: date | None = None
    """The day printed with the link; None where there is none, more than one article shares it, or nobody asked."""


def cards(page: Selector, base: str, *, dated: bool = True) -> Iterator[Card]:
    """Every link to an article, in the order of the page, each address once; its day if it is to be ``dated``."""
    seen: set[str] = set()
    body = page.css(CONTENT) or page.css("body")
    for anchor in body.css("a[href]"):
        url = links.join(base, anchor.attrib["href"])
        if url is None or url in seen or not links.is_article(url):
            continue
        seen.add(url)
        yield Card(url, _day_beside(anchor, base) if dated else None)


def _day_beside(anchor: Selector, base: str) -> date | None:
    """The day in the card around a link: in the first element upwards that prints one.

    Cards are not nested cleanly (the card is the parent of ``div.article-detail``), so what counts is
    that no second article shares the element.
    """
    for element in reversed(anchor.xpath("ancestor::*[position() <= 6]")):
        printed = element.css(DAYS)
        if printed:
            around = {links.join(base, href) for href in element.css("a::attr(href)").getall()}
            alone = sum(1 for url in around if url and links.is_article(url)) == 1
            return day(_text(printed[0])) if alone else None
    return None


def _text(node: Selector) -> str:
    """What an element says for machines (``<time datetime=…>``), else for people."""
    return node.attrib.get("datetime") or " ".join(node.css("::text").getall())


def next_page(page: Selector, url: str, *, guess: bool) -> str | None:
    """The next page of the list: the one its pager links to; else, if ``guess``, ``page=N`` plus one."""
    for href in page.css(NEXT).getall():
        found = links.join(url, href)
        if found and links.site_key(found) == links.site_key(url) and found != url:
            return found
    return counted_up(url) if guess else None


def counted_up(url: str) -> str:
    """The address with its ``page`` parameter one higher; without one the list's first page is 0."""
    parts = urlsplit(url)
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"
    ]
    now = next((value for name, value in parse_qsl(parts.query) if name == "page"), "0")
    number = int(now) if now.isdecimal() and len(now) < 7 else 0
    return urlunsplit((*parts[:3], urlencode([*query, ("page", str(number + 1))]), ""))


_HREFLANG = (re.compile(rb"\shref[lL]ang\s*="), re.compile(rb"\sHREFLANG\s*="))
_TAG = re.compile(rb"<(link|a)\s", re.IGNORECASE)
_HREF = re.compile(rb"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_ALTERNATE = re.compile(rb"""\srel\s*=\s*["']?[^"'>]*\balternate\b""", re.IGNORECASE)

MAX_TAG = 4_000
"""Bytes before and behind its hreflang in which a tag must begin and end."""


def alternates(body: bytes, base: str) -> Iterator[str]:
    """The same page in other languages, as its head says (hreflang), and as its language menu links.

    The page is not parsed for it: every article comes through here, and parsing one whole takes as long as
    fetching it. An attribute with ``>`` in it hides its link; language links have none.
    """
    seen: set[str] = set()
    for found in (found for rule in _HREFLANG for found in rule.finditer(body)):
        start = body.rfind(b"<", max(0, found.start() - MAX_TAG), found.start())
        end = body.find(b">", found.end(), found.end() + MAX_TAG)
        kind = _TAG.match(body, start) if start >= 0 else None
        if kind is None or end < 0:
            continue
        tag = body[start:end]
        href = _HREF.search(tag)
        if href is None or (kind[1].lower() == b"link" and not _ALTERNATE.search(tag)):
            continue
        url = links.join(base, unescape(href[href.lastindex or 1].decode("utf-8", "replace")))
        if url and url not in seen:
            seen.add(url)
            yield url


def feeds(page: Selector, base: str) -> Iterator[str]:
    """The RSS and Atom feeds that the page names in its head."""
    for link in page.css("link[rel~=alternate][href]"):
        if re.search(r"rss|atom", link.attrib.get("type", ""), re.IGNORECASE):
            url = links.join(base, link.attrib["href"])
            if url:
                yield url


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """The day that a card prints: ISO 8601, or words in the languages of the sites. None where unclear.

    Day and month in figures only (``10/03/2014``) are not decided here: a wrong guess would skip articles.
    """
    text = " ".join(text.split())
    iso = re.match(r"\d{4}-\d{2}-\d{2}", text)
    try:
        if iso:
            return date.fromisoformat(iso[0])
    except ValueError:
        return None
    if not re.search(r"\b(?:19|20)\d\d\b", text) or not re.search(r"[^\W\d_]{3}", text) or len(text) > 60:
        return None
    import dateparser  # slow to load, and only needed with `since`

    found: datetime | None = dateparser.parse(
        text,
        languages=["en", "es", "fr", "ar", "pt", "de", "it", "ru"],
        settings={"REQUIRE_PARTS": ["day", "month", "year"]},
    )
    return found.date() if found else None
