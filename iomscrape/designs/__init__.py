"""The designs the sites have had, in order of age; one file each.

A design is recognised by the page itself, never by its address: one address can hold another design
in an old capture. To add one, write its file, list it here, and put golden pages of it into
``tests/pages/NAME/``; the tests fail for a design without any.
"""

from __future__ import annotations

from functools import lru_cache

from iomscrape.designs import aggregator, cms, drupal7, drupal9, jahia, textdump, unknown
from iomscrape.designs.design import Design
from iomscrape.page import Page

DESIGNS: tuple[Design, ...] = (
    jahia.DESIGN,
    cms.DESIGN,
    drupal7.DESIGN,
    aggregator.DESIGN,
    drupal9.DESIGN,
    textdump.DESIGN,
    unknown.DESIGN,
)
"""Every design. The last one, ``unknown``, takes what no other recognises."""

THRESHOLD = 0.5
"""How sure a design must be before it may read a page (0 to 1)."""

HEAD = 20_000
"""Bytes at the start of a page among which its Generator stands."""

SURE = 0.8
"""How sure one must be for the page not to be looked at again in lower case."""


def recognise(page: Page) -> Design:
    """The design of this page: the surest one, or ``unknown``."""
    if not page.is_html:
        return textdump.DESIGN
    # Nearly every page shows its design outside its menus and styles, and writes its markup as the design
    # does: only the others are looked through whole, and then in lower case.
    best = _likeliest(page, page.cut_source, lower=False)
    if page.likeness.get(best.name, 0.0) < 1.0 and len(page.cut_source) < len(page.source):
        best = _likeliest(page, page.source, lower=False)
    if page.likeness.get(best.name, 0.0) < SURE:
        best = _likeliest(page, page.source.lower(), lower=True)
    return best


def _likeliest(page: Page, source: bytes, *, lower: bool) -> Design:
    best, likeness = unknown.DESIGN, THRESHOLD
    for design in _candidates(source):
        likely = page.likeness[design.name] = design.likeness(source, lower=lower)
        if likely > likeness or (likely == likeness and best is unknown.DESIGN):
            best, likeness = design, likely
        if likeness >= 1.0:
            break
    return best


def _candidates(source: bytes) -> tuple[Design, ...]:
    """The designs that claim the page's Generator, or else all; the latest first, for most pages are of it."""
    tag = source.find(b'name="Generator" content="', 0, HEAD)
    return _claiming(source[tag + 26 : tag + 60]) if tag >= 0 else DESIGNS[::-1]


@lru_cache(maxsize=256)
def _claiming(generator: bytes) -> tuple[Design, ...]:
    said = generator.decode("ascii", "replace")
    claiming = tuple(
        design for design in reversed(DESIGNS) if said and said.startswith(design.generators or ("\0",))
    )
    return claiming or DESIGNS[::-1]
