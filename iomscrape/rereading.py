"""Reading an archive's raw pages again with today's reader, on all processors, and correcting what differs.

First everything is read and compared, while others may write; what is to be changed waits in a temporary
file, so that memory stays small. Then all changes are stored in one transaction: after a kill the archive
is as it was, or all of it is corrected.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from archive import Archive, Problem, StorageError, read_capture, recaptures
from archive.content import digest_of
from archive.errors import storage
from archive.recaptures import Choice, Page
from archive.rereading import Moving, Reread, compare, correct, note
from archive.told import Told, tell
from iomscrape.intake import read
from iomscrape.worker import Job
from iomscrape.workers import Alone, WorkerDied, Workers, in_order

TOGETHER = 16
"""Raw pages that are handed to a process at a time."""

DIED = "the processes that read it ended, one after another (killed, or out of memory)"
"""Why a capture is lost at which its reader dies."""


class Reading(NamedTuple):
    """What today's reader says of one capture; ``lost``: why its raw page cannot be had."""

    capture_id: int
    articles: Sequence[Told] = ()
    problem: Problem | None = None
    lost: str | None = None


Reader = Alone[list[Page], list[Reading]] | Workers[list[Page], list[Reading]]


@dataclass
class Tally:
    """What came of reading again."""

    captures: Counter[str] = field(default_factory=Counter)
    """Captures by outcome: those of :class:`archive.rereading.Reread`, and ``lost``."""
    fields: Counter[str] = field(default_factory=Counter)
    """Captures by field that was corrected."""
    articles: Counter[str] = field(default_factory=Counter)
    """Articles by what became of them on a page: changed, new, gone."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Captures that gave no article, by reason."""

    def count(self, found: Reread) -> None:
        """Add one."""
        self.captures[found.outcome] += 1
        for change in found.changes:
            self.articles[change.kind] += 1
            self.fields.update(change.fields.keys())
        if found.problem is not None:
            self.reasons[found.problem.reason] += 1

    def counts(self) -> dict[str, int]:
        """The numbers for the archive and for people."""
        words = ("same", "changed", "found", "unreadable", "unread", "lost")
        return {word: self.captures[word] for word in words}


class Rereading:
    """One rereading. Use as a context manager: it keeps a temporary file."""

    def __init__(self, archive: Archive, folder: Path, *, jobs: int = 1) -> None:
        """``folder``: where the WARC files lie. ``jobs``: processes that read; 1 reads in this one."""
        self.archive = archive
        self.folder = folder
        self.jobs = jobs
        self.tally = Tally()
        self.on_change: Callable[[Reread], None] = lambda _: None
        """Called with each capture that is not read as before."""
        self.on_lost: Callable[[int, str], None] = lambda *_: None
        """Called with the number of each capture whose raw page cannot be had, and why."""
        self.watch: Callable[[], None] = lambda: None
        """Called after each capture."""
        self._kept: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed by __exit__
        self._moving = Moving()
        self.waiting = 0
        """Captures that :meth:`store` will correct."""

    def __enter__(self) -> Rereading:
        """Return the rereading itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Throw the temporary file away."""
        self._kept.close()

    def compare(self, choice: Choice) -> None:
        """Read what is chosen and compare it with what is kept; nothing is stored yet.

        Raises QueryError for a condition that cannot be asked, StorageError.
        """
        with storage(self.archive.path):
            for reading in self._readings(recaptures.pages(self.archive.db, choice)):
                self._compare(reading)
                self.watch()

    def _compare(self, reading: Reading) -> None:
        if reading.lost is not None:
            self.tally.captures["lost"] += 1
            self.on_lost(reading.capture_id, reading.lost)
            return
        found = compare(self.archive.db, *reading[:3])
        self.tally.count(found)
        self._moving.expect(found)
        if found.outcome != "same":
            self.on_change(found)
        if found.touches:
            pickle.dump(reading, self._kept, pickle.HIGHEST_PROTOCOL)
            self.waiting += 1

    def store(self, run_id: int) -> None:
        """Correct what was found, all of it or nothing. What came in meanwhile is not lost. Raises StorageError."""
        with self.archive.together():
            # What was said before is written down of all of them before the first one is changed.
            for reading in self._waiting():
                note(self.archive.db, reading.capture_id, reading.articles, run_id)
            for reading in self._waiting():
                correct(self.archive.db, *reading[:3], run_id, self._moving)
                self.watch()

    def _waiting(self) -> Iterator[Reading]:
        self._kept.seek(0)
        for _ in range(self.waiting):
            yield pickle.load(self._kept)  # noqa: S301  # our own file

    def _readings(self, pages: Iterator[Page]) -> Iterator[Reading]:
        portions = iter(lambda: list(islice(pages, TOGETHER)), [])
        work = partial(_read_portion, self.folder)
        with Alone(work) if self.jobs == 1 else Workers(self.jobs, work) as workers:
            for job in in_order(workers, portions):
                yield from _what_came(workers, job)


def _what_came(workers: Reader, job: Job[list[Page]], *, tries: int = 2) -> Iterator[Reading]:
    """What a portion gives; if its process died, each of its pages by itself, up to so many times."""
    told = False
    try:
        for some in workers.messages(job):
            told = True
            yield from some
    except WorkerDied:
        if told:  # all of the portion at once, and died behind it
            return
        for page in job.task:
            if tries:
                yield from _what_came(workers, workers.start([page], first=True), tries=tries - 1)
            else:
                yield from (Reading(number, lost=DIED) for number, _ in page.captures)


def _read_portion(folder: Path, pages: list[Page]) -> Iterator[list[Reading]]:
    yield read_pages(folder, pages)


def read_pages(folder: Path, pages: Iterable[Page]) -> list[Reading]:
    """Read raw pages; what is wrong with a page costs that page."""
    return [reading for page in pages for reading in _read_page(folder, page)]


def _read_page(folder: Path, page: Page) -> Iterator[Reading]:
    if page.file is None:
        yield from (Reading(number, lost="the archive has no raw page of it") for number, _ in page.captures)
        return
    try:
        raw = read_capture(folder, page.file, page.offset)
        if digest_of(raw.body) != page.digest:
            raise StorageError(f"{folder / page.file} holds another page at {page.offset}; restore the file")
    except StorageError as error:
        yield from (Reading(number, lost=str(error)) for number, _ in page.captures)
        return
    said: dict[str, tuple[Sequence[Told], Problem | None]] = {}
    for number, url in page.captures:
        if url not in said:
            articles, problem = read(replace(raw, url=url))
            said[url] = tell(articles), problem
        yield Reading(number, *said[url])
