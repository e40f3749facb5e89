"""The intake in a process of its own, for crawls whose pages come faster than one process can read them.

The crawl sends what its spiders bring over a pipe and hears what became of it. The process takes in what
has come meanwhile together, with one wait for the disk. It ends when the pipe does, after all that was in
it is stored: also when the crawl was killed, so that a kill loses no page that had come.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import select
import signal
import struct
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from archive import Archive, Problem, StorageError
from archive.captures import WarcWriter
from archive.prepared import Prepared, prepare
from iomscrape.intake import Intake, said
from iomscrape.records import Capture
from iomscrape.version import __version__
from iomscrape.worker import Job
from iomscrape.workers import Alone, WorkerDied, Workers
from spiders.unfetched import Unfetched

TOGETHER = 24
"""At most so many pages are stored in one transaction."""

SOON = 0.05
"""Seconds for which a page waits for others to be stored together with it."""

BUFFER = 2 * 1024 * 1024
"""Bytes that may wait on their way to the process before the crawl waits, too."""

PIPE = 1024 * 1024
"""Bytes that the pipe itself holds, where the system lets us choose."""

_HEAD = struct.Struct(">Q")

BACKLOG = 64
"""Pages on their way to the process from which on the crawl reads a page itself before it sends it."""

Item = Capture | Unfetched


@dataclass(frozen=True, slots=True)
class Place:
    """What the process needs to know to begin."""

    db: Path
    folder: Path
    run_id: int
    jobs: int = 1
    """Processes that read; with 1 this one does."""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one item."""

    outcome: str | None
    """Of a capture: new, changed, unchanged, problem, nothing. None for a problem that was written down."""
    problem: str | None
    """The reason of the problem that was written down."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The storage refuses; nothing more is taken."""

    message: str


def take(intake: Intake, reasons: list[str], items: Sequence[Item | Prepared]) -> list[Became]:
    """Take items in, in their order. ``reasons``: where the intake's ``on_problem`` puts them."""
    reasons.clear()
    stored = intake.store([item if isinstance(item, Prepared | Unfetched) else said(item) for item in items])
    met = iter([*reasons])
    return [
        Became(one.outcome if one else None, next(met) if one is None or one.outcome == "problem" else None)
        for one in stored
    ]


class Pace:
    """Whether pages come so fast that a second process is worth its memory."""

    def __init__(self, rate: float) -> None:
        """``rate``: pages a second."""
        self.rate = rate
        self._came: deque[float] = deque(maxlen=20)

    def is_fast(self) -> bool:
        """Count a page that came now; True if the last twenty came faster than the rate."""
        self._came.append(monotonic())
        span = self._came[-1] - self._came[0]
        return len(self._came) == self._came.maxlen and span * self.rate < len(self._came)


# The crawl's side ----------------------------------------------------------------------------------


class Beside:
    """The process as the crawl sees it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        on_became: Callable[[Item, Became], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        """Use :meth:`start`."""
        self._process = process
        self._on_became = on_became
        self._on_trouble = on_trouble
        self._sent: deque[Item] = deque()
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def start(
        cls, place: Place, on_became: Callable[[Item, Became], None], on_trouble: Callable[[str], None]
    ) -> Beside:
        """Start the process and wait until it is ready. OSError where that fails."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(f"-W{option}" for option in sys.warnoptions),
            *("-m", "iomscrape.beside"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C goes to all processes of a terminal's session; this one ends when its pipe does.
            start_new_session=True,
        )
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.transport.set_write_buffer_limits(high=BUFFER)
        with suppress(ImportError, AttributeError, OSError):  # Linux; elsewhere pages go over in more pieces
            import fcntl

            fcntl.fcntl(process.stdin.transport.get_extra_info("pipe"), fcntl.F_SETPIPE_SZ, PIPE)
        process.stdin.write(_frame(place))
        if await process.stdout.read(1) != b"+":
            raise OSError("the process beside the crawl did not start")
        return cls(process, on_became, on_trouble)

    def send(self, item: Item) -> None:
        """Hand an item over. What becomes of it is told later, in the order of sending."""
        # The slower of the two decides how fast pages come in, so they share the reading.
        busy = len(self._sent) >= BACKLOG
        self._sent.append(item if isinstance(item, Unfetched) else _light(item))
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(_frame(said(item) if busy and isinstance(item, Capture) else item))

    async def room(self) -> None:
        """Wait while too much is on its way."""
        if self._process.stdin is not None:
            with suppress(ConnectionError):
                await self._process.stdin.drain()

    async def close(self) -> None:
        """Wait until all that was sent is stored and told, and the process has ended."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._reading
        await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  # it is a pipe
        with suppress(asyncio.IncompleteReadError):
            while True:
                size = _HEAD.unpack(await self._process.stdout.readexactly(_HEAD.size))[0]
                told = pickle.loads(await self._process.stdout.readexactly(size))  # noqa: S301  # our own process
                if isinstance(told, Trouble):
                    self._sent.clear()
                    self._on_trouble(told.message)
                    return
                self._on_became(self._sent.popleft(), told)
        if self._sent:
            self._on_trouble(f"the process that stores pages ended; {len(self._sent)} pages were lost")


def _light(capture: Capture) -> Capture:
    return Capture(url=capture.url, body=b"", fetched_at=capture.fetched_at, source=capture.source)


# The process's side ----------------------------------------------------------------------------------


def main() -> None:
    """Take in what comes on stdin until it ends."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    # Unbuffered: what is read ahead could not be seen by select.
    coming, telling = open(0, "rb", buffering=0, closefd=False), sys.stdout.buffer  # noqa: SIM115
    place = _next(coming)
    if not isinstance(place, Place):
        return
    reasons: list[str] = []
    with (
        Archive.open(place.db) as archive,
        WarcWriter(place.folder, run=str(place.run_id), software=f"iomscrape/{__version__}") as warcs,
    ):
        intake = Intake(archive, warcs, run_id=place.run_id, on_problem=reasons.append)
        _tell(telling, b"+")
        work = Workers(place.jobs, _read) if place.jobs > 1 else Alone(_read)
        with work as readers:
            _take_in(intake, reasons, readers, coming, telling)


