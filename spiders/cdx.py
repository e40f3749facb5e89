"""Wayback's CDX API: the list of an archive's captures. What to ask, and what an answer says. No requests here.

Two kinds of servers speak it: the Internet Archive's (an array with a header row, resume keys) and pywb's
(a JSON object a line, no resume keys, 100,000 rows unless asked for more). Both cut answers short at times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

from spiders import links
from spiders.kept import Listed, Span

INTERNET_ARCHIVE = "https://web.archive.org"

PAGE_ROWS = {"array": 10_000, "lines": 100_000}
"""Rows asked for at a time, by kind of server."""

# What each kind of server calls the five things we want to know.
_FIELDS = {
    "array": ("timestamp", "original", "mimetype", "statuscode", "digest"),
    "lines": ("timestamp", "url", "mime", "status", "digest"),
}

# Pages that answered 200. Regular expressions: of the whole value there, of its beginning here.
_FILTERS = {
    "array": ["statuscode:200", "mimetype:(text/html|text/plain|application/xhtml.xml|unk)"],
    "lines": ["=status:200", "~mime:(text/html|text/plain|application/xhtml.xml|unk|-)"],
}

MIME_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "unk", "-", "")
"""Captures of other types are no pages; ``unk`` and ``-`` mean that the archive does not know."""

_KEY_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_DEFAULT_PORT = re.compile(r"^(http://[^/:?#]+):80(?=[/?#]|$)|^(https://[^/:?#]+):443(?=[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a Wayback server answers."""

    cdx: str
    """Address of its CDX API."""
    replay: str
    """What stands before the timestamp in the address of a capture; ends with a slash."""
    kind: str
    """``array`` (as the Internet Archive) or ``lines`` (as pywb)."""

    def capture_address(self, listed: Listed) -> str:
        """The address of a capture's original bytes (``id_``)."""
        return f"{self.replay}{listed.timestamp}id_/{listed.original}"

    def listed_at(self, url: str) -> Listed | None:
        """The capture that an address of this server shows; None where it shows none."""
        place, wanted = url.partition("://")[2], self.replay.partition("://")[2]
        found = re.match(r"(\d{14})(?:[a-z]{2}_)?/(.+)$", place.removeprefix(wanted), re.DOTALL)
        if not place.startswith(wanted) or not found:
            return None
        original = re.sub(r"^(https?):/+", r"\1://", found[2])
        original = original if links.site_key(original) else f"http://{original}"
        return Listed(found[1], original_address(original), "") if is_moment(found[1]) else None


def servers(text: str) -> tuple[Server, ...]:
    """Where the API may be on what a person gave as a server, the likeliest first.

    ``https://web.archive.org`` has ``/cdx/search/cdx`` and ``/web/``; a collection of pywb, such as
    ``http://127.0.0.1:8080/iom``, has ``/iom/cdx`` and ``/iom/``. Raises ValueError for what is no address.
    """
    asked = links.start_address(text or INTERNET_ARCHIVE).partition("?")[0].rstrip("/")
    path = urlsplit(asked).path
    for ending in ("/cdx/search/cdx", "/web"):
        if path.endswith(ending):
            root = asked.removesuffix(ending)
            return _like_internet_archive(root), *([_like_pywb(asked)] if ending == "/web" else [])
    ordered = (_like_internet_archive(asked), _like_pywb(asked.removesuffix("/cdx")))
    return ordered if path in ("", "/") else ordered[::-1]


def _like_internet_archive(root: str) -> Server:
    return Server(f"{root}/cdx/search/cdx", f"{root}/web/", "array")


def _like_pywb(root: str) -> Server:
    return Server(f"{root}/cdx", f"{root}/", "lines")


# What is asked ---------------------------------------------------------------------------------------


class Target(NamedTuple):
    """What a person wants the captures of."""

    url: str
    match: str
    """``exact`` (one page), ``prefix`` (what stands under a path) or ``host`` (one site; not its sub-hosts)."""


def target_of(text: str) -> Target:
    """A site, a path of it, or a page, from what a person typed; ValueError with a line for that person."""
    url = links.start_address(text)
    if links.is_article(url) or links.was_article(url):
        return Target(url, "exact")
    parts = urlsplit(url)
    return Target(url, "host" if parts.path == "/" and not parts.query else "prefix")


def query(server: Server, target: Target, span: Span, rows: int, resume_key: str | None = None) -> str:
    """The address that lists captures of pages that answered 200."""
    asked = {
        "url": target.url,
        "matchType": target.match,
        "output": "json",
        "fl": ",".join(_FIELDS[server.kind]),
        "filter": _FILTERS[server.kind],
        "limit": str(rows),
    }
    if server.kind == "array":
        asked["showResumeKey"] = "true"
    for name, moment in (("from", span.start), ("to", span.end)):
        if moment is not None:
            asked[name] = moment.strftime("%Y%m%d%H%M%S")
    address = f"{server.cdx}?{urlencode(asked, doseq=True)}"
    if resume_key:
        # The Internet Archive prints keys percent-encoded already, others do not.
        encoded = resume_key if _KEY_ESCAPE.search(resume_key) else quote(resume_key, safe="")
        address += f"&resumeKey={encoded}"
    return address


