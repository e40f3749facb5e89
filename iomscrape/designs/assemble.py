"""Putting an article together from the parts that a design has found.

What is the same for every design happens here: the contact block is taken out of the body, the page's
own statements fill what the design left open, language and country are decided, links collected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element as Element

from iomscrape.designs import masthead
from iomscrape.page import Note, Page
from iomscrape.parts import (
    body,
    contact_block,
    contacts,
    countries,
    dateline,
    dates,
    kinds,
    language,
    mailto,
    nopage,
)
from iomscrape.parts.boilerplate import without_edges
from iomscrape.records import Article, Block, Contact, Image, Link, Repair, Role
from iomscrape.version import READER_VERSION

_SITE_NAME = re.compile(
    r"\s*[|–—-]\s*(?:IOM|OIM|МОМ|International Organi[sz]ation for Migration|Organización Internacional para las Migraciones"
    r"|Organisation internationale pour les migrations|المنظمة الدولية للهجرة)\b[^|]{0,40}$"
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip)(?:[?#].*)?$", re.I)


@dataclass(slots=True, kw_only=True)
class Parts:
    """What a design has found of one article; what it has not found stays empty."""

    pieces: list[body.Piece]
    title: str | None = None
    address: str | None = None
    """Where the article itself stands, for pages that only reprint it."""
    alone: bool = True
    """Whether the page is this article's own, so that what the page says of itself is true of it."""
    subtitle: str | None = None
    published: tuple[date | datetime | None, str | None] = (None, None)
    printed: tuple[date | datetime | None, str | None] = (None, None)
    """A date found by its looks alone: believed only where the page says none of itself."""
    date_order: str = "MDY"
    """How a date in figures is written that stands in the body."""
    place: str | None = None
    kind: str | None = None
    lang: str | None = None
    """What is printed beside the article; the page's own declaration otherwise."""
    region: str | None = None
    country: str | None = None
    themes: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    documents: Iterable[Element] = ()
    node_id: str | None = None
    found_by: str = ""
    """Which rule found the pieces."""
    warnings: list[str] = field(default_factory=list)


