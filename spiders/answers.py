"""What a server answered: a capture for the rooms behind the spiders, a refusal, a list, nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from protego import Protego
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from iomscrape.records import Capture
from spiders import sitemaps
from spiders.unfetched import Unfetched, reason_of_status


def capture(response: Response) -> Capture:
    """A response as a capture; ``meta["wire"]`` holds headers and body as sent, where they differ."""
    request = response.request
    meta: dict[str, Any] = request.meta if request else {}
    sent_headers, sent_body = meta.get("wire") or (response.headers, None)
    return Capture(
        url=response.url,
        body=response.body,
        fetched_at=datetime.now(UTC),
        source="live",
        status=response.status,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in sent_headers.items()
            for value in (values if isinstance(values, list) else [values])
        ),
        wire=sent_body,
        redirected_from=tuple(meta.get("redirect_urls", ())),
    )


def refusal(response: Response) -> tuple[str, str] | None:
    """Reason and detail where the answer is no page (see ``reason_of_status``); None for a page."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return reason_of_status(response.status, headers, response.body[:4096])


def allows(robots: Response, url: str, agent: str) -> bool:
    """Whether an answer for robots.txt lets ``agent`` ask for the address (RFC 9309, 2.3.1)."""
    if robots.status != 200:
        return robots.status < 500
    return bool(Protego.parse(robots.body.decode("utf-8", "replace")).can_fetch(url, agent))


def listed_in(response: Response) -> tuple[sitemaps.Listed, list[Unfetched]]:
    """What a sitemap or feed lists, and what is wrong with it."""
    try:
        listed = sitemaps.read_listed(response.body)
        detail = "It breaks off or is too long; what stands before that point was used." if listed.cut else ""
    except sitemaps.BadXml as error:
        listed, detail = sitemaps.Listed(), str(error)
    return listed, [Unfetched(url=response.url, reason="bad-sitemap", detail=detail)] if detail else []


def text_of(response: Response) -> TextResponse | None:
    """The answer where it is text with something in it; None for a picture or an empty one."""
    return response if isinstance(response, TextResponse) and response.body else None


def error_of(failure: Failure) -> BaseException:
    """What a request failed with."""
    return failure.value or RuntimeError(str(failure))


def is_root(url: str) -> bool:
    """Whether an address is that of a site's home page."""
    return url.rstrip("/").count("/") == 2
