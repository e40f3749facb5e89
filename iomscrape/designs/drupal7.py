"""The site from 2014 to 2021: Drupal 7, headquarters and country offices (theme ``iom2015``).

History
    2014: headquarters moved here from the earlier CMS; offices followed until about 2016.
    2021: replaced by Drupal 9 (``drupal9``).
Notes
    Fields carry class names with one hyphen (``field-name-body``), Drupal 9's with two.
    Date, themes and country stand inside the node's content, above the body, each with a label.
    Dates in figures are American, two or four digits of the year: ``11/17/15``.
    A caption is a ``blockquote.image-field-caption``, not a quotation.
"""

from __future__ import annotations

from datetime import date

from iomscrape.designs import layout, unknown
from iomscrape.designs.design import Design, sign
from iomscrape.page import Page
from iomscrape.records import Article

SIGNS = (
    # <meta name="Generator" content="Drupal 7 (http://drupal.org)" />
    sign(0.5, 'content="Drupal 7'),
    # class="field field-name-body field-type-text-with-summary field-label-hidden"
    sign(0.4, "field-name-", "field-type-"),
    # <body class="html not-front not-logged-in two-sidebars page-node node-type-press-release i18n-en">
    sign(0.3, " node-type-", 'class="node node-'),
    # sites/all/themes/custom/iom2015/…, sites/all/modules/…
    sign(0.4, "sites/all/themes/", "sites/all/modules/"),
    sign(0.2, "page-node", "not-front", "block-system-main"),
)

LAYOUT = layout.Layout(
    container=(
        "#block-system-main .node",
        ".node-full, .node.node-press-release, .node.node-news",
        "#block-system-main",
        "[id^=node-]",
        "#content",
        "main",
        "#main",
    ),
    body=(
        ".field-name-body",
        ".field-type-text-with-summary",
        "[property='content:encoded']",
        ".content > .field-type-text-long",
    ),
    title=("h1",),
    subtitle=(".field-name-field-subtitle", ".field-name-field-sub-title"),
    date=(
        ".field-name-field-posted .date-display-single",
        ".field-name-field-posted .field-item",
        ".field-name-field-date .field-item",
        ".date-display-single",
        "time[datetime]",
        ".submitted",
    ),
    kind=(".field-name-field-press-release-type .field-item", ".field-name-field-type .field-item"),
    place=(".field-name-field-location .field-item",),
    country=(
        ".field-name-field-region-country .field-item",
        ".field-name-field-country .field-item",
    ),
    themes=(".field-name-field-themes .field-item", ".field-name-field-tags .field-item"),
    images=(".field-name-field-image .field-item", "figure"),
    not_body=(
        r"\b(?:field-name-(?:title|field-(?!body|text|content|contact)[a-z-]+)|image-field-caption|links|submitted)\b"
    ),
)


def read(page: Page) -> list[Article]:
    """The one article of the page."""
    article = layout.read(page, LAYOUT, design=DESIGN.name, likeness=page.likeness[DESIGN.name])
    return [article] if article else unknown.DESIGN.read(page)


DESIGN: Design = Design(
    name="drupal7",
    since=date(2014, 1, 1),
    until=date(2021, 6, 30),
    signs=SIGNS,
    generators=("Drupal 7",),
    read=read,
)
