"""Text dumps: JSON lines and JSON lists, one page each, as corpora of web texts come.

Which field holds what differs from corpus to corpus; the names are in the tables below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from iomscrape.records import Capture
from spiders import links
from spiders.passed import Item
from spiders.unfetched import Unfetched

PAGE_FIELDS = ("html", "raw_html", "raw_content", "page")
"""Fields that hold a page with its markup; they are worth more than its text."""
TEXT_FIELDS = ("text", "content", "body", "maintext", "raw_text", "article")
TITLE_FIELDS = ("title", "headline")
URL_FIELDS = ("url", "source_url", "link", "source", "address", "uri", "warc-target-uri", "target_uri")
TIME_FIELDS = (
    *("fetched_at", "crawled_at", "crawl_date", "date_crawled", "date_download", "warc-date"),
    *("timestamp", "crawl_timestamp", "date"),
)
META_FIELDS = ("meta", "metadata", "warc_headers")
"""Objects inside the object that hold fields as well."""

MAX_LINE = 64 * 1024 * 1024
"""Bytes of one line, or of one object of a list."""

TYPES = {"html": (("Content-Type", "text/html"),), "text": (("Content-Type", "text/plain; charset=utf-8"),)}

_READ = 1024 * 1024
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|article|p|div|a)\b", re.IGNORECASE)
_SPACE = re.compile(r"[\s,]*")


def looks_like_html(start: bytes) -> bool:
    """Whether a text that begins so has markup."""
    return bool(_MARKUP.search(start[:4096]))


def lines(stream: BinaryIO, name: str, made: datetime) -> Iterator[Item]:
    """One JSON object a line. ``made``: the time of those that name none."""
    number = 0
    while True:
        line = stream.readline(MAX_LINE)
        if not line:
            return
        number += 1
        place = f"{name}:{number}"
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(_READ)) and not rest.endswith(b"\n"):
                pass
            yield Unfetched(
                url=place, reason="too-large", detail=f"The line is longer than {MAX_LINE} bytes."
            )
        elif line.strip():
            yield from _of_json(line, place, made)


def array(stream: BinaryIO, name: str, made: datetime) -> Iterator[Item]:
    """The objects of a JSON list (or of the first list in a JSON object, or one object alone).

    Object by object, so that the file may be larger than the memory. What is none is reported, and the
    reading goes on with the next object.
    """
    window = _Window(stream)
    window.skip(re.compile(r"[\s\ufeff]*"))
    if window.text.startswith("{"):
        whole = window.next_object()
        if whole is None:
            yield Unfetched(url=f"{name}:1", reason="bad-line", detail="It is no whole JSON object.")
        else:
            yield from _of_value(whole, name, made)
        return
    window.skip(re.compile(r"\["))
    number = 0
    while window.skip(_SPACE) and not window.text.startswith("]"):
        number += 1
        row = window.next_object()
        if row is not None:
            yield _of_row(row, f"{name}:{number}", made)
            continue
        found = window.skip_to_object()
        detail = "It is no JSON; reading went on with the next object." if found else "It breaks off here."
        yield Unfetched(url=f"{name}:{number}", reason="bad-line", detail=detail)


class _Window:
    """What of a JSON text was read and not used yet."""

    def __init__(self, stream: BinaryIO) -> None:
        import codecs

        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._json = json.JSONDecoder()
        self.text = ""
        self.more(_READ)

    def more(self, size: int) -> bool:
        raw = self._stream.read(size)
        self.text += self._decoder.decode(raw or b"", final=not raw)
        return bool(raw)

    def skip(self, sign: re.Pattern[str]) -> bool:
        """Leave out what the sign matches; False if nothing is left."""
        while True:
            found = sign.match(self.text)
            end = found.end() if found else 0
            self.text = self.text[end:] if end else self.text
            if self.text or not self.more(_READ):
                return bool(self.text)

    def next_object(self) -> Any:
        """The JSON value that begins here; None if none does. The window grows until it is whole."""
        size = _READ
        while True:
            try:
                value, end = self._json.raw_decode(self.text)
            except RecursionError:
                return None
            except ValueError:
                # Doubled each time, so that a large object is not read over and over.
                if len(self.text) > MAX_LINE or not self.more(size):
                    return None
                size *= 2
                continue
            self.text = self.text[end:]
            return value

    def skip_to_object(self) -> bool:
        """Go to the next object that begins on a line of its own or behind another one."""
        sign = re.compile(r"(?<=[},\n])\s*,?\s*(?=\{)")
        start = 1
        while (found := sign.search(self.text, start)) is None:
            self.text = self.text[-64:]
            start = 0
            if not self.more(_READ):
                self.text = ""
                return False
        self.text = self.text[found.end() :]
        return True


def _list_in(whole: dict[str, Any]) -> list[Any] | None:
    if _first(whole, (*PAGE_FIELDS, *TEXT_FIELDS)) is not None:
        return None
    return next(
        (
            value
            for value in whole.values()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        ),
        None,
    )


def _of_json(line: bytes, place: str, made: datetime) -> Iterator[Item]:
    try:
        value = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        yield Unfetched(url=place, reason="bad-line", detail=f"It is no JSON: {error}"[:300])
        return
    yield from _of_value(value, place, made)


def _of_value(value: Any, place: str, made: datetime) -> Iterator[Item]:
    """A page, or the pages in the first list of an object that is none."""
    listed = _list_in(value) if isinstance(value, dict) else None
    if listed is None:
        yield _of_row(value, place, made)
        return
    for number, row in enumerate(listed, 1):
        yield _of_row(row, f"{place}:{number}", made)


def _of_row(row: Any, place: str, made: datetime) -> Capture | Unfetched:
    if not isinstance(row, dict):
        return Unfetched(url=place, reason="bad-line", detail="It is no JSON object.")
    fields: dict[str, Any] = {}
    for name in META_FIELDS:
        inner = row.get(name)
        if isinstance(inner, dict):
            fields |= {str(key).lower(): value for key, value in inner.items()}
    fields |= {str(key).lower(): value for key, value in row.items()}
    text = _first(fields, PAGE_FIELDS) or _first(fields, TEXT_FIELDS)
    if text is None:
        detail = f"None of {', '.join((*PAGE_FIELDS, *TEXT_FIELDS))} holds a text."
        return Unfetched(url=place, reason="bad-line", detail=detail)
    kind = "html" if looks_like_html(text.encode("utf-8", "replace")[:4096]) else "text"
    title = _first(fields, TITLE_FIELDS)
    if kind == "text" and title and title.strip() not in text[: len(title) + 200]:
        text = f"{title.strip()}\n\n{text}"
    url = next(
        (
            value
            for name in URL_FIELDS
            if isinstance(value := fields.get(name), str) and links.site_key(value)
        ),
        None,
    )
    return Capture(
        url=url or f"file:{place}",
        body=text.encode("utf-8", "replace"),
        fetched_at=next((found for name in TIME_FIELDS if (found := moment(fields.get(name)))), made),
        source=kind,
        status=None,
        headers=TYPES[kind],
        origin=place,
    )


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str | None:
    values = (fields.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def moment(value: object) -> datetime | None:
    """A time as dumps write it: ISO 8601, 14 digits as archives use, seconds or milliseconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value)
            found = datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
            return found if number > 10**8 else None
        if not isinstance(value, str):
            return None
        text = value.strip()
        if re.fullmatch(r"\d{14}", text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
            return moment(float(text))
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
