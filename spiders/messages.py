"""An HTTP answer as it stands in a WARC or ARC record: head and body, with the transfer undone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iomscrape.encodings import CannotDecode, decoded

# HTTP/1.1 200 OK; "HTTP/1 200", "HTTP/2 200" and "ICY 200 OK" were sent as well.
_STATUS = re.compile(rb"(?:HTTP/\d(?:\.\d)?|ICY)[ \t]+(\d{3})\b[^\r\n]*\r?\n")
_HEAD_END = re.compile(rb"\n\r?\n")
_CHUNK = re.compile(rb"\s*+([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_PAGE = re.compile(rb"\s*+(?:\xef\xbb\xbf\s*+)?<[!?a-zA-Z]")


@dataclass(frozen=True, slots=True)
class Message:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """As sent, but for the transfer coding where it is undone."""
    wire: bytes
    """The body as sent, with its Content-Encoding."""

    def header(self, name: str) -> str:
        """The first header of that name in lower case; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def body(self, limit: int) -> bytes:
        """The body with its Content-Encoding undone.

        Some tools undid it before they wrote and left the header: what begins as a page is one.
        Raises CannotDecode for all else that is not encoded so, and for more than ``limit`` bytes.
        """
        encodings = ", ".join(value for key, value in self.headers if key.lower() == "content-encoding")
        try:
            return decoded(self.wire, encodings, limit)
        except CannotDecode:
            if _PAGE.match(self.wire):
                return self.wire
            raise


def parse(block: bytes) -> Message | None:
    """The answer that the block is; None if it does not begin as one (HTTP/0.9, DNS)."""
    first = _STATUS.match(block)
    if first is None:
        return None
    end = end_of_head(block, first.end() - 2, len(block)) or (len(block), len(block))
    headers = _headers(block[first.end() : end[0]])
    wire = block[end[1] :]
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        joined = unchunked(wire)
        if joined is not None:
            wire = joined
            headers = tuple((n, v) for n, v in headers if n.lower() not in ("transfer-encoding", "trailer"))
    return Message(int(first[1]), headers, wire)


def end_of_head(data: bytes | bytearray, start: int, stop: int) -> tuple[int, int] | None:
    """Where the last line of a head ends, and where the empty line behind it ends; None if there is none."""
    found = _HEAD_END.search(data, start, stop)
    if found is None:
        return None
    place = found.start()
    return place - (place > start and data[place - 1] == 0x0D), found.end()


def unchunked(data: bytes) -> bytes | None:
    """The chunks (RFC 9112, 7.1) joined, as far as they go; None if the data are none.

    Many tools joined the chunks before they wrote and left the header, so both are met.
    """
    parts: list[bytes] = []
    place = 0
    while head := _CHUNK.match(data, place):
        size = int(head[1], 16)
        if not size:
            return b"".join(parts)
        part = data[head.end() : head.end() + size]
        parts.append(part)
        place = head.end() + size
        if len(part) < size:
            break
    return b"".join(parts) if parts else None


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for line in head.decode("latin-1").replace("\r\n", "\n").split("\n"):
        if line[:1] in (" ", "\t") and found:  # folded, as was allowed until RFC 7230
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.append((name.strip(), value.strip()))
    return tuple(found)
