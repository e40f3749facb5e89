"""The spider ``wayback``: brings the captures of article pages that a Wayback server kept.

    scrapy crawl wayback -a url=www.iom.int -a from=2003 -a to=2007

It asks the server for the list of captures (``spiders.cdx``), one request after the other and seldom,
chooses of each address what is wanted, and fetches the original bytes (``spiders.replay``). Requests for
captures carry ``meta["offered"]``, so that ``iomscrape.middlewares`` leaves out what the archive has.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from iomscrape.records import Capture
from spiders import cdx, links, replay
from spiders.answers import error_of, refusal
from spiders.cdx import Listed, Span, Target
from spiders.links import Site
from spiders.unfetched import REASONS, REFUSALS, Left, Unfetched, moved_away, reason_of
from spiders.walk import Walk

Yielded = Request | Capture | Unfetched

# Stats, as in ``iomscrape.outcome``.
COUNTS = "iomscrape/counts/"
REMARKS = "iomscrape/remarks"

WINDOW = 8
"""Requests for captures in Scrapy's hands; the others wait here, in less memory."""

MAX_HOPS = 5
"""Redirects within the archive that are followed for one capture."""

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


class Replay(NamedTuple):
    """One capture on its way."""

    listed: Listed
    """What is asked for."""
    wanted: Listed
    """What the list promised, before any redirect."""
    led: tuple[str, ...] = ()
    """Original addresses that redirected here."""
    hops: int = 0


