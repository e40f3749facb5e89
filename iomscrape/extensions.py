"""Scrapy extensions: how patient we are with sites, and how fast we stop when asked to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from iomscrape.crawling import ArchiveRun
from spiders.ended import Left
from spiders.links import site_key
from spiders.unfetched import Unfetched

logger = logging.getLogger(__name__)

LEAST_DELAY = 0.001
"""Seconds. Without any delay Scrapy's slots neither look at the clock nor, when many requests wait, at
CONCURRENT_REQUESTS_PER_DOMAIN: all of them are sent at once (2.19, ``Downloader._process_queue``)."""

SLOWEST = 60.0
"""Seconds between requests to which a site can slow us down by answering 429 or 503."""


class Politeness:
    """Keeps robots.txt's Crawl-delay, pauses sites that ask for it, leaves those that refuse us.

    A site's requests share one downloader slot (``middlewares.OwnSites`` sees to it), whose delay is the
    largest of: our DOWNLOAD_DELAY, what AutoThrottle finds right, and the site's Crawl-delay.
    """

    def __init__(self, crawler: Crawler) -> None:
        """No site has asked for anything yet."""
        self.crawler = crawler
        self.longest = crawler.settings.getfloat("IOMSCRAPE_MAX_CRAWL_DELAY")
        self.longest_pause = crawler.settings.getfloat("IOMSCRAPE_MAX_RETRY_AFTER")
        self.backoff = crawler.settings.getfloat("IOMSCRAPE_BACKOFF")
        self.least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.throttled = crawler.settings.getbool("AUTOTHROTTLE_ENABLED")
        self.delays: dict[str, float] = {}
        """Seconds between requests that the site's robots.txt asks for."""
        self.refused: Counter[str] = Counter()
        """Answers in a row by which a site refused us."""
        self.left: dict[str, str] = {}
        """Sites that are not asked any more in this run, and why."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        politeness = cls(crawler)
        crawler.signals.connect(politeness.robots_parsed, signal=signals.robots_parsed)
        # AutoThrottle changes a slot's delay whenever an answer came; the floor is set after it, and
        # again before each request because Scrapy forgets slots that were idle for a minute.
        crawler.signals.connect(politeness.answered, signal=signals.response_downloaded)
        crawler.signals.connect(politeness.keep, signal=signals.request_reached_downloader)
        return politeness

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note the Crawl-delay that holds for us."""
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        site = site_key(request.url)
        if delay is None or not math.isfinite(delay) or delay <= 0:
            return
        if delay > self.longest:
            detail = f"Its robots.txt asks for {delay:.0f} s between requests, more than we wait."
            self.leave(site, request.url, "rate-limited", detail)
        else:
            self.delays[site] = delay

    def answered(self, request: Request, response: Response) -> None:
        """Before the slot's next request goes out: pause where the site asks for it, and set the delay."""
        if response.status in (429, 503):
            self._asked_to_wait(request, response)
            self._slow_down(request)
        site = site_key(request.url)
        if response.status in (401, 403):
            self.back_off(request, self.refused[site])
            self.refused[site] += 1
        elif response.status < 400:
            self.refused[site] = 0
        self._trust_unchanged(request, response)
        self.keep(request)

    def _asked_to_wait(self, request: Request, response: Response) -> None:
        """Keep Retry-After, or leave the site where it is too long; without one we choose the pause."""
        asked = retry_after(response)
        if asked is not None and asked > self.longest_pause:
            detail = f"It asked for a pause of {asked:.0f} s, which is longer than we wait."
            self.leave(site_key(request.url), request.url, "rate-limited", detail)
        elif asked is not None:
            self.pause(request, asked)
        else:
            self.back_off(request, request.meta.get("retry_times", 0))

    def _slow_down(self, request: Request) -> None:
        """Twice the delay for the rest of the run, to a site that said that we are too fast."""
        slot = self._slot(request)
        if slot is not None:
            site = site_key(request.url)
            self.delays[site] = min(max(slot.delay, self.delays.get(site, 0.0)) * 2, SLOWEST)

    def _trust_unchanged(self, request: Request, response: Response) -> None:
        """Let the delay come down again where a site only says 304; AutoThrottle trusts 200 alone.

        Otherwise one slow page would slow down the rest of a recrawl, in which hardly a page has changed.
        """
        slot, latency = self._slot(request), request.meta.get("download_latency")
        if slot is not None and latency is not None and response.status == 304 and self.throttled:
            slot.delay = max(self.least, latency, (slot.delay + latency) / 2)

    def keep(self, request: Request) -> None:
        """Hold the slot's delay at the site's Crawl-delay and the spider's, or above, without jitter below."""
        slot = self._slot(request)
        if slot is None:
            return
        slot.delay = max(slot.delay, LEAST_DELAY)
        site = site_key(request.url)
        # A spider may name sites that want more than the run's own delay: indexes of archives, for one.
        floor = max(self.delays.get(site, 0.0), getattr(self.crawler.spider, "delays", {}).get(site, 0.0))
        if floor:
            slot.delay = max(slot.delay, floor)
            slot.jitter = 0.0

    def back_off(self, request: Request, times: int) -> None:
        """Pause where a site refuses and says not for how long: twice as long with each time."""
        self.pause(request, min(self.backoff * 2.0 ** min(times, 20), self.longest_pause))

    def pause(self, request: Request, seconds: float) -> None:
        """Ask the request's site nothing for so long."""
        slot = self._slot(request)
        if slot is not None:
            slot.lastseen = max(slot.lastseen, monotonic() + seconds)

    def leave(self, site: str, url: str, reason: str, detail: str) -> None:
        """Ask this site nothing more in this run, and write down why."""
        if site in self.left:
            return
        self.left[site] = detail
        run = self.crawler.get_extension(ArchiveRun)
        if run is not None:
            run.take(
                Unfetched(url=url, reason=reason, detail=f"{site} was left for this run. {detail}", site=True)
            )
        for slot in self.crawler.engine.downloader.slots.values():
            refuse_waiting(slot, site)

    def _slot(self, request: Request) -> Slot | None:
        return self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))


