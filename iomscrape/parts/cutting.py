"""Cutting menus, styles and programs out of the source of a page, before it is parsed.

On real pages they are nine tenths of the source (a menu of all countries, styles printed inline), and none
of them is ever read. A tree of the rest costs a sixth of the whole one.
"""

from __future__ import annotations

import re
from functools import cache

_OPENING = re.compile(
    rb"<(?=[!snu])(?:(!--)|(script|style)\b|(nav|svg)\b"
    # <ul class="menu superfish">   <ul class="tb-megamenu-nav nav level-0">   <ul id="main-menu">
    rb"|(ul)(?=\s[^<>]{0,120}?\b(?:class|id)=\"[^\"<>]{0,100}?(?<![A-Za-z0-9])(?:menu|nav|navbar|megamenu)(?![A-Za-z0-9])))"
)
_FOREIGN = {
    # What no menu holds: a stretch with one of these is left to the parser.
    b"nav": (rb"main", rb"article", rb"h1"),
    b"svg": (rb"main", rb"article", rb"h1"),
    # The same for a list, of which only the name says that it is a menu.
    b"ul": (rb"p", rb"table", rb"blockquote", rb"main", rb"article", rb"h[1-6]"),
}
_PROGRAM_END = re.compile(rb"</(script|style)(?=[\s/>])[^<>]{0,20}>")

HUGE_TAG = 60_000
"""Bytes of a tag above which its attributes are left out; an image given as data stays below it mostly."""

LONG_TAG, MANY_ATTRIBUTES = 2_000, 200
"""The same for a tag of more bytes than the first that has more attributes than the second."""

LARGE = 300_000
"""Bytes of a page below which no tag can do harm."""

_TAG_START = re.compile(rb"<[A-Za-z][A-Za-z0-9:-]{0,30}")
_TAG = re.compile(rb"<[A-Za-z][^<>]*")
_ATTRIBUTE = re.compile(rb"[\s\"'/][^\s\"'<>/=]+(?:\s{0,9}=\s{0,9}(?:\"[^\"]*\"|'[^']*'))?")


def without_menus(source: bytes) -> bytes:
    """The source (UTF-8) without its menus (``<nav>``, ``<ul class="menu">``), drawings, styles and programs.

    Data for machines (JSON-LD) stays. A stretch that is not closed, or holds an address or the start of an
    article, stays as well: then the parser decides.
    """
    parts: list[bytes] = []
    kept = at = 0
    while opening := _OPENING.search(source, at):
        comment, program, element, listing = opening.groups()
        if comment:
            end = source.find(b"-->", opening.end())
            at = end + 3 if end >= 0 else len(source)
            continue
        start = opening.start()
        if program:
            at = _program_end(source, start, program)
            may_go = program == b"style" or not _is_kept(source, start, at)
        else:
            at, may_go = _menu_end(source, start, element or listing)
        if at < 0:
            break
        if may_go:
            parts.append(source[kept:start])
            kept = at
    return b"".join((*parts, source[kept:])) if parts else source


def _program_end(source: bytes, start: int, tag: bytes) -> int:
    """Where a script or style ends; -1 if it does not."""
    closing = b"</" + tag
    # Most programs hold no other "<" than that of their end, and one byte is looked up much faster than several.
    place = source.find(b"<", start + 1)
    if not source.startswith(closing, place):
        place = source.find(closing, start)
    while place >= 0:
        if end := _PROGRAM_END.match(source, place):
            return end.end()
        place = source.find(closing, place + 1)
    return -1


def _is_kept(source: bytes, start: int, end: int) -> bool:
    """Whether a script is data, or of a kind whose end parsers see elsewhere (a script in a comment in a script)."""
    tag_end = source.find(b">", start, end)
    return source.find(b"ld+json", start, tag_end) >= 0 or (
        source.find(b"<!--", tag_end, end) >= 0 and source.find(b"<script", tag_end, end) >= 0
    )


@cache
def _bounds(tag: bytes) -> re.Pattern[bytes]:
    # Without groups, so that the first letter of each alternative rules it out: most tags are none of them.
    foreign = b"|".join(name + rb"\b" for name in _FOREIGN[tag])
    return re.compile(rb"<(?:/" + tag + rb"\b[^<>]{0,1000}>|" + tag + rb"\b[^<>]{0,1000}>|" + foreign + rb")")


def _menu_end(source: bytes, start: int, tag: bytes) -> tuple[int, bool]:
    """Where the element ends that opens at ``start``, others of its kind inside it, and whether it is but a menu.

    The end is -1 where it is not closed.
    """
    depth, holds_article = 0, False
    for bound in _bounds(tag).finditer(source, start):
        name = bound.start() + 1
        if source.startswith(tag, name):
            depth += 1
        elif source.startswith(b"/", name):
            depth -= 1
            if depth == 0:
                return bound.end(), not holds_article and source.find(b"@", start, bound.end()) < 0
        else:
            holds_article = True
    return -1, False


def without_huge_tags(source: bytes) -> bytes:
    """The source without the attributes of tags that are longer than HUGE_TAG, or have hundreds of them.

    libxml2's time grows with the square of the attributes of one tag: 200,000 of them take minutes.
    """
    if len(source) < LARGE:
        return source
    parts, at = [], 0
    end = -1
    while end < len(source):
        following = source.find(b">", end + 1)
        following = len(source) if following < 0 else following
        tag = _TAG_START.search(source, end + 1, following) if following - end > LONG_TAG else None
        if tag and _is_huge(source[tag.start() : following]):
            parts.append(source[at : tag.end()])
            at = following
        end = following
    return b"".join((*parts, source[at:])) if parts else source


def _is_huge(tag: bytes) -> bool:
    return len(tag) > HUGE_TAG or (
        len(tag) > LONG_TAG and _attributes(tag, MANY_ATTRIBUTES) > MANY_ATTRIBUTES
    )


def _attributes(tag: bytes, most: int) -> int:
    """How many attributes a tag has, counted to a little more than ``most``."""
    return sum(1 for _ in zip(range(most + 1), _ATTRIBUTE.finditer(tag), strict=False))


def is_too_dense(source: bytes, most: int) -> bool:
    """Whether a source has more tags and attributes than ``most``: each takes room in the tree, and time."""
    left = most - source.count(b"<")
    if left < 0 or len(source) < 2 * left:
        return left < 0  # an attribute takes two bytes at least
    for tag in _TAG.finditer(source):
        left -= _attributes(tag.group(), left)
        if left < 0:
            return True
    return False
