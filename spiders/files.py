"""Files as captures, for ``iomscrape import``: WARC files, saved pages, text dumps, JSON lines, folders.

The kind of a file is told by its name, else by how it begins. Nothing is dropped without a word: what
cannot be read comes as :class:`~spiders.unfetched.Unfetched`.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from iomscrape.records import Capture
from spiders import links, warcs
from spiders.unfetched import Unfetched

KINDS = {
    ".warc": "warc",
    ".warc.gz": "warc",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""How a file's name ends: what it is."""

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one saved page or text dump."""

# Where a saved page says what its address was, in this order.
ADDRESSES = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        # <link rel="canonical" href="https://www.iom.int/news/slug">
        rb"""<link\b(?=[^>]*\brel=["']?canonical\b)[^>]*\bhref=["']([^"'>]+)""",
        # <meta property="og:url" content="https://www.iom.int/news/slug">
        rb"""<meta\b(?=[^>]*\bproperty=["']?og:url\b)[^>]*\bcontent=["']([^"'>]+)""",
        # <!-- saved from url=(0034)https://www.iom.int/news/slug -->
        rb"""<!--\s*saved from url=\(\d+\)(\S+)""",
    )
)

# No charset: a file says its own, or the reader finds it out.
_TYPES = {"html": (("Content-Type", "text/html"),), "text": (("Content-Type", "text/plain"),)}

# JSON lines: which of these fields holds what.
TEXT_FIELDS = ("text", "html", "body", "content")
URL_FIELDS = ("url", "link", "address")
TIME_FIELDS = ("fetched_at", "timestamp", "crawled_at")


def found_in(path: Path) -> list[Path]:
    """The file itself, or the files in a folder that look like pages, in order of their names.

    In a folder whatever has none of the names of :data:`KINDS` is passed over (the pictures and
    scripts beside a saved page), and so are hidden files and folders.
    """
    if not path.is_dir():
        return [path]
    return sorted(
        found
        for found in path.rglob("*")
        if _kind_by_name(found)
        and found.is_file()
        and not any(p.startswith(".") for p in found.relative_to(path).parts)
    )


def captures(path: Path, *, url: str | None = None) -> Iterator[Capture | Unfetched]:
    """The pages in one file (``-`` is stdin), and what of it cannot be read.

    ``url``: the address of the page, where the file holds one page and does not say.
    """
    try:
        if str(path) == "-":
            yield from _from_stdin(url)
        else:
            yield from _from_file(path, _kind_by_name(path) or _kind_by_start(path), url, str(path))
    except OSError as error:
        yield Unfetched(
            url=str(path), reason="unreadable-file", detail=f"It cannot be read: {error.strerror or error}"
        )


def _from_stdin(url: str | None) -> Iterator[Capture | Unfetched]:
    """Stdin, through a temporary file: a WARC file may be larger than memory."""
    with tempfile.NamedTemporaryFile(prefix="iomscrape-") as kept:
        while chunk := sys.stdin.buffer.read(1024 * 1024):
            kept.write(chunk)
        kept.flush()
        path = Path(kept.name)
        yield from _from_file(path, _kind_by_start(path), url or "file:///dev/stdin", "-")


def _from_file(path: Path, kind: str, url: str | None, name: str) -> Iterator[Capture | Unfetched]:
    if kind == "warc":
        yield from warcs.captures(path)
    elif kind == "jsonl":
        yield from _lines(path, name)
    elif path.stat().st_size > MAX_FILE:
        yield Unfetched(url=name, reason="too-large", detail=f"It is larger than {MAX_FILE} bytes.")
    else:
        yield _one(path, kind, url, name)


def _one(path: Path, kind: str, url: str | None, name: str) -> Capture:
    body = path.read_bytes()
    own = _own_address(body) if kind == "html" else None
    given = url if url and not url.startswith("file:") else None
    return Capture(
        url=given or own or url or path.resolve().as_uri(),
        body=body,
        fetched_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        source="text" if kind == "text" else "html",
        status=None,
        headers=_TYPES["text" if kind == "text" else "html"],
        origin=name,
    )


def _own_address(body: bytes) -> str | None:
    """The address that a saved page gives as its own; None where it gives none of the web."""
    for rule in ADDRESSES:
        found = rule.search(body)
        if found:
            address = found[1].decode("utf-8", "replace").strip().replace("&amp;", "&")
            if links.site_key(address):
                return address
    return None


def _lines(path: Path, name: str) -> Iterator[Capture | Unfetched]:
    """One JSON object a line, with an address and a text or page."""
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _line(line, f"{name}:{number}", made)


def _line(line: bytes, place: str, made: datetime) -> Capture | Unfetched:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unfetched(url=place, reason="bad-line", detail=f"It is no JSON: {error}")
    if not isinstance(row, dict):
        return Unfetched(url=place, reason="bad-line", detail="It is no JSON object.")
    text = next(
        (row[name] for name in TEXT_FIELDS if isinstance(row.get(name), str) and row[name].strip()), None
    )
    if text is None:
        return Unfetched(
            url=place, reason="bad-line", detail=f"None of {', '.join(TEXT_FIELDS)} holds a text."
        )
    url = next(
        (row[name] for name in URL_FIELDS if isinstance(row.get(name), str) and links.site_key(row[name])),
        None,
    )
    body = text.encode("utf-8", "replace")
    source = "html" if _looks_like_html(body) else "text"
    when = next((moment for name in TIME_FIELDS if (moment := _moment(row.get(name)))), made)
    return Capture(
        url=url or f"file:{place}",
        body=body,
        fetched_at=when,
        source=source,
        status=None,
        headers=_TYPES[source],
        origin=place,
    )


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC) if found else None


def _kind_by_name(path: Path) -> str | None:
    name = path.name.lower()
    return next((kind for ending, kind in KINDS.items() if name.endswith(ending)), None)


def _kind_by_start(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(64 * 1024)
    if start.startswith((b"WARC/", b"\x1f\x8b")):
        return "warc"
    first = start.split(b"\n", 1)[0].strip()
    if first.startswith(b"{") and first.endswith(b"}"):
        return "jsonl"
    return "html" if _looks_like_html(start) else "text"


def _looks_like_html(start: bytes) -> bool:
    return bool(
        re.search(rb"<(?:!doctype html|html|head|body|article|p|div|a)\b", start[:4096], re.IGNORECASE)
    )
