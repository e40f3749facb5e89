"""An import: files one after another into the archive, some pages at a time, with a memory of what is done.

What is promised: pages are stored in batches, each in one transaction behind its raw pages. After a kill
or a power cut every batch is there as a whole or not at all, and the same import goes on: files that
were taken in to their end are passed over, pages that are in the archive are not written again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from archive import Archive, Taken
from archive.captures import WarcWriter
from iomscrape.intake import Intake, Said, read
from iomscrape.outcome import PROBLEM_SHARE
from iomscrape.records import Capture
from spiders import links, warcs
from spiders.files import SELF_CONTAINED, Source
from spiders.folders import files_in
from spiders.passed import Item, Passed
from spiders.revisits import Originals
from spiders.unfetched import Unfetched

BATCH_PAGES = 100
BATCH_BYTES = 16 * 1024 * 1024
BATCH_SECONDS = 2.0
"""A batch is stored when it has so many pages or bytes, or is so old."""

NO_PROBLEMS = frozenset({"challenge", "forbidden", "rate-limited", "revisit-alone"})
"""Reasons that are written down but are no fault of the files: what a site answered once, say."""

_NO_ARTICLE = ("no-article", "not-a-page", "empty")


@dataclass
class Tally:
    """What an import brought."""

    pages: Counter[str] = field(default_factory=Counter)
    """Pages by outcome: new, changed, unchanged, known (this very capture was in the archive)."""
    problems: Counter[str] = field(default_factory=Counter)
    """Problems by reason; they decide on the exit code."""
    apart: Counter[str] = field(default_factory=Counter)
    """What was left out, or written down without being a problem of the files, by reason."""
    files: int = 0
    """Files that were read."""
    files_known: int = 0
    """Files that were taken in before, and passed over."""
    pages_known: int = 0
    """Pages that those brought then."""
    problems_known: int = 0
    """Problems that those brought then."""

    @property
    def good(self) -> int:
        """Pages that are in the archive as articles, now or since an earlier import."""
        return self.pages.total() + self.pages_known

    @property
    def problem_share(self) -> float:
        """Problems among all pages."""
        problems = self.problems.total() + self.problems_known
        return problems / max(1, problems + self.good)

    @property
    def is_below_threshold(self) -> bool:
        """Whether there were too many problems."""
        return self.problem_share > PROBLEM_SHARE

    def counts(self) -> dict[str, int]:
        """The numbers for the archive and for people."""
        return {word: self.pages[word] for word in ("new", "changed", "unchanged", "known")} | {
            "problems": self.problems.total(),
            "left_out": self.apart.total(),
            "files": self.files,
            "files_known": self.files_known,
        }


@dataclass
class _Done:
    """A file that was read to its end, and what it gave."""

    source: Source
    digest: str
    size: int
    modified: int
    pages: int = 0
    problems: int = 0


class Import:
    """Brings files into an archive. Raises StorageError where that refuses."""

    def __init__(
        self,
        archive: Archive,
        raw: WarcWriter,
        run_id: int,
        *,
        again: bool = False,
    ) -> None:
        """``again``: read also what was taken in before."""
        self.archive = archive
        self.run_id = run_id
        self.again = again
        self.tally = Tally()
        self.source: Source | None = None
        """The file that is being read."""
        self.watch: Callable[[], None] = lambda: None
        """Called after each item."""
        self._intake = Intake(archive, raw, run_id=run_id)
        self._originals = Originals()
        self._waiting: dict[str, _Done] = {}  # files with revisits whose originals are still to be found
        self._passed_over: list[Source] = []
        self._batch: list[tuple[Said, _Done]] = []
        self._notes: list[Unfetched] = []
        self._finished: list[_Done] = []
        self._bytes = 0
        self._since = monotonic()

    def take(self, source: Source, *, remember: bool = True) -> None:
        """Take one file in. ``remember``: it may be passed over the next time (stdin may not)."""
        self.source = source
        self.watch()
        done = self._opened(source) if remember else _Done(source, "", 0, 0)
        if done is None:
            return
        self.tally.files += 1
        before = len(self._originals.waiting)
        is_read = True
        for item in source.captures(self._originals):
            is_read = is_read and getattr(item, "reason", "") != "unreadable-file"
            self._item(item, done)
        if len(self._originals.waiting) > before:
            self._waiting[source.name] = done
        elif remember and is_read:
            self._finished.append(done)
        self._store_if_full()

    def note(self, item: Unfetched | Passed) -> None:
        """Count, and write down, what is no file."""
        self._item(item, None)

    def end(self) -> None:
        """After the last file: the pages of the revisits, and the rest of the last batch."""
        if self._originals.waiting:
            # Originals may stand in files that were taken in by an earlier run.
            wanted = len(self._originals.waiting)
            for source in self._passed_over:
                for _ in source.captures(self._originals) if source.kind in ("warc", "wacz") else ():
                    self.watch()
            del self._originals.waiting[wanted:]  # those were dealt with then
            for file, item in warcs.revisited(self._originals):
                self._item(item, self._waiting.get(file))
        self._finished += [done for done in self._waiting.values() if done.digest]
        self._waiting = {}
        self.store()

    def store(self) -> None:
        """Store what is read and not stored yet: the pages first, then what is noted of their files."""
        batch = self._batch
        outcomes = self._intake.store([said for said, _ in batch])
        for (said, done), stored in zip(batch, outcomes, strict=True):
            if said.problem is None:
                self.tally.pages[stored.outcome] += 1
                done.pages += 1
            else:
                self._count(said.problem.reason, said.capture, done)
        self._batch, self._bytes, self._since = [], 0, monotonic()
        if self._notes or self._finished:
            with self.archive.together():
                for unfetched in self._notes:
                    self._intake.note(unfetched)
                for done in self._finished:
                    self.archive.note_taken(_taken(done), self.run_id)
            self._notes, self._finished = [], []

    # One file ------------------------------------------------------------------------------------

    def _opened(self, source: Source) -> _Done | None:
        """What is to be noted of a file; None if it was taken in before, and need not be again."""
        path = source.path.absolute()
        try:
            told = path.stat()
            known = (
                None
                if self.again
                else self.archive.taken(path, told.st_size, told.st_mtime_ns, url=source.url)
            )
            done = _Done(source, known.digest if known else _digest(path), told.st_size, told.st_mtime_ns)
        except OSError:
            return _Done(source, "", 0, 0)  # reading it says why
        if known is None and not self.again:
            known = self.archive.taken_elsewhere(done.digest, SELF_CONTAINED, url=source.url)
            if known is not None:
                source.kind, done.pages, done.problems = known.kind, known.pages, known.problems
                self._finished.append(done)
        if known is None:
            return done
        source.kind = known.kind
        self._passed_over.append(source)
        self.tally.files_known += 1
        self.tally.pages_known += known.pages
        self.tally.problems_known += known.problems
        return None

    def _item(self, item: Item, done: _Done | None) -> None:
        if isinstance(item, Passed):
            self.tally.apart[item.why] += 1
        elif isinstance(item, Unfetched):
            self._notes.append(item)
            self._count(item.reason, None, done)
        elif done is not None:
            self._capture(item, done)
        self._store_if_full()
        self.watch()

    def _capture(self, capture: Capture, done: _Done) -> None:
        if not self.again and self.archive.outcome_of(capture) not in (None, "problem"):
            self.tally.pages["known"] += 1
            done.pages += 1
            return
        self._batch.append((Said(capture, *read(capture)), done))
        self._bytes += len(capture.body) + len(capture.wire or b"")

    def _count(self, reason: str, capture: Capture | None, done: _Done | None) -> None:
        is_answer = reason in NO_PROBLEMS or reason.startswith("http-")
        # A crawler's files hold all the pages of a site, of which few are articles.
        is_other = capture is not None and capture.status is not None and not links.is_article(capture.url)
        if is_answer or (is_other and reason in _NO_ARTICLE):
            self.tally.apart[reason] += 1
            return
        self.tally.problems[reason] += 1
        if done is not None:
            done.problems += 1

    def _store_if_full(self) -> None:
        if (
            len(self._batch) + len(self._notes) + len(self._finished) >= BATCH_PAGES
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
            if isinstance(item, Path):
                found.setdefault(item.absolute(), Source(item, url=url))
            else:
                rest.append(item)
    return [*found.values(), *rest]


def _taken(done: _Done) -> Taken:
    return Taken(
        path=done.source.path.absolute(),
        size=done.size,
        modified=done.modified,
        digest=done.digest,
        kind=done.source.kind or "text",
        url=done.source.url,
        pages=done.pages,
        problems=done.problems,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
