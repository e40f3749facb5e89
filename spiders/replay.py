"""What a Wayback server replays: the original page with its own time and headers, or nothing of the kind."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.http import Response

from iomscrape.records import Capture
from spiders.cdx import original_address
from spiders.kept import Listed

ORIGINAL_PREFIX = "x-archive-orig-"
"""What servers put before the names of original headers, the Internet Archive before all, pywb before some."""

# Of the transfer to us, or the archive's own.
_NOT_ORIGINAL = frozenset(
    "connection keep-alive transfer-encoding content-encoding content-length date server via alt-svc "
    "memento-datetime link content-location preference-applied set-cookie strict-transport-security".split()
)
_OF_TRANSFER = frozenset({"connection", "keep-alive", "transfer-encoding"})


def served_moment(response: Response) -> datetime | None:
    """The time of the capture that came (``Memento-Datetime``, RFC 7089); None where no capture came."""
    text = (response.headers.get("Memento-Datetime") or b"").decode("latin-1")
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def served_address(response: Response) -> str | None:
    """The address that the server says the capture was made of; None where it does not say."""
    links = b", ".join(response.headers.getlist("Link")).decode("latin-1")
    found = re.search(r'<([^<>]+)>\s*;\s*rel="?original"?', links)
    return original_address(found[1]) if found else None


def capture(response: Response, listed: Listed, moment: datetime, led: tuple[str, ...]) -> Capture:
    """The original page: its address, its time, its headers. ``led``: original addresses that redirected there."""
    meta: dict[str, Any] = response.request.meta if response.request else {}
    sent_headers, sent_body = meta.get("wire") or (response.headers, None)
    headers = original_headers(_pairs(sent_headers))
    coding = next((value for name, value in headers if name.lower() == "content-encoding"), None)
    sent_coding = (sent_headers.get("Content-Encoding") or b"").decode("latin-1")
    wire = sent_body if coding and coding.strip().lower() == sent_coding.strip().lower() else None
    if wire is None:
        # The server unpacked the page, or packed it for the way to us: what we have is the page itself.
        gone = ("content-encoding", "content-length")
        headers = tuple((name, value) for name, value in headers if name.lower() not in gone)
    return Capture(
        url=listed.original,
        body=response.body,
        fetched_at=moment,
        source="wayback",
        status=response.status,
        headers=headers,
        wire=wire,
        redirected_from=led,
        origin=response.url,
    )


def original_headers(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that the site sent when the capture was made, of those that came with the replay.

    Where the Internet Archive answers (``X-Archive-Src``) only prefixed ones are original, and the type;
    pywb leaves most headers under their own names.
    """
    own_names = {name.lower() for name, _ in pairs}
    prefixed = [
        (name[len(ORIGINAL_PREFIX) :], value)
        for name, value in pairs
        if name.lower().startswith(ORIGINAL_PREFIX)
    ]
    prefixed = [(name, value) for name, value in prefixed if name.lower() not in _OF_TRANSFER]
    taken = {name.lower() for name, _ in prefixed}
    plain = [
        (name, value)
        for name, value in pairs
        if name.lower() not in _NOT_ORIGINAL | taken
        and not name.lower().startswith("x-archive-")
        and ("x-archive-src" not in own_names or name.lower() == "content-type")
    ]
    return tuple(plain + prefixed)


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]
