"""The designs the sites have had, in order of age; one file each.

A design is recognised by the page itself, never by its address: one address can hold another design
in an old capture. To add one, write its file, list it here, and put golden pages of it into
``tests/pages/NAME/``; the tests fail for a design without any.
"""

from __future__ import annotations

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


def recognise(page: Page) -> Design:
    """The design of this page: the surest one, or ``unknown``."""
    if not page.is_html:
        return textdump.DESIGN
    best, likeness, source = unknown.DESIGN, THRESHOLD, page.lower()
    for design in reversed(DESIGNS):  # most pages are of the latest designs
        likely = page.likeness[design.name] = design.likeness(source)
        if likely > likeness or (likely == likeness and best is unknown.DESIGN):
            best, likeness = design, likely
        if likeness >= 1.0:
            break
    return best
