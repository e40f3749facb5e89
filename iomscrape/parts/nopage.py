"""What is no page at all: files of other kinds, refusals, challenges, bare lists of links.

A crawl or an old WARC brings all of these home under addresses of articles; none of them may become one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from iomscrape.records import Role, UnreadablePage

# <?xml …?><rss>, <urlset>, <sitemapindex>, <feed>: lists for machines.
_XML_LIST = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|urlset|sitemapindex|feed|rdf:RDF)\b",
    re.S,
)
_JSON = re.compile(rb"^\s*[\[{]\s*[\"{\[\]}]")
_ROBOTS = re.compile(rb"^\s*(?:#[^\n]{0,200}\n\s*)*(?:User-agent|Sitemap)\s*:", re.I)

_CONTROL = bytes([*range(0x09), *range(0x0E, 0x20)])

# Titles and first headings of refusals, whole, as servers and delivery networks print them.
_REFUSED = re.compile(
    r"^\W*(?:just a moment|attention required.{0,40}|access denied.{0,40}|(?:error )?403(?: forbidden)?|forbidden|"
    r"(?:error )?429.{0,20}|too many requests|request (?:blocked|rejected)|you have been blocked|checking your browser.{0,60}|"
    r"(?:error )?404.{0,20}|page not found|not found|página no encontrada|page non trouvée|service unavailable|"
    r"(?:error )?50[0-4].{0,30}|bad gateway|internal server error|site (?:off-line|under maintenance))"
    r"(?:\W{1,3}(?:international organization for migration|iom|cloudflare))?\W*$",
    re.I,
)


def check_source(source: bytes) -> None:
    """Raise UnreadablePage for bytes (UTF-8) that are no page and no text: binaries, feeds, JSON, robots.txt."""
    start = source[:4096]
    # Bytes of no text: what no charset made letters of.
    odd = start.count(b"\xef\xbf\xbd") + len(start) - len(start.translate(None, _CONTROL))
    if odd > 8 and odd > len(start) / 50:
        raise UnreadablePage("not-a-page", "the file is binary, not a page")
    if start[:9].lower() == b"<!doctype":
        return
    if _XML_LIST.match(start):
        raise UnreadablePage("not-a-page", "the file is a feed or a sitemap, not a page")
    if _JSON.match(start):
        raise UnreadablePage("not-a-page", "the file is JSON, not a page")
    if _ROBOTS.match(start):
        raise UnreadablePage("not-a-page", "the file is a robots.txt, not a page")


def check_title(title: str | None) -> None:
    """Raise UnreadablePage if the title of a page is that of a refusal, a challenge or an error."""
    if title and len(title) < 120 and _REFUSED.match(" ".join(title.split())):
        raise UnreadablePage("no-article", f"the page is a refusal or an error: {title.strip()[:80]}")


def check_prose(text: str) -> None:
    """Raise UnreadablePage if a text without markup is no prose: a program, a table of numbers."""
    sample = text[:4000]
    signs = sum(sample.count(sign) for sign in "{}();=<>[]|\\")
    letters = sum(char.isalpha() or char.isspace() for char in sample)
    if signs > len(sample) / 25 or letters < 0.6 * len(sample):
        raise UnreadablePage("no-article", "the text holds no prose")


class _Piece(Protocol):
    role: Role
    linked: int

    @property
    def text(self) -> str: ...


CARDS = 4
"""Linked headings that make a list, where less prose than that stands beside them."""


def is_list(pieces: Sequence[_Piece]) -> bool:
    """Whether pieces are the cards of a list or a front page rather than an article."""
    cards = prose = 0
    for piece in pieces:
        length = len(piece.text)
        if piece.role is Role.HEADING and piece.linked > 0.8 * length:
            cards += 1
        elif length >= 100 and not piece.text.rstrip().endswith(("…", "...")):
            prose += 1
    return cards >= CARDS and prose < cards
