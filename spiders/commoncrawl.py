"""The spider ``commoncrawl``: articles out of Common Crawl's files, found in its indexes.

    scrapy crawl commoncrawl -a site=www.iom.int -a crawl=latest:3

For each capture that the indexes list (``spiders.index_walk``) and that may be an article one ranged request
to the file that holds it, and what comes is verified (``spiders.warc_record``). The requests carry
``meta["offered"]``, so that ``iomscrape.middlewares`` leaves out what the archive has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders import crawl_index, kept, links, warc_record
from spiders.answers import error_of, refusal
from spiders.crawl_index import Row
from spiders.ended import Left, reason_of
from spiders.index_walk import MAX_WAITING, IndexWalk, Yielded
from spiders.unfetched import REFUSALS, Unfetched
from spiders.walk import Walk, count_of

INDEX_DELAY = 1.5
"""Seconds between two requests to the index. Its operators block clients that do not go slowly."""

WINDOW = 8
"""Requests for records in Scrapy's hands; the others wait here, in less memory."""

SLACK = 64 * 1024
"""Bytes that an answer may have where a record is shorter: servers explain their errors."""


class CommonCrawlSpider(IndexWalk):
    """See the module. Arguments (``-a``): site, crawl, from, to, server, data, limit, every_capture, delay,
    dry_run.
    """

    name = "commoncrawl"
    command = "commoncrawl"
    """What the run is called in the archive."""
    custom_settings = {  # noqa: RUF012  # Scrapy's own form
        # Index and files are published for programs to use; see docs/commoncrawl.md.
        "ROBOTSTXT_OBEY": False,
        # Several records a second, one at a time: they lie in a store that is made for it.
        "DOWNLOAD_DELAY": 0.25,
        "AUTOTHROTTLE_START_DELAY": 0.5,
        # The index says 503 to whoever is too fast; each time the delay is doubled.
        "RETRY_TIMES": 5,
        "DOWNLOAD_TIMEOUT": 180,
    }

    def __init__(
        self,
        site: str = "",
        crawl: str = "",
        to: str = "",
        server: str = crawl_index.SERVER,
        data: str = crawl_index.DATA,
        limit: str | int = "",
        every_capture: str | bool = "",
        delay: str | float = INDEX_DELAY,
        dry_run: str | bool = "",
        **kwargs: Any,
    ) -> None:
        """Check the arguments. Raises ValueError with a line for the person who gave them.

        ``site``: sites or pages, comma-separated, ``*.iom.int`` for a domain with all its hosts. ``crawl``:
        see :func:`crawl_index.choose`. ``from``, ``to``: when captures were made (2019, 2019-05, 2019-05-17).
        ``server``, ``data``: where the indexes and the files are. ``limit``: at most so many captures come
        out. ``every_capture``: also captures with the very bytes of another one. ``delay``: least seconds
        between two requests to the index. ``dry_run``: only list.
        """
        span = kept.span_of(str(kwargs.pop("from", "")), str(to))
        asked = list(dict.fromkeys(crawl_index.asked_of(part) for part in site.split(",") if part.strip()))
        wanted = ",".join(part.strip() for part in crawl.split(",") if part.strip())
        crawl_index.check_wanted(wanted)
        super().__init__(_base(server), asked, wanted, span, **kwargs)
        self.data = _base(data)
        self.limit = count_of(limit, "limit")
        self.every_capture = _is_true(every_capture)
        self.dry_run = _is_true(dry_run)
        self.delays[links.site_key(self.server)] = _seconds(delay)
        self.walks = {
            links.site_key(base): Walk(links.Site(links.origin(base)), [base])
            for base in (self.server, self.data)
        }
        self.taken = 0
        """Captures that came out so far, also in the interrupted run that this one goes on with."""
        self.offered: list[Row] = []
        """What would be fetched, in a dry run."""
        self._rows: deque[Row] = deque()
        """What is to be fetched and was not asked for yet."""
        self._flying = 0
        """Requests for records that Scrapy holds."""
        self._proven = False
        """Whether the data server has answered as it should."""
        self._stopped = False
        self._seen: set[str] = set()

    @property
    def enough(self) -> bool:
        """Whether nothing more is to be fetched: the limit is reached, or the data server of no use."""
        return self._stopped or (self.limit is not None and self.taken >= self.limit)

    @property
    def busy(self) -> bool:
        """Whether enough records wait to be fetched."""
        wanted = MAX_WAITING if self.limit is None else min(MAX_WAITING, self.limit - self.taken)
        return len(self._rows) >= wanted

    def run_arguments(self) -> dict[str, object]:
        """What makes two runs the same work."""
        return {
            "sites": sorted(self.asked),
            "crawl": self.crawl,
            "from": self.span.start,
            "to": self.span.end,
            "server": self.server,
            "data": self.data,
            "limit": self.limit,
            "every_capture": self.every_capture,
            "dry_run": self.dry_run,
        }

    def take(self, rows: Iterable[Row]) -> Iterator[Request]:
        """Fetch the captures of one page of an index; the same bytes of one address only once."""
        for row in rows:
            self.count("listed")
            name = row.place if self.every_capture else f"{links.key(row.url)} {row.digest}"
            if name in self._seen:
                self.count("duplicates")
                continue
            self._seen.add(name)
            (self.offered if self.dry_run else self._rows).append(row)
        yield from self._fetch_on()

    def _fetch_on(self) -> Iterator[Request]:
        """Further requests for records. The first goes alone: it shows whether the server is of use."""
        most = WINDOW if self._proven else 1
        if self.limit is not None:
            most = min(most, self.limit - self.taken)
        while self._rows and not self.enough and self._flying < most:
            self._flying += 1
            yield self._record_request(self._rows.popleft())

    def _record_request(self, row: Row) -> Request:
        site = links.site_key(self.data)
        return Request(
            f"{self.data}/{row.filename}",
            callback=self.parse_record,
            errback=self.record_failed,
            # All records of a file have one address; and nothing but these bytes is wanted, as they are.
            dont_filter=True,
            headers={
                "Range": f"bytes={row.offset}-{row.offset + row.length - 1}",
                "Accept-Encoding": "identity",
            },
            meta={
                "site": site,
                "download_slot": site,
                "page": True,
                "referrer_policy": "no-referrer",
                "offered": (row.url, row.at),
                # A server that does not know ranges sends the file, a gigabyte: that ends with its headers.
                "download_maxsize": max(row.length, SLACK),
            },
            cb_kwargs={"row": row},
        )

    def parse_record(self, response: Response, row: Row) -> Iterator[Yielded]:
        """The bytes that were asked for: a capture, or what is wrong with them."""
        self._flying -= 1
        if self.enough:
            return
        if response.status == 200:
            yield from self._no_ranges(row)
        wrong = refusal(response) or _wrong_range(response, row)
        self._proven = self._proven or response.status == 206
        if wrong is None:
            try:
                capture = warc_record.capture(response.body, row, "commoncrawl")
            except warc_record.BadRecord as error:
                wrong = error.reason, str(error)
            else:
                yield capture
                self.count("fetched")
                yield from self._took()
                return
        yield self._unfetched(row, *wrong)
        yield from self._further()

    def record_failed(self, failure: Failure) -> Iterator[Yielded]:
        """A record that brought no answer, or that was left out."""
        self._flying -= 1
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        row: Row = request.cb_kwargs["row"]
        error = error_of(failure)
        reason, detail = reason_of(error)
        if self.enough or not self.crawler.crawling:
            return
        if isinstance(error, Left) and error.held:
            yield from self._took(error.fetched_before)
        elif reason == "too-large":
            yield from self._no_ranges(row)
        elif reason is None or reason in REFUSALS:
            # The data server was left, or its robots.txt forbids it: so it will be with all others.
            self._stopped = True
            self.count("gaps", 1 + self._flying + len(self._rows))
            if reason is not None:
                detail = f"The data server refuses: {detail}"
                yield Unfetched(url=row.place, reason=reason, detail=detail, site=True)
            raise CloseSpider(reason or "left")
        else:
            yield self._unfetched(row, reason, detail)
            yield from self._further()

    def _no_ranges(self, row: Row) -> Iterator[Yielded]:
        """The server sends whole files: nothing can be had of it in an orderly way."""
        self._stopped = True
        self.count("gaps", 1 + self._flying + len(self._rows))
        detail = f"{urlsplit(self.data).netloc} sends more than the part of the file that was asked for."
        yield Unfetched(url=row.place, reason="no-ranges", detail=detail, site=True)
        raise CloseSpider("no-ranges")

    def _took(self, counts: bool = True) -> Iterator[Request]:
        self.taken += counts
        if self.enough:
            raise CloseSpider("limit")
        yield from self._further()

    def _further(self) -> Iterator[Request]:
        yield from self._fetch_on()
        yield from self.go_on()

    def _unfetched(self, row: Row, reason: str, detail: str) -> Unfetched:
        self.count("gaps")
        # The place, not the address: that a copy is damaged says nothing about the page on its site.
        return Unfetched(url=row.place, reason=reason, detail=f"{detail} ({row.url} of {row.at:%Y-%m-%d})")


def _wrong_range(response: Response, row: Row) -> tuple[str, str] | None:
    """What is wrong with a 206: reason and detail."""
    said = (response.headers.get("Content-Range") or b"").decode("latin-1")
    wanted = f"bytes {row.offset}-{row.offset + row.length - 1}/"
    if response.status != 206 or not said.startswith(wanted):
        got = f"it sent {said[:80]!r} with status {response.status}"
        return "bad-range", f"The server was asked for {wanted[6:-1]}; {got}."
    if len(response.body) != row.length:
        return "cut-off", f"{row.length} bytes were asked for, {len(response.body)} came."
    return None


def _base(server: str) -> str:
    """An address to put paths behind. ValueError for what is none."""
    return links.start_address(server).rstrip("/")


def _seconds(text: str | float) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise ValueError(f"{text!r} is no delay; give seconds, such as 1.5")
    return seconds


def _is_true(text: str | bool) -> bool:
    return str(text).strip().lower() in ("1", "true", "yes", "on")
