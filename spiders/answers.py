"""What a server answered, as the rooms behind the spiders want it: a capture, or a refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapy.http import Response

from iomscrape.records import Capture
from spiders.unfetched import reason_of_status


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
