"""WARC files as captures: pages that another crawler kept (ISO 28500), also from damaged files.

Record by record, so that memory holds one page at a time and a damaged record costs one page: after it
the reading goes on with the next record that begins as one.
"""

from __future__ import annotations

import contextlib
import io
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator

from iomscrape.records import Capture
from spiders import links
from spiders.unfetched import Unfetched

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of one record, unpacked; larger ones are no pages."""

_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b\x08"
_WARC = b"WARC/1."

_OTHER_TYPES = ("warcinfo", "request", "metadata", "revisit", "conversion", "continuation")

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


def captures(path: Path) -> Iterator[Capture | Unfetched]:
    """The pages of a WARC file, gzipped record by record or plain, and what of it cannot be read.

    Left out without a word: requests, metadata, redirects, images and other files, robots.txt, and pages
    that only list articles. Raises OSError where the file cannot be opened.
    """
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP[:2]
        stream.seek(0)
        for offset, piece in _members(stream) if packed else _plain(stream):
            place = f"{path}:{offset}"
            if isinstance(piece, str):
                yield Unfetched(url=place, reason="damaged", detail=piece)
            else:
                yield from _pages(piece, place)


def _members(stream: IO[bytes]) -> Iterator[tuple[int, bytes | str]]:
    """(offset, bytes) of each gzip member; (offset, what is wrong) of a damaged one."""
    offset, pending = 0, b""
    while True:
        unpacking, parts, size, read = zlib.decompressobj(wbits=31), list[bytes](), 0, 0
        wrong = ""
        while not unpacking.eof and not wrong:
            chunk = pending or stream.read(_CHUNK)
            pending = b""
            if not chunk:
                wrong = "It breaks off."
                break
            read += len(chunk)
            try:
                parts.append(unpacking.decompress(chunk, MAX_RECORD + 1 - size))
            except zlib.error as error:
                wrong = f"It is damaged: {error}."
                break
            size += len(parts[-1])
            if size > MAX_RECORD:
                wrong = f"It is larger than {MAX_RECORD} bytes; `warcio recompress` cuts a file into records."
        if not read:
            return
        if not wrong:
            yield offset, b"".join(parts)
            pending = unpacking.unused_data
            offset += read - len(pending)
            continue
        yield offset, f"{wrong} Reading went on with the next record."
        following = _find(stream, _GZIP, offset + 1, _begins_record)
        if following is None:
            return
        offset = following
        stream.seek(offset)
        pending = b""


def _begins_record(start: bytes) -> bool:
    """Whether a gzip member begins here, and a WARC record in it: three bytes occur by chance, too."""
    try:
        return zlib.decompressobj(wbits=31).decompress(start, 16).startswith(_WARC)
    except zlib.error:
        return False


def _plain(stream: IO[bytes]) -> Iterator[tuple[int, bytes | str]]:
    """(offset, bytes) of each record of a plain file; (offset, what is wrong) of a damaged one."""
    offset: int | None = 0
    while offset is not None:
        stream.seek(offset)
        head = stream.read(_CHUNK)
        if not head.strip():
            return
        length = _content_length(head)
        end = head.find(b"\r\n\r\n")
        if not head.startswith(_WARC) or length is None or end < 0:
            yield offset, "No record begins here. Reading went on with the next one."
            offset = _find(stream, _WARC, offset + 1, _has_length)
            continue
        if length > MAX_RECORD:
            yield offset, f"It is larger than {MAX_RECORD} bytes."
        else:
            stream.seek(offset)
            record = stream.read(end + 4 + length)
            if len(record) < end + 4 + length:
                yield offset, "It breaks off."
                return
            yield offset, record + b"\r\n\r\n"
        offset += end + 4 + length
        stream.seek(offset)
        gap = stream.read(64)
        offset += len(gap) - len(gap.lstrip(b"\r\n"))


def _content_length(head: bytes) -> int | None:
    for line in head.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return None


def _has_length(start: bytes) -> bool:
    return _content_length(start) is not None


def _find(stream: IO[bytes], sign: bytes, start: int, is_it: Any) -> int | None:
    """The next place from ``start`` on where ``sign`` stands and ``is_it`` says so of what follows."""
    stream.seek(start)
    base, window = start, stream.read(_CHUNK * 2)
    while window:
        found = window.find(sign)
        while found >= 0:
            if found > _CHUNK and len(window) == _CHUNK * 2:
                break  # too near the end of the window to judge: it is at the start of the next
            if is_it(window[found : found + _CHUNK]):
                return base + found
            found = window.find(sign, found + 1)
        base += min(_CHUNK, len(window)) if len(window) == _CHUNK * 2 else len(window)
        stream.seek(base)
        window = stream.read(_CHUNK * 2)
    return None


def _pages(record: bytes, place: str) -> Iterator[Capture | Unfetched]:
    """The captures of one record (or of all records that one gzip member holds)."""
    pages: list[Capture | Unfetched] = []
    try:
        # warcio reports on stderr what it then passes over; we say it ourselves.
        with contextlib.redirect_stderr(io.StringIO()):
            for found in ArchiveIterator(io.BytesIO(record)):
                page = _page(found, place)
                if page is not None:
                    pages.append(page)
    except Exception as error:  # noqa: BLE001  # warcio raises many kinds; a broken record costs this record only
        detail = f"The record cannot be read: {error}"[:300]
        pages.append(Unfetched(url=place, reason="damaged", detail=detail))
    yield from pages


def _page(record: Any, place: str) -> Capture | Unfetched | None:
    if record.rec_type not in ("response", "resource"):
        if record.rec_type in _OTHER_TYPES:
            return None
        return Unfetched(url=place, reason="damaged", detail="The record's head is damaged.")
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    http = record.http_headers if record.rec_type == "response" else None
    if record.rec_type == "response" and http is None:
        return None  # dns:
    status = int(http.get_statuscode()) if http and str(http.get_statuscode()).isdigit() else None
    headers = tuple((str(name), str(value)) for name, value in http.headers) if http else ()
    kind = (http or record.rec_headers).get_header("Content-Type") or ""
    if (kind and kind.partition(";")[0].strip().lower() not in PAGE_TYPES) or not links.may_hold_article(url):
        return None
    if status is not None and (status < 200 or 300 <= status < 400):
        return None
    sent = record.raw_stream.read()
    announced = record.rec_headers.get_header("Content-Length") or ""
    if announced.isdigit() and record.rec_type == "resource" and len(sent) < int(announced):
        return Unfetched(url=url, reason="damaged", detail=f"The record at {place} breaks off.")
    record.raw_stream = io.BytesIO(sent)
    body = record.content_stream().read()
    wire: bytes | None = sent if sent != body else None
    if http is not None and http.get_header("Transfer-Encoding"):
        # Chunks are how it was sent, not what: the record we write has neither them nor the header.
        wire = None
        gone = ("transfer-encoding", "content-encoding", "content-length")
        headers = tuple((name, value) for name, value in headers if name.lower() not in gone)
    if http is None and kind:
        headers = (("Content-Type", kind),)
    return Capture(
        url=url,
        body=body,
        fetched_at=_moment(record.rec_headers.get_header("WARC-Date")),
        source="warc",
        status=status,
        headers=headers,
        wire=wire,
        origin=place,
    )


def _moment(text: str | None) -> datetime:
    """WARC-Date in UTC. A record without one is of no known time: the first second of 1970."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
