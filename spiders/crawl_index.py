"""Common Crawl's list of crawls and its index of each: what is asked for, and what comes back.

The list is one JSON document (``collinfo.json``). An index answers with one JSON object a line, in pages
whose number is asked for first; see https://index.commoncrawl.org/ and pywb's CDX Server API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from spiders import links
from spiders.kept import Span

SERVER = "https://index.commoncrawl.org"
DATA = "https://data.commoncrawl.org"

FIELDS = "url,timestamp,status,mime,mime-detected,digest,filename,offset,length,truncated"
"""What is asked for of each capture; the rest of the index's fields would come down for nothing."""

HTML = ("text/html", "application/xhtml+xml")

MAX_LENGTH = 32 * 1024 * 1024
"""Bytes of one record as it lies in its file; Common Crawl cuts pages at 1, since 2025 at 5 MiB."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,80}")
_DIGEST = re.compile(r"(?:sha1:)?([A-Z2-7]{32})", re.IGNORECASE)
# A file below the data server and nothing else: no scheme, no host, no way up.
_FILENAME = re.compile(r"(?!/)(?!.*(?:\.\.|//|[\s?#\\]))[\x21-\x7e]{1,400}")


class BadIndex(ValueError):
    """An answer of the index server is not what it should be; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One of Common Crawl's crawls."""

    id: str
    """``CC-MAIN-2024-10``."""
    begun: datetime | None
    ended: datetime | None

    def ran_within(self, span: Span) -> bool:
        """Whether it may hold captures of that time; True where nobody says when it ran."""
        return not (span.start and self.ended and self.ended < span.start) and not (
            span.end and self.begun and self.begun > span.end
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One capture that an index lists."""

    url: str
    at: datetime
    digest: str
    """SHA-1 of the payload in base32, as indexes and WARC files have it."""
    filename: str
    offset: int
    length: int
    """Bytes of the record, compressed."""
    truncated: str = ""
    """Why the page was cut when it was fetched (``length``, ``time``); empty for a whole page."""

    @property
    def place(self) -> str:
        """``crawl-data/….warc.gz:1234``."""
        return f"{self.filename}:{self.offset}"


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of an index."""

    rows: tuple[Row, ...]
    """Captures that may be articles: status 200, HTML, an address that an article may have."""
    bad: tuple[str, ...]
    """Lines that are none, shortened."""
    cut: bool
    """Whether the answer breaks off in its last line."""


def asked_of(site: str) -> str:
    """What a person types as a site -> the index's ``url``, with ``*`` for everything below it.

    ``www.iom.int`` -> ``www.iom.int/*`` (the index makes no difference between http, https and ``www.``),
    ``*.iom.int`` -> itself: the domain with all hosts below it, ``https://www.iom.int/es/news`` ->
    ``www.iom.int/es/news*``, the address of an article -> that article alone. ValueError for what is none.
    """
    text = site.strip()
    wild = text.startswith("*.")
    parts = urlsplit(links.start_address(text[2:] if wild else text))
    if wild:
        if parts.path.strip("/") or parts.query:
            raise ValueError(f"{site!r} is no domain; write it as *.iom.int")
        return f"*.{parts.netloc}"
    path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    if not path:
        return f"{parts.netloc}/*"
    return parts.netloc + path + ("" if links.was_article(parts.geturl()) else "*")


def query(server: str, crawl: str, asked: str, page: int | None = None) -> str:
    """The address that answers with one page of a crawl's index, or, without ``page``, their number."""
    wanted: dict[str, str] = {"url": asked, "output": "json"}
    if page is None:
        wanted["showNumPages"] = "true"
    else:
        wanted |= {"page": str(page), "filter": "=status:200", "fl": FIELDS}
    return f"{server}/{crawl}-index?{urlencode(wanted, safe='*/:,=')}"


def read_crawls(body: bytes) -> list[Crawl]:
    """The crawls of ``collinfo.json``, latest first. Raises BadIndex."""
    listed = _json(body)
    if not isinstance(listed, list):
        raise BadIndex("The list of crawls is no list.")
    crawls = [
        Crawl(one["id"], _moment(one.get("from")), _moment(one.get("to")))
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("id"), str) and _ID.fullmatch(one["id"])
    ]
    if not crawls:
        raise BadIndex("The list of crawls names none.")
    if all(crawl.ended for crawl in crawls):
        crawls.sort(key=lambda crawl: crawl.ended or datetime.min, reverse=True)
    return crawls


