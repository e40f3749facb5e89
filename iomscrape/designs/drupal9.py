"""The site since 2021: Drupal 9, 10 and 11, headquarters and country offices.

History
    2021: headquarters and offices moved here from Drupal 7; theme ``iom2021``, later ``iom``, ``free_blank``.
    2022: many sites on one platform, files under ``/sites/g/files/tmzbdlNNN/``.
Notes
    Every full page carries ``data-history-node-id``: the node's number, one for all aliases and languages.
    The mega menu's blocks carry ``field--name-body`` too, so that name alone never decides.
    News stand in ``div.narrow-content``; blogs in ``field--name-field-contents``, several items that can
    cut a paragraph in two; stories have only the numbered node for certain.
    Items from before 2013 were moved over with line breaks inside paragraphs and inside link tags.
"""

from __future__ import annotations

from datetime import date

from iomscrape.designs import layout, unknown
from iomscrape.designs.design import Design, sign
from iomscrape.page import Page
from iomscrape.records import Article

SIGNS = (
    # <meta name="Generator" content="Drupal 9 (https://www.drupal.org)" />
    sign(0.5, 'content="Drupal 9', 'content="Drupal 1', 'content="Drupal 8'),
    # class="field field--name-body field--type-text-with-summary"
    sign(0.3, "field--name-", "field--type-"),
    # <article data-history-node-id="158943" class="node node--type-press-release node--view-mode-full">
    sign(0.4, "node--type-"),
    sign(0.4, "data-history-node-id="),
    sign(0.2, "tb-megamenu"),
    sign(0.2, "drupalSettings", "drupal-settings-json", "data-drupal-"),
    # themes/custom/iom2021/…, themes/custom/free_blank/…; Drupal 7's are under sites/all/themes
    sign(0.4, "/themes/custom/free_blank", '"/themes/custom/iom'),
    # /sites/g/files/tmzbdl486/files/…
    sign(0.3, "/sites/g/files/tmzbdl"),
)

LAYOUT = layout.Layout(
    container=(
        "article.node--view-mode-full",
        "[data-history-node-id].node--view-mode-full",
        "main [data-history-node-id]:not(.node--view-mode-teaser)",
        "article[role=article]:not(.node--view-mode-teaser)",
        "main",
        "[role=main]",
        "article",
    ),
    body=(
        ".narrow-content .field--type-text-with-summary",
        ".field--name-field-contents",
        ".field--type-text-with-summary, .field--type-text-long",
        ".text-formatted, .field--name-body",
    ),
    title=("h1", ".page-title"),
    subtitle=(".field--name-field-subtitle", ".field--name-field-sub-title", ".subtitle"),
    date=(".field--name-field-date time", ".node__meta time", "time[datetime]", ".date", ".node__meta .date"),
    kind=(".category", ".node__meta .tag", ".field--name-field-news-type", ".field--name-field-type"),
    place=(".field--name-field-location",),
    themes=(".field--name-field-tags .field__item", ".field--name-field-tags a", ".field--name-field-themes a", ".tags a"),
    goals=(".field--name-dynamic-block-fieldnode-sdg-sorted img",),
    images=("figure", ".field--name-field-image", ".media--type-image"),
    not_body=r"\b(?:field--name-(?:title|field-(?:date|subtitle|sub-title|location|image|tags))|page-title|category|subtitle)\b",
)  # fmt: skip


def read(page: Page) -> list[Article]:
    """The one article of the page."""
    article = layout.read(page, LAYOUT, design=DESIGN.name, likeness=page.likeness[DESIGN.name])
    return [article] if article else unknown.DESIGN.read(page)


DESIGN: Design = Design(
    name="drupal9",
    since=date(2021, 1, 1),
    until=None,
    signs=SIGNS,
    generators=("Drupal 8", "Drupal 9", "Drupal 1"),
    read=read,
)
