"""A page: bytes made into text with the right charset, and text into a tree, once.

Everything that reads asks the :class:`Page`; nothing parses it again. The page also says what it
says of itself: its meta tags, its JSON-LD, its language, its canonical address and translations.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import lxml.etree
from lxml.etree import _Element as Element
from w3lib.encoding import http_content_type_encoding, resolve_encoding

from iomscrape.parts import cutting, mailto, nopage
from iomscrape.parts.characters import CONTROLS, MARKS
from iomscrape.records import Repair, UnreadablePage

MAX_BYTES = 12 * 1024 * 1024
"""Larger pages are refused: no news page comes near it, and reading one takes several times its room."""

MAX_MARKUP = 350_000
"""Tags and attributes of a page, of which a news page has some thousands: each costs about 600 bytes of memory
and 10 µs of time, so that this many stay below 300 MB and five seconds."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""Where a letter takes two bytes, tags are not found by their bytes."""
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_BINARY = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_TAG = re.compile(
    rb"<(?:!doctype|html|head|body|div|p|br|table|td|span|a|h[1-6]|article|main|meta|ul|ol|li|blockquote|form|svg)\b",
    re.I,
)
_ABSOLUTE = re.compile(r"\s*https?://[\w.-]+(?::\d{1,5})?(?=[/?#]|\s*$)", re.I)
"""An address that is whole already; taking it apart and joining it again is slow."""


_PRIMARY_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*\Z)")
_ROOTED = re.compile(
    r"/(?![/.])(?:[\w%~+,=&;:@!$'()*-]|[/.](?!\.|/))*(?:[?#][\w%~+,=&;:@!$'()*/.?#-]*)?\Z", re.A
)
"""A path from the root that needs no tidying."""


class Note(NamedTuple):
    """One decision about a piece of a page."""

    element: Element | None
    text: str
    verdict: str
    """``article``, ``contact``, ``title`` …"""
    rule: str


def _as_utf8(raw: bytes, content_type: str | None) -> tuple[bytes, str, str]:
    """The page as UTF-8 (the very same bytes wherever they are sound), its text, the charset it came in."""
    text, charset = decode(raw, content_type)
    if charset == "utf-8" and "\ufffd" not in text and not raw.startswith(codecs.BOM_UTF8):
        return raw, text, charset
    return text.encode("utf-8", "replace"), text, charset


