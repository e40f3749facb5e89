"""A raw page as a WARC record (ISO 28500), packed: bytes that a WARC file needs only to be lengthened by.

A page with an HTTP status is a ``response`` record with the bytes as they came over the wire; a saved file is
a ``resource`` record. What the format has no field for (which of our sources, which import) stands in header
fields ``X-Iomscrape-…``. The same capture gives the same bytes.

What was imported as a plain record (:attr:`iomscrape.records.Capture.member`) is that very record.
"""

from __future__ import annotations

import base64
import gzip
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1, sha256
from http.client import responses
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.addresses import readable
from archive.content import digest_of
from iomscrape.records import Capture

WARC_VERSION = "WARC/1.1"

try:
    from deflate import gzip_compress  # libdeflate
except ImportError:  # it is made for CPython only
    gzip_compress = None  # type: ignore[assignment]  # and that is asked for

COMPRESSION = 1
"""Level of libdeflate's gzip. It takes a third of the time of zlib's level 4, for one page in a hundred more of room."""

_CONTROLS = re.compile("[\x00-\x20\x7f]")
_NOT_TOKEN = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")  # RFC 9110, 5.6.2


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier record that holds exactly the bytes that were sent again."""

    url: str
    fetched_at: datetime


class Packed(NamedTuple):
    """One record, a gzip member of its own."""

    data: bytes
    digest: str
    """SHA-256 of the page's body after decompression, ``sha256:…``."""
    is_revisit: bool = False
    """True if it only points at an earlier one with the same bytes."""


def packed(capture: Capture, original: Original | None = None) -> Packed:
    """The record of a capture. ``original``: as for :meth:`archive.captures.WarcWriter.write`."""
    digest = digest_of(capture.body)
    if capture.member is not None and original is None:
        return Packed(capture.member, digest)
    writer = WARCWriter(BytesIO(), gzip=False, warc_version=WARC_VERSION)
    writer.write_record(_record(writer, capture, original, digest))
    return Packed(_gzipped(writer.out.getvalue()), digest, original is not None)


def _gzipped(data: bytes) -> bytes:
    if gzip_compress is None:
        return gzip.compress(data, 4, mtime=0)
    return bytes(gzip_compress(data, COMPRESSION))


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


def _record(writer: WARCWriter, capture: Capture, original: Original | None, digest: str) -> Any:
    fields = {"WARC-Date": warc_date(capture.fetched_at), **_own_fields(capture)}
    uri = _safe_uri(capture.url)
    if capture.status is None:
        content_type = one_line(capture.header("Content-Type") or "") or "application/octet-stream"
        return writer.create_warc_record(
            uri,
            "resource",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            warc_content_type=content_type,
            warc_headers_dict=_named(fields, uri, content_type, digest),
        )
    wire = capture.body if capture.wire is None else capture.wire
    phrase = responses.get(capture.status, "Unknown")
    headers = _WireHeaders(f"{capture.status} {phrase}", _sent_headers(capture, len(wire)), "HTTP/1.1")
    sha = base64.b32encode(sha1(wire, usedforsecurity=False).digest()).decode()
    fields = _named(fields, uri, headers.statusline, headers.headers, sha, original)
    if original is not None:
        # base32 of SHA-1 is what the writers of other tools put into their payload digests.
        return writer.create_revisit_record(
            uri,
            f"sha1:{sha}",
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
        warc_headers_dict=fields | {"WARC-Payload-Digest": f"sha1:{sha}"},
    )


def _named(fields: dict[str, str], *more: object) -> dict[str, str]:
    """The fields with a number for the record: made of all that it says, so the same record has the same.

    Then it does not matter in how many processes, and when, a file was imported: its records are the same.
    """
    number = UUID(bytes=sha256(repr((fields, *more)).encode("utf-8", "replace")).digest()[:16], version=5)
    return {"WARC-Record-ID": f"<urn:uuid:{number}>", **fields}


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
            headers.append((name, one_line(value)))
    if not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("Content-Length", str(length)))
    return headers


def _wire_text(text: str) -> bytes:
    # HTTP header values are ISO 8859-1 by tradition; what is beyond it can only have been made by us.
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def one_line(text: str) -> str:
    """Without line ends, so that no value can start a header of its own."""
    return re.sub("[\r\n\x00]", " ", readable(text))


def _safe_uri(url: str) -> str:
    return _CONTROLS.sub(lambda sign: quote(sign[0]), readable(url))


def _quoted(text: str) -> str:
    return quote(text, safe="!#$&'()*+,-./:;?@_~[]", errors="surrogatepass")
