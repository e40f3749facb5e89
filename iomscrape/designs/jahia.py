"""The site of the 2000s: Jahia, laid out in tables, upper-case HTML, Windows-1252.

History
    2001: the earliest press briefing notes that are known.
    2012: replaced by another CMS (``cms``).
Notes
    Addresses ``/jahia/Jahia/…/cache/offonce?entryId=…``; none of its pages could be seen, the markup is
    what Jahia sites of that time have [likely].
    One table row each for path, title, date, country and text; the text mixes ``<p>``, ``<br><br>`` and bare
    runs. Dates are European with a weekday that is often wrong: ``Posted on Tuesday, 04-02-2005``.
"""

from __future__ import annotations

from datetime import date

from iomscrape.designs import layout, unknown
from iomscrape.designs.design import Design, sign
from iomscrape.page import Page
from iomscrape.records import Article

SIGNS = (
    # <A HREF="/jahia/Jahia/sitemap">
    sign(0.6, "/jahia/"),
    # <TABLE WIDTH="760" BORDER=0 CELLPADDING=0 CELLSPACING=0>
    sign(0.2, '<table width="7', "<table width=7"),
    sign(0.2, "entryid="),
    sign(0.2, "class=maincontent", 'class="maincontent"', 'class="lnk"', "class=lnk"),
)

LAYOUT = layout.Layout(
    container=("td.maincontent", "td.content", "#maincontent", "body"),
    body=("td.text", "td.bodytext, td.content", ".text"),
    title=("td.title", "td.headline", "h1", ".title"),
    date=("td.small", "td.date", ".date"),
    date_order="DMY",
    path=("td.path", "td.breadcrumb", "td.maincontent font"),
    country=("td.small", "td.country"),
    not_body=r"\b(?:title|small|menu|footer|right|lnk|path)\b",
)


def read(page: Page) -> list[Article]:
    """The one article of the page."""
    article = layout.read(page, LAYOUT, design=DESIGN.name, likeness=page.likeness[DESIGN.name])
    return [article] if article else unknown.DESIGN.read(page)


DESIGN: Design = Design(name="jahia", since=date(2001, 1, 1), until=date(2012, 6, 30), signs=SIGNS, read=read)
