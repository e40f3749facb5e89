"""Walks the lists of a Wayback server: one request after the other, seldom, again where an answer is bad.

Cut answers are asked for again, then in shorter spans of time; lists have an end even where the server has none.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from iomscrape.records import Capture
from spiders import cdx, links
from spiders.answers import error_of, refusal
from spiders.cdx import Target
from spiders.ended import Left, reason_of
from spiders.kept import Listed, Span
from spiders.unfetched import REASONS, REFUSALS, Unfetched

Yielded = Request | Capture | Unfetched

MAX_CUTS = 8
"""Answers of one list that may stay cut before the rest of it is given up."""

MAX_PARTS = 5_000
"""Parts of one list."""


@dataclass(slots=True)
class Listing:
    """How far the list of one target has come."""

    target: Target
    spans: list[Span]
    """What is still to be asked for, the next one last."""
    addresses: dict[str, set[Listed]] = field(default_factory=dict)
    """Captures by what all forms of an article's address have in common."""
    resume_key: str | None = None
    parts: set[int] = field(default_factory=set)
    """Marks of the parts that came, so that a server which repeats itself is found out."""
    tries: int = 0
    """Of the request that is being made."""
    cuts: int = 0
    captures: int = 0
    """How many captures of articles are listed so far."""

    def take(self, captures: tuple[Listed, ...]) -> None:
        """Note those captures that are of articles and of the time that was asked for."""
        for capture in captures:
            if links.was_article(capture.original) and self.spans[-1].holds(capture):
                known = self.addresses.setdefault(article_key(capture.original), set())
                self.captures += capture not in known
                known.add(capture)


def article_key(url: str) -> str:
    """What all addresses of one article have in common; queries count where the article hangs on them."""
    return links.key(url.partition("?")[0]) if links.is_article(url) else links.key(url)


