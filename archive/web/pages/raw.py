"""``/raw/107``: a page as it was fetched, in a frame in which nothing runs and from which nothing is asked.

Two walls: everything active is taken out of the copy that is shown, and the answer's own policy
(``sandbox`` without any allowance) would not let it act if something had been missed.
"""

from __future__ import annotations

import asyncio
from typing import Any

from datasette import Forbidden, NotFound, Response
from lxml import etree, html
from lxml_html_clean import Cleaner
from sqlite_utils import Database
from w3lib.encoding import html_to_unicode

from archive.rawpages import find_raw, warc_folder
from archive.web.safety import STORED_PAGE_POLICY
from iomscrape.records import Capture

MAX_RENDERED = 4 * 1024 * 1024
"""Larger pages are shown as source only: text dumps of many articles, pages gone wrong."""

_CLEANER = Cleaner(
    scripts=True, javascript=True, comments=True, style=True, inline_style=True, links=True, meta=True,
    page_structure=False, processing_instructions=True, embedded=True, frames=True, forms=True,
    annoying_tags=True, remove_tags=("base",), kill_tags=("noscript", "template", "video", "audio"), safe_attrs_only=False,
    remove_unknown_tags=False,
)  # fmt: skip
_FETCHED = (
    "src",
    "srcset",
    "poster",
    "background",
    "lowsrc",
    "dynsrc",
    "data",
    "ping",
    "longdesc",
    "xlink:href",
)
"""Attributes for which a browser fetches something."""

_HEADERS = {"Content-Security-Policy": STORED_PAGE_POLICY}

_CAPTURE = (
    "SELECT id, url, redirected_from, fetched_at, source, status, content_type, digest, length, warc_file, "
    "warc_offset, revisit, origin, run_id, outcome FROM captures WHERE id = ?"
)
_ARTICLES = (
    "SELECT articles.id, articles.title, articles.lang FROM sightings "
    "JOIN articles ON articles.id = sightings.article_id WHERE sightings.capture_id = ? ORDER BY articles.id LIMIT 50"
)


async def page(datasette: Any, request: Any) -> Response:
    """What is known of the capture, and the frame."""
    number = int(request.url_vars["id"])

    def ask(db: Database) -> dict[str, Any] | None:
        capture = next(iter(db.query(_CAPTURE, [number])), None)
        return capture and {"capture": capture, "articles": list(db.query(_ARTICLES, [number]))}

    _contacts_or_refuse(datasette)
    found = await datasette.own.ask(ask)
    if found is None:
        raise NotFound("There is no such capture in this archive.")
    found["large"] = found["capture"]["length"] > MAX_RENDERED
    return Response.html(await datasette.render_template("raw.html", found, request=request))


async def rendered(datasette: Any, request: Any) -> Response:
    """The page itself, harmless: for the frame, but as harmless outside of it."""
    capture = await _raw(datasette, request)
    text = _text(capture)
    if len(capture.body) > MAX_RENDERED or not _is_html(capture):
        return Response.text(text, headers=_HEADERS)
    return Response.html(await asyncio.to_thread(harmless, text), headers=_HEADERS)


async def source(datasette: Any, request: Any) -> Response:
    """The page's source, as text."""
    return Response.text(_text(await _raw(datasette, request)), headers=_HEADERS)


def harmless(page: str) -> str:
    """The page without scripts, styles, pictures, forms, frames, objects, and addresses that are code."""
    try:
        # As bytes: lxml refuses a str that declares an encoding.
        tree = html.document_fromstring(
            page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, ValueError):
        return ""
    _CLEANER(tree)
    for element in tree.iter(etree.Element):
        for name in _FETCHED:
            element.attrib.pop(name, None)
    return f"<!doctype html>\n{html.tostring(tree, encoding='unicode')}"


async def _raw(datasette: Any, request: Any) -> Capture:
    _contacts_or_refuse(datasette)
    number = int(request.url_vars["id"])
    folder = warc_folder(datasette.path)
    capture: Capture | None = await datasette.own.ask(lambda db: find_raw(db, number, folder))
    if capture is None:
        raise NotFound("The archive keeps no raw page of this capture.")
    return capture


def _contacts_or_refuse(datasette: Any) -> None:
    if datasette.without_contacts:
        raise Forbidden("Raw pages hold contacts; they are left out here.")


def _is_html(capture: Capture) -> bool:
    declared = (capture.header("Content-Type") or "text/html").partition(";")[0].strip().lower()
    return capture.source != "text" and declared in ("text/html", "application/xhtml+xml")


def _text(capture: Capture) -> str:
    text: str = html_to_unicode(capture.header("Content-Type"), capture.body, default_encoding="utf-8")[1]
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
