"""A crawl's tie to the archive: opened before the first request, its run closed with its outcome.

One object of :class:`ArchiveRun` a crawl, as a Scrapy extension, so that ``scrapy crawl site`` and
``iomscrape crawl`` store the very same rows. Pipelines bring it what came, middlewares ask it what is known.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler

from archive import Archive, ArchiveError, Known, StorageError
from archive.addresses import readable
from archive.captures import WarcWriter
from archive.errors import storage
from archive.runs import stamp
from iomscrape import outcome
from iomscrape.identification import NoContact, check_contact
from iomscrape.intake import Intake
from iomscrape.records import Capture
from iomscrape.version import __version__
from spiders.links import may_hold_article
from spiders.unfetched import REASONS, Unfetched, moved_away

logger = logging.getLogger(__name__)


class ArchiveRun:
    """The archive of one crawl. Opened by the first request of the spider, so never by ``scrapy shell``."""

    def __init__(self, crawler: Crawler) -> None:
        """Open nothing yet."""
        self.crawler = crawler
        self.full = crawler.settings.getbool("IOMSCRAPE_FULL")
        self.resumed_since: datetime | None = None
        """Since when pages count as fetched by the run that this one goes on with."""
        self.run_id: int | None = None
        self._archive: Archive | None = None
        self._warcs: WarcWriter | None = None
        self._intake: Intake | None = None
        self._broken = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        run = cls(crawler)
        crawler.signals.connect(run.close, signal=signals.spider_closed)
        crawler.signals.connect(run.failed, signal=signals.item_error)
        crawler.signals.connect(run.dropped, signal=signals.request_dropped)
        return run

    # Opening and closing -------------------------------------------------------------------------

    def ready(self) -> bool:
        """Open the archive if it is not open; False where that fails, and then the crawl ends."""
        if self._intake is None and not self._broken:
            try:
                self._open()
            except NoContact as error:
                self._stop(outcome.SETTINGS, error)
            except ArchiveError as error:
                self._stop(outcome.STORAGE if isinstance(error, StorageError) else outcome.SETTINGS, error)
        return self._intake is not None and not self._broken

    def _open(self) -> None:
        settings, spider = self.crawler.settings, self.crawler.spider
        sites = [asked for walk in getattr(spider, "walks", {}).values() for asked in walk.asked]
        check_contact(sites, settings.get("IOMSCRAPE_CONTACT"))
        arguments = run_arguments(spider)
        path = Path(settings.get("IOMSCRAPE_DB"))
        self._archive = Archive.open(path)
        command = getattr(spider, "command", "crawl")
        self.run_id = self._archive.start_run(command, arguments, version=__version__)
        if not self.full:
            self.resumed_since = self._archive.interrupted_since(command, arguments, before=self.run_id)
        folder = warc_folder(path, settings.get("IOMSCRAPE_WARC_DIR"))
        self._warcs = WarcWriter(folder, run=str(self.run_id), software=f"iomscrape/{__version__}")
        self._intake = Intake(self._archive, self._warcs, run_id=self.run_id, on_problem=self._count_problem)

    def close(self, spider: Spider | None = None, reason: str = "stopped") -> None:  # noqa: ARG002
        """Write down how the run ended and close the files. A second call does nothing."""
        archive, warcs = self._archive, self._warcs
        self._archive = self._warcs = self._intake = None
        if archive is None:
            return
        stats = self.crawler.stats.get_stats()
        verdict = outcome.judge(stats, reason, self.crawler.settings.getfloat("IOMSCRAPE_PROBLEM_SHARE"))
        try:
            if warcs is not None:
                warcs.close()
            if self.run_id is not None:
                archive.finish_run(
                    self.run_id,
                    outcome=verdict.outcome,
                    exit_code=verdict.exit_code,
                    counts=outcome.counts(stats),
                )
        except (ArchiveError, OSError) as error:
            self.crawler.stats.set_value(outcome.STORAGE, str(error))
        finally:
            archive.close()

    def failed(self, **_: Any) -> None:
        """An item could not be stored for a reason that is no storage error: a fault of the program."""
        self.crawler.stats.inc_value("iomscrape/errors")

    @property
    def begun(self) -> bool:
        """Whether a crawl is going on, in which the archive was opened or could not be."""
        return self._broken or self._archive is not None

    @property
    def broken(self) -> bool:
        """Whether the crawl is ending because of the storage or the settings."""
        return self._broken

    def _stop(self, stat: str, error: Exception) -> None:
        """End the crawl because of what the stat will say."""
        self._broken = True
        self.crawler.stats.set_value(stat, str(error))
        logger.error("%s", error)
        closing = self.crawler.engine.close_spider_async(reason=stat.rpartition("/")[2])
        self._closing = asyncio.ensure_future(closing)

    # What comes, and what is known ----------------------------------------------------------------

    def take(self, item: Capture | Unfetched) -> None:
        """Store what the spider brought. After a storage error nothing more is taken."""
        if not self.ready() or self._intake is None:
            return
        stats = self.crawler.stats
        try:
            if isinstance(item, Unfetched):
                self._intake.note(item)
                if item.site:
                    stats.inc_value(outcome.SITES + item.reason)
                    logger.error("%s: %s", item.url, item.detail)
                return
            stored = self._intake.take(item)
        except (StorageError, OSError) as error:
            self._stop(outcome.STORAGE, error)
            return
        stats.inc_value(outcome.PAGES + stored.outcome)

    def dropped(self, request: Request) -> None:
        """A redirect to an address that was asked for before is dropped by Scrapy.

        Nothing is lost where that is an article; a loop, or the home page, is written down.
        """
        led = request.meta.get("redirect_urls", [])
        if not request.meta.get("page") or not led:
            return
        if request.url in led:
            self.take(Unfetched(url=led[0], reason="redirect-loop", detail=REASONS["redirect-loop"]))
        elif not may_hold_article(request.url):
            self.take(moved_away(led[0], request.url))

    def _count_problem(self, reason: str) -> None:
        self.crawler.stats.inc_value(outcome.PROBLEMS + reason)

    def known(self, url: str) -> Known | None:
        """What the archive knows of an address."""
        if self._archive is None:
            return None
        try:
            return self._archive.known(url)
        except StorageError as error:
            self._stop(outcome.STORAGE, error)
            return None

    def holds(self, url: str, moment: datetime) -> Held:
        """Whether the archive has the capture of an address at a moment, for sources that are archives."""
        if self._archive is None:
            return Held(False, False)
        query = (
            "SELECT runs.started_at FROM captures LEFT JOIN runs ON runs.id = captures.run_id "
            "WHERE captures.url = ? AND captures.fetched_at = ? ORDER BY captures.id DESC LIMIT 1"
        )
        try:
            with storage(self._archive.path):
                row = self._archive.db.conn.execute(query, (readable(url), stamp(moment))).fetchone()
        except StorageError as error:
            self._stop(outcome.STORAGE, error)
            return Held(False, False)
        since = self.resumed_since
        resumed = bool(row and row[0] and since and datetime.fromisoformat(row[0]) >= since)
        return Held(row is not None, resumed)


class Held(NamedTuple):
    """What the archive has of a capture that an archive elsewhere offers."""

    here: bool
    """Whether it is in the archive, from whatever source."""
    resumed: bool
    """Whether the interrupted run that this one goes on with brought it."""


def run_arguments(spider: Spider | None) -> dict[str, object]:
    """What makes two crawls the same work: sites and limits, in one form whoever started them.

    A spider that works from other things than sites says so itself, by a method ``run_arguments``.
    """
    own = getattr(spider, "run_arguments", None)
    if own is not None:
        return dict(own())
    since = getattr(spider, "since", None)
    return {
        "sites": sorted({asked for walk in getattr(spider, "walks", {}).values() for asked in walk.asked}),
        "since": since.isoformat() if since else None,
        "max_pages": getattr(spider, "max_pages", None),
        "langs": sorted(getattr(spider, "langs", ())),
    }


def warc_folder(db: Path, folder: str | None) -> Path:
    """Where the raw pages lie: the folder of the settings, or ``iom-warc`` beside ``iom.db``."""
    return Path(folder) if folder else db.with_name(f"{db.stem}-warc")