def decode(raw: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of ``raw`` and the charset it was read with.

    The bytes are believed before the labels: text that decodes strictly as UTF-8 *is* UTF-8, whatever
    the header or the meta tag say; old captures are mislabelled too often. Then the declared charset,
    then what the letters look like, and Windows-1252 in the end, which never fails.
    """
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(name, "replace"), name
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    meta = _META_CHARSET.search(raw, 0, 8192)
    labels = (
        http_content_type_encoding(content_type),
        resolve_encoding(meta.group(1).decode("ascii", "replace")) if meta else None,
    )
    for label in labels:
        if label and label != "utf-8":
            try:
                return raw.decode(label), label
            except (UnicodeDecodeError, LookupError):
                continue
    text = raw.decode("utf-8", "replace")
    # A UTF-8 page cut off or with a stray byte: far more good sequences than broken ones.
    good = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    if good > 8 * text.count("\ufffd"):
        return text, "utf-8"
    # Only here: few pages declare no charset.
    from charset_normalizer import from_bytes

    guess = from_bytes(raw[:65536], cp_isolation=["cp1252", "cp1251", "cp1256", "koi8-r"]).best()
    name = guess.encoding if guess else "cp1252"
    return raw.decode(name, "replace"), name


class Page:
    """One page, parsed once.

    ``to_explain``: keep what ``iomscrape explain`` shows and reading does without: the menus in the tree, and
    notes of how each piece was judged.

    Raises :class:`~iomscrape.records.UnreadablePage` when ``raw`` is empty, too large or no page at all.
    """

    def __init__(
        self,
        raw: bytes | str,
        *,
        url: str | None = None,
        headers: Mapping[str, str] | None = None,
        to_explain: bool = False,
    ) -> None:
        if len(raw) > MAX_BYTES:
            raise UnreadablePage("too-large", f"the page has {len(raw):,} bytes, more than {MAX_BYTES:,}")
        content_type = next((v for k, v in (headers or {}).items() if k.lower() == "content-type"), None)
        if isinstance(raw, bytes) and raw.startswith(_BINARY):
            raise UnreadablePage("not-a-page", "the file is a picture, a document or an archive, not a page")
        self.source = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
        """The page as it came, for looking up strings of ASCII fast."""
        wide = self.source.startswith(_WIDE)
        cut = self.source if to_explain or wide else cutting.without_menus(self.source)
        self._text: str | None
        self._encoded, self._text, self.charset = _as_utf8(cut, content_type)
        if isinstance(raw, str):
            self.charset = "str"
        nopage.check_source(self._encoded)
        if b"\x00" in self._encoded:  # where libxml2 would stop
            self._encoded, self._text = self._encoded.replace(b"\x00", b""), None
        if (
            b"\xee" in self._encoded and b"\xee\x80" in self._encoded
        ):  # one byte is looked up much faster than two
            self._encoded, self._text = MARKS.sub(b"", self._encoded), None
        if not self._encoded.strip():
            raise UnreadablePage("empty", "the page is empty")
        self.is_html = _has_tags(self._encoded)
        """Whether there is markup at all; a text dump has none."""
        self.url = url
        self.repairs: tuple[Repair, ...] = ()
        self.likeness: dict[str, float] = {}
        """How sure each design was that the page is its own, as far as it was asked."""
        self.notes: list[Note] | None = [] if to_explain else None
        """How the page was read, piece by piece."""

    @property
    def text(self) -> str:
        """What is to be parsed, as text; nothing is left of it once there is a tree."""
        return self._text if self._text is not None else self._encoded.decode("utf-8", "replace")

    @property
    def plain_text(self) -> str:
        """The source of a text dump, without control characters."""
        return CONTROLS.sub("", self.text)

    @property
    def cut_source(self) -> bytes:
        """The source as UTF-8 without menus, styles and programs; empty once there is a tree."""
        return self._encoded

    @cached_property
    def tree(self) -> Element:
        """The document element. Menus are cut out and links broken inside the tag mended before parsing."""
        mended, self.repairs = mailto.mend_markup(self.text)
        source = mended.encode("utf-8", "replace") if self.repairs else self._encoded
        source = cutting.without_huge_tags(source)
        if cutting.is_too_dense(source, MAX_MARKUP):
            raise UnreadablePage("too-large", f"the page has more than {MAX_MARKUP:,} tags and attributes")
        del mended
        self._text = None
        self._encoded = b""  # large pages are not kept beside their tree
        parser = lxml.etree.HTMLParser(
            encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
        )
        try:
            root = lxml.etree.fromstring(source, parser=parser)
        except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
            raise UnreadablePage("not-a-page", f"the page cannot be parsed: {error}") from None
        if root is None:
            raise UnreadablePage("no-article", "the page holds nothing but a frame of markup")
        return root

    @cached_property
    def _head(self) -> dict[str, list[Element]]:
        """The ``meta`` and ``link`` elements, those of the head or, where it has none, of the page."""
        found: dict[str, list[Element]] = {"meta": [], "link": []}
        head = self.tree.find("head")
        for element in (head if head is not None else self.tree).iter("meta", "link"):
            found[str(element.tag)].append(element)
        return found

    @cached_property
    def title(self) -> str:
        """The text of ``<title>`` with white space folded; empty where there is none."""
        tag = next(self.tree.iter("title"), None)
        return " ".join((tag.text or "").split()) if tag is not None else ""

    @cached_property
    def meta(self) -> dict[str, str]:
        """``name``/``property`` of every meta tag in lower case, to its content; the first one wins."""
        found: dict[str, str] = {}
        for tag in self._head["meta"]:
            key = tag.get("property") or tag.get("name") or tag.get("itemprop")
            content = tag.get("content")
            if key and content and content.strip():
                found.setdefault(key.strip().lower(), content.strip())
        return found

    @cached_property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page, ``@graph`` and lists laid flat; broken ones left out."""
        found: list[dict[str, Any]] = []
        # Scripts that are no data were cut out; where there is data it may stand anywhere.
        for script in self.tree.iter("script"):
            if (script.get("type") or "").strip().lower() == "application/ld+json":
                try:
                    found.extend(_flat(json.loads(script.text or "", strict=False)))
                except (ValueError, RecursionError):
                    continue
        return tuple(found)

    @cached_property
    def news_item(self) -> dict[str, Any]:
        """The JSON-LD object that describes the article itself; empty where there is none."""
        for item in self.json_ld:
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(
                isinstance(name, str) and name.endswith(("Article", "Posting", "Report")) for name in names
            ):
                return item
        return {}

    @cached_property
    def declared_lang(self) -> str | None:
        """The language the page declares for itself, as a primary tag (BCP 47)."""
        for name in ("lang", "xml:lang"):  # a colon means nothing to a parser of HTML
            if found := _PRIMARY_TAG.match(self.tree.get(name) or ""):
                return found.group(1).lower()
        return None

    @cached_property
    def canonical(self) -> str | None:
        """The page's own statement of its address, made absolute."""
        for link in self._head["link"]:
            if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
                return self.absolute(link.get("href"))
        return self.absolute(self.meta.get("og:url"))

    @cached_property
    def translations(self) -> dict[str, str]:
        """hreflang alternates: primary language tag to absolute address, ``x-default`` left out."""
        found: dict[str, str] = {}
        for link in self._head["link"]:
            tag = (link.get("hreflang") or "").strip().lower()
            if (
                tag
                and "alternate" in (link.get("rel") or "").lower()
                and re.fullmatch(r"[a-z]{2,3}(-\w+)*", tag)
            ):
                address = self.absolute(link.get("href"))
                if address:
                    found.setdefault(tag.split("-")[0], address)
        return found

    @cached_property
    def _base(self) -> str:
        """What relative links are relative to: the page's address, or else the one it says it has."""
        if self.url or not self.is_html:
            return self.url or ""
        links = (link.get("href") for link in self._head["link"] if link.get("rel") == "canonical")
        return next((href.strip() for href in links if href and href.startswith("http")), "")

    @cached_property
    def _origin(self) -> str:
        """Scheme and host of the base: what stands before a path that begins at the root."""
        found = _ABSOLUTE.match(self._base)
        return found.group().strip() if found else ""

    def absolute(self, href: str | None) -> str | None:
        """``href`` resolved against the page; None unless it is an http(s) address."""
        if not href or len(href) > 4000:
            return None
        if _ABSOLUTE.match(href):
            return href.strip()
        if self._origin and _ROOTED.match(href):
            return self._origin + href
        try:
            address = urljoin(self._base, href.strip())
            parts = urlsplit(address)
        except ValueError:
            return None
        return address if parts.scheme in ("http", "https") and parts.netloc else None


def _has_tags(source: bytes) -> bool:
    start = source[:200_000].lstrip()
    # One tag is enough where the text begins with it.
    needed = 1 if start.startswith(b"<") else 3
    return sum(1 for _ in zip(range(needed), _TAG.finditer(start), strict=False)) == needed


def _flat(value: Any) -> Iterator[dict[str, Any]]:
    # An explicit stack: the nesting of a hostile page is no business of Python's recursion limit.
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            if isinstance(item.get("@graph"), list):
                stack.extend(reversed(item["@graph"]))
