"""How Common Crawl's indexes are walked: one request after the other, and no further than wanted.

The list of crawls -> for each crawl and site the number of pages of its index -> these pages. Everything
comes in the same order each time, so that a run can be gone on with by listing again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from iomscrape.records import Capture
from spiders import crawl_index, links
from spiders.answers import error_of, refusal
from spiders.crawl_index import BadIndex, Crawl, Row
from spiders.ended import reason_of
from spiders.kept import Span
from spiders.unfetched import REFUSALS, Unfetched

Yielded = Request | Capture | Unfetched

COUNTS = "iomscrape/counts/"
"""Stats: numbers of this spider's own, as in ``iomscrape.outcome``."""

MAX_WAITING = 200
"""The index is asked further while fewer records than this wait to be fetched."""

ASK_AGAIN = 2
"""So many times more for a page of an index that came cut or unreadable."""

MAX_FAILURES = 3
"""So many requests in a row that the index does not answer mean that it is left."""

MANY = 10
"""From so many requests to the index on the run says beforehand what it is going to cost."""


class IndexWalk(Spider):
    """The half of the spider ``commoncrawl`` that asks the index; the other half takes what it lists."""

    def __init__(self, server: str, asked: list[str], crawl: str, span: Span, **kwargs: Any) -> None:
        """``asked``: as :func:`crawl_index.asked_of` makes them. ``crawl``: see :func:`crawl_index.choose`."""
        super().__init__(**kwargs)
        self.server, self.asked, self.crawl, self.span = server, asked, crawl, span
        self.delays: dict[str, float] = {}
        """Least seconds between requests, by site; read by ``extensions.Politeness``."""
        self._queries: deque[tuple[str, str, int | None]] = deque()
        """What the index is still to be asked: crawl, what of it, which page (None: how many there are)."""
        self._asking = False
        self._failures = 0

    @property
    @abstractmethod
    def enough(self) -> bool:
        """Whether nothing more is wanted of the index."""

    @property
    @abstractmethod
    def busy(self) -> bool:
        """Whether the index is to wait until some of what it listed has come."""

    @abstractmethod
    def take(self, rows: Iterable[Row]) -> Iterator[Request]:
        """What is asked for of the captures that one page of an index lists."""

    async def start(self) -> AsyncIterator[Any]:
        """The list of crawls."""
        for name in ("listed", "duplicates", "fetched", "gaps"):
            self.count(name, 0)
        if not self.asked:
            self.logger.warning("No site was given: use -a site=www.iom.int")
            return
        yield self._index_request(f"{self.server}/collinfo.json", self.parse_crawls)

    def parse_crawls(self, response: Response) -> Iterator[Yielded]:
        """Choose the crawls, and begin with the first."""
        self._asking = False
        refused = refusal(response)
        try:
            if refused:
                raise BadIndex(refused[1])
            crawls = crawl_index.choose(crawl_index.read_crawls(response.body), self.crawl, self.span)
        except BadIndex as error:
            again = self._again(response, self.parse_crawls)
            reason = refused[0] if refused else "bad-index"
            problem = Unfetched(url=response.url, reason=reason, detail=str(error), site=True)
            yield problem if refused or again is None else again
            return
        except ValueError as error:
            yield Unfetched(url=response.url, reason="no-crawl", detail=str(error), site=True)
            return
        if not crawls:
            first, last = (f"{moment:%Y-%m-%d}" if moment else "…" for moment in self.span)
            detail = f"None of these crawls ran between {first} and {last}."
            yield Unfetched(url=response.url, reason="no-crawl", detail=detail, site=True)
        self._say_cost(crawls)
        self._queries.extend((crawl.id, asked, None) for crawl in crawls for asked in self.asked)
        yield from self.go_on()

    def _say_cost(self, crawls: list[Crawl]) -> None:
        least = 2 * len(crawls) * len(self.asked)
        if least >= MANY:
            minutes = least * max(self.delays.values()) / 60
            self.logger.warning(
                "%d crawls, %d sites: at least %d requests to the index, which take %.0f minutes or more.",
                *(len(crawls), len(self.asked), least, minutes),
            )

    def go_on(self) -> Iterator[Request]:
        """The next request to the index, unless one is on its way or enough records wait."""
        if self._asking or not self._queries or self.busy or self.enough:
            return
        crawl, asked, page = self._queries.popleft()
        url = crawl_index.query(self.server, crawl, asked, page)
        if page is None:
            yield self._index_request(url, self.parse_page_count, crawl=crawl, asked=asked)
        else:
            yield self._index_request(url, self.parse_rows)

    def parse_page_count(self, response: Response, crawl: str, asked: str) -> Iterator[Yielded]:
        """How many pages the index has of a site; they are asked for before anything else."""
        if self._is_none(response):
            yield from self._answered()
            return
        try:
            if refusal(response):
                raise BadIndex("")
            pages = crawl_index.read_page_count(response.body)
        except BadIndex as error:
            again = self._again(response, self.parse_page_count, crawl=crawl, asked=asked)
            yield from [again] if again else self._index_gap(response, str(error))
            return
        self._queries.extendleft((crawl, asked, page) for page in reversed(range(pages)))
        yield from self._answered()

    def parse_rows(self, response: Response) -> Iterator[Yielded]:
        """One page of an index."""
        if self._is_none(response):
            yield from self._answered()
            return
        if refusal(response):
            again = self._again(response, self.parse_rows)
            yield from [again] if again else self._index_gap(response, "")
            return
        found = crawl_index.read_rows(response.body)
        if found.cut or found.bad:
            again = self._again(response, self.parse_rows)
            if again is not None:
                yield again
                return
            wrong = "It breaks off" if found.cut else f"{len(found.bad)} lines are no captures"
            detail = (
                f"{wrong}, also when asked again; what can be read of it was used. {' '.join(found.bad[:1])}"
            )
            self.count("gaps")
            yield Unfetched(url=response.url, reason="bad-index", detail=detail.strip())
        yield from self.take(crawl_index.within(found.rows, self.span))
        yield from self._answered()

    def _is_none(self, response: Response) -> bool:
        """Whether the index says that it has nothing of what was asked for: an answer like another."""
        return response.status == 404 and crawl_index.is_no_captures(response.body)

    def _answered(self) -> Iterator[Request]:
        self._asking, self._failures = False, 0
        yield from self.go_on()

    def _again(self, response: Response, callback: Callable[..., Any], **named: Any) -> Request | None:
        """The same request once more, for an answer that came but is of no use; None after some times."""
        times = response.meta.get("asked_again", 0)
        if times >= ASK_AGAIN or response.status != 200:
            return None
        request = self._index_request(response.url, callback, **named)
        request.meta["asked_again"] = times + 1
        return request

    def _index_gap(self, response: Response, detail: str) -> Iterator[Yielded]:
        reason, said = refusal(response) or ("bad-index", detail)
        yield from self._missing(response.url, reason, said)

    def _missing(self, url: str, reason: str | None, detail: str) -> Iterator[Yielded]:
        """A part of the index did not come: a gap. The index is left if that goes on, or at a refusal."""
        self._asking = False
        self._failures += 1
        self.count("gaps")
        refused = reason in REFUSALS or reason is None
        if refused or self._failures >= MAX_FAILURES:
            self.count("gaps", len(self._queries))
            self._queries.clear()
        if reason == "robots":
            detail = (
                f"The robots.txt of {urlsplit(self.server).hostname} forbids programs its index; "
                "docs/commoncrawl.md says what can be done."
            )
        if reason is not None:
            yield Unfetched(url=url, reason=reason, detail=detail, site=refused or not self._queries)
        yield from self.go_on()

    def index_failed(self, failure: Failure) -> Iterator[Yielded]:
        """A request to the index that brought no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        reason, detail = reason_of(error_of(failure))
        if self.crawler.crawling and not self.enough:
            yield from self._missing(request.url, reason, detail)

    def _index_request(self, url: str, callback: Callable[..., Any], **named: Any) -> Request:
        self._asking = True
        site = links.site_key(self.server)
        return Request(
            url,
            callback=callback,
            errback=self.index_failed,
            priority=10,
            dont_filter=True,
            meta={"site": site, "download_slot": site},
            cb_kwargs=named,
        )

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the run's own numbers."""
        self.crawler.stats.inc_value(COUNTS + name, number)
