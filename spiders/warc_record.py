"""One WARC record out of a file elsewhere: unpacked within bounds, verified, made a capture.

What came must be one gzip member with one whole ``response`` record, for the address, moment and SHA-1
that were asked for. Anything else is damage, and no article is made of damage.
"""

from __future__ import annotations

import base64
import contextlib
import io
import zlib
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecordLoader

from iomscrape.encodings import CannotDecode, decoded
from iomscrape.records import Capture
from spiders import links
from spiders.crawl_index import Row

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of one record, unpacked; and of its page, once more."""

_GZIP = b"\x1f\x8b"


class BadRecord(ValueError):
    """These bytes are not the record that was asked for; the message is a sentence for a person."""

    def __init__(self, reason: str, detail: str) -> None:
        """``reason``: a code of ``problems``."""
        super().__init__(detail)
        self.reason = reason


def capture(member: bytes, row: Row, source: str) -> Capture:
    """The capture that ``member`` holds. Raises BadRecord."""
    record = _record(_unpacked(member))
    fields = record.rec_headers
    if record.rec_type != "response" or record.http_headers is None:
        raise BadRecord("damaged", f"A record of a page was asked for; a {record.rec_type} record came.")
    url = str(fields.get_header("WARC-Target-URI") or "").strip("<> ")
    if links.site_key(url) != links.site_key(row.url) or links.key(url) != links.key(row.url):
        raise BadRecord("mismatch", f"The record is of {url[:200]}, the index says {row.url[:200]}.")
    at = _moment(fields.get_header("WARC-Date"))
    if at is None or at.replace(microsecond=0) != row.at:
        raise BadRecord("mismatch", f"The record is of {at}, the index says {row.at}.")
    sent = record.raw_stream.read()
    payload = _unchunked(sent, record.http_headers)
    if row.digest not in (_sha1(sent), _sha1(payload)):
        raise BadRecord("mismatch", f"The SHA-1 of the page is {_sha1(sent)}, the index says {row.digest}.")
    cut = fields.get_header("WARC-Truncated") or row.truncated
    if cut:
        raise BadRecord("cut-off", f"The page was cut when it was fetched ({str(cut)[:40]}).")
    status = str(record.http_headers.get_statuscode())
    if not status.isdecimal() or len(status) != 3:
        raise BadRecord("damaged", f"The record has no HTTP status, but {status[:40]!r}.")
    encoding = record.http_headers.get_header("Content-Encoding")
    body = _undone(payload, encoding)
    return Capture(
        url=row.url,
        body=body,
        fetched_at=row.at,
        source=source,
        status=int(status),
        headers=tuple((str(name), str(value)) for name, value in record.http_headers.headers),
        wire=payload if body != payload else None,
        origin=row.place,
    )


def _unpacked(member: bytes) -> bytes:
    """The one gzip member, whole and alone."""
    if not member.startswith(_GZIP):
        raise BadRecord("damaged", "No gzip member begins here.")
    unpacking = zlib.decompressobj(wbits=31)
    try:
        record = unpacking.decompress(member, MAX_RECORD + 1)
    except zlib.error as error:
        raise BadRecord("damaged", f"It cannot be unpacked: {error}.") from None
    if len(record) > MAX_RECORD:
        raise BadRecord("too-large", f"It unpacks to more than {MAX_RECORD} bytes.")
    if not unpacking.eof:
        raise BadRecord("damaged", "It breaks off.")
    if unpacking.unused_data:
        raise BadRecord("damaged", "Something follows the record; the index gives another length.")
    return record


def _record(data: bytes) -> Any:
    """The record as warcio reads it, its length checked."""
    stream = io.BytesIO(data)
    try:
        # warcio reports on stderr what it then passes over; we say it ourselves.
        with contextlib.redirect_stderr(io.StringIO()):
            record = ArcWarcRecordLoader(arc2warc=False).parse_record_stream(stream)
    except Exception as error:  # noqa: BLE001  # warcio raises many kinds; each means the same
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise BadRecord("damaged", f"It is no WARC record ({said}).") from None
    said, head = str(record.rec_headers.get_header("Content-Length") or ""), data.find(b"\r\n\r\n")
    if not said.isdecimal() or head < 0 or int(said) > len(data) - head - 4:
        raise BadRecord("damaged", "The record is shorter than its head says.")
    return record


def _unchunked(sent: bytes, headers: Any) -> bytes:
    """Without chunks, where the crawler kept them. Common Crawl takes them out, and renames the header."""
    if "chunked" not in str(headers.get_header("Transfer-Encoding") or "").lower():
        return sent
    return bytes(ChunkedDataReader(io.BytesIO(sent)).read())


def _undone(payload: bytes, encoding: str | None) -> bytes:
    """The page without its Content-Encoding.

    Until 2018 Common Crawl kept pages unpacked and left the header as it was. The SHA-1 is right, so
    what cannot be unpacked was not damaged: it is unpacked.
    """
    names = {name.strip().lower() for name in (encoding or "").split(",")}
    if names & {"gzip", "x-gzip"} and not payload.startswith(_GZIP):
        return payload
    try:
        body = decoded(payload, encoding, MAX_RECORD)
    except CannotDecode as error:
        if "more than" in str(error):
            raise BadRecord("too-large", f"The page {error}.") from None
        return payload
    return body if body or payload.startswith(_GZIP) else payload


def _sha1(data: bytes) -> str:
    # Not for safety against forgers: it is what the index has.
    return base64.b32encode(sha1(data, usedforsecurity=False).digest()).decode()


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
