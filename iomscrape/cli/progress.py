"""What a crawl shows while it runs: a living line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler

from iomscrape import outcome
from iomscrape.cli.output import safe
from iomscrape.records import Capture
from spiders.unfetched import Unfetched


class Progress:
    """Listens to a crawl. Use as a context manager around it."""

    def __init__(self, crawler: Crawler, console: Console, *, plain_seconds: float = 60.0) -> None:
        """``plain_seconds``: how often a line is printed where there is no terminal."""
        self.crawler = crawler
        self.console = console
        self.plain_seconds = plain_seconds
        self.started = self.printed = monotonic()
        self.last = ""
        self._live: Live | None = None
        crawler.signals.connect(self._came, signal=signals.item_scraped)

    def __enter__(self) -> Self:
        """Start the living line."""
        if self.console.is_terminal:
            self._live = Live(
                console=self.console, get_renderable=self._line, refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        if self._live is not None:
            self._live.stop()

    def _came(self, item: Capture | Unfetched) -> None:
        if isinstance(item, Unfetched):
            if item.site:
                self.console.print(Text(safe(f"{item.url}: {item.detail} ({item.reason})")), soft_wrap=True)
            return
        self.last = item.url
        if self._live is None and monotonic() - self.printed >= self.plain_seconds:
            self.printed = monotonic()
            self.console.print(self._line().plain, soft_wrap=True)

    def _line(self) -> Text:
        try:
            stats = self.crawler.stats.get_stats()
        except RuntimeError:  # Scrapy's stats are there once the crawl has begun
            return Text("Starting …")
        found = outcome.counts(stats)
        done = found["new"] + found["changed"] + found["unchanged"] + found["nothing"]
        queued = int(stats.get("scheduler/enqueued", 0)) - int(stats.get("scheduler/dequeued", 0))
        rate = done / max(monotonic() - self.started, 0.001) * 60
        line = (
            f"{done} pages done, {max(queued, 0)} queued: {found['new']} new, {found['changed']} changed, "
            f"{found['unchanged']} unchanged, {found['problems']} problems, {rate:.0f} a minute  {safe(self.last)}"
        )
        return Text(line, no_wrap=True, overflow="ellipsis")
