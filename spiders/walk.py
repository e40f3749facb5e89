"""How far a run has come on each site, how far it may go, and the arguments that say so."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, datetime

from spiders import links
from spiders.links import Site

# What is asked first: what tells of many pages; then pages; then further pages of lists.
PRIORITY = {"home": 50, "robots": 40, "sitemap": 30, "feed": 20, "page": 10, "listing": 0}

PATIENCE = 3
"""A list is left when so many of its pages in a row bring nothing that this run has not seen."""

MAX_SITEMAPS = 500
"""Of one site."""

MAX_SITEMAP_DEPTH = 3
"""Indexes within indexes."""

WINDOW = 64
"""Requests for pages of one site that Scrapy holds at a time. The addresses behind them wait as text in
:class:`Walk`, which takes a tenth of the memory of requests."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a walk may go on one site, against traps; the settings of the same names."""

    urls: int = 500_000
    """IOMSCRAPE_MAX_URLS: article addresses."""
    list_pages: int = 2_000
    """IOMSCRAPE_MAX_LIST_PAGES: pages of one list."""
    depth: int = 5
    """IOMSCRAPE_MAX_DEPTH: steps from page to page, by links to other languages."""
    alike: int = 1_000
    """IOMSCRAPE_MAX_ALIKE: linked addresses that differ in their numbers only."""


@dataclass(slots=True)
class Walk:
    """How far a run has come on one site."""

    site: Site
    asked: list[str] = field(default_factory=list)
    """The addresses as given: the site, or pages of it."""
    is_guide: bool = False
    """Whether another part of a shared crawl walks it, and here only its home page is asked for, because it
    leads to sites of offices."""
    seen: dict[str, datetime | None] = field(default_factory=dict)
    """Keys of the article addresses found so far, with the lastmod of their own sitemap entries."""
    waiting: deque[str] = field(default_factory=deque)
    """Keys of those not asked for yet, in the order of discovery."""
    depths: dict[str, int] = field(default_factory=dict)
    """How many links from page to page led there, where any did."""
    shapes: Counter[str] = field(default_factory=Counter)
    """Linked addresses with their numbers made equal."""
    reading: int = 0
    """Sitemaps that were asked for and have not come. Until they are read, pages wait: a sitemap may
    still say that they have not changed."""
    flying: int = 0
    """Page requests that Scrapy holds."""
    sitemaps: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    stopped: dict[str, str] = field(default_factory=dict)
    """Bounds that were reached, and the problem's detail."""

    def find(
        self, url: str, bounds: Bounds, lastmod: datetime | None = None, *, linked: int | None = None
    ) -> bool:
        """Note an article address of this site; True if it is new to the run and will be asked for.

        ``lastmod`` is what its own sitemap entry says. ``linked``: found by a link, after so many steps
        from page to page; None for addresses that the site lists in a sitemap.
        """
        key = links.key(links.article_address(self.site, url))
        if key in self.seen:
            if lastmod is not None:
                self.seen[key] = lastmod
            return False
        if len(self.seen) >= bounds.urls:
            self.stopped.setdefault("too-many", f"{self.site.key} has more than {bounds.urls} addresses.")
            return False
        if linked is not None and self._trapped(key, bounds, linked):
            return False
        self.seen[key] = lastmod
        self.waiting.append(key)
        if linked:
            self.depths[key] = linked
        return True

    def _trapped(self, key: str, bounds: Bounds, linked: int) -> bool:
        """Whether a linked address stands behind a bound against traps; notes which."""
        if linked > bounds.depth:
            self.stopped.setdefault("too-deep", f"Links lead on and on from page to page, as to {key[:200]}")
            return True
        shape = shape_of(key)
        if shape is None:
            return False
        self.shapes[shape] += 1
        if self.shapes[shape] > bounds.alike:
            self.stopped.setdefault(
                "alike", f"More than {bounds.alike} links differ in numbers only: {shape[:200]}"
            )
            return True
        return False

    def address(self, key: str) -> str:
        """The address that is asked for a key of :attr:`seen`."""
        return self.site.origin + key.removeprefix(self.site.key)


@dataclass(slots=True)
class Chain:
    """One list, followed from its first page."""

    counts: bool
    """Whether ``page=N`` leads on where there is no link to the next page."""
    pages: int = 0
    seen: set[str] = field(default_factory=set)
    stale: int = 0
    """Pages in a row that brought nothing new to the run."""


_NUMBERED = re.compile(r"[^/-]*\d[^/-]*")
_NODE = re.compile(r"/node/\d+$")


def shape_of(key: str) -> str | None:
    """The address with every word that holds a figure as ``0``; None where there is none.

    ``/news/2024/05/06`` and ``/news/2024/05/07``, days of an endless calendar, have one shape. The
    numbered addresses of Drupal (``/node/113086``) have none: there the number is the article.
    """
    host, slash, path = key.partition("/")
    if _NODE.search(key):
        return None
    shape, numbers = _NUMBERED.subn("0", path)
    return host + slash + shape if numbers else None


def walks_of(text: str) -> dict[str, Walk]:
    """The sites of a comma-separated argument, by :func:`links.site_key`; ValueError for what is none."""
    walks: dict[str, Walk] = {}
    for part in text.split(","):
        if part.strip():
            asked = links.start_address(part)
            walks.setdefault(links.site_key(asked), Walk(Site(links.origin(asked)))).asked.append(asked)
    return walks


def day_of(text: str) -> date | None:
    """``2025-01-31``, or None for nothing; ValueError with a line for the person who wrote it."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise ValueError(f"{text!r} is no day; write it as 2025-01-31") from None


def count_of(text: str | int, name: str = "max_pages") -> int | None:
    """A number from 1 up, or None for nothing; ValueError with a line for the person who wrote it."""
    if text in ("", None):
        return None
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"{name} is {text!r}; give a number from 1 up")
    return number