class Lists:
    """The lists of several targets on one server, for a spider."""

    def __init__(
        self,
        crawler: Crawler,
        servers: Sequence[cdx.Server],
        targets: Sequence[Target],
        span: Span,
        complete: Callable[[Listing, bool], AsyncIterator[Yielded]],
    ) -> None:
        """``servers``: where the lists may be, the likeliest first.

        ``complete`` is called with each list that came to its end, and whether it came whole.
        """
        self.crawler = crawler
        self.server = servers[0]
        self.span = span
        self._other = servers[1] if len(servers) > 1 else None
        self._waiting = deque(targets)
        self._complete = complete
        self._settled = False
        """Whether it is known where the server's lists are."""
        self._first_refusal: tuple[str, str] | None = None
        self._next_at = 0.0

    async def begin_next(self) -> AsyncIterator[Yielded]:
        """The first request for the list of the next target; nothing where there is none."""
        if self._waiting:
            yield await self._request(Listing(self._waiting.popleft(), [self.span]))

    async def _request(self, listing: Listing, *, wait: float = 0.0) -> Request:
        """The request for the next part of a list; no sooner than the API's pace allows."""
        pause = max(self._next_at - monotonic(), wait)
        while pause > 0 and self.crawler.crawling:
            await asyncio.sleep(min(pause, 0.5))
            pause -= 0.5
        server = self.server
        rows = max(cdx.PAGE_ROWS[server.kind] >> listing.tries, 100)
        meta = {
            "site": links.site_key(server.cdx),
            "kind": "list",
            "dont_retry": True,  # we do it ourselves, at the API's pace
            "autothrottle_dont_adjust_delay": True,
            "download_fail_on_dataloss": False,
        }
        return Request(
            cdx.query(server, listing.target, listing.spans[-1], rows, listing.resume_key),
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"listing": listing, "rows": rows},
            meta=meta,
            priority=10,
            dont_filter=True,
        )

    def _answered(self) -> None:
        a_minute = self.crawler.settings.getfloat("IOMSCRAPE_CDX_PER_MINUTE")
        self._next_at = monotonic() + 60 / max(a_minute, 0.1)

    async def parse(self, response: Response, listing: Listing, rows: int) -> AsyncIterator[Yielded]:
        """A part of a list: noted; then what follows it, or the rest of it again."""
        self._answered()
        answer, wrong = None, refusal(response)
        if not wrong:
            try:
                cut = "dataloss" in response.flags
                answer = cdx.read_answer(response.body, self.server.kind, incomplete=cut)
            except cdx.NoList as error:
                wrong = ("bad-list", f"{REASONS['bad-list']} {error}")
        if answer is None:
            following = self._refused(listing, response, *(wrong or ("bad-list", REASONS["bad-list"])))
        else:
            self._settled = True
            following = self._came(listing, answer, rows)
        async for item in following:
            yield item

    async def _refused(
        self, listing: Listing, response: Response, reason: str, detail: str
    ) -> AsyncIterator[Yielded]:
        """No list came: perhaps it lies elsewhere on this server, perhaps it comes when asked again."""
        if not self._settled and (response.status == 404 or reason == "bad-list"):
            if self._first_refusal is None and self._other:
                self._first_refusal = (reason, detail)
                self.server, self._other = self._other, self.server
                yield await self._request(listing)
                return
            if self._first_refusal is not None and self._other:
                # Neither here nor there: what was said first counts, and where it was said.
                self.server, self._other = self._other, self.server
                reason, detail = self._first_refusal
            self._settled = True
        if response.status == 403:
            said = " ".join(response.body[:2000].decode("utf-8", "replace").split())
            detail = f"The archive answered 403: {said[:200]}"
        hopeless = reason in ("forbidden", "http-404", "http-400")
        async for item in self._again(listing, reason, detail, hopeless=hopeless):
            yield item

    async def failed(self, failure: Failure) -> AsyncIterator[Yielded]:
        """No answer came to the request for a list."""
        self._answered()
        listing: Listing = failure.request.cb_kwargs["listing"]  # type: ignore[attr-defined]  # set by Scrapy
        reason, detail = reason_of(error_of(failure))
        if isinstance(failure.value, Left):
            self._waiting.clear()  # the server was left, or the run is ending
            if reason:
                yield Unfetched(url=listing.target.url, reason=reason, detail=detail, site=True)
            return
        again = self._shorter(listing) if reason == "too-large" else None
        again = again or self._again(listing, reason or "network", detail)
        async for item in again:
            yield item

    async def _again(
        self, listing: Listing, reason: str, detail: str, *, hopeless: bool = False
    ) -> AsyncIterator[Yielded]:
        """Ask again for the same part, or give the rest of the list up and say so."""
        listing.tries += 1
        if not hopeless and listing.tries <= self.crawler.settings.getint("RETRY_TIMES"):
            wait = self.crawler.settings.getfloat("IOMSCRAPE_BACKOFF") * 2 ** (listing.tries - 1)
            yield await self._request(listing, wait=min(wait, 60.0))
            return
        async for item in self._give_up(listing, reason, detail):
            yield item

    async def _give_up(self, listing: Listing, reason: str, detail: str) -> AsyncIterator[Yielded]:
        if listing.captures:
            detail += f" The list is incomplete; the {listing.captures} captures that came are used."
        yield Unfetched(url=listing.target.url, reason=reason, detail=detail, site=True)
        if reason in REFUSALS and reason != "forbidden":
            self._waiting.clear()
        async for item in self._complete(listing, False):
            yield item

    def _shorter(self, listing: Listing) -> AsyncIterator[Yielded] | None:
        """Ask for the present span in two halves; None where it is short already."""
        halves = listing.spans[-1].halves()
        if halves is None:
            return None
        listing.spans[-1:] = halves[::-1]
        listing.resume_key, listing.tries = None, 0
        listing.parts.clear()
        return self._go_on(listing)

    async def _go_on(self, listing: Listing) -> AsyncIterator[Yielded]:
        yield await self._request(listing)

    def _came(self, listing: Listing, answer: cdx.Answer, rows: int) -> AsyncIterator[Yielded]:
        """What follows a part of a list that came, whole or cut."""
        listing.take(answer.captures)
        if answer.cut:
            return self._cut(listing)
        listing.tries = 0
        if answer.resume_key:
            if answer.mark in listing.parts:
                return self._give_up(listing, "bad-list", "The server repeats itself instead of going on.")
            if len(listing.parts) >= MAX_PARTS:
                return self._give_up(listing, "too-many", "The list goes on and on.")
            listing.parts.add(answer.mark)
            listing.resume_key = answer.resume_key
            return self._go_on(listing)
        if answer.rows >= rows:
            # The server stopped at our limit and has no key to go on with.
            return self._shorter(listing) or self._give_up(
                listing, "too-many", "The server lists no more of this month."
            )
        listing.spans.pop()
        listing.resume_key = None
        return self._go_on(listing) if listing.spans else self._complete(listing, True)

    def _cut(self, listing: Listing) -> AsyncIterator[Yielded]:
        """An answer that breaks off: what stands before the cut is noted, now the rest."""
        listing.tries += 1
        listing.cuts += 1
        if listing.tries <= self.crawler.settings.getint("RETRY_TIMES") and listing.cuts < MAX_CUTS:
            return self._go_on(listing)
        shorter = self._shorter(listing) if listing.cuts < MAX_CUTS else None
        return shorter or self._give_up(listing, "cut-off", REASONS["cut-off"])
