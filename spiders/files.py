"""Files as captures, for ``iomscrape import``: WARC and WACZ files, saved pages, text dumps.

What a file is, is told by how it begins and then by its name. Nothing is dropped without a word: what
cannot be read comes as :class:`~spiders.unfetched.Unfetched`, what is no page as
:class:`~spiders.passed.Passed`.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, cast

from iomscrape.records import Capture
from spiders import dumps, links, mhtml, parts, saved, wacz, warcs
from spiders.folders import kind_by_name
from spiders.parts import WHOLE, Part
from spiders.passed import LIST, Item
from spiders.revisits import Originals
from spiders.tape import begins_record
from spiders.unfetched import Unfetched
from spiders.unpacking import Unpacked, unpacked_start

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one saved page or text dump."""

SELF_CONTAINED = ("warc", "wacz", "jsonl", "json")
"""Kinds whose pages come out the same wherever the file lies."""

_READ = 1024 * 1024


@dataclass(frozen=True)
class FileOpener:
    """Opens a file once more; can be sent to another process."""

    path: Path

    def __call__(self) -> BinaryIO:
        """The file, at its beginning."""
        return self.path.open("rb")


class Source:
    """One file that pages come from. Its kind is known once it was opened."""

    def __init__(self, path: Path, *, name: str | None = None, url: str | None = None) -> None:
        """``name``: what it is called in places. ``url``: the address, if it holds one page."""
        self.path = path
        self.name = name or str(path)
        self.url = url
        self.kind: str | None = None
        """warc, wacz, html, mhtml, text, json or jsonl; None before it was read."""
        self._stream: IO[bytes] | None = None
        self._end = 0

    @property
    def place(self) -> int:
        """How many bytes of it were read, here or by another process that told of it."""
        stream = self._stream
        return self._end if stream is None or stream.closed else stream.tell()

    @place.setter
    def place(self, place: int) -> None:
        self._end = place

    @property
    def size(self) -> int:
        """Bytes of it; 0 if that cannot be told."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def opener(self) -> FileOpener:
        """Opens it at its beginning."""
        return FileOpener(self.path)

    def open(self) -> BinaryIO:
        """The file, at its beginning."""
        return self.opener()

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process: all but the file while it is open."""
        return self.__dict__ | {"_stream": None}

    def captures(self, originals: Originals | None = None, part: Part = WHOLE) -> Generator[Item, None, int]:
        """The pages in it, and what of it cannot be read or is no page. Never raises OSError.

        ``part``: one of :meth:`parts`, whose beginning is known. Returns where the next one has to begin.
        """
        reached = 0
        try:
            with self.open() as stream:
                self._stream = cast("IO[bytes]", stream)
                reached = yield from self._items(stream, originals, part)
                self._end = stream.tell()
        except OSError as error:
            detail = f"It cannot be read: {error.strerror or error}"
            yield Unfetched(url=self.name, reason="unreadable-file", detail=detail)
        return reached

    def parts(self, size: int = parts.SIZE) -> list[Part]:
        """What it can be cut into for several readers; see :mod:`spiders.parts`. WHOLE where it cannot be opened."""
        try:
            with self.open() as stream:
                return parts.cut(stream, size)
        except OSError:
            return [WHOLE]

    def beginning(self, part: Part) -> Part | None:
        """The part from where its reading begins; None if nothing seems to begin in it."""
        if part.is_known:
            return part
        try:
            with self.open() as stream:
                begin = parts.beginning(stream, part)
        except OSError:
            return None
        return None if begin is None else Part(begin, part.end)

    def _items(self, stream: BinaryIO, originals: Originals | None, part: Part) -> Generator[Item, None, int]:
        start = unpacked_start(stream)
        self.kind = _kind(start, self.path.name if self.name != "-" else "")
        if not start and not stream.read(1):
            yield Unfetched(url=self.name, reason="empty", detail="The file is empty.")
            return 0
        stream.seek(0)
        if self.kind in ("warc", "wacz") and originals is not None:
            originals.begin(self.name, self.opener)
        if self.kind == "warc":
            return (yield from warcs.captures(stream, self.name, originals, part))
        if self.kind == "wacz":
            yield from wacz.captures(stream, self.name, self.opener, originals)
        else:
            yield from self._unpacked(Unpacked(stream))
        return 0

    def _unpacked(self, raw: Unpacked) -> Iterator[Item]:
        stream = cast("BinaryIO", io.BufferedReader(raw, _READ))
        made = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        if self.kind == "jsonl":
            yield from dumps.lines(stream, self.name, made)
        elif self.kind == "json":
            yield from dumps.array(stream, self.name, made)
        else:
            body = stream.read(MAX_FILE + 1)
            if len(body) > MAX_FILE:
                detail = f"It is larger than {MAX_FILE} bytes."
                yield Unfetched(url=self.name, reason="too-large", detail=detail)
            elif raw.damage is None:
                yield self._page(body, made)
        if raw.damage is not None:
            place = f"{self.name}:{raw.damage.offset}"
            yield Unfetched(url=place, reason="damaged", detail=raw.damage.detail)

    def _page(self, body: bytes, made: datetime) -> Item:
        kind = "text" if self.kind == "text" else "html"
        content_type = "text/html" if kind == "html" else "text/plain"
        address: str | None = None
        if self.kind == "mhtml":
            page = mhtml.page_of(body)
            if page is None:
                return Unfetched(
                    url=self.name, reason="damaged", detail="No page can be found in it (MHTML)."
                )
            body, address, content_type = page.body, page.url, page.content_type
            made = page.saved_at or made
        told = saved.told(self.path, body, html=kind == "html")
        url = self.url or told.url or (address if address and links.site_key(address) else None)
        if url and url != self.url and not links.may_hold_article(url):
            return LIST
        return Capture(
            url=url or ("file:///dev/stdin" if self.name == "-" else self.path.absolute().as_uri()),
            body=body,
            fetched_at=told.fetched_at or made,
            source=kind,
            status=None,
            # No charset: a file says its own, or the reader finds it out.
            headers=(("Content-Type", content_type),),
            origin=self.name,
        )


@contextmanager
def spooled(stream: IO[bytes], name: str, url: str | None) -> Iterator[Source]:
    """What comes through a pipe as a source: by way of a temporary file, for it may be larger than memory."""
    with tempfile.NamedTemporaryFile(prefix="iomscrape-") as kept:
        while chunk := stream.read(_READ):
            kept.write(chunk)
        kept.flush()
        yield Source(Path(kept.name), name=name, url=url)


def _kind(start: bytes, name: str) -> str:
    """What a file is that unpacks to these bytes."""
    if wacz.is_zip(start):
        return "wacz"
    if begins_record(start):
        return "warc"
    if mhtml.is_mhtml(start):
        return "mhtml"
    named = kind_by_name(name)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if named in ("json", "jsonl") or (named is None and text[:1] in (b"{", b"[")):
        return "json" if text.startswith(b"[") or (named != "jsonl" and _is_spread(text)) else "jsonl"
    if named is not None:
        return named
    return "html" if dumps.looks_like_html(start) else "text"


def _is_spread(text: bytes) -> bool:
    """Whether a JSON object is spread over several lines."""
    first, newline, _ = text.partition(b"\n")
    return text.startswith(b"{") and bool(newline) and not first.rstrip().endswith(b"}")
