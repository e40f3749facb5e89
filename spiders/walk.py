"""How far a run has come on each site, how far it may go, and the arguments that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from spiders import links
from spiders.links import Site

# What is asked first: what tells of many pages; then pages; then further pages of lists.
PRIORITY = {"home": 50, "robots": 40, "sitemap": 30, "feed": 20, "page": 10, "listing": 0}

PATIENCE = 3
"""A list is left when so many of its pages in a row bring nothing that this run has not seen."""

MAX_LISTING_PAGES = 2_000
"""Of one list."""

MAX_SITEMAPS = 500
"""Of one site."""

MAX_SITEMAP_DEPTH = 3
"""Indexes within indexes."""


@dataclass(slots=True)
class Walk:
    """How far a run has come on one site."""

    site: Site
    asked: list[str] = field(default_factory=list)
    """The addresses as given: the site, or pages of it."""
    seen: set[str] = field(default_factory=set)
    """Keys of article addresses already asked for."""
    sitemaps: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    full: bool = False
    """Whether the bound on addresses was reached."""


@dataclass(slots=True)
class Chain:
    """One list, followed from its first page."""

    counts: bool
    """Whether ``page=N`` leads on where there is no link to the next page."""
    pages: int = 0
    seen: set[str] = field(default_factory=set)
    stale: int = 0
    """Pages in a row that brought nothing new to the run."""


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


def count_of(text: str | int) -> int | None:
    """A number from 1 up, or None for nothing; ValueError with a line for the person who wrote it."""
    if text in ("", None):
        return None
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"max_pages is {text!r}; give a number from 1 up")
    return number