class WaybackSpider(Spider):
    """See the module. Arguments (``-a``): url, from, to, pick, server, limit, dry_run."""

    name = "wayback"
    command = "wayback"
    custom_settings = {  # noqa: RUF012  # Scrapy's way
        # It is the archive's programming interface that is used; see docs/wayback.md.
        "ROBOTSTXT_OBEY": False,
        "IOMSCRAPE_CDX_PER_MINUTE": 24,
        "DOWNLOAD_TIMEOUT": 120,
    }

    def __init__(
        self,
        url: str = "",
        to: str = "",
        pick: str = "version",
        server: str = "",
        limit: str | int = "",
        dry_run: str | bool = False,
        **kwargs: Any,
    ) -> None:
        """Check the arguments. Raises ValueError with a line for the person who gave them.

        ``url``: sites, paths or pages, comma-separated. ``from``, ``to``: 2003, 2003-05, 2003-05-17.
        ``pick``: see ``cdx.PICKS``. ``limit``: fetch at most so many captures. ``dry_run``: only list.
        """
        self.span = cdx.span_of(str(kwargs.pop("from", "")), str(to))
        super().__init__(**kwargs)
        if pick not in cdx.PICKS:
            raise ValueError(f"pick is {pick!r}; give one of {', '.join(cdx.PICKS)}")
        self.pick = pick
        asked = [cdx.target_of(part) for part in url.split(",") if part.strip()]
        self.targets = list(dict.fromkeys(asked))
        self.servers = list(cdx.servers(server))
        self.limit = _limit(limit)
        self.dry_run = bool(dry_run)
        root = self.servers[0].replay
        self.walks = {links.site_key(root): Walk(Site(links.origin(root)), [root])}
        self.todo: deque[Listed] = deque()
        """Captures that are wanted and not asked for yet."""
        self.remarks: list[str] = []
        """Lines for a person, at the end."""
        self._planned: set[Listed] = set()
        self._waiting = deque(self.targets)
        self._settled = False
        """Whether it is known where the server's lists are."""
        self._first_refusal: tuple[str, str] | None = None
        self._fetched = self._under_way = 0
        self._next_list_at = 0.0

    def run_arguments(self) -> dict[str, object]:
        """What makes two runs the same work."""
        return {
            "urls": sorted(target.url for target in self.targets),
            "server": self.servers[0].cdx,
            "from": self.span.start,
            "to": self.span.end,
            "pick": self.pick,
            "limit": self.limit,
        }

    async def start(self) -> AsyncIterator[Any]:
        """The first request for a list."""
        if not self._waiting:
            self.logger.warning("Nothing was given: use -a url=www.iom.int")
        for name in ("addresses", "listed", "fetched", "gaps"):
            self.crawler.stats.set_value(COUNTS + name, 0)
        async for request in self._next_target():
            yield request

    # Lists ---------------------------------------------------------------------------------------

    async def _next_target(self) -> AsyncIterator[Yielded]:
        if self._waiting:
            yield await self._list_request(Listing(self._waiting.popleft(), [self.span]))

    async def _list_request(self, listing: Listing, *, wait: float = 0.0) -> Request:
        """The request for the next part of a list; no sooner than the API's pace allows."""
        pause = max(self._next_list_at - monotonic(), wait)
        while pause > 0 and self.crawler.crawling:
            await asyncio.sleep(min(pause, 0.5))
            pause -= 0.5
        server = self.servers[0]
        rows = max(cdx.PAGE_ROWS[server.kind] >> listing.tries, 100)
        meta = {
            "site": links.site_key(server.cdx),
            "dont_retry": True,  # we do it ourselves, at the API's pace
            "autothrottle_dont_adjust_delay": True,
            "download_fail_on_dataloss": False,
        }
        return Request(
            cdx.query(server, listing.target, listing.spans[-1], rows, listing.resume_key),
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"listing": listing, "rows": rows},
            meta=meta,
            priority=10,
            dont_filter=True,
        )

    def _list_answered(self) -> None:
        self._next_list_at = monotonic() + 60 / self.settings.getfloat("IOMSCRAPE_CDX_PER_MINUTE")

    async def parse_list(self, response: Response, listing: Listing, rows: int) -> AsyncIterator[Yielded]:
        """A part of a list: noted; then what follows it, or the rest of it again."""
        self._list_answered()
        answer, wrong = None, refusal(response)
        if not wrong:
            try:
                cut = "dataloss" in response.flags
                answer = cdx.read_answer(response.body, self.servers[0].kind, incomplete=cut)
            except cdx.NoList as error:
                wrong = ("bad-list", f"{REASONS['bad-list']} {error}")
        if answer is None:
            following = self._list_refused(listing, response, *(wrong or ("bad-list", REASONS["bad-list"])))
        else:
            self._settled = True
            following = self._list_came(listing, answer, rows)
        async for item in following:
            yield item

    async def _list_refused(
        self, listing: Listing, response: Response, reason: str, detail: str
    ) -> AsyncIterator[Yielded]:
        """No list came: perhaps it lies elsewhere on this server, perhaps it comes when asked again."""
        if not self._settled and (response.status == 404 or reason == "bad-list"):
            if self._first_refusal is None and len(self.servers) > 1:
                self._first_refusal = (reason, detail)
                self.servers.reverse()
                yield await self._list_request(listing)
                return
            if self._first_refusal is not None:
                # Neither here nor there: what was said first counts, and where it was said.
                self.servers.reverse()
                reason, detail = self._first_refusal
            self._settled = True
        if response.status == 403:
            said = " ".join(response.body[:2000].decode("utf-8", "replace").split())
            detail = f"The archive answered 403: {said[:200]}"
        hopeless = reason in ("forbidden", "http-404", "http-400")
        async for item in self._list_again(listing, reason, detail, hopeless=hopeless):
            yield item

    async def list_failed(self, failure: Failure) -> AsyncIterator[Yielded]:
        """No answer came to the request for a list."""
        self._list_answered()
        listing: Listing = failure.request.cb_kwargs["listing"]  # type: ignore[attr-defined]
        reason, detail = reason_of(error_of(failure))
        if isinstance(failure.value, Left):
            self._waiting.clear()  # the server was left, or the run is ending
            if reason:
                yield Unfetched(url=listing.target.url, reason=reason, detail=detail, site=True)
            return
        again = self._shorter(listing) if reason == "too-large" else None
        again = again or self._list_again(listing, reason or "network", detail)
        async for item in again:
            yield item

    async def _list_again(
        self, listing: Listing, reason: str, detail: str, *, hopeless: bool = False
    ) -> AsyncIterator[Yielded]:
        """Ask again for the same part, or give the rest of the list up and say so."""
        listing.tries += 1
        if not hopeless and listing.tries <= self.settings.getint("RETRY_TIMES"):
            wait = self.settings.getfloat("IOMSCRAPE_BACKOFF") * 2 ** (listing.tries - 1)
            yield await self._list_request(listing, wait=min(wait, 60.0))
            return
        async for item in self._give_up(listing, reason, detail):
            yield item

    async def _give_up(self, listing: Listing, reason: str, detail: str) -> AsyncIterator[Yielded]:
        if listing.captures:
            detail += f" The list is incomplete; the {listing.captures} captures that came are used."
        yield Unfetched(url=listing.target.url, reason=reason, detail=detail, site=True)
        if reason in REFUSALS and reason != "forbidden":
            self._waiting.clear()
        async for item in self._list_complete(listing, whole=False):
            yield item

    def _shorter(self, listing: Listing) -> AsyncIterator[Yielded] | None:
        """Ask for the present span in two halves; None where it is short already."""
        halves = listing.spans[-1].halves()
        if halves is None:
            return None
        listing.spans[-1:] = halves[::-1]
        listing.resume_key, listing.tries = None, 0
        return self._list_goes_on(listing)

    async def _list_goes_on(self, listing: Listing) -> AsyncIterator[Yielded]:
        yield await self._list_request(listing)

    def _list_came(self, listing: Listing, answer: cdx.Answer, rows: int) -> AsyncIterator[Yielded]:
        """What follows a part of a list that came, whole or cut."""
        listing.take(answer.captures)
        if answer.cut:
            return self._list_cut(listing)
        listing.tries = 0
        if answer.resume_key:
            if answer.mark in listing.parts:
                return self._give_up(listing, "bad-list", "The server repeats itself instead of going on.")
            if len(listing.parts) >= MAX_PARTS:
                return self._give_up(listing, "too-many", "The list goes on and on.")
            listing.parts.add(answer.mark)
            listing.resume_key = answer.resume_key
            return self._list_goes_on(listing)
        if answer.rows >= rows:
            # The server stopped at our limit and has no key to go on with.
            return self._shorter(listing) or self._give_up(
                listing, "too-many", "The server lists no more of this month."
            )
        listing.spans.pop()
        listing.resume_key = None
        return self._list_goes_on(listing) if listing.spans else self._list_complete(listing)

    def _list_cut(self, listing: Listing) -> AsyncIterator[Yielded]:
        """An answer that breaks off: what stands before the cut is noted, now the rest."""
        listing.tries += 1
        listing.cuts += 1
        if listing.tries <= self.settings.getint("RETRY_TIMES") and listing.cuts < MAX_CUTS:
            return self._list_goes_on(listing)
        shorter = self._shorter(listing) if listing.cuts < MAX_CUTS else None
        return shorter or self._give_up(listing, "cut-off", REASONS["cut-off"])

    async def _list_complete(self, listing: Listing, *, whole: bool = True) -> AsyncIterator[Yielded]:
        """All captures of a target are known: choose, begin to fetch, go on with the next target."""
        stats = self.crawler.stats
        stats.inc_value(COUNTS + "addresses", len(listing.addresses))
        stats.inc_value(COUNTS + "listed", listing.captures)
        if not listing.addresses and whole:
            yield Unfetched(
                url=listing.target.url, reason="no-captures", detail=REASONS["no-captures"], site=True
            )
        self._name_gaps_in_time(listing)
        for captures in listing.addresses.values():
            for capture in cdx.chosen(captures, self.pick):
                if capture not in self._planned:
                    self._planned.add(capture)
                    self.todo.append(capture)
        for request in self._fetch_on():
            yield request
        async for item in self._next_target():
            yield item

    def _name_gaps_in_time(self, listing: Listing) -> None:
        years = {
            int(capture.timestamp[:4]) for captures in listing.addresses.values() for capture in captures
        }
        missing = cdx.years_without(years, self.span)
        if missing:
            self.crawler.stats.inc_value(COUNTS + "years_without_captures", len(missing))
            named = ", ".join(map(str, missing))
            self.remarks.append(f"{listing.target.url}: no capture of an article in {named}.")
            self.crawler.stats.set_value(REMARKS, self.remarks)
            self.logger.info(self.remarks[-1])

    # Captures ------------------------------------------------------------------------------------

    def _fetch_on(self) -> Iterator[Request]:
        """Requests for captures, as many as may be under way."""
        if self.dry_run:
            return
        most = WINDOW if self.limit is None else min(WINDOW, self.limit - self._fetched)
        while self.todo and self._under_way < most:
            listed = self.todo.popleft()
            yield self._request(Replay(listed, listed))

    def _request(self, capture: Replay) -> Request:
        self._under_way += 1
        address = self.servers[0].capture_address(capture.listed)
        meta = {
            "site": links.site_key(address),
            "page": True,
            "offered": (capture.listed.original, capture.listed.moment),
            "dont_redirect": True,  # whether a redirect is the archive's or the site's is seen here
        }
        return Request(
            address,
            callback=self.parse_capture,
            errback=self.capture_failed,
            cb_kwargs={"capture": capture},
            meta=meta,
            dont_filter=True,
        )

    def parse_capture(self, response: Response, capture: Replay) -> Iterator[Yielded]:
        """The answer to a request for a capture, and the next ones."""
        self._under_way -= 1
        try:
            moment = replay.served_moment(response)
            if 300 <= response.status < 400 and response.headers.get("Location"):
                yield from self._redirected(response, capture, archived=moment is not None)
            elif moment is None:
                yield self._not_replayed(response, capture)
            else:
                yield from self._replayed(response, capture)
        finally:
            yield from self._fetch_on()

    def _not_replayed(self, response: Response, capture: Replay) -> Unfetched:
        """An answer of the archive's own, in place of the capture."""
        refused = refusal(response)
        reason, detail = "not-replayable", f"It is listed, but the archive answered {response.status}."
        if refused and (refused[0] in REFUSALS or response.status >= 500):
            reason, detail = refused
        return self._gap(capture, reason, detail)

    def _replayed(self, response: Response, capture: Replay) -> Iterator[Yielded]:
        moment = replay.served_moment(response)
        address = replay.served_address(response) or capture.listed.original
        if moment is None:
            return
        if article_key(address) != article_key(capture.listed.original):
            yield self._gap(capture, "other-capture", f"The archive gave a capture of {address[:200]}.")
            return
        if moment != capture.wanted.moment and not capture.led:
            yield self._gap(
                capture,
                "other-capture",
                f"The archive gave its capture of {moment:%Y-%m-%d %H:%M:%S} instead.",
            )
        self._fetched += 1
        self.crawler.stats.inc_value(COUNTS + "fetched")
        yield replay.capture(response, capture.listed, moment, capture.led)

    def _redirected(self, response: Response, capture: Replay, *, archived: bool) -> Iterator[Yielded]:
        """To another capture of the same page (the archive's redirect), or to another page (the site's)."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        listed = capture.listed
        target = cdx.redirect_target(self.servers[0], response.url, location, listed.timestamp)
        if target is None or (not archived and self.servers[0].listed_at(location_of(response)) is None):
            yield self._gap(capture, "not-replayable", f"It redirects to {location[:200]}.")
        elif target == listed or capture.hops >= MAX_HOPS:
            yield self._gap(capture, "redirect-loop", REASONS["redirect-loop"])
        elif article_key(target.original) == article_key(listed.original):
            yield from self._nearest(capture, target)
        elif not links.may_hold_article(target.original):
            moved = moved_away(listed.original, target.original)
            yield self._gap(capture, moved.reason, moved.detail)
        else:
            led = (*capture.led, listed.original)
            yield self._request(Replay(target, capture.wanted, led, capture.hops + 1))

    def _nearest(self, capture: Replay, target: Listed) -> Iterator[Yielded]:
        """The archive leads to another capture of the page: taken, unless it is on the list anyway."""
        same_time = target.timestamp == capture.listed.timestamp
        if not same_time and any(planned[:2] == target[:2] for planned in self._planned):
            detail = f"The archive leads to its capture of {target.timestamp} instead."
            yield self._gap(capture, "other-capture", detail)
        else:
            yield self._request(Replay(target, capture.wanted, capture.led, capture.hops + 1))

    def capture_failed(self, failure: Failure) -> Iterator[Yielded]:
        """A request for a capture that brought no answer; or none was made."""
        self._under_way -= 1
        capture: Replay = failure.request.cb_kwargs["capture"]  # type: ignore[attr-defined]
        reason, detail = reason_of(error_of(failure))
        if reason:
            yield self._gap(capture, reason, detail)
        if isinstance(failure.value, Left) and not failure.value.held:
            self.todo.clear()  # the server was left, or the run is ending
        yield from self._fetch_on()

    def _gap(self, capture: Replay, reason: str, detail: str) -> Unfetched:
        """A capture that is listed and did not come."""
        self.crawler.stats.inc_value(COUNTS + "gaps")
        return Unfetched(url=self.servers[0].capture_address(capture.wanted), reason=reason, detail=detail)


def article_key(url: str) -> str:
    """What all addresses of one article have in common; queries count where the article hangs on them."""
    return links.key(url.partition("?")[0]) if links.is_article(url) else links.key(url)


def location_of(response: Response) -> str:
    """Where a redirect leads, as an absolute address; empty where that is none."""
    return links.join(response.url, (response.headers.get("Location") or b"").decode("latin-1")) or ""


def _limit(text: str | int) -> int | None:
    if text in ("", None):
        return None
    if not str(text).isdecimal() or int(text) < 1:
        raise ValueError(f"limit is {text!r}; give a number from 1 up")
    return int(text)
