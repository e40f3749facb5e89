"""WARC and ARC files as captures: pages that another crawler kept (ISO 28500), also from damaged files.

Pages are answers (``response``), what was kept without HTTP (``resource``), and ``revisit`` records, which
say that an answer was the same as an earlier one: they take its bytes where it is in the same files.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import unquote

from iomscrape.encodings import CannotDecode
from iomscrape.records import Capture
from spiders import links, messages
from spiders.messages import Message
from spiders.parts import WHOLE, Part, ready
from spiders.passed import ERROR, LIST, NOT_HTML, REDIRECT, Item, Passed
from spiders.revisits import Originals, Revisit, digest_differs, keys_wanted
from spiders.tape import MAX_RECORD
from spiders.unfetched import Unfetched
from spiders.verbatim import as_it_is
from spiders.warcrecords import Lost, Record, records

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "")
"""Content types of pages; without one it may be a page."""

_OTHER_TYPES = ("warcinfo", "request", "metadata", "conversion")


def captures(
    stream: BinaryIO, name: str, originals: Originals | None = None, part: Part = WHOLE
) -> Generator[Item, None, int]:
    """The pages of a WARC or ARC file, packed or not, and what of it cannot be read.

    ``stream``: seekable, at its beginning. ``name``: what the file is called in places. ``originals``:
    what is known of this file and others; without it revisits are problems. They are put aside there,
    for :func:`revisited`. Requests, metadata and DNS answers are left out without a word.

    ``part``: of a file that was cut; its beginning must be known. Returns where the next one begins.
    """
    packing = ready(stream, part.start)
    found = records(stream, part.end, packing)
    while True:
        try:
            record = next(found)
        except StopIteration as end:
            return int(end.value)
        if isinstance(record, Lost):
            yield Unfetched(url=f"{name}:{record.place}", reason="damaged", detail=record.detail)
        else:
            yield from of_record(record, name, originals)


def of_record(record: Record, name: str, originals: Originals | None = None) -> Iterator[Item]:
    """What one record gives: at most one page, and what is wrong with it."""
    place = f"{name}:{record.place}"
    if record.remark:
        yield Unfetched(url=place, reason="damaged", detail=record.remark)
    digest = record.fields.get("warc-block-digest", "")
    is_other = record.is_whole and digest_differs(record.block, digest)
    if is_other:
        detail = "The record is not what its digest says; it was changed or damaged."
        yield Unfetched(url=place, reason="digest", detail=detail)
    kind = record.fields.get("warc-type", "").lower()
    page: Item | None
    if kind == "revisit":
        page = _revisit(record, place, originals)
    elif kind in ("response", "resource"):
        page = _page(record, place)
        if isinstance(page, Capture) and not is_other:
            page = replace(page, member=as_it_is(record, page))
        if originals is not None and isinstance(page, Capture):
            originals.note(record, page.body if page.wire is None else page.wire)
    elif kind == "continuation":
        page = Unfetched(url=place, reason="segmented", detail="It is a later part of a record that was cut.")
    elif kind in _OTHER_TYPES:
        page = None
    else:
        page = Unfetched(url=place, reason="damaged", detail="The record's head is damaged.")
    if page is not None:
        yield page


def revisited(originals: Originals) -> Iterator[tuple[str, Item]]:
    """The pages of the revisits that were put aside, each with the name of the file the revisit is in.

    To be asked for once all files were read.
    """
    for record, name, revisits in originals.find():
        page = _page(record, f"{name}:{record.place}") if record else None
        for revisit in revisits:
            if isinstance(page, Capture):
                yield revisit.file, _as_revisited(page, revisit)
            else:
                detail = (
                    f"It only points at an earlier answer, which is in none of the files ({revisit.place})."
                )
                yield revisit.file, Unfetched(url=revisit.url, reason="revisit-alone", detail=detail)


def _as_revisited(page: Capture, revisit: Revisit) -> Capture:
    headers = page.headers
    own = {name.lower(): value for name, value in revisit.headers}
    # Those of a 304 say nothing of the page.
    if revisit.status == 200 and own.get("content-encoding") == page.header("Content-Encoding"):
        headers = revisit.headers if "content-type" in own else headers
    return replace(
        page,
        url=revisit.url,
        fetched_at=revisit.fetched_at,
        headers=headers,
        origin=revisit.place,
        member=None,
    )


def _revisit(record: Record, place: str, originals: Originals | None) -> Item | None:
    url = _address(record)
    message = messages.parse(record.block)
    status = message.status if message else None
    if status is not None and status >= 300 and status != 304:
        return REDIRECT if status < 400 else ERROR
    kind = _type(message.header("content-type")) if message else ""
    if status == 200 and kind not in PAGE_TYPES:
        return NOT_HTML
    if not links.may_hold_article(url):
        return LIST
    keys = keys_wanted(record.fields)
    if originals is None or not keys:
        detail = f"It only points at an earlier answer ({place})."
        return Unfetched(url=url, reason="revisit-alone", detail=detail)
    originals.put_aside(
        Revisit(
            url=url,
            fetched_at=moment(record.fields.get("warc-date")),
            status=status,
            headers=message.headers if message else (),
            place=place,
            file=originals.file,
            keys=keys,
        )
    )
    return None


def _page(record: Record, place: str) -> Item | None:
    fields, url = record.fields, _address(record)
    is_answer = fields.get("warc-type", "").lower() == "response"
    message = messages.parse(record.block) if is_answer else None
    if message is None:
        if is_answer and "arc-type" not in fields:
            if not links.site_key(url):
                return None  # dns:, whois: …
            return Unfetched(url=place, reason="damaged", detail="The record holds no HTTP answer.")
        kind = fields.get("arc-type" if is_answer else "content-type", "")
        own = tuple(_own_headers(fields)) or ((("Content-Type", kind),) if kind else ())
        message = Message(0, own, record.block)  # HTTP/0.9 sent no head; a resource never had one
    return _refused(message, url, place, record) or _capture(message, url, place, fields)


def _refused(message: Message, url: str, place: str, record: Record) -> Unfetched | Passed | None:
    """Why an answer is no page to be taken; None for one that is."""
    if message.status and not 200 <= message.status < 300:
        if message.status < 400:
            return REDIRECT
        # That an article was not there is worth knowing; all else that a crawler tried is not.
        return None if links.is_article(url) and record.is_whole else ERROR
    kind = _type(message.header("content-type"))
    if kind not in PAGE_TYPES:
        return NOT_HTML
    if not links.may_hold_article(url):
        return LIST
    if not record.is_whole:
        return Unfetched(
            url=url, reason="too-large", detail=f"It is larger than {MAX_RECORD} bytes ({place})."
        )
    if record.fields.get("warc-truncated") and b"</html" not in message.wire[-4096:].lower():
        return Unfetched(url=url, reason="cut-off", detail=f"It was cut off when it was fetched ({place}).")
    if record.fields.get("warc-segment-number"):
        return Unfetched(url=url, reason="segmented", detail=f"It is only a part of an answer ({place}).")
    return None


def _capture(message: Message, url: str, place: str, fields: dict[str, str]) -> Capture | Unfetched:
    ours = fields.get("x-iomscrape-source")
    try:
        # Ours say whether there is anything to undo; a server may lie about it.
        as_sent = ours is not None and fields.get("x-iomscrape-body") != "decoded"
        body = message.wire if as_sent else message.body(MAX_RECORD)
    except CannotDecode as error:
        return Unfetched(url=url, reason="bad-encoding", detail=f"It cannot be unpacked: {error} ({place}).")
    led = tuple(unquote(part) for part in fields.get("x-iomscrape-redirected-from", "").split())
    return Capture(
        url=url,
        body=body,
        fetched_at=moment(fields.get("warc-date")),
        source=unquote(ours) if ours else "warc",
        status=message.status or None,
        headers=message.headers,
        wire=None if body == message.wire else message.wire,
        redirected_from=led,
        origin=place,
    )


def _own_headers(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What our own WARC files keep of the headers of a saved file."""
    for pair in fields.get("x-iomscrape-headers", "").split():
        name, _, value = pair.partition("=")
        yield unquote(name), unquote(value)


def _address(record: Record) -> str:
    # wget wrote it in angle brackets for years.
    return record.fields.get("warc-target-uri", "").strip("<> ")


def _type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def moment(text: str | None) -> datetime:
    """WARC-Date in UTC. A record without one is of no known time: the first second of 1970."""
    try:
        found = datetime.fromisoformat(text or "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)
