"""The spider ``site``: walks news sites from their sitemaps, feeds and lists, and brings captures.

    scrapy crawl site -a url=https://www.iom.int -a since=2025-01-01 -a max_pages=100

It knows addresses (``spiders.links``), never articles, and remembers nothing from run to run: what the
archive knows already is left out by ``iomscrape.middlewares``, on requests that carry ``meta["page"]``.

The way through a site: home page -> robots.txt, feeds, lists -> sitemaps -> article pages -> their other
languages. Requests for article pages have ``meta["page"]`` and, if known, ``meta["lastmod"]``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from scrapy.utils.sitemap import sitemap_urls_from_robots

from spiders import links, listings, sitemaps
from spiders.answers import allows, capture, is_root, listed_in, refusal, text_of
from spiders.links import Site
from spiders.unfetched import REASONS, REFUSALS, Unfetched, led_nowhere, moved_away
from spiders.walk import MAX_SITEMAP_DEPTH, MAX_SITEMAPS, PATIENCE, Chain, Walk
from spiders.walking import Walking, Yielded


class SiteSpider(Walking):
    """See the module. Arguments (``-a``): url, since, max_pages, langs, offices, shard."""

    name = "site"

    # The way in ----------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """One request for each address that was given."""
        if not self.walks:
            self.logger.warning(
                f"No site falls into part {self.shard}"
                if self.shard
                else "No site was given: use -a url=https://www.iom.int"
            )
        for walk in list(self.walks.values()):
            for request in self._enter(walk):
                yield request

    def _enter(self, walk: Walk) -> Iterator[Yielded]:
        if self.dry_run:
            address = f"{walk.site.origin}/robots.txt"
            yield self.request(walk, address, "robots", self.parse_robots, errback=self.site_failed)
            return
        for asked in dict.fromkeys(walk.asked):
            one_page = links.is_article(asked)
            if walk.is_guide and one_page:
                continue
            if one_page:
                walk.seen[links.key(asked)] = None
                walk.flying += 1
            kind, callback = ("page", self.parse_page) if one_page else ("home", self.parse_home)
            request = self.request(walk, asked, kind, callback, errback=self.site_failed)
            yield request.replace(priority=50)

    def parse(self, response: Response, **_: Any) -> Iterator[Yielded]:
        """For ``scrapy parse --spider=site URL``: what comes of one page."""
        self.join_walk(response.url)
        callback = self.parse_page if links.is_article(response.url) else self.parse_home
        yield from callback(response, links.site_key(response.url))

    def parse_home(self, response: Response, walk: str) -> Iterator[Yielded]:
        """The page that was given: where the site really answers, and what it leads to."""
        here = self.walks[walk]
        refused = refusal(response)
        if refused and (refused[0] in REFUSALS or not is_root(response.url)):
            yield Unfetched(url=response.url, reason=refused[0], detail=refused[1], site=True)
            return
        here.site = Site(links.origin(response.url))
        page = None if refused else text_of(response)
        if here.is_guide:
            yield from self._linked_offices(page, here, response.url) if page is not None else ()
            return
        yield self.request(here, f"{here.site.origin}/robots.txt", "robots", self.parse_robots)
        prefixes: list[str] = []
        if page is not None:
            prefixes = self._prefixes(page, here, response.url)
            found = [url for url in listings.feeds(page.selector, response.url) if here.site.owns(url)]
            yield from self._feeds(here, found)
            chain = Chain(counts=not is_root(response.url))
            yield from self._listing(page, chain, response.url, here)
            yield from self._linked_offices(page, here, response.url)
        for prefix in ["", *prefixes]:
            for path in links.LISTINGS:
                url = here.site.origin + prefix + path
                yield from self._listing_request(here, url, Chain(counts=True))

    def _prefixes(self, page: TextResponse, here: Walk, base: str) -> list[str]:
        """The languages that the home page offers, as path prefixes."""
        found: dict[str, None] = {}
        hrefs = page.css("a[href]::attr(href), link[hreflang]::attr(href)").getall()
        for url in (links.join(base, href) for href in hrefs):
            lang = links.language(url) if url and here.site.owns(url) else None
            if lang and url and (url.rstrip("/").endswith(f"/{lang}") or links.is_article(url)):
                found[lang] = None
        return [f"/{lang}" for lang in found if not self.langs or lang in self.langs]

    def _linked_offices(self, page: TextResponse, here: Walk, base: str) -> Iterator[Yielded]:
        """The sites of offices that the home page links to, where the run asks for them."""
        if self.offices != "linked" or here.site.key not in {links.site_key(url) for url in here.asked}:
            return
        for href in page.css("a[href]::attr(href)").getall():
            url = links.join(base, href)
            if url and links.is_office_of(here.site, url):
                office = f"{links.origin(url)}/"
                if self.join_walk(office):
                    yield from self._enter(self.walks[links.site_key(office)])

    # Sitemaps and feeds --------------------------------------------------------------------------

    def parse_robots(self, response: Response, walk: str) -> Iterator[Yielded]:
        """The sitemaps that robots.txt names, or the usual one."""
        here = self.walks[walk]
        named: list[str] = []
        if self.dry_run and not allows(response, f"{here.site.origin}/", self.settings["USER_AGENT"]):
            yield Unfetched(url=f"{here.site.origin}/", reason="robots", detail=REASONS["robots"], site=True)
            return
        if response.status == 200:
            named = [
                url for url in sitemap_urls_from_robots(response.body, response.url) if links.site_key(url)
            ]
        for url in named or [here.site.origin + path for path in links.SITEMAPS]:
            yield from self._sitemap_request(here, url, depth=1)
        self.landed(response.request)
        yield from self.next_pages()

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
        yield self.request(here, address, "sitemap", self.parse_sitemap, depth=depth)

    def parse_sitemap(self, response: Response, walk: str, depth: int) -> Iterator[Yielded]:
        """A sitemap index leads to sitemaps, a sitemap to pages."""
        here = self.walks[walk]
        refused = refusal(response)
        if not refused:
            listed, problem = listed_in(response)
            yield from problem
            for entry in listed.sitemaps:
                url = links.join(response.url, entry.url)
                if url and not self.too_old(entry.lastmod):
                    yield from self._sitemap_request(here, url, depth + 1)
            self._entries(here, response.url, listed.pages)
        elif response.status != 404 or depth > 1:
            # A site without sitemap is no problem; one whose sitemap fails is.
            yield Unfetched(url=response.url, reason=refused[0], detail=refused[1])
        self.landed(response.request)
        yield from self.next_pages()

    def _feeds(self, here: Walk, named: Sequence[str]) -> Iterator[Yielded]:
        """The feeds that the home page names, or else the usual ones."""
        for url in dict.fromkeys(named or [here.site.origin + path for path in links.FEEDS]):
            if not self.foreign(url):
                address = here.site.address(url)
                yield self.request(
                    here, address, "feed", self.parse_feed, errback=self.guess_failed, guess=not named
                )

    def parse_feed(self, response: Response, walk: str, guess: bool) -> Iterator[Yielded]:
        """A feed: the newest articles. That there is none where we guessed is no problem."""
        if refusal(response):
            return
        listed, problem = listed_in(response)
        yield from [] if guess else problem
        # The day of a feed item is that of its publication: good for `since`, not for "unchanged".
        new = [sitemaps.Entry(entry.url) for entry in listed.pages if not self.too_old(entry.lastmod)]
        self._entries(self.walks[walk], response.url, new)
        yield from self.next_pages()

    def _entries(self, here: Walk, base: str, entries: Iterable[sitemaps.Entry]) -> None:
        """Note the article pages of a sitemap or feed, newest first."""
        oldest = datetime.min.replace(tzinfo=UTC)
        for entry in sorted(entries, key=lambda entry: entry.lastmod or oldest, reverse=True):
            if self.too_old(entry.lastmod):
                continue
            for url in (entry.url, *entry.alternates):
                absolute = links.join(base, url)
                if absolute and links.is_article(absolute):
                    # lastmod speaks of the entry, and only of it.
                    self.find(here, absolute, entry.lastmod if url == entry.url else None)

    # Lists ---------------------------------------------------------------------------------------

    def _listing_request(self, here: Walk, url: str, chain: Chain) -> Iterator[Yielded]:
        address = here.site.address(url)
        if address in here.listings or self.foreign(address):
            return
        here.listings.add(address)
        yield self.request(
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
        for card in listings.cards(page.selector, url, dated=self.since is not None):
            key = links.key(card.url)
            fresh_to_chain += key not in chain.seen
            chain.seen.add(key)
            dated += card.day is not None
            if self.since and card.day and card.day < self.since:
                old += 1
                continue
            fresh_to_run += self.find(here, card.url, linked=0)
        yield from self.next_pages()
        chain.pages += 1
        chain.stale = 0 if fresh_to_run else chain.stale + 1
        all_old = dated > 0 and old == dated
        if not fresh_to_chain or all_old or chain.stale >= PATIENCE or chain.pages >= self.bounds.list_pages:
            return
        following = listings.next_page(page.selector, url, guess=chain.counts)
        if following and here.site.owns(following):
            yield from self._listing_request(here, following, chain)

    # Pages ---------------------------------------------------------------------------------------

    def parse_page(self, response: Response, walk: str) -> Iterator[Yielded]:
        """An article page at its final status: a capture, and its other languages."""
        if self.enough:
            return
        self.landed(response.request)
        led = response.meta.get("redirect_urls") if response.request else None
        if led and not links.may_hold_article(response.url):
            yield moved_away(led[0], response.url)
            yield from self.next_pages()
            return
        if 300 <= response.status < 400 and response.status != 304:
            target = (response.headers.get("Location") or b"").decode("latin-1")
            yield led_nowhere(led[0] if led else response.url, target)
            yield from self.next_pages()
            return
        yield capture(response)
        if response.status != 304:
            self.taken += 1
            if self.enough:
                raise CloseSpider("max_pages")
        if response.status == 200 and text_of(response) is not None:
            here = self.walks[walk]
            asked = led[0] if led else response.url
            depth = (here.depths.get(links.key(asked), 0) if here.depths else 0) + 1
            for url in listings.alternates(response.body, response.url):
                if links.is_article(url):
                    self.find(here, url, linked=depth)
        yield from self.next_pages()