# What is answered ------------------------------------------------------------------------------------


class NoList(ValueError):
    """The answer is no list of captures."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer lists."""

    captures: tuple[Listed, ...]
    """Of pages that answered 200."""
    rows: int
    """How many rows there were."""
    resume_key: str | None
    """What to ask on with; None where the server says that there is no more, or nothing."""
    cut: bool
    """Whether the answer ends before its end; the captures before that are good."""
    mark: int = 0
    """The same for the same rows, in one run of the program."""


def read_answer(body: bytes, kind: str, *, incomplete: bool = False) -> Answer:
    """The captures in an answer. ``incomplete``: HTTP says that bytes are missing.

    Raises NoList for anything but JSON of either kind (an HTML page, a message).
    """
    text = body.decode("utf-8", "replace").strip()
    if not text:
        # pywb says "nothing" by an empty answer, the Internet Archive by []: there it is an answer lost.
        return Answer((), 0, None, incomplete or kind == "array")
    if text.startswith("["):
        rows, key, cut = _array(text)
    elif text.startswith("{"):
        rows, key, cut = _lines(text)
    else:
        raise NoList("It is no JSON.")
    captures = tuple(found for row in rows if (found := _listed(row)) is not None)
    if rows and not any("timestamp" in row for row in rows):
        raise NoList("It is JSON, but no list of captures.")
    mark = hash(tuple(tuple(row.values()) for row in rows)) if rows else hash(key)
    return Answer(captures, len(rows), key, cut or incomplete, mark)


def _array(text: str) -> tuple[list[Mapping[str, str]], str | None, bool]:
    """``[[names…], [values…], …, [], ["resume key"]]``, row by row, so that half an answer is half a list."""
    found, place, whole = list[list[str]](), 1, False
    decoder = json.JSONDecoder()
    while True:
        gap = re.compile(r"[\s,]*").match(text, place)
        place = gap.end() if gap else place
        if text[place : place + 1] == "]":
            whole = True
            break
        try:
            row, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        if not isinstance(row, list):
            raise NoList("It is JSON, but no list of captures.")
        found.append([str(value) for value in row])
    key = None
    if whole and len(found) >= 2 and not found[-2] and len(found[-1]) == 1:
        key = found[-1][0]
        found = found[:-2]
    names = found[0] if found else []
    return [dict(zip(names, row, strict=False)) for row in found[1:]], key, not whole


def _lines(text: str) -> tuple[list[Mapping[str, str]], str | None, bool]:
    """One object a line; the last one may be cut."""
    rows, lines = list[Mapping[str, str]](), text.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            if number == len(lines):
                return rows, None, True
            continue
        if isinstance(row, dict):
            rows.append({name: str(value) for name, value in row.items()})
    return rows, None, False


def _listed(row: Mapping[str, str]) -> Listed | None:
    """A row as a capture of a page; None for anything else."""
    timestamp = row.get("timestamp", "")
    original = row.get("original") or row.get("url") or ""
    status = row.get("statuscode") or row.get("status") or "200"
    mime = row.get("mimetype", row.get("mime", "-")).partition(";")[0].strip().lower()
    if not is_moment(timestamp) or not links.site_key(original) or status != "200" or mime not in MIME_TYPES:
        return None
    digest = row.get("digest", "").removeprefix("sha1:")
    return Listed(timestamp, original_address(original), "" if digest == "-" else digest)


def is_moment(text: str) -> bool:
    """Whether it is a timestamp of 14 digits that is a time."""
    if len(text) != 14 or not text.isdecimal():
        return False
    try:
        datetime.strptime(text, "%Y%m%d%H%M%S")  # only tried
    except ValueError:
        return False
    return True


def original_address(url: str) -> str:
    """The address without the scheme's own port: ``http://www.iom.int:80/`` -> ``http://www.iom.int/``."""
    return _DEFAULT_PORT.sub(lambda found: found[1] or found[2], url)


def redirect_target(server: Server, base: str, location: str, timestamp: str) -> Listed | None:
    """Where a redirect leads: to a capture of this server, or to an address of that time; None for neither."""
    try:
        target = urljoin(base, location)
    except ValueError:
        return None
    found = server.listed_at(target)
    if found is None and links.site_key(target) and links.site_key(target) != links.site_key(server.replay):
        found = Listed(timestamp, original_address(target), "")
    return found