def assemble(page: Page, parts: Parts, *, design: str, confidence: float) -> Article:
    """The article record of these parts, whose pieces are used up."""
    warnings = parts.warnings
    html = page.is_html and parts.alone
    address = parts.address or (_address(page) if html else page.url or "")
    if parts.published[0] is None:
        above, parts.published = masthead.take(parts.pieces, order=parts.date_order, title=parts.title)
        parts.title = parts.title or above
    title = parts.title or (_own_title(page) if html else None)
    nopage.check_title(title)
    split = contact_block.split(without_edges(_without_title(parts.pieces, title, parts.subtitle)))
    _note(page, parts, split, title)
    blocks = body.blocks(split.body)
    links, documents = _links(page, split.body, parts.documents)
    # What comes now can be nearly as large as the pieces: they make room for it.
    for pieces in (parts.pieces, split.body, split.taken):
        pieces.clear()
    if not title:
        title = _title_from_address(address)
        warnings.append("title-missing")
    published, printed = parts.published
    if published is None and html:
        published, printed = _own_date(page)
    if published is None:
        published, printed = parts.printed
    if published is None and (said := _day_of_dateline(blocks)):
        published, printed = said
        warnings.append("date-of-dateline")
    if published is None:
        warnings.append("date-missing")
    lang = language.decide(parts.lang or (page.declared_lang if html else None), _opening(title, blocks))
    country = parts.country or next((code for theme in parts.themes if (code := countries.code(theme))), None)
    host = urlsplit(address).hostname or ""
    country = country or countries.of_host(host)
    people = _contacts(split.zones, country or _REGION_OF_LANG.get(lang or ""))
    if not any(person.emails for person in people) and _is_withheld(blocks, split.zones):
        warnings.append("address-withheld")
    return Article(
        url=address,
        title=title,
        subtitle=parts.subtitle,
        lang=lang,
        kind=parts.kind or (kinds.of_path(address) or "news"),
        blocks=blocks,
        published=published,
        published_printed=printed,
        updated=_own_update(page) if html else None,
        dateline=_dateline(blocks, parts.place),
        country=country,
        region=parts.region,
        themes=parts.themes,
        images=parts.images,
        links=links,
        documents=documents,
        contacts=people,
        repairs=tuple(dict.fromkeys((*_markup_repairs(page, people, alone=html), *split.repairs))),
        translations={k: v for k, v in page.translations.items() if k != lang and v != address}
        if html
        else {},
        node_id=parts.node_id,
        design=design,
        reader_version=READER_VERSION,
        confidence=confidence,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _opening(title: str, blocks: tuple[Block, ...]) -> str:
    """As much of the text as tells its language."""
    opening = title
    for block in blocks:
        opening += f"\n{block.text}"
        if len(opening) > language.SAMPLE:
            break
    return opening


def _note(page: Page, parts: Parts, split: contact_block.Split, title: str | None) -> None:
    """Write down how each piece was judged, if somebody wants to know."""
    if page.notes is None:
        return
    page.notes.append(Note(None, title or "", "title", "of the article"))
    page.notes.extend(Note(piece.element, piece.text, "article", parts.found_by) for piece in split.body)
    page.notes.extend(Note(piece.element, piece.text, "contact", rule) for piece, rule in split.taken)


# Where a national number is read when neither tags nor host name a country: languages of one country each.
_REGION_OF_LANG = {"it": "IT", "de": "DE", "uk": "UA"}


def _contacts(zones: list[list[str]], region: str | None) -> tuple[Contact, ...]:
    found: list[Contact] = []
    for zone in zones:
        found.extend(contacts.read(zone, region=region, position=len(found)))
    return tuple(found)


def _is_withheld(blocks: tuple[Block, ...], zones: list[list[str]]) -> bool:
    """Whether the page says that it hides an address from robots; then it is not on the page at all."""
    lines = [*(block.text for block in blocks[-4:]), *(line for zone in zones for line in zone)]
    return any(mailto.is_protected(line) for line in lines)


def _markup_repairs(page: Page, people: tuple[Contact, ...], *, alone: bool) -> list[Repair]:
    """The repairs made before parsing; on a page of several articles, those of this one's addresses."""
    mine = {email for contact in people for email in contact.emails}
    return [
        repair for repair in page.repairs if alone or any(email in repair.after.lower() for email in mine)
    ]


def _address(page: Page) -> str:
    """The page's canonical address if it names one on its own host, else where it was read from."""
    canonical = page.canonical
    if page.url is None or page.url == canonical:
        return canonical or ""
    if canonical and _host(canonical) == _host(page.url) and len(urlsplit(canonical).path) > 1:
        return canonical
    return page.url


def _host(url: str) -> str:
    try:
        return (urlsplit(url).netloc or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def _without_title(pieces: list[body.Piece], title: str | None, subtitle: str | None) -> list[body.Piece]:
    """The pieces without one of the first that only repeats title or subtitle."""
    repeated = {" ".join(text.split()).casefold() for text in (title, subtitle) if text}
    longest = max(map(len, repeated), default=0)  # folding a letter makes no text shorter
    first = [
        piece for piece in pieces[:3] if len(piece.text) > longest or piece.text.casefold() not in repeated
    ]
    return first + pieces[3:]


def _own_title(page: Page) -> str | None:
    """The title by what the page says of itself: OpenGraph, JSON-LD, ``<title>`` less the site's name."""
    for said in (page.meta.get("og:title"), page.news_item.get("headline"), page.meta.get("dcterms.title")):
        if isinstance(said, str) and said.strip():
            return _SITE_NAME.sub("", " ".join(said.split()))
    return _SITE_NAME.sub("", page.title) or None


def _title_from_address(address: str) -> str:
    """Words of the slug, for pages that print no title at all (dumps of some stories)."""
    slug = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2]
    words = re.sub(r"[-_]+", " ", re.sub(r"\.\w{2,5}$", "", slug)).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _own_date(page: Page) -> tuple[date | datetime | None, str | None]:
    said: list[Any] = [
        page.news_item.get("datePublished"),
        *(
            page.meta.get(name)
            for name in ("article:published_time", "dcterms.date", "dc.date", "date", "pubdate")
        ),
    ]
    for value in said:
        if isinstance(value, str) and (found := dates.from_iso(value) or dates.parse(value)):
            return found, value
    return None, None


def _own_update(page: Page) -> date | datetime | None:
    for value in (page.news_item.get("dateModified"), page.meta.get("article:modified_time")):
        if isinstance(value, str) and (found := dates.from_iso(value)):
            return found
    return None


def _dateline(blocks: tuple[Block, ...], place: str | None) -> str | None:
    opening = [block.text for block in blocks[:3] if block.role is not Role.HEADING]
    return next((found for text in opening[:2] if (found := dateline.find(text))), place)


def _day_of_dateline(blocks: tuple[Block, ...]) -> tuple[date, str] | None:
    """The day in the dateline, in the last resort: it is that of the news, and mostly of its publication."""
    return next((found for block in blocks[:2] if (found := dateline.day(block.text))), None)


def is_document(href: str | None) -> bool:
    """Whether a link leads to a file of a document (PDF, Word …)."""
    return bool(href) and _DOCUMENT.search(href or "") is not None


def _links(
    page: Page, pieces: Iterable[body.Piece], offered: Iterable[Element]
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Links of the body, and the documents among them and offered beside them."""
    links: dict[str, Link] = {}
    documents: dict[str, Link] = {}
    beside = [(a.get("href") or "", " ".join("".join(a.itertext()).split())) for a in offered]
    for href, text in [*(link for piece in pieces for link in piece.links), *beside]:
        url = page.absolute(href)
        if url is None or href.startswith("#"):
            continue
        (documents if _DOCUMENT.search(url) else links).setdefault(url, Link(url=url, text=text))
    return tuple(links.values()), tuple(documents.values())