def retry_after(response: Response) -> float | None:
    """Seconds that the answer asks to wait (RFC 9110, 10.2.3: a number or a date); None without."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isdecimal() and len(text) < 10:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def refuse_waiting(slot: Slot, site: str | None = None) -> None:
    """End the requests that wait in a downloader slot; with ``site`` those of one site."""
    waiting = [pair for pair in slot.queue if site is None or site_key(pair[0].url) == site]
    for pair in waiting:
        slot.queue.remove(pair)
        pair[1].errback(Failure(Left(None, "The crawl stops, or the site was left.")))  # type: ignore[no-untyped-call]  # Twisted has no types for it


class PromptStop:
    """Ends a crawl within seconds of a signal, however long sites' delays and answers are.

    Scrapy waits for all requests that it has begun. With a Crawl-delay of ten seconds and a queue in the
    downloader that takes minutes, and systemd kills after 90 s. So what waits is dropped, what is on its
    way gets IOMSCRAPE_STOP_SECONDS; then the run is closed in the archive and the loop is stopped.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Watch nothing yet."""
        self.crawler = crawler
        self.patience = crawler.settings.getfloat("IOMSCRAPE_STOP_SECONDS")
        self._watching: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        prompt = cls(crawler)
        crawler.signals.connect(prompt.opened, signal=signals.spider_opened)
        crawler.signals.connect(prompt.closed, signal=signals.spider_closed)
        return prompt

    def opened(self, spider: Spider) -> None:
        """Start watching."""
        self._watching = asyncio.ensure_future(self._watch(spider))

    def closed(self, **_: Any) -> None:
        """Stop watching."""
        if self._watching:
            self._watching.cancel()

    async def _watch(self, spider: Spider) -> None:
        run = self.crawler.get_extension(ArchiveRun)
        stopping_at: float | None = None
        while True:
            await asyncio.sleep(0.2)
            signalled = not self.crawler.crawling
            if not signalled and not getattr(spider, "enough", False) and not (run and run.broken):
                continue
            for slot in list(self.crawler.engine.downloader.slots.values()):
                refuse_waiting(slot)
            stopping_at = stopping_at or monotonic()
            if signalled and monotonic() - stopping_at > self.patience:
                await self._stop_now(run)
                return

    async def _stop_now(self, run: ArchiveRun | None) -> None:
        from twisted.internet import reactor

        logger.warning("An answer did not come in time; stopped without it.")
        self.crawler.stats.set_value("finish_reason", "shutdown")
        if run is not None:
            await run.close(reason="shutdown")
        with contextlib.suppress(RuntimeError):
            reactor.stop()  # type: ignore[misc]  # Twisted's reactor is a module to mypy
