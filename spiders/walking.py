"""What every step of the spider ``site`` rests on: its arguments, its requests, and what comes next.

Page requests are made a few at a time (``walk.WINDOW``) from the addresses that a walk has found: each
answer calls for the next. That no answer comes back (Scrapy drops a redirect to an address it has seen)
is made good when the spider has nothing to do.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from twisted.python.failure import Failure

from iomscrape.records import Capture
from spiders import links
from spiders.answers import error_of
from spiders.ended import Left, reason_of
from spiders.links import Site
from spiders.shards import shard_of
from spiders.sites import is_likely
from spiders.unfetched import REASONS, Unfetched
from spiders.walk import PRIORITY, WINDOW, Bounds, Walk, count_of, day_of, walks_of

Yielded = Request | Capture | Unfetched


class Walking(Spider):
    """A spider that walks sites; what it finds on them is its subclass's business."""

    def __init__(
        self,
        url: str = "",
        since: str = "",
        max_pages: str | int = "",
        langs: str = "",
        offices: str = "",
        shard: str = "",
        dry_run: str | bool = "",
        **kwargs: Any,
    ) -> None:
        """Check the arguments. Raises ValueError with a line for the person who gave them.

        ``url``: sites or pages, comma-separated, a host name means https. ``since``: YYYY-MM-DD; what a
        sitemap, feed or list says to be older is not fetched. ``max_pages``: at most so many article
        pages come out of the run. ``langs``: language prefixes to keep, such as ``en,es``. ``offices``:
        ``linked`` for the sites below a given one's host name that its home page links to, too.
        ``shard``: ``2/3`` for the second of three parts of the sites, see ``spiders.shards``.
        ``dry_run``: anything, to ask for robots.txt and sitemaps and nothing else.
        """
        super().__init__(**kwargs)
        self.walks = walks_of(url)
        self.since = day_of(since)
        self.max_pages = count_of(max_pages)
        self.langs = frozenset(lang.strip().lower() for lang in langs.split(",") if lang.strip())
        if offices not in ("", "linked"):
            raise ValueError(f"offices is {offices!r}; give 'linked' or leave it out")
        self.offices = offices
        self.dry_run = bool(dry_run)
        self.shard = shard_of(shard)
        self._leave_to_others()
        self.bounds = Bounds()
        self.taken = 0
        """Article pages that came out so far."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        number, usual = crawler.settings.getint, Bounds()
        spider.bounds = Bounds(
            urls=number("IOMSCRAPE_MAX_URLS", usual.urls),
            list_pages=number("IOMSCRAPE_MAX_LIST_PAGES", usual.list_pages),
            depth=number("IOMSCRAPE_MAX_DEPTH", usual.depth),
            alike=number("IOMSCRAPE_MAX_ALIKE", usual.alike),
        )
        crawler.signals.connect(spider.idle, signal=signals.spider_idle)
        crawler.signals.connect(spider.landed, signal=signals.request_dropped)
        return spider

    @property
    def enough(self) -> bool:
        """Whether as many article pages came out as were wanted."""
        return self.max_pages is not None and self.taken >= self.max_pages

    def _leave_to_others(self) -> None:
        """Keep the sites of the own part; home pages that lead to offices, too."""
        for key, walk in list(self.walks.items()) if self.shard else ():
            if self.is_ours(key):
                continue
            if self.offices and not self.dry_run:
                walk.is_guide = True
            else:
                del self.walks[key]

    def is_ours(self, site: str) -> bool:
        """Whether the site falls into the part of a shared crawl that this one is."""
        return self.shard is None or self.shard.has(site)

    def join_walk(self, url: str) -> bool:
        """Take a site into the run; True if it was not in it, and no other part of the crawl has it."""
        key = links.site_key(url)
        if key in self.walks or not self.is_ours(key):
            return False
        self.walks[key] = Walk(Site(links.origin(url)), [url])
        return True

    # What has come, and what is next --------------------------------------------------------------

    def landed(self, request: Request | None, **_: Any) -> None:
        """Note that a request is over, whatever came of it."""
        walk = self.walks.get(request.meta.get("site", "")) if request else None
        if request is None or walk is None:
            return
        kind = request.meta.get("kind")
        if kind == "page":
            walk.flying = max(0, walk.flying - 1)
        elif kind in ("robots", "sitemap"):
            walk.reading = max(0, walk.reading - 1)

    def next_pages(self) -> Iterator[Yielded]:
        """Requests for pages that wait, as far as the windows allow, and the bounds that were reached."""
        for walk in self.walks.values():
            for reason, detail in walk.stopped.items():
                if detail:
                    walk.stopped[reason] = ""  # said once
                    yield Unfetched(url=walk.site.origin, reason=reason, detail=f"{REASONS[reason]} {detail}")
            if self.dry_run:
                continue
            while walk.waiting and not walk.reading and walk.flying < WINDOW:
                key = walk.waiting.popleft()
                walk.flying += 1
                yield self.request(walk, walk.address(key), "page", self.parse_page, lastmod=walk.seen[key])

    def idle(self, **_: Any) -> None:
        """Nothing is on its way: what still counts as such was dropped, and what waits goes out."""
        if self.enough or not self.crawler.crawling:
            return
        for walk in self.walks.values():
            walk.flying = walk.reading = 0
        requests = [found for found in self.next_pages() if isinstance(found, Request)]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def find(
        self, here: Walk, url: str, lastmod: datetime | None = None, *, linked: int | None = None
    ) -> bool:
        """Note an article address that ``here`` leads to, where the run wants it; see ``Walk.find``."""
        owner = here if here.site.owns(url) else self.walks.get(links.site_key(url))
        if owner is None or owner.is_guide or self.foreign(url):
            return False
        return owner.find(url, self.bounds, lastmod, linked=linked)

    @abstractmethod
    def parse_page(self, response: Any, walk: str) -> Iterator[Yielded]:
        """An article page came: the spider's own business."""

    # Requests --------------------------------------------------------------------------------------

    def request(
        self,
        here: Walk,
        url: str,
        kind: str,
        callback: Any,
        *,
        errback: Any = None,
        lastmod: datetime | None = None,
        **kwargs: Any,
    ) -> Request:
        """A request on a site; ``kind`` is a word of ``walk.PRIORITY``."""
        # www and bare name are one server and get one server's share of requests.
        meta: dict[str, Any] = {"site": here.site.key, "download_slot": here.site.key, "kind": kind}
        if kind == "page":
            meta.update(page=True, lastmod=lastmod)
        elif kind in ("robots", "sitemap"):
            here.reading += 1
        return Request(
            url,
            callback=callback,
            errback=errback or self.failed,
            priority=PRIORITY[kind],
            meta=meta,
            cb_kwargs={"walk": here.site.key, **kwargs},
        )

    def failed(self, failure: Failure) -> Iterator[Yielded]:
        """A request that brought no answer."""
        if isinstance(failure.value, Left) and failure.value.fetched_before:
            # The run that this one goes on with took it: `max_pages` holds for both together.
            self.taken += 1
            if self.enough:
                raise CloseSpider("max_pages")
        yield from self.unfetched(failure)

    def site_failed(self, failure: Failure) -> Iterator[Yielded]:
        """The site cannot be walked at all; one that the list only supposed may just not exist."""
        for item in self.unfetched(failure, site=True):
            if isinstance(item, Unfetched) and item.reason == "dns" and is_likely(item.url):
                item = replace(item, reason="no-such-site", detail=REASONS["no-such-site"])
            yield item

    def guess_failed(self, failure: Failure) -> Iterator[Yielded]:
        """A list or feed that robots.txt forbids is no problem: nobody asked for it by name."""
        yield from self.unfetched(failure, but="robots")

    def unfetched(self, failure: Failure, *, site: bool = False, but: str = "") -> Iterator[Yielded]:
        """The problem that a failed request is, unless its reason is ``but``, and what comes next."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        self.landed(request)
        reason, detail = reason_of(error_of(failure))
        if reason and reason != but:
            asked = [*request.meta.get("redirect_urls", []), request.url][0]
            yield Unfetched(url=asked, reason=reason, detail=detail, site=site)
        yield from self.next_pages()

    def too_old(self, lastmod: datetime | None) -> bool:
        """Whether ``since`` leaves out what changed last at that moment."""
        return self.since is not None and lastmod is not None and lastmod.date() < self.since

    def foreign(self, url: str) -> bool:
        """Whether the address is in a language that the run does not want. Without prefix it is kept."""
        lang = links.language(url)
        return bool(self.langs) and lang is not None and lang not in self.langs
