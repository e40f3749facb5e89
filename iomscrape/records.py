"""The records that travel through the three rooms: typed, immutable, plain.

A spider brings a :class:`Capture`; reading makes :class:`Article` records of it, each with its
:class:`Contact` and :class:`Repair` records; the archive keeps them. This module knows nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class UnreadablePage(ValueError):
    """The page holds no article. The only error that reading ever raises.

    ``reason`` is a short stable code for the ``problems`` table (``empty``, ``not-a-page``,
    ``no-article`` …), ``detail`` a sentence for a person.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{detail} ({reason})")
        self.reason = reason
        self.detail = detail


class Role(StrEnum):
    """What a block of the body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    TABLE_ROW = "table-row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One fetch of one URL, or one file that holds such a fetch.

    ``body`` is the page as the reader needs it: any Content-Encoding is undone. ``wire`` holds the
    bytes as they were sent where they differ (gzip, brotli …); the WARC record keeps those.
    """

    url: str
    """Absolute address the bytes came from, after redirects."""
    body: bytes
    fetched_at: datetime
    """When, with a time zone (UTC)."""
    source: str
    """From where: ``live``, ``wayback``, ``commoncrawl``, ``warc``, ``html`` (a saved page), ``text`` (a text dump)."""
    status: int | None = 200
    """HTTP status; None where nothing was fetched over HTTP (saved files)."""
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers in order, as sent."""
    wire: bytes | None = None
    redirected_from: tuple[str, ...] = ()
    """The addresses that led here, first asked first."""
    origin: str | None = None
    """The file it was read from and the place in it, for imports: ``pages.warc.gz:1234``."""
    member: bytes | None = field(default=None, compare=False, repr=False)
    """The WARC record it was read from, packed, where an archive can keep that as it is; see ``spiders/verbatim.py``."""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case; None if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading, list item, quote or table row of the body (cells joined by a space)."""

    text: str
    role: Role = Role.PARAGRAPH


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number: what is printed is kept, what is derived stands beside it."""

    printed: str
    """As on the page, without label and extension: ``+670.723.0810``."""
    e164: str | None = None
    """ITU-T E.164, ``+6707230810``; None where country or number cannot be told."""
    kind: str = "phone"
    """``phone``, ``mobile`` or ``fax``, by the label or else by the numbering plan."""
    extension: str | None = None
    valid: bool = False
    """Whether the number fits today's numbering plan; numbers of 2003 often no longer do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or office that may be asked about an article."""

    name: str | None = None
    role: str | None = None
    office: str | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    """Lower case, mended, checked for form (never by network)."""
    other: tuple[str, ...] = ()
    """Handles, web addresses and what else was printed with the person."""
    position: int = 0
    """Order on the page, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One change made to damaged markup, so that a researcher can see what the page really held."""

    kind: str
    """The wound, as named in ``iomscrape.parts.mailto`` (``break-in-tag``, ``quoted-address`` …)."""
    before: str
    after: str
    where: str
    """``contact`` or ``body``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the body, or a document offered with the article."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one page says: one item that IOM told the press."""

    url: str
    """Canonical address, or the address read from where the page names none on its own host."""
    title: str
    lang: str | None
    """Primary language tag (BCP 47), ``en``; None where it cannot be told."""
    kind: str
    """``press-release``, ``briefing-note``, ``statement``, ``feature``, ``local-news`` …"""
    blocks: tuple[Block, ...]
    """The body in order, contact block left out."""
    design: str
    """The design that read it, as in ``iomscrape/designs``."""
    reader_version: str
    confidence: float
    """0 to 1: how sure the design is that this is the article and all of it."""
    subtitle: str | None = None
    published: date | datetime | None = None
    """As the page gives it: a day, or a time with its zone."""
    published_printed: str | None = None
    updated: date | datetime | None = None
    dateline: str | None = None
    """The place or places that open the text, as printed, without the date."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the country it is about."""
    region: str | None = None
    themes: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    documents: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()
    repairs: tuple[Repair, ...] = ()
    translations: Mapping[str, str] = field(default_factory=dict)
    """hreflang: language tag to address, the page's own language left out."""
    node_id: str | None = None
    """Drupal's number of the page, the same under every alias and language."""
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as plain text, paragraphs apart by an empty line."""
        return "\n\n".join(block.text for block in self.blocks)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types under the names of this class.

        ``paragraphs`` is a list of str, ``blocks`` the same with roles; dates are ISO 8601.
        """
        return {
            "url": self.url,
            "title": self.title,
            "subtitle": self.subtitle,
            "published": _iso(self.published),
            "published_printed": self.published_printed,
            "updated": _iso(self.updated),
            "dateline": self.dateline,
            "lang": self.lang,
            "kind": self.kind,
            "country": self.country,
            "region": self.region,
            "themes": list(self.themes),
            "paragraphs": [block.text for block in self.blocks],
            "blocks": [{"text": block.text, "role": block.role.value} for block in self.blocks],
            "contacts": [_contact(contact) for contact in self.contacts],
            "images": [
                {"url": image.url, "caption": image.caption, "credit": image.credit} for image in self.images
            ],
            "links": [{"url": link.url, "text": link.text} for link in self.links],
            "documents": [{"url": link.url, "text": link.text} for link in self.documents],
            "repairs": [
                {"kind": r.kind, "before": r.before, "after": r.after, "where": r.where} for r in self.repairs
            ],
            "translations": dict(self.translations),
            "node_id": self.node_id,
            "design": self.design,
            "reader_version": self.reader_version,
            "confidence": self.confidence,
            "warnings": list(self.warnings),
        }


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "role": contact.role,
        "office": contact.office,
        "phones": [
            {
                "printed": phone.printed,
                "e164": phone.e164,
                "kind": phone.kind,
                "extension": phone.extension,
                "valid": phone.valid,
            }
            for phone in contact.phones
        ],
        "emails": list(contact.emails),
        "other": list(contact.other),
        "position": contact.position,
    }
