"""The request log of a run: one line for each answer, or for each time that none came.

Plain text with tabs, so that ``grep`` and ``cut`` read it while the run goes on and after it was killed.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from iomscrape import outcome
from iomscrape.crawling import ArchiveRun
from iomscrape.robots import AGAIN
from spiders.links import site_key

logger = logging.getLogger(__name__)

FIELDS = ("time", "site", "kind", "status", "bytes", "seconds", "try", "conditional", "url", "error")
"""Names of the fields, in their order; they stand in the first line of each log.

``time``: UTC, when the answer was there. ``kind``: robots, home, sitemap, feed, listing, page, or ``-``.
``status``: of the answer, ``-`` without one. ``bytes``: of the body as sent. ``seconds``: from the request to
the first of the answer. ``try``: 1, or more for a request made again. ``conditional``: yes where the page was
asked for only if it changed. ``error``: what kept the answer away, ``-`` where one came.
"""


class RequestLog:
    """A downloader middleware next to the downloader, so that retries and redirects are lines, too."""

    def __init__(self, crawler: Crawler) -> None:
        """Nothing is opened before the first answer."""
        self.crawler = crawler
        self.path: Path | None = None
        self._file: IO[str] | None = None
        self._broken = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        log = cls(crawler)
        crawler.signals.connect(log.close, signal=signals.spider_closed)
        return log

    def process_response(self, request: Request, response: Response) -> Response:
        """One line for an answer that the site gave."""
        if AGAIN not in response.flags:
            self._write(request, str(response.status), str(len(response.body)), "-")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """One line for an answer that did not come."""
        said = f"{type(exception).__name__}: {exception}"
        self._write(request, "-", "-", " ".join(said.split())[:200])

    def close(self, spider: Spider | None = None) -> None:  # noqa: ARG002  # Scrapy's signature
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, request: Request, status: str, size: str, error: str) -> None:
        file = self._opened()
        if file is None:
            return
        meta: dict[str, Any] = request.meta
        latency = meta.get("download_latency")
        conditional = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        fields = (
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            site_key(request.url) or "-",
            str(meta.get("kind") or ("robots" if meta.get("dont_obey_robotstxt") else "-")),
            status,
            size,
            "-" if latency is None else f"{latency:.3f}",
            str(meta.get("retry_times", 0) + 1),
            "yes" if conditional else "no",
            " ".join(request.url.split()),
            error,
        )
        try:
            file.write("\t".join(fields) + "\n")
        except OSError as error_of_disk:
            self._give_up(error_of_disk)

    def _opened(self) -> IO[str] | None:
        if self._file is None and not self._broken and self.crawler.settings.getbool("IOMSCRAPE_REQUEST_LOG"):
            run = self.crawler.get_extension(ArchiveRun)
            if run is None or run.run_id is None or not run.going:
                return None
            db = Path(self.crawler.settings["IOMSCRAPE_DB"])
            self.path = db.with_name(f"{db.stem}-requests") / f"requests-{run.run_id}.tsv"
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                # Line by line, so that a kill loses none.
                self._file = self.path.open("a", encoding="utf-8", buffering=1)
                if self._file.tell() == 0:
                    self._file.write("\t".join(FIELDS) + "\n")
            except OSError as error:
                self._give_up(error)
            else:
                self.crawler.stats.set_value(outcome.REQUEST_LOG, str(self.path))
        return self._file

    def _give_up(self, error: OSError) -> None:
        """The log is not worth the crawl: say so once and go on without it."""
        self._broken = True
        self.close()
        logger.warning("The request log cannot be written, the crawl goes on without it: %s", error)
