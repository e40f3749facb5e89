"""Raw pages as WARC records (ISO 28500), in files that any WARC tool reads.

One set of files a run. A page with an HTTP status is a ``response`` record with the bytes as they came
over the wire; a saved file is a ``resource`` record. What the format has no field for (which of our
sources, which import) stands in header fields ``X-Iomscrape-…``.
"""

from __future__ import annotations

import base64
import gzip
import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from http.client import responses
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.addresses import readable
from archive.content import digest_of
from archive.errors import storage
from archive.rawpages import read_capture
from archive.store import WarcPlace
from iomscrape.records import Capture

__all__ = ["MAX_FILE", "Original", "WarcWriter", "read_capture", "warc_date"]

MAX_FILE = 1_000_000_000
"""A WARC file that has grown to this many bytes is followed by a new one."""

WARC_VERSION = "WARC/1.1"

COMPRESSION = 4
"""Level of gzip: 6 takes two fifths more time, 9 twice the time, for one page in a hundred less of room."""

_CONTROLS = re.compile("[\x00-\x20\x7f]")
_NOT_TOKEN = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")  # RFC 9110, 5.6.2


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier record that holds exactly the bytes that were sent again."""

    url: str
    fetched_at: datetime


class WarcWriter:
    """Writes the raw pages of one run. Nothing is made on disk before the first page comes.

    ``folder``: where the files lie (made if missing). ``run``: what the run is called in the files.
    ``software``: name and version of the program. Use as a context manager or call :meth:`close`.
    """

    def __init__(self, folder: Path, *, run: str, software: str, max_file: int = MAX_FILE) -> None:
        """Prepare; see the class."""
        self.folder = Path(folder)
        self._run = run
        self._software = software
        self._max_file = max_file
        self._serial = 0
        self._set = secrets.token_hex(3)[:5]
        self._started = datetime.now(UTC)
        self._file: IO[bytes] | None = None
        self._name = ""
        self._safe = 0  # up to where the file is known to be on the disk

    def write(self, capture: Capture, *, original: Original | None = None) -> WarcPlace:
        """Write one raw page; when this returns, it is on the disk.

        ``original``: the caller vouches that this earlier record of the archive holds the same bytes
        as were sent now; then only a pointer to it is written (a ``revisit`` record).
        Raises StorageError; what was written before stays whole.
        """
        return self._write_all([(capture, original)])[0]

    def write_all(
        self, captures: Iterable[Capture], originals: Mapping[int, Original] | None = None
    ) -> list[WarcPlace]:
        """Write several raw pages; when this returns, all of them are on the disk.

        The disk is waited for once, which is what most of the time of :meth:`write` goes into.
        ``originals``: those of :meth:`write`, by the capture's place in the row.
        """
        found = originals or {}
        return self._write_all([(capture, found.get(place)) for place, capture in enumerate(captures)])

    def _write_all(self, pages: Sequence[tuple[Capture, Original | None]]) -> list[WarcPlace]:
        with storage(self.folder):
            try:
                places = [self._write(capture, original) for capture, original in pages]
                self._sync()
            except BaseException:  # a full disk, Ctrl-C
                self._take_back()
                raise
        return places

    def _write(self, capture: Capture, original: Original | None) -> WarcPlace:
        writer = WARCWriter(BytesIO(), gzip=False, warc_version=WARC_VERSION)
        writer.write_record(_record(writer, capture, original))
        data = gzip.compress(writer.out.getvalue(), COMPRESSION, mtime=0)
        if self._file is None or self._file.tell() >= self._max_file:
            self._next_file()
        offset = self._append(data)
        return WarcPlace(self._name, offset, len(data), digest_of(capture.body), original is not None)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _append(self, data: bytes) -> int:
        if self._file is None:
            raise ValueError("the WARC file is closed")
        offset = self._file.tell()
        rest = memoryview(data)
        while rest:  # an unbuffered write may take only a part
            rest = rest[self._file.write(rest) :]
        return offset

    def _sync(self) -> None:
        if self._file is not None:
            os.fsync(self._file.fileno())
            self._safe = self._file.tell()

    def _take_back(self) -> None:
        """Cut off what never reached the disk: half a record would hide the ones that follow it."""
        if self._file is not None:
            self._file.seek(self._safe)
            self._file.truncate()

    def _next_file(self) -> None:
        self._sync()
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._name = f"iomscrape-{self._started:%Y%m%d%H%M%S}-{self._serial:05}-{self._set}.warc.gz"
        self._serial += 1
        # Unbuffered, so that a failed write leaves nothing behind; "x": never into an existing file.
        self._file = (self.folder / self._name).open("xb", buffering=0)
        self._safe = 0
        writer = WARCWriter(BytesIO(), gzip=True, warc_version=WARC_VERSION)
        warcinfo = {
            "software": _one_line(self._software),
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "robots": "classic",
            "isPartOf": _one_line(self._run),
        }
        writer.write_record(writer.create_warcinfo_record(self._name, warcinfo))
        self._append(writer.out.getvalue())
        self._sync()
        _sync_folder(self.folder)


class _WireHeaders(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """HTTP headers written byte for byte; warcio's own would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:  # noqa: ARG002  # warcio's signature
        """Called by warcio when it needs the bytes."""
        lines = [f"{self.protocol} {self.statusline}", *(f"{name}: {value}" for name, value in self.headers)]
        self.headers_buff = b"\r\n".join([*(_wire_text(line) for line in lines), b"", b""])


