"""A crawl's tie to the archive: opened before the first request, its run closed with its outcome.

One object of :class:`ArchiveRun` a crawl, as a Scrapy extension, so that ``scrapy crawl site`` and
``iomscrape crawl`` store the very same rows. Pipelines bring it what came, middlewares ask it what is known.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

from archive import Archive, ArchiveError, Known, Problem, StorageError
from archive.addresses import readable
from archive.captures import WarcWriter
from archive.errors import storage
from archive.runs import stamp
from iomscrape import outcome
from iomscrape.arguments import run_arguments, warc_folder
from iomscrape.beside import Became, Beside, Pace, Place, take
from iomscrape.clock import Clock, WrongClock
from iomscrape.identification import NoContact, check_contact
from iomscrape.intake import Intake
from iomscrape.records import Capture
from iomscrape.version import __version__
from spiders.links import may_hold_article, site_key
from spiders.unfetched import REASONS, Unfetched, moved_away

logger = logging.getLogger(__name__)

TOOK = object()
"""Signal: an ``item`` is in the archive."""
SITE_OUT = object()
"""Signal: by the problem ``item`` a whole site cannot be walked, or was left."""


class ArchiveRun:
    """The archive of one crawl. Opened by the first request of the spider, so never by ``scrapy shell``."""

    def __init__(self, crawler: Crawler) -> None:
        """Open nothing yet."""
        self.tallies: dict[str, Counter[str]] = {}
        """By site: pages by outcome, ``skipped`` and ``problems``."""
        self.out: dict[str, Unfetched] = {}
        """By site: why it cannot be walked, or was left."""
        self._pace = Pace(crawler.settings.getfloat("IOMSCRAPE_BESIDE_RATE"))
        self._beside: Beside | None = None
        self._starting: asyncio.Task[None] | None = None
        self._reasons: list[str] = []
        self.crawler = crawler
        self.full = crawler.settings.getbool("IOMSCRAPE_FULL")
        self.resumed: frozenset[int] = frozenset()
        """The runs whose pages this one need not fetch, because it goes on with their work."""
        self.clock: Clock | None = None
        self.run_id: int | None = None
        self._archive: Archive | None = None
        self._warcs: WarcWriter | None = None
        self._intake: Intake | None = None
        self._redirects: list[tuple[str, str]] = []
        """Addresses that led to pages which were asked for under their own."""
        self._broken = self._closed = False
        self._ending: asyncio.Future[None] | None = None

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
        if self._intake is None and not self._broken and not self._closed:
            try:
                self._open()
            except (NoContact, WrongClock) as error:
                self.stop(outcome.SETTINGS, error)
            except ArchiveError as error:
                self.stop(outcome.STORAGE if isinstance(error, StorageError) else outcome.SETTINGS, error)
        return self._intake is not None and not self._broken

    def _open(self) -> None:
        from twisted.internet import reactor

        # Now, while no answer is on its way that would wait for it.
        import iomscrape.reader  # noqa: F401

        settings, spider = self.crawler.settings, self.crawler.spider
        sites = [asked for walk in getattr(spider, "walks", {}).values() for asked in walk.asked]
        check_contact(sites, settings.get("IOMSCRAPE_CONTACT"))
        arguments = run_arguments(spider)
        path = Path(settings.get("IOMSCRAPE_DB"))
        self._archive = Archive.open(path)
        # A signal that comes while a spider is being closed lets Scrapy stop the loop before that is done.
        ending = partial(self.close, reason="shutdown")
        reactor.addSystemEventTrigger("before", "shutdown", lambda: deferred_from_coro(ending()))  # type: ignore[arg-type]  # Twisted's is Any
        self.clock = Clock(self._archive.last_fetched(), settings.getfloat("IOMSCRAPE_MAX_CLOCK_ERROR"))
        command = getattr(spider, "command", "crawl")
        self.run_id = self._archive.start_run(command, arguments, version=__version__)
        if not self.full:
            self.resumed = self._archive.unfinished(command, arguments, before=self.run_id)
        folder = warc_folder(path, settings.get("IOMSCRAPE_WARC_DIR"))
        self._warcs = WarcWriter(folder, run=str(self.run_id), software=f"iomscrape/{__version__}")
        self._intake = Intake(self._archive, self._warcs, run_id=self.run_id, on_problem=self._reasons.append)

    async def close(self, spider: Spider | None = None, reason: str = "stopped") -> None:  # noqa: ARG002  # Scrapy's signature
        """Write down how the run ended and close the files. A second call waits for the first."""
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._close(reason))
        await asyncio.shield(self._ending)

    async def _close(self, reason: str) -> None:
        archive, warcs = self._archive, self._warcs
        self._archive = self._warcs = self._intake = None
        self._closed = True
        if archive is None:
            return
        if self._starting is not None:
            await self._starting
        if self._beside is not None:
            await self._beside.close()
        self._note_redirects(archive, ended=reason == "finished")
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

    def _note_redirects(self, archive: Archive, *, ended: bool) -> None:
        """Write down what led to pages that were asked for anyway: to an article of theirs, or to none."""
        try:
            nowhere = archive.note_redirects(
                self._redirects, self.clock.now() if self.clock else datetime.now(UTC), run_id=self.run_id
            )
            # Where the run was stopped, the article may be still to come.
            for url, target in nowhere if ended else ():
                item = moved_away(url, target)
                archive.record_problem(url, Problem(item.reason, item.detail), run_id=self.run_id)
                self._count(item, Became(None, item.reason))
        except (ArchiveError, OSError) as error:
            self.crawler.stats.set_value(outcome.STORAGE, str(error))

    def failed(self, **_: Any) -> None:
        """An item could not be stored for a reason that is no storage error: a fault of the program."""
        self.crawler.stats.inc_value("iomscrape/errors")

    @property
    def begun(self) -> bool:
        """Whether a crawl is going on, in which the archive was opened or could not be."""
        return self._broken or self._archive is not None

    @property
    def going(self) -> bool:
        """Whether the archive is open."""
        return self._archive is not None

    @property
    def broken(self) -> bool:
        """Whether the crawl is ending because of the storage or the settings."""
        return self._broken

    def stop(self, stat: str, error: Exception) -> None:
        """End the crawl because of what the stat will say."""
        self._broken = True
        self.crawler.stats.set_value(stat, str(error))
        logger.error("%s", error)
        closing = self.crawler.engine.close_spider_async(reason=stat.rpartition("/")[2])
        self._closing = asyncio.ensure_future(closing)

    # What comes, and what is known ----------------------------------------------------------------

    def take(self, item: Capture | Unfetched) -> None:
        """Store what the spider brought. After a storage error nothing more is taken."""
        if not self.ready() or self._intake is None or self._is_told(item):
            return
        if isinstance(item, Capture) and self.clock is not None:
            item = self.clock.timed(item)
        if self._beside is not None:
            self._beside.send(item)
            return
        try:
            [became] = take(self._intake, self._reasons, [item])
        except (StorageError, OSError) as error:
            self.stop(outcome.STORAGE, error)
            return
        self._count(item, became)
        if self._pace.is_fast() and self._starting is None:
            self._starting = asyncio.ensure_future(self._start_beside())

    async def room(self) -> None:
        """Wait while more pages come than can be stored."""
        if self._beside is not None:
            await self._beside.room()

    async def _start_beside(self) -> None:
        """From here on another process takes in what comes."""
        if self._archive is None or self._warcs is None or self.run_id is None:
            return
        place = Place(
            self._archive.path.absolute(),
            self._warcs.folder.absolute(),
            self.run_id,
            self.crawler.settings.getint("IOMSCRAPE_JOBS"),
        )
        try:
            self._beside = await Beside.start(place, self._count, self._lost)
        except OSError as error:
            logger.warning("Pages are stored by the crawl itself: %s", error)

    def _lost(self, message: str) -> None:
        self.stop(outcome.STORAGE, StorageError(message))

    def _is_told(self, item: Capture | Unfetched) -> bool:
        """Whether it says once more that a site cannot be walked."""
        if not isinstance(item, Unfetched) or not item.site:
            return False
        site = site_key(item.url)
        if site in self.out:
            return True
        self.out[site] = item
        self.crawler.stats.inc_value(outcome.SITES + item.reason)
        logger.error("%s: %s", item.url, item.detail)
        self.crawler.signals.send_catch_log(SITE_OUT, item=item)
        return False

    def _count(self, item: Capture | Unfetched, became: Became) -> None:
        stats, site = self.crawler.stats, site_key(item.url)
        tally = self.tallies.setdefault(site, Counter())
        if became.outcome is not None:
            stats.inc_value(outcome.PAGES + became.outcome)
            tally[became.outcome] += 1
        if became.problem is not None:
            stats.inc_value(outcome.PROBLEMS + became.problem)
            tally["problems"] += 1
        self.crawler.signals.send_catch_log(TOOK, item=item)

    def skip(self, url: str) -> None:
        """Count a page that was not asked for because the archive has it."""
        self.crawler.stats.inc_value(outcome.SKIPPED)
        self.tallies.setdefault(site_key(url), Counter())["skipped"] += 1

    def dropped(self, request: Request) -> None:
        """A redirect to an address that was asked for before is dropped by Scrapy.

        Where that is an article, it gets a further address; a loop, or the home page, is written down.
        """
        led = request.meta.get("redirect_urls", [])
        if not request.meta.get("page") or not led:
            return
        if request.url in led:
            self.take(Unfetched(url=led[0], reason="redirect-loop", detail=REASONS["redirect-loop"]))
        elif not may_hold_article(request.url):
            self.take(moved_away(led[0], request.url))
        else:
            self._redirects.extend((url, request.url) for url in led)

    def known(self, url: str) -> Known | None:
        """What the archive knows of an address."""
        if self._archive is None:
            return None
        try:
            return self._archive.known(url)
        except StorageError as error:
            self.stop(outcome.STORAGE, error)
            return None

    def is_refused_alone(self, url: str) -> bool:
        """Whether it is known that the site refuses this page, and not us."""
        try:
            return self._archive is not None and self._archive.is_refused_alone(url)
        except StorageError as error:
            self.stop(outcome.STORAGE, error)
            return False

    def holds(self, url: str, moment: datetime) -> Held:
        """Whether the archive has the capture of an address at a moment, for sources that are archives."""
        if self._archive is None:
            return Held(False, False)
        query = "SELECT run_id FROM captures WHERE url = ? AND fetched_at = ? ORDER BY id DESC LIMIT 1"
        try:
            with storage(self._archive.path):
                row = self._archive.db.conn.execute(query, (readable(url), stamp(moment))).fetchone()
        except StorageError as error:
            self.stop(outcome.STORAGE, error)
            return Held(False, False)
        return Held(row is not None, row is not None and row[0] in self.resumed)


class Held(NamedTuple):
    """What the archive has of a capture that an archive elsewhere offers."""

    here: bool
    """Whether it is in the archive, from whatever source."""
    resumed: bool
    """Whether the interrupted run that this one goes on with brought it."""
