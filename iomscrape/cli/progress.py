"""What a crawl shows while it runs: a living table on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections import Counter
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy.crawler import Crawler

from iomscrape import outcome
from iomscrape.cli.output import counted, safe
from iomscrape.cli.rehearsal import duration
from iomscrape.crawling import SITE_OUT, TOOK, ArchiveRun
from iomscrape.records import Capture
from spiders.unfetched import Unfetched

ROWS = 15
"""Hosts that the table shows; the busiest ones where there are more."""


class Standing(NamedTuple):
    """How far the crawl is on one site, or on all."""

    site: str
    done: int
    queued: int
    new: int
    changed: int
    unchanged: int
    problems: int
    rate: float
    """Pages a minute, over the whole run."""

    @property
    def left(self) -> str:
        """How long the rest will take at this rate; a dash where nobody knows."""
        return duration(self.queued / self.rate * 60) if self.queued and self.rate > 0 else "–"


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
        crawler.signals.connect(self._came, signal=TOOK)
        crawler.signals.connect(self._out, signal=SITE_OUT)

    def __enter__(self) -> Self:
        """Start the living table."""
        if self.console.is_terminal:
            self._live = Live(
                console=self.console, get_renderable=self.table, refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        if self._live is not None:
            self._live.stop()

    def _out(self, item: Unfetched) -> None:
        """A site cannot be walked, or was left: one line, with the other ways in where it refuses.

        Of many sites those that are only supposed in the list get none: the summary counts them.
        """
        if item.reason == "no-such-site" and len(getattr(self.crawler.spider, "walks", ())) > 1:
            return
        line = f"{item.url}: {item.detail} ({item.reason})"
        ways = outcome.other_ways(item)
        self.console.print(Text(safe(f"{line} {ways}".strip())), soft_wrap=True)

    def _came(self, item: Capture | Unfetched) -> None:
        self.last = item.url
        if self._live is None and monotonic() - self.printed >= self.plain_seconds:
            self.printed = monotonic()
            self.console.print(Text(self.line()), soft_wrap=True)

    def standings(self) -> list[Standing]:
        """How far the crawl is on each of its sites."""
        run = self.crawler.get_extension(ArchiveRun) if self.crawler.extensions is not None else None
        walks = getattr(self.crawler.spider, "walks", {})
        minutes = max(monotonic() - self.started, 0.001) / 60
        found = []
        for site in dict.fromkeys([*walks, *(run.tallies if run else ())]):
            tally = (run.tallies.get(site) if run else None) or Counter[str]()
            walk = walks.get(site)
            done = sum(tally[word] for word in ("new", "changed", "unchanged", "nothing", "problem"))
            queued = len(walk.waiting) + walk.flying if walk is not None else 0
            found.append(
                Standing(
                    *(site, done, queued, tally["new"], tally["changed"], tally["unchanged"]),
                    problems=tally["problems"],
                    rate=done / minutes,
                )
            )
        return found

    def total(self) -> Standing:
        """All sites together."""
        found = self.standings()
        done, queued, new, changed, unchanged, problems = (
            (sum(numbers) for numbers in zip(*(row[1:7] for row in found), strict=True))
            if found
            else (0,) * 6
        )
        rate = sum(row.rate for row in found)
        return Standing("all", done, queued, new, changed, unchanged, problems, rate)

    def table(self) -> Table:
        """The table for a terminal: the busiest sites, and all together."""
        shown = Table(box=None, pad_edge=False)
        shown.add_column("site", no_wrap=True, overflow="ellipsis")
        for name in ("done", "queued", "new", "changed", "unchanged", "problems", "a minute", "left"):
            shown.add_column(name, justify="right", no_wrap=True)
        found = self.standings()
        busiest = sorted(found, key=lambda row: row.done, reverse=True)[:ROWS]
        for row in [row for row in found if row in busiest] + ([self.total()] if len(found) > 1 else []):
            cells = [str(number) for number in row[1:7]]
            shown.add_row(safe(row.site), *cells, f"{row.rate:.0f}", row.left)
        shown.caption = Text(safe(self.last), no_wrap=True, overflow="ellipsis", justify="left")
        return shown

    def line(self) -> str:
        """The same in one line, for logs."""
        row = self.total()
        return safe(
            f"{counted(row.done, 'page')} done, {row.queued} queued: {row.new} new, {row.changed} changed, "
            f"{row.unchanged} unchanged, {counted(row.problems, 'problem')}, {row.rate:.0f} a minute, "
            f"{row.left} left; last {self.last}"
        )
