"""An import: files into the archive, read by several processes and stored by one, with a memory of what is done.

What is promised: pages are stored in batches, each in one transaction behind its raw pages. After a kill
or a power cut every batch is there as a whole or not at all, and the same import goes on: files that
were taken in to their end are passed over, pages that are in the archive are not written again. The same
files give the same archive, however many processes read them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Self

from archive import Archive, Taken
from archive.captures import WarcWriter
from archive.prepared import Prepared
from iomscrape.filereading import Reading
from iomscrape.filework import FileWork, Known, Message, Task, Told
from iomscrape.importedfiles import Done, digest
from iomscrape.importtally import NO_ARTICLE, NO_PROBLEMS, Tally
from iomscrape.intake import Intake, name_of
from iomscrape.records import Capture
from iomscrape.workers import Alone, Hands, Workers
from spiders import links, warcs
from spiders.files import SELF_CONTAINED, Source
from spiders.folders import files_in
from spiders.parts import SIZE, WHOLE
from spiders.passed import Passed
from spiders.revisits import Originals
from spiders.unfetched import Unfetched

BATCH_PAGES = 400
BATCH_BYTES = 16 * 1024 * 1024
BATCH_SECONDS = 2.0
"""A batch is stored when it has so many pages or bytes, or is so old."""

GROUP_FILES = 64
"""Small files that are read as one task, as long as they are together no larger than a part of a large one."""


class Import:
    """Brings files into an archive. Raises StorageError where that refuses. Close it: it has processes."""

    def __init__(
        self,
        archive: Archive,
        raw: WarcWriter,
        run_id: int,
        *,
        again: bool = False,
        jobs: int = 1,
        part_size: int = SIZE,
        cluster: Callable[[FileWork, Callable[[], None]], Hands[Task, Message]] | None = None,
    ) -> None:
        """``again``: read also what was taken in before. ``jobs``: processes that read; 1 reads in this one.

        ``cluster``: makes others who read, in place of processes of this machine, from the work and from what is
        to be called while they are waited for. They need not see the archive.

        ``part_size``: bytes of the parts into which large WARC files are cut for several readers.
        """
        self.archive = archive
        self.run_id = run_id
        self.again = again
        self.tally = Tally()
        self.source: Source | None = None
        """The file that is being read."""
        self.watch: Callable[[], None] = lambda: None
        """Called after each item, and now and then while there is none."""
        self._intake = Intake(archive, raw, run_id=run_id)
        self._originals = Originals()
        self._waiting: dict[str, Done] = {}  # files with revisits whose originals are still to be found
        self._passed_over: list[Source] = []
        self._batch: list[tuple[Prepared | Unfetched, Done | None]] = []
        self._names: set[tuple[str, datetime, str]] = set()  # of the pages in the batch that can be read
        self._finished: list[Done] = []
        self._digests: dict[tuple[str, str | None], Done] = {}  # of what was finished in this run
        self._bytes = 0
        self._since = monotonic()
        self._part_size = part_size if jobs > 1 or cluster else 0
        self._work = FileWork(archive.path.absolute() if archive.has_captures() else None, again=again)
        self._work.archive = archive  # this process has it open; the others open it themselves
        self._workers: Hands[Task, Message]
        if cluster is not None:
            self._workers = cluster(FileWork(None, again=again), lambda: self.watch())
        elif jobs > 1:
            self._workers = workers = Workers(jobs, self._work, tick=lambda: self.watch())
            workers.begin()
        else:
            self._workers = Alone(self._work)

    def __enter__(self) -> Self:
        """Return the import itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self.close()

    def close(self) -> None:
        """End the processes that read; what was stored stays stored."""
        self._workers.close()
        self._originals.close()

    def take(self, source: Source, *, remember: bool = True) -> None:
        """Take one file in."""
        self.take_all([source], remember=remember)

    def take_all(self, sources: Iterable[Source], *, remember: bool = True) -> None:
        """Take files in, in their order. ``remember``: they may be passed over the next time (stdin may not)."""
        flying: deque[Callable[[], None]] = deque()
        for landing in self._started(sources, remember=remember):
            flying.append(landing)
            if len(flying) >= self._workers.ahead:
                flying.popleft()()
        while flying:
            flying.popleft()()

    def note(self, item: Unfetched | Passed) -> None:
        """Count, and write down, what is no file."""
        self._item(item, None)

    def end(self) -> None:
        """After the last file: the pages of the revisits, and the rest of the last batch."""
        if self._originals.waiting:
            # Originals may stand in files that were taken in by an earlier run.
            wanted = self._originals.waiting
            for source in self._passed_over:
                if source.kind in ("warc", "wacz"):
                    task = Task((source,), for_revisits=True)
                    self._land(Reading(self._workers, task, [Done(source, has_begun=True)]))
            self._originals.leave_out(wanted)  # the others were dealt with then
            for file, item in warcs.revisited(self._originals):
                told = self._work.told(item) if isinstance(item, Capture) else item
                self._item(told, self._waiting.get(file))
        self._finished += [done for done in self._waiting.values() if done.digest and done.is_read]
        self._waiting = {}
        self.store()

    def store(self) -> None:
        """Store what is read and not stored yet, and then what is noted of files that were read to their end."""
        for (item, done), stored in zip(
            self._batch, self._intake.store([item for item, _ in self._batch]), strict=True
        ):
            if isinstance(item, Unfetched):
                continue
            if item.problem is not None:
                self._count(item.problem.reason, item.capture, done)
            elif stored is not None and done is not None:
                self.tally.pages[stored.outcome] += 1
                done.pages += 1
        self._batch, self._bytes, self._since = [], 0, monotonic()
        self._names.clear()
        if self._finished:
            with self.archive.together():
                for done in self._finished:
                    if done.same is not None:
                        self._count_known(done.same.pages, done.same.problems)
                        done.pages, done.problems = done.same.pages, done.same.problems
                    self.archive.note_taken(done.taken(), self.run_id)
            self._finished = []

    # Files ---------------------------------------------------------------------------------------

    def _started(self, sources: Iterable[Source], *, remember: bool) -> Iterator[Callable[[], None]]:
        """Begin to read the files; each that comes back is to be called when all before it were.

        Large files are read in parts, small ones several in one task.
        """
        group: list[Done] = []

        def grouped() -> Iterator[Callable[[], None]]:
            if group:
                task = Task(tuple(done.source for done in group))
                yield partial(self._land, Reading(self._workers, task, group.copy()))
                group.clear()

        for source in sources:
            done, known = self._opened(source) if remember else (Done(source), None)
            if known is not None:
                yield from grouped()
                yield partial(self._pass_over, done, known)
                continue
            parts = source.parts(self._part_size) if 0 < self._part_size < done.size else [WHOLE]
            size = sum(one.size for one in group) + done.size
            if len(parts) > 1 or len(group) >= GROUP_FILES or size > self._part_size:
                yield from grouped()
            if len(parts) == 1:
                group.append(done)
                continue
            for part in parts:
                reading = Reading(self._workers, Task((source,), part), [done], is_last=part is parts[-1])
                yield partial(self._land, reading)
        yield from grouped()

    def _opened(self, source: Source) -> tuple[Done, Taken | None]:
        """What is to be noted of a file, and what is known of it if it was taken in by an earlier run."""
        path = source.path.absolute()
        try:
            told = path.stat()
            size, modified = told.st_size, told.st_mtime_ns
            known = None if self.again else self.archive.taken(path, size, modified, url=source.url)
            done = Done(source, known.digest if known else digest(path), size, modified)
        except OSError:
            return Done(source), None  # reading it says why
        if known is None and not self.again:
            known = self.archive.taken_elsewhere(done.digest, SELF_CONTAINED, url=source.url)
            done.is_moved = known is not None
        return done, known

    def _pass_over(self, done: Done, known: Taken) -> None:
        done.source.kind = known.kind
        self._passed_over.append(done.source)
        self.tally.files_known += 1
        self._count_known(known.pages, known.problems)
        if done.is_moved:
            done.pages, done.problems = known.pages, known.problems
            self._finished.append(done)
        self._store_if_full()

    def _count_known(self, pages: int, problems: int) -> None:
        self.tally.pages_known += pages
        self.tally.problems_known += problems

    def _land(self, reading: Reading) -> None:
        """Take what a task gives."""
        for done, some in reading.told():
            if not done.has_begun:
                self._begin(done)
            done.source.place, done.source.kind = (
                some.place or done.source.place,
                some.kind or done.source.kind,
            )
            if done.same is None:
                for item in some.items:
                    done.is_read = done.is_read and getattr(item, "reason", "") != "unreadable-file"
                    self._item(item, done)
                if some.noted is not None:
                    done.waits = done.waits or bool(some.noted.waiting)
                    self._originals.add(some.noted)
            if some.reached is not None and reading.is_whole:
                self._finish(done)
        if reading.is_last and not reading.is_whole:
            self._finish(reading.files[0])

    def _begin(self, done: Done) -> None:
        done.has_begun = True
        self.source = done.source
        done.same = None if self.again or not done.digest else self._digests.get(done.key)
        if done.same is None:
            self.tally.files += 1
        else:
            self.tally.files_known += 1
        self.watch()

    def _finish(self, done: Done) -> None:
        """All of a file was read."""
        if done.same is not None:
            done.source.kind = done.same.source.kind
            self._passed_over.append(done.source)
            self._finished.append(done)
        elif done.waits:
            self._waiting[done.source.name] = done
        elif done.digest and done.is_read:
            self._finished.append(done)
            if done.source.kind in SELF_CONTAINED:
                self._digests.setdefault(done.key, done)
        self._store_if_full()

    # Items ---------------------------------------------------------------------------------------

    def _item(self, item: Told, done: Done | None) -> None:
        if isinstance(item, Passed):
            self.tally.apart[item.why] += 1
        elif isinstance(item, Unfetched):
            self._batch.append((item, done))
            self._count(item.reason, None, done)
        elif done is not None:
            self._page(item, done)
        self._store_if_full()
        self.watch()

    def _page(self, page: Prepared | Known, done: Done) -> None:
        if isinstance(page, Known) or (not self.again and self._is_known(page)):
            self.tally.pages["known"] += 1
            done.pages += 1
            return
        self._batch.append((page, done))
        if page.problem is None:
            self._names.add(name_of(page))
        self._bytes += page.size

    def _is_known(self, page: Prepared) -> bool:
        """Whether the archive has it, or will have it when the batch is stored."""
        if name_of(page) in self._names:
            return True
        return self.archive.outcome_of(page.capture, page.digest) not in (None, "problem")

    def _count(self, reason: str, capture: Capture | None, done: Done | None) -> None:
        is_answer = reason in NO_PROBLEMS or reason.startswith("http-")
        # A crawler's files hold all the pages of a site, of which few are articles.
        is_other = capture is not None and capture.status is not None and not links.is_article(capture.url)
        if is_answer or (is_other and reason in NO_ARTICLE):
            self.tally.apart[reason] += 1
            return
        self.tally.problems[reason] += 1
        if done is not None:
            done.problems += 1

    def _store_if_full(self) -> None:
        if (
            len(self._batch) + len(self._finished) >= BATCH_PAGES
            or self._bytes >= BATCH_BYTES
            or monotonic() - self._since >= BATCH_SECONDS
        ):
            self.store()


def sources(paths: Iterable[Path], url: str | None = None) -> list[Source | Unfetched | Passed]:
    """The files that the paths name, those of folders in the order of their names; each once."""
    found: dict[Path, Source | Unfetched | Passed] = {}
    rest: list[Unfetched | Passed] = []
    for path in paths:
        for item in files_in(path) if path.is_dir() else [path]:
            if not isinstance(item, Unfetched | Passed):
                found.setdefault(item.absolute(), Source(item, url=url))
            else:
                rest.append(item)
    return [*found.values(), *rest]
