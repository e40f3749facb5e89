"""Proving an archive whole: its database, the raw pages behind it, and that these still give its records."""

from __future__ import annotations

import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive import Archive, StorageError, recaptures
from archive.checking import Fault, agreement, count_records, open_for_check, records, structure, told
from archive.content import digest_of
from archive.errors import storage
from archive.rawpages import read_capture
from archive.recaptures import Choice
from archive.rereading import Reread
from iomscrape.rereading import Rereading
from iomscrape.workerprocess import leave_signals
from iomscrape.workers import AHEAD

TOGETHER = 64
"""Records that are handed to a process at a time."""

Start = Callable[[str, int | None], Callable[[], None]]
"""Told what begins and how many things it looks at; returns what is to be called for each."""


class _Place(NamedTuple):
    capture_id: int
    file: str
    offset: int
    digest: str
    is_revisit: bool


@dataclass
class Report:
    """What was found."""

    faults: list[Fault] = field(default_factory=list)
    """The first of each kind; see ``counts`` for how many there are."""
    counts: Counter[str] = field(default_factory=Counter)
    """Faults by kind."""
    looked_at: dict[str, int] = field(default_factory=dict)
    """How many of what were looked at."""
    outdated: int = 0
    """Captures of which today's reader says something else than an earlier one said: no fault."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.counts

    def add(self, fault: Fault, *, named_at_most: int = 20) -> None:
        """Count a fault; the first ones of its kind are kept by name."""
        if self.counts[fault.kind] < named_at_most:
            self.faults.append(fault)
        self.counts[fault.kind] += 1


def check(
    path: Path, folder: Path, *, quick: bool = False, reread: bool = False, jobs: int = 1, start: Start
) -> Report:
    """Look at everything. ``quick``: leave out raw pages and records. ``reread``: read all pages again.

    Raises NotAnArchive, MissingArchive, NewerArchive, and StorageError where another program keeps the file.
    """
    report = Report()
    conn = open_for_check(path)
    try:
        start("The database", None)
        for fault in told(path, structure(conn)):
            report.add(fault)
        start("What belongs together", None)
        for fault in told(path, agreement(conn, thorough=not quick)):
            report.add(fault)
        if quick or report.counts["damaged"]:
            return report
        report.looked_at["versions"] = count_records(conn)
        watch = start("What articles say", report.looked_at["versions"])
        for fault in told(path, records(conn, watch)):
            report.add(fault)
    finally:
        conn.close()
    with Archive.open(path, create=False, readonly=True) as archive:
        _raw_pages(archive, folder, report, jobs, start)
        if reread:
            _reread(archive, folder, report, jobs, start)
    return report


def _raw_pages(archive: Archive, folder: Path, report: Report, jobs: int, start: Start) -> None:
    db = archive.db
    with storage(archive.path):
        (total,) = db.conn.execute("SELECT count(*) FROM captures WHERE warc_file IS NOT NULL").fetchone()
        files = [
            file
            for (file,) in db.conn.execute(
                "SELECT DISTINCT warc_file FROM captures WHERE warc_file IS NOT NULL"
            )
        ]
    missing = {file for file in files if not (folder / file).is_file()}
    for file in sorted(missing):
        (lost,) = db.conn.execute("SELECT count(*) FROM captures WHERE warc_file = ?", (file,)).fetchone()
        report.add(Fault("warc-missing", f"{folder / file} is not there; {lost} raw pages are in it"))
    report.looked_at["raw pages"] = total
    watch = start("Raw pages", total)
    rows = db.conn.execute(
        "SELECT id, warc_file, warc_offset, digest, revisit FROM captures WHERE warc_file IS NOT NULL "
        "ORDER BY warc_file, warc_offset"
    )
    there = (place for place in map(_Place._make, rows) if place.file not in missing or watch())
    portions = iter(lambda: list(islice(there, TOGETHER)), [])
    for wrong in _in_processes(folder, portions, jobs if total > TOGETHER * 4 else 1):
        for why in wrong:
            if why is not None:
                report.add(Fault("warc-record", why))
            watch()


def _in_processes(folder: Path, portions: Iterator[list[_Place]], jobs: int) -> Iterator[list[str | None]]:
    if jobs == 1:
        for portion in portions:
            yield look_at(folder, portion)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=leave_signals) as pool:
        flying: deque[Future[list[str | None]]] = deque()
        for portion in portions:
            flying.append(pool.submit(look_at, folder, portion))
            if len(flying) >= jobs * AHEAD:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()


def look_at(folder: Path, places: list[_Place]) -> list[str | None]:
    """For each place what is wrong with the record there, or None."""
    return [_wrong(folder, place) for place in places]


def _wrong(folder: Path, place: _Place) -> str | None:
    if place.is_revisit:
        # It holds no page, only the word that it is the same as another capture's.
        return _wrong_revisit(folder, place)
    try:
        raw = read_capture(folder, place.file, place.offset)
    except StorageError as error:
        return f"capture {place.capture_id}: {error}"
    if digest_of(raw.body) != place.digest:
        return f"capture {place.capture_id}: {folder / place.file} holds another page at {place.offset}"
    return None


def _wrong_revisit(folder: Path, place: _Place) -> str | None:
    try:
        with (folder / place.file).open("rb") as stream:
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(stream, no_record_parse=True)))
            kind = record.rec_type
            if len(record.raw_stream.read()) != int(record.rec_headers.get_header("Content-Length")):
                kind = "cut off"
    except (OSError, ArchiveLoadFailed, StopIteration, EOFError):
        kind = "damaged"
    if kind == "revisit":
        return None
    return f"capture {place.capture_id}: {folder / place.file} holds no revisit at {place.offset}, but a record of type {kind}"


def _reread(archive: Archive, folder: Path, report: Report, jobs: int, start: Start) -> None:
    total = recaptures.count(archive.db, Choice())
    report.looked_at["captures read again"] = total
    with Rereading(archive, folder, jobs=jobs if total > 200 else 1) as again:
        again.watch = start("Reading again", total)

        def differs(found: Reread) -> None:
            if found.outcome in ("changed", "unreadable"):
                if found.is_outdated:
                    report.outdated += 1
                else:
                    report.add(
                        Fault(
                            "not-reproducible",
                            f"capture {found.capture_id} is read otherwise by the same reader",
                        )
                    )

        again.on_change = differs
        again.compare(Choice())
