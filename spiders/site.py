"""The spider ``site``: walks news sites from their sitemaps, feeds and lists, and brings captures.

    scrapy crawl site -a url=https://www.iom.int -a since=2025-01-01 -a max_pages=100

It knows addresses (``spiders.links``), never articles, and remembers nothing from run to run: what the
archive knows already is left out by ``iomscrape.middlewares``, on requests that carry ``meta["page"]``.

The way through a site: home page -> robots.txt, feeds, lists -> sitemaps -> article pages -> their other
languages. Requests for article pages have ``meta["page"]`` and, if known, ``meta["lastmod"]``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from scrapy.utils.sitemap import sitemap_urls_from_robots
from twisted.python.failure import Failure

from iomscrape.records import Capture
from spiders import links, listings, sitemaps
from spiders.answers import capture, error_of, is_root, listed_in, refusal, text_of
from spiders.links import Site
from spiders.unfetched import REASONS, REFUSALS, Left, Unfetched, moved_away, reason_of
from spiders.walk import (
    MAX_LISTING_PAGES,
    MAX_SITEMAP_DEPTH,
    MAX_SITEMAPS,
    PATIENCE,
    PRIORITY,
    Chain,
    Walk,
    count_of,
    day_of,
    walks_of,
)

Yielded = Request | Capture | Unfetched


class SiteSpider(Spider):
    """See the module. Arguments (``-a``): url, since, max_pages, langs."""

    name = "site"

    def __init__(
        self,
        url: str = "",
        since: str = "",
        max_pages: str | int = "",
        langs: str = "",
        **kwargs: Any,
    ) -> None:
        """Check the arguments. Raises ValueError with a line for the person who gave them.

        ``url``: sites or pages, comma-separated, a host name means https. ``since``: YYYY-MM-DD; what a
        sitemap, feed or list says to be older is not fetched. ``max_pages``: at most so many article
        pages come out of the run. ``langs``: language prefixes to keep, such as ``en,es``.
        """
        super().__init__(**kwargs)
        self.walks = walks_of(url)
        self.since = day_of(since)
        self.max_pages = count_of(max_pages)
        self.langs = frozenset(lang.strip().lower() for lang in langs.split(",") if lang.strip())
        self.taken = 0
        """Article pages that came out so far."""

    @property
    def enough(self) -> bool:
        """Whether as many article pages came out as were wanted."""
        return self.max_pages is not None and self.taken >= self.max_pages

    # The way in ----------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """One request for each address that was given."""
        if not self.walks:
            self.logger.warning("No site was given: use -a url=https://www.iom.int")
        for walk in self.walks.values():
            for asked in dict.fromkeys(walk.asked):
                one_page = links.is_article(asked)
                walk.seen.update([links.key(asked)] if one_page else [])
                callback = self.parse_page if one_page else self.parse_home
                yield self._request(walk, asked, "home", callback, errback=self.home_failed, page=one_page)

    def parse(self, response: Response, **_: Any) -> Iterator[Yielded]:
        """For ``scrapy parse --spider=site URL``: what comes of one page."""
        walk = links.site_key(response.url)
        self.walks.setdefault(walk, Walk(Site(links.origin(response.url)), [response.url]))
        yield from (self.parse_page if links.is_article(response.url) else self.parse_home)(response, walk)

    def parse_home(self, response: Response, walk: str) -> Iterator[Yielded]:
        """The page that was given: where the site really answers, and what it leads to."""
        here = self.walks[walk]
        refused = refusal(response)
        if refused and (refused[0] in REFUSALS or not is_root(response.url)):
            yield Unfetched(url=response.url, reason=refused[0], detail=refused[1], site=True)
            return
        here.site = Site(links.origin(response.url))
        yield self._request(here, f"{here.site.origin}/robots.txt", "robots", self.parse_robots)
        if refused:
            prefixes: list[str] = []
        else:
            page = text_of(response)
            prefixes = self._prefixes(page, here, response.url) if page is not None else []
            if page is not None:
                found = [url for url in listings.feeds(page.selector, response.url) if here.site.owns(url)]
                yield from self._feeds(here, found or [here.site.origin + path for path in links.FEEDS])
                chain = Chain(counts=not is_root(response.url))
                yield from self._listing(page, chain, response.url, here)
        for prefix in ["", *prefixes]:
            for path in links.LISTINGS:
                url = here.site.origin + prefix + path
                yield from self._listing_request(here, url, Chain(counts=True))

    def home_failed(self, failure: Failure) -> Iterator[Unfetched]:
        """The site cannot be walked at all."""
        yield from self._unfetched(failure, site=True)

    def _prefixes(self, page: TextResponse, here: Walk, base: str) -> list[str]:
        """The languages that the home page offers, as path prefixes."""
        found: dict[str, None] = {}
        hrefs = page.css("a[href]::attr(href), link[hreflang]::attr(href)").getall()
        for url in (links.join(base, href) for href in hrefs):
            lang = links.language(url) if url and here.site.owns(url) else None
            if lang and url and (url.rstrip("/").endswith(f"/{lang}") or links.is_article(url)):
                found[lang] = None
        return [f"/{lang}" for lang in found if not self.langs or lang in self.langs]

    # Sitemaps and feeds --------------------------------------------------------------------------

    def parse_robots(self, response: Response, walk: str) -> Iterator[Yielded]:
        """The sitemaps that robots.txt names, or the usual one."""
        here = self.walks[walk]
        named: list[str] = []
        if response.status == 200:
            named = [
                url for url in sitemap_urls_from_robots(response.body, response.url) if links.site_key(url)
            ]
        for url in named or [here.site.origin + path for path in links.SITEMAPS]:
            yield from self._sitemap_request(here, url, depth=1)

    def _sitemap_request(self, here: Walk, url: str, depth: int) -> Iterator[Yielded]:
        if not here.site.owns(url):
            # Another site of this run has its own robots.txt; a stranger is not asked.
            if links.site_key(url) not in self.walks:
                yield Unfetched(
                    url=url, reason="off-site", detail=f"A sitemap of {here.site.key} leads there."
                )
            return
        address = here.site.address(url)
        if address in here.sitemaps or len(here.sitemaps) >= MAX_SITEMAPS or depth > MAX_SITEMAP_DEPTH:
            return
        here.sitemaps.add(address)
        yield self._request(here, address, "sitemap", self.parse_sitemap, depth=depth)

    def parse_sitemap(self, response: Response, walk: str, depth: int) -> Iterator[Yielded]:
        """A sitemap index leads to sitemaps, a sitemap to pages."""
        here = self.walks[walk]
        refused = refusal(response)
        if refused:
            # A site without sitemap is no problem; one whose sitemap fails is.
            if response.status != 404 or depth > 1:
                yield Unfetched(url=response.url, reason=refused[0], detail=refused[1])
            return
        listed, problem = listed_in(response)
        yield from problem
        for entry in listed.sitemaps:
            url = links.join(response.url, entry.url)
            if url and not self._too_old(entry.lastmod):
                yield from self._sitemap_request(here, url, depth + 1)
        yield from self._entries(here, response.url, listed.pages)

    def _feeds(self, here: Walk, urls: Iterable[str]) -> Iterator[Yielded]:
        for url in dict.fromkeys(urls):
            if not self._foreign(url):
                address = here.site.address(url)
                yield self._request(here, address, "feed", self.parse_feed, errback=self.guess_failed)

    def parse_feed(self, response: Response, walk: str) -> Iterator[Yielded]:
        """A feed: the newest articles. That there is none is no problem."""
        if refusal(response):
            return
        listed, problem = listed_in(response)
        yield from problem
        # The day of a feed item is that of its publication: good for `since`, not for "unchanged".
        new = [sitemaps.Entry(entry.url) for entry in listed.pages if not self._too_old(entry.lastmod)]
        yield from self._entries(self.walks[walk], response.url, new)

    def _entries(self, here: Walk, base: str, entries: Iterable[sitemaps.Entry]) -> Iterator[Yielded]:
        """Requests for the article pages of a sitemap or feed, newest first."""
        oldest = datetime.min.replace(tzinfo=UTC)
        for entry in sorted(entries, key=lambda entry: entry.lastmod or oldest, reverse=True):
            if self._too_old(entry.lastmod):
                continue
            for url in (entry.url, *entry.alternates):
                absolute = links.join(base, url)
                if absolute and links.is_article(absolute):
                    # lastmod speaks of the entry, and only of it.
                    lastmod = entry.lastmod if url == entry.url else None
                    yield from self._page_request(here, absolute, lastmod)

    # Lists ---------------------------------------------------------------------------------------

    def _listing_request(self, here: Walk, url: str, chain: Chain) -> Iterator[Yielded]:
        address = here.site.address(url)
        if address in here.listings or self._foreign(address):
            return
        here.listings.add(address)
        yield self._request(
            here, address, "listing", self.parse_listing, errback=self.guess_failed, chain=chain
        )

    def parse_listing(self, response: Response, walk: str, chain: Chain) -> Iterator[Yielded]:
        """One page of a list. The lists of ``spiders.links`` are guesses: an absent one is no problem."""
        refused = refusal(response)
        if refused:
            if chain.pages or response.status >= 500 or refused[0] in REFUSALS:
                yield Unfetched(url=response.url, reason=refused[0], detail=refused[1])
            return
        page = text_of(response)
        here = self.walks[walk]
        if page is not None and here.site.owns(response.url):
            yield from self._listing(page, chain, response.url, here)

    def _listing(self, page: TextResponse, chain: Chain, url: str, here: Walk) -> Iterator[Yielded]:
        fresh_to_chain, fresh_to_run, dated, old = 0, 0, 0, 0
        for card in listings.cards(page.selector, url):
            key = links.key(card.url)
            fresh_to_chain += key not in chain.seen
            chain.seen.add(key)
            dated += self.since is not None and card.day is not None
            if self.since and card.day and card.day < self.since:
                old += 1
                continue
            for request in self._page_request(here, card.url):
                fresh_to_run += isinstance(request, Request)
                yield request
        chain.pages += 1
        chain.stale = 0 if fresh_to_run else chain.stale + 1
        all_old = dated > 0 and old == dated
        if not fresh_to_chain or all_old or chain.stale >= PATIENCE or chain.pages >= MAX_LISTING_PAGES:
            return
        following = listings.next_page(page.selector, url, guess=chain.counts)
        if following and here.site.owns(following):
            yield from self._listing_request(here, following, chain)

    def guess_failed(self, failure: Failure) -> Iterator[Unfetched]:
        """A list or feed that robots.txt forbids is no problem: nobody asked for it by name."""
        if reason_of(error_of(failure))[0] != "robots":
            yield from self._unfetched(failure)

    # Pages ---------------------------------------------------------------------------------------

    def _page_request(self, here: Walk, url: str, lastmod: datetime | None = None) -> Iterator[Yielded]:
        """The request for an article page, unless it was made before or the run does not want it."""
        owner = here if here.site.owns(url) else self.walks.get(links.site_key(url))
        if owner is None or self._foreign(url):
            return
        key = links.key(links.article_address(owner.site, url))
        if key in owner.seen:
            return
        if len(owner.seen) >= self.settings.getint("IOMSCRAPE_MAX_URLS", 500_000):
            if not owner.full:
                owner.full = True
                yield Unfetched(url=owner.site.origin, reason="too-many", detail=REASONS["too-many"])
            return
        owner.seen.add(key)
        address = links.article_address(owner.site, url)
        yield self._request(owner, address, "page", self.parse_page, page=True, lastmod=lastmod)

    def parse_page(self, response: Response, walk: str) -> Iterator[Yielded]:
        """An article page at its final status: a capture, and requests for its other languages."""
        if self.enough:
            return
        led = response.meta.get("redirect_urls") if response.request else None
        if led and not links.may_hold_article(response.url):
            yield moved_away(led[0], response.url)
            return
        yield capture(response)
        if response.status == 304:
            return
        self.taken += 1
        if self.enough:
            raise CloseSpider("max_pages")
        page = text_of(response)
        if page is not None and response.status == 200:
            for url in listings.alternates(page.selector, response.url):
                if links.is_article(url):
                    yield from self._page_request(self.walks[walk], url)

    # Everywhere ----------------------------------------------------------------------------------

    def _request(
        self,
        here: Walk,
        url: str,
        kind: str,
        callback: Any,
        *,
        errback: Any = None,
        page: bool = False,
        lastmod: datetime | None = None,
        **kwargs: Any,
    ) -> Request:
        # www and bare name are one server and get one server's share of requests.
        meta: dict[str, Any] = {"site": here.site.key, "download_slot": here.site.key}
        if page:
            meta.update(page=True, lastmod=lastmod)
        return Request(
            url,
            callback=callback,
            errback=errback or self.failed,
            priority=PRIORITY[kind],
            meta=meta,
            cb_kwargs={"walk": here.site.key, **kwargs},
        )

    def failed(self, failure: Failure) -> Iterator[Unfetched]:
        """A request that brought no answer."""
        if isinstance(failure.value, Left) and failure.value.fetched_before:
            # The run that this one goes on with took it: `max_pages` holds for both together.
            self.taken += 1
            if self.enough:
                raise CloseSpider("max_pages")
        yield from self._unfetched(failure)

    def _unfetched(self, failure: Failure, *, site: bool = False) -> Iterator[Unfetched]:
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, detail = reason_of(error_of(failure))
        if reason:
            asked = [*request.meta.get("redirect_urls", []), request.url][0]
            yield Unfetched(url=asked, reason=reason, detail=detail, site=site)

    def _too_old(self, lastmod: datetime | None) -> bool:
        return self.since is not None and lastmod is not None and lastmod.date() < self.since

    def _foreign(self, url: str) -> bool:
        """Whether the address is in a language that the run does not want. Without prefix it is kept."""
        lang = links.language(url)
        return bool(self.langs) and lang is not None and lang not in self.langs