def warc_date(moment: datetime) -> str:
    """The moment as WARC 1.1 writes it: UTC with microseconds."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record(writer: WARCWriter, capture: Capture, original: Original | None) -> Any:
    fields = {"WARC-Date": warc_date(capture.fetched_at), **_own_fields(capture)}
    uri = _safe_uri(capture.url)
    if capture.status is None:
        content_type = _one_line(capture.header("Content-Type") or "") or "application/octet-stream"
        return writer.create_warc_record(
            uri,
            "resource",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            warc_content_type=content_type,
            warc_headers_dict=fields,
        )
    wire = capture.body if capture.wire is None else capture.wire
    phrase = responses.get(capture.status, "Unknown")
    headers = _WireHeaders(f"{capture.status} {phrase}", _sent_headers(capture, len(wire)), "HTTP/1.1")
    if original is not None:
        # base32 of SHA-1 is what the writers of other tools put into their payload digests.
        digest = f"sha1:{base64.b32encode(sha1(wire, usedforsecurity=False).digest()).decode()}"
        return writer.create_revisit_record(
            uri,
            digest,
            _safe_uri(original.url),
            warc_date(original.fetched_at),
            http_headers=headers,
            warc_headers_dict=fields,
        )
    return writer.create_warc_record(
        uri,
        "response",
        payload=BytesIO(wire),
        length=len(wire),
        http_headers=headers,
        warc_headers_dict=fields,
    )


def _own_fields(capture: Capture) -> dict[str, str]:
    fields = {"X-Iomscrape-Source": _quoted(capture.source)}
    if capture.origin is not None:
        fields["X-Iomscrape-Origin"] = _quoted(capture.origin)
    if capture.redirected_from:
        fields["X-Iomscrape-Redirected-From"] = " ".join(_quoted(url) for url in capture.redirected_from)
    if capture.status is None and capture.headers:
        pairs = (f"{_quoted(name)}={_quoted(value)}" for name, value in capture.headers)
        fields["X-Iomscrape-Headers"] = " ".join(pairs)
    if capture.status is not None and capture.wire is not None:
        # Only then must a Content-Encoding be undone to get the page that was read.
        fields["X-Iomscrape-Body"] = "decoded"
    return fields


def _sent_headers(capture: Capture, length: int) -> list[tuple[str, str]]:
    """The headers as sent, but for the transfer: it is undone, and the length is that of what follows."""
    headers = []
    for name, value in capture.headers:
        name = _NOT_TOKEN.sub("-", name)
        if name.lower() == "content-length":
            value = str(length)
        if name and name.lower() != "transfer-encoding":
            headers.append((name, _one_line(value)))
    if not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("Content-Length", str(length)))
    return headers


def _wire_text(text: str) -> bytes:
    # HTTP header values are ISO 8859-1 by tradition; what is beyond it can only have been made by us.
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _one_line(text: str) -> str:
    """Without line ends, so that no value can start a header of its own."""
    return re.sub("[\r\n\x00]", " ", readable(text))


def _safe_uri(url: str) -> str:
    return _CONTROLS.sub(lambda sign: quote(sign[0]), readable(url))


def _quoted(text: str) -> str:
    return quote(text, safe="!#$&'()*+,-./:;?@_~[]", errors="surrogatepass")


def _sync_folder(folder: Path) -> None:
    """Make the new file's name survive a power cut. Not every system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
