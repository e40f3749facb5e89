"""The site from 2012 to 2014: a CMS between Jahia and Drupal.

History
    2012: followed the Jahia site; addresses ``/cms/en/sites/iom/home/news-and-views/…/pbn-listing/….html``.
    2014: replaced by Drupal 7 (``drupal7``).
Notes
    None of its pages could be seen; the markup is what other files of that time and CMS have [likely].
    Dates are European, in figures: ``02/10/2012`` is the second of October.
"""

from __future__ import annotations

from datetime import date

from iomscrape.designs import layout, unknown
from iomscrape.designs.design import Design, sign
from iomscrape.page import Page
from iomscrape.records import Article

SIGNS = (
    # <a href="/cms/en/sites/iom/home/…">, <li><div><a href="/cms/x">
    sign(0.3, 'href="/cms/', 'src="/cms/'),
    sign(0.5, "/sites/iom/home/", "news-and-views/press-briefing-notes"),
    # <div id="bodywrapper"><div id="topheader">
    sign(0.4, 'id="bodywrapper"', 'id="topheader"'),
    # <h2 class="pbn-title">, <div class="pbn-text">
    sign(0.4, 'class="pbn-'),
    sign(0.2, 'class="navmenu level_1"', 'class="column-main"'),
)

LAYOUT = layout.Layout(
    container=(".column-main", "#content .column-main", ".main-column", "#maincontent", "#content"),
    body=(".pbn-text", ".news-text", ".text", ".intro, .body"),
    title=(".pbn-title", "h1", "h2"),
    date=(".pbn-date", ".date", ".newsDate", "time"),
    date_order="DMY",
    path=(".breadcrumbs",),
    not_body=r"\b(?:pbn-title|pbn-date|toolbox|breadcrumbs)\b",
)


def read(page: Page) -> list[Article]:
    """The one article of the page."""
    article = layout.read(page, LAYOUT, design=DESIGN.name, likeness=page.likeness[DESIGN.name])
    return [article] if article else unknown.DESIGN.read(page)


DESIGN: Design = Design(name="cms", since=date(2012, 1, 1), until=date(2014, 6, 30), signs=SIGNS, read=read)
