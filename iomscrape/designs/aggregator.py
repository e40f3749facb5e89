"""Lists that print many whole articles on one page: country offices of 2014 to 2020.

History
    2014: offices on Drupal 7 reprint headquarters' items, by Drupal's aggregator
    (``germany.iom.int/de/aggregator/sources/3?page=1``) or by lists of their own
    (``italy.iom.int/it/archivio-news-iom?page=5``).
    2021: gone with Drupal 7.
Notes
    Per item a linked title, source and date (``Fri, 08/03/2018 - 09:20``: American order even beside an
    Italian day name), ``Language English``, the whole text, and the item's fields run together:
    ``Posted: … 17:11Image: Region-Country: SwitzerlandThemes: Humanitarian EmergenciesDefault: …``.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import islice, pairwise

from lxml.etree import _Element as Element

from iomscrape.designs import layout, unknown
from iomscrape.designs.assemble import Parts, assemble
from iomscrape.designs.design import Design, sign
from iomscrape.designs.scope import css, first, text_of
from iomscrape.page import Page
from iomscrape.parts import body, countries, dates, kinds, language
from iomscrape.records import Article, Role

SIGNS = (
    # <body class="html page-aggregator">, <div id="aggregator">
    sign(0.5, "page-aggregator", 'id="aggregator"', "/aggregator/sources/", "/aggregator/categories/"),
    # <div class="feed-item"><h3 class="feed-item-title">
    sign(0.5, "feed-item-title", "feed-item-body"),
    # <div>Region-Country: Ethiopia</div><div>Themes: …</div>
    sign(0.4, "Region-Country: "),
    # <div class="views-field views-field-body">: a list that prints bodies whole
    sign(0.4, "views-field-body"),
)

ITEMS = (".feed-item", ".view-content .views-row", ".item-list > ul > li", "article.node, div.node")
DEEP = 5
"""So many items in each other are none of anybody's making."""

TITLES = (".feed-item-title a", ".feed-item-title", ".views-field-title a", "h2 a, h3 a", "h2, h3, h4")
BODIES = (".feed-item-body", ".views-field-body", ".field-name-body", ".content")
DATES = (
    ".feed-item-date",
    ".feed-item-meta",
    ".date-display-single",
    ".views-field-created",
    ".submitted",
    "time",
)

# The item's own fields, printed as labels after (and before) its text, often run together.
LABELS = (
    "Language|Posted|Image|Region-Country|Region|Country|Themes|Default|Multimedia|Press Release Type|"
    "Categories|Categorie|Source"
)
_LABEL = re.compile(rf"({LABELS}):\s?")
_LANGUAGE = re.compile(r"^Language ([A-Z]\w{3,12})\b")
_LABELLED = re.compile(rf"^(?:Language [A-Z]\w{{3,12}} ?)?(?:{LABELS}):|^Language [A-Z]\w{{3,12}}$")
# PBN News Germany - 17 hours 23 min ago: a relative time says nothing for an archive
_DATE_TAIL = re.compile(r"^.*?\s-\s(?=\w{2,12}\.?,? ?\d)")


def read(page: Page) -> list[Article]:
    """Every whole article of the list, in the order of the page."""
    for selector in ITEMS:
        found = list(css(selector)(page.tree))
        _part(found)
        items = [element for element in found if len(text_of(element)) > 200]
        articles = [article for number, item in enumerate(items) if (article := _item(page, item, number))]
        if articles:
            return articles
    return unknown.DESIGN.read(page)


def _part(items: list[Element]) -> None:
    """Put items side by side that lie in each other since the ends of their elements are missing.

    An article may hold another one, but not many deep; read so, each would be searched with all behind it.
    """
    among = set(items)
    if all(
        sum(1 for _ in islice(filter(among.__contains__, item.iterancestors()), DEEP)) < DEEP
        for item in items
    ):
        return
    for before, item in pairwise(items):
        if not among.isdisjoint(item.iterancestors()):  # the one before, or one further up
            before.addnext(item)


def _item(page: Page, item: Element, number: int) -> Article | None:
    heading = first(item, TITLES)
    title = text_of(heading) if heading is not None else None
    root = first(item, BODIES)
    pieces, fields = _fields(
        body.read([root if root is not None else item], with_elements=page.notes is not None)
    )
    if not title or sum(len(piece.text) for piece in pieces) < layout.ENOUGH:
        return None
    link = heading if heading is not None and heading.tag == "a" else None
    address = page.absolute(link.get("href")) if link is not None else None
    printed = text_of(found) if (found := first(item, DATES)) is not None else ""
    published = dates.parse(_DATE_TAIL.sub("", printed))
    if published is None and "Posted" in fields:
        printed = fields["Posted"]
        published = dates.parse(printed)
    region, country = _region_and_country(fields.get("Region-Country") or fields.get("Country") or "")
    parts = Parts(
        pieces=pieces,
        found_by=f"item {number + 1} of the list",
        title=title,
        address=address or f"{page.url or ''}#item-{number + 1}",
        alone=False,
        published=(published, printed or None),
        kind=kinds.of_label(fields.get("Press Release Type")) or kinds.of_label(fields.get("Categories")),
        lang=language.code(fields.get("Language", "")),
        region=region,
        country=country,
        themes=tuple(theme.strip() for theme in fields.get("Themes", "").split(",") if theme.strip()),
    )
    return assemble(page, parts, design=DESIGN.name, confidence=0.9 if address else 0.7)


def _fields(pieces: list[body.Piece]) -> tuple[list[body.Piece], dict[str, str]]:
    """The text of an item, and the labelled fields that stand before and after it."""
    fields: dict[str, str] = {}
    kept: list[body.Piece] = []
    in_fields = False
    for piece in pieces:
        text = body.visible(piece.text)
        if _LABELLED.match(text):
            names = _LABEL.split(text)
            fields.update(
                {name: value.strip() for name, value in zip(names[1::2], names[2::2], strict=False)}
            )
            if named := _LANGUAGE.match(text):
                fields["Language"] = named[1]
            in_fields = bool(kept)
        elif in_fields and (piece.role is Role.PARAGRAPH or piece.role is Role.LIST_ITEM):
            # Captions and links of the Multimedia field: no text of the article comes after its fields.
            fields.setdefault("Caption", text)
        else:
            kept.append(piece)
    return kept, fields


def _region_and_country(printed: str) -> tuple[str | None, str | None]:
    """Region and country code of ``America Guyana`` or ``AmericaGuyana``: the two are glued together."""
    if code := countries.code(printed):
        return None, code
    for match in re.finditer(r"(?<=[a-z])(?=[A-Z])|(?<=\s)(?=[A-Z])", printed):
        if code := countries.code(printed[match.start() :].strip()):
            return printed[: match.start()].strip() or None, code
    return printed.strip() or None, None


DESIGN: Design = Design(
    name="aggregator",
    since=date(2014, 1, 1),
    until=date(2021, 6, 30),
    signs=SIGNS,
    generators=("Drupal 7",),
    read=read,
)