def check_wanted(wanted: str) -> None:
    """Raise ValueError, with a line for a person, for what can be no choice of crawls."""
    for part in wanted.split(","):
        latest = part.startswith("latest:")
        number = part.removeprefix("latest:")
        if latest and (not number.isdecimal() or not 1 <= int(number) <= 10_000):
            raise ValueError(f"{part!r} is no choice of crawls; write it as latest:3")
        if not latest and part not in ("", "all") and not _ID.fullmatch(part):
            raise ValueError(f"{part!r} is no crawl; give an ID such as CC-MAIN-2024-10, all or latest:3")


def choose(crawls: Sequence[Crawl], wanted: str, span: Span) -> list[Crawl]:
    """Those of ``crawls`` that are meant, in their order.

    ``wanted``: ``all``, ``latest:3``, IDs, or several of these, comma-separated. Nothing means all that
    ran within the span or, where it is open on both sides, the latest. ValueError for unknown IDs.
    """
    check_wanted(wanted)
    parts = [part for part in wanted.split(",") if part] or ["all" if span.start or span.end else "latest:1"]
    known = {crawl.id: number for number, crawl in enumerate(crawls)}
    chosen: set[int] = set()
    for part in parts:
        if part == "all":
            chosen.update(known.values())
        elif part.startswith("latest:"):
            chosen.update(range(min(int(part.removeprefix("latest:")), len(crawls))))
        elif part in known:
            chosen.add(known[part])
        else:
            near = ", ".join(crawl.id for crawl in crawls[:3])
            raise ValueError(f"There is no crawl {part}; the latest of {len(crawls)} are {near}.")
    return [crawls[number] for number in sorted(chosen) if crawls[number].ran_within(span)]


def read_page_count(body: bytes) -> int:
    """The number of pages that an index answers with, ``{"pages": 3, …}`` or plain ``3``. Raises BadIndex."""
    said = _json(body)
    count = said.get("pages") if isinstance(said, dict) else said
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= 100_000:
        raise BadIndex("The index does not say how many pages it has.")
    return count


def is_no_captures(body: bytes) -> bool:
    """Whether a 404 is the index's way of saying that it lists nothing of what was asked for."""
    return b"no captures found" in body[:2000].lower()


def read_rows(body: bytes) -> Rows:
    """One page of an index, line by line; a bad line costs itself only."""
    lines = body.split(b"\n")
    cut = False
    if lines and lines[-1].strip():
        # Each line ends with one; the last without it is whole only if it can be read.
        cut = _parsed(lines[-1]) is None
        lines = lines[:-1] if cut else lines
    rows: list[Row] = []
    bad: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        listed = _parsed(line)
        try:
            row = _row(listed) if listed is not None else None
        except (KeyError, ValueError, TypeError, OverflowError):
            listed = row = None
        if listed is None:
            bad.append(line[:120].decode("utf-8", "replace"))
        elif row is not None:
            rows.append(row)
    return Rows(tuple(rows), tuple(bad), cut)


def within(rows: Iterable[Row], span: Span) -> list[Row]:
    """The captures of that time."""
    return [
        row
        for row in rows
        if (span.start is None or row.at >= span.start) and (span.end is None or row.at <= span.end)
    ]


def _row(listed: dict[str, Any]) -> Row | None:
    """None for what is no article; KeyError, ValueError or TypeError for what is no capture."""
    url, kinds = str(listed["url"]), {listed.get("mime"), listed.get("mime-detected")}
    if str(listed.get("status")) != "200" or not kinds & set(HTML) or not links.was_article(url):
        return None
    digest, filename = _DIGEST.fullmatch(str(listed["digest"])), str(listed["filename"])
    offset, length, when = int(listed["offset"]), int(listed["length"]), str(listed["timestamp"])
    if not digest or not _FILENAME.fullmatch(filename) or offset < 0 or not 0 < length <= MAX_LENGTH:
        raise ValueError("no place of a record")
    if not links.site_key(url) or len(when) != 14:
        raise ValueError("no capture")
    at = datetime.strptime(when, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    truncated = str(listed.get("truncated") or "").strip("- ")
    return Row(url, at, digest[1].upper(), filename, offset, length, truncated)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        listed = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return listed if isinstance(listed, dict) else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadIndex(f"The answer is no JSON: {error}"[:200]) from None


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and not found.tzinfo else found
