"""The spider ``wayback``: brings the captures of article pages that a Wayback server kept.

    scrapy crawl wayback -a url=www.iom.int -a from=2003 -a to=2007

It walks the server's lists of captures (``spiders.capture_lists``), chooses of each address what is wanted
(``spiders.kept``), and fetches the original bytes (``spiders.replay``). Requests for captures carry
``meta["offered"]``, so that ``iomscrape.middlewares`` leaves out what the archive has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders import cdx, kept, links, replay
from spiders.answers import error_of, refusal
from spiders.capture_lists import Listing, Lists, Yielded, article_key
from spiders.ended import Left, reason_of
from spiders.kept import Listed
from spiders.links import Site
from spiders.unfetched import REASONS, REFUSALS, Unfetched, moved_away
from spiders.walk import Walk

# Stats, as in ``iomscrape.outcome``.
COUNTS = "iomscrape/counts/"
REMARKS = "iomscrape/remarks"

WINDOW = 8
"""Requests for captures in Scrapy's hands; the others wait here, in less memory."""

MAX_HOPS = 5
"""Redirects within the archive that are followed for one capture."""


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
        ``pick``: see ``kept.PICKS``. ``limit``: fetch at most so many captures. ``dry_run``: only list.
        """
        self.span = kept.span_of(str(kwargs.pop("from", "")), str(to))
        super().__init__(**kwargs)
        if pick not in kept.PICKS:
            raise ValueError(f"pick is {pick!r}; give one of {', '.join(kept.PICKS)}")
        self.pick = pick
        asked = [cdx.target_of(part) for part in url.split(",") if part.strip()]
        self.targets = list(dict.fromkeys(asked))
        self.servers = list(cdx.servers(server))
        self.limit = _limit(limit)
        self.dry_run = bool(dry_run)
        root = self.servers[0].replay
        self.todo: deque[Listed] = deque()
        """Captures that are wanted and not asked for yet."""
        self.walk = Walk(Site(links.origin(root)), [root])
        self.walk.waiting = self.todo  # type: ignore[assignment]  # it is counted, for people to see
        self.walks = {links.site_key(root): self.walk}
        self.remarks: list[str] = []
        """Lines for a person, at the end."""
        self._planned: set[tuple[str, str]] = set()
        self._fetched = 0

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
        if not self.targets:
            self.logger.warning("Nothing was given: use -a url=www.iom.int")
        for name in ("addresses", "listed", "fetched", "gaps"):
            self.crawler.stats.set_value(COUNTS + name, 0)
        self.lists = Lists(self.crawler, self.servers, self.targets, self.span, self.list_complete)
        async for request in self.lists.begin_next():
            yield request

    # Lists ---------------------------------------------------------------------------------------

    async def list_complete(self, listing: Listing, whole: bool) -> AsyncIterator[Yielded]:
        """No more comes of a target's list: choose, begin to fetch, go on with the next target."""
        stats = self.crawler.stats
        stats.inc_value(COUNTS + "addresses", len(listing.addresses))
        stats.inc_value(COUNTS + "listed", listing.captures)
        if not listing.addresses and whole:
            yield Unfetched(
                url=listing.target.url, reason="no-captures", detail=REASONS["no-captures"], site=True
            )
        self._name_gaps_in_time(listing)
        for captures in listing.addresses.values():
            for capture in kept.chosen(captures, self.pick):
                if capture[:2] not in self._planned:
                    self._planned.add(capture[:2])
                    self.todo.append(capture)
        for request in self._fetch_on():
            yield request
        async for item in self.lists.begin_next():
            yield item

    def _name_gaps_in_time(self, listing: Listing) -> None:
        years = {
            int(capture.timestamp[:4]) for captures in listing.addresses.values() for capture in captures
        }
        missing = kept.years_without(years, self.span)
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
        while self.todo and self.walk.flying < most:
            listed = self.todo.popleft()
            yield self._request(Replay(listed, listed))

    def _request(self, capture: Replay) -> Request:
        self.walk.flying += 1
        address = self.lists.server.capture_address(capture.listed)
        meta = {
            "site": links.site_key(address),
            "page": True,
            "kind": "page",
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
        self.walk.flying -= 1
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
        target = cdx.redirect_target(self.lists.server, response.url, location, listed.timestamp)
        if target is None or (not archived and self.lists.server.listed_at(location_of(response)) is None):
            yield self._gap(capture, "not-replayable", f"It redirects to {location[:200]}.")
        elif target[:2] == listed[:2] or capture.hops >= MAX_HOPS:
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
        if not same_time and target[:2] in self._planned:
            detail = f"The archive leads to its capture of {target.timestamp} instead."
            yield self._gap(capture, "other-capture", detail)
        else:
            yield self._request(Replay(target, capture.wanted, capture.led, capture.hops + 1))

    def capture_failed(self, failure: Failure) -> Iterator[Yielded]:
        """A request for a capture that brought no answer; or none was made."""
        self.walk.flying -= 1
        capture: Replay = failure.request.cb_kwargs["capture"]  # type: ignore[attr-defined]
        reason, detail = reason_of(error_of(failure))
        if reason:
            yield self._gap(capture, reason, detail)
        elif isinstance(failure.value, Left) and not failure.value.held:
            self.todo.clear()  # the server was left, or the run is ending
        yield from self._fetch_on()

    def _gap(self, capture: Replay, reason: str, detail: str) -> Unfetched:
        """A capture that is listed and did not come."""
        self.crawler.stats.inc_value(COUNTS + "gaps")
        return Unfetched(url=self.lists.server.capture_address(capture.wanted), reason=reason, detail=detail)


def location_of(response: Response) -> str:
    """Where a redirect leads, as an absolute address; empty where that is none."""
    return links.join(response.url, (response.headers.get("Location") or b"").decode("latin-1")) or ""


def _limit(text: str | int) -> int | None:
    if text in ("", None):
        return None
    if not str(text).isdecimal() or int(text) < 1:
        raise ValueError(f"limit is {text!r}; give a number from 1 up")
    return int(text)
