"""Scrapy's item pipeline: everything that the spider brings goes into the archive."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from iomscrape.crawling import ArchiveRun
from iomscrape.records import Capture
from spiders.unfetched import Unfetched


class IntoArchive:
    """Hands captures and problems to the crawl's :class:`ArchiveRun`."""

    def __init__(self, run: ArchiveRun) -> None:
        """``run``: of the same crawl."""
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        run = crawler.get_extension(ArchiveRun)
        if run is None:
            raise RuntimeError("EXTENSIONS lacks iomscrape.crawling.ArchiveRun")
        return cls(run)

    async def process_item(self, item: Capture | Unfetched) -> Capture | Unfetched:
        """Store it, here or in the process beside the crawl; wait where that has enough to do."""
        self.run.take(item)
        await self.run.room()
        return item