def _take_in(
    intake: Intake, reasons: list[str], readers: Readers, coming: BinaryIO, telling: BinaryIO
) -> None:
    """Store what comes, some together, while others read what came after that."""
    before: list[Coming] = []
    while True:
        items = _come(coming, readers, wait=not before)
        if not items and not before:
            return
        if before or isinstance(readers, Alone):
            try:
                became: list[Became | Trouble] = [*take(intake, reasons, _gone(readers, before or items))]
            except (StorageError, OSError) as error:
                became = [Trouble(str(error))]
            _tell(telling, b"".join(_frame(one) for one in became))
            if isinstance(became[-1], Trouble):
                return
        before = [] if isinstance(readers, Alone) else items


Coming = Prepared | Unfetched | Job[Capture]
Readers = Alone[Capture, Prepared] | Workers[Capture, Prepared]


def _read(capture: Capture) -> Iterator[Prepared]:
    yield said(capture)


def _gone(readers: Readers, items: Sequence[Coming]) -> list[Prepared | Unfetched]:
    return [_came(readers, item) if isinstance(item, Job) else item for item in items]


def _came(readers: Readers, job: Job[Capture], *, again: bool = True) -> Prepared:
    """A page as a reader read it. One at which two of them die is kept, and what happened is written down."""
    try:
        return next(readers.messages(job))
    except WorkerDied:
        if again:
            return _came(readers, readers.start(job.task, first=True), again=False)
        return prepare(job.task, problem=Problem("reader-killed", KILLED))


KILLED = "The process that read it ended twice (killed, or out of memory)."


def _come(coming: BinaryIO, readers: Readers, *, wait: bool) -> list[Coming]:
    """The next item, and those that come soon after it. Pages are read as they come.

    ``wait``: for the first one, until there is none any more; else only as long as for the others.
    """
    items: list[Coming] = []
    until = 0.0 if wait else monotonic() + SOON
    while len(items) < TOGETHER:
        if until and not select.select([coming], [], [], max(0.0, until - monotonic()))[0]:
            break
        item = _next(coming)
        if isinstance(item, Capture):
            item = readers.start(item) if isinstance(readers, Workers) else said(item)
        if not isinstance(item, Unfetched | Prepared | Job):
            break
        until = until or monotonic() + SOON
        items.append(item)
    return items


def _next(coming: BinaryIO) -> object | None:
    """What was sent next; None at the end, also where it ends within a message."""
    head = _exactly(coming, _HEAD.size)
    body = _exactly(coming, _HEAD.unpack(head)[0]) if head else None
    return pickle.loads(body) if body else None  # noqa: S301  # our own process


def _exactly(coming: BinaryIO, size: int) -> bytes | None:
    got = bytearray()
    while len(got) < size:
        part = coming.read(size - len(got))
        if not part:
            return None
        got += part
    return bytes(got)


def _tell(telling: BinaryIO, data: bytes) -> None:
    with suppress(BrokenPipeError):  # the crawl was killed: what it sent is stored all the same
        telling.write(data)
        telling.flush()


def _frame(thing: object) -> bytes:
    body = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    return _HEAD.pack(len(body)) + body


if __name__ == "__main__":
    # Pickled classes are those of the module, not of __main__.
    from iomscrape import beside

    beside.main()
