"""Running a job: one command after the other, each in a process of its own, one job at a time for an archive.

A process of its own for each step: Scrapy's engine starts once a process, a step that dies takes nothing with
it, and its memory is given back.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import IO, Any, NamedTuple

from iomscrape.job.logs import LOGGER
from iomscrape.job.steps import Step

GRACE = 60.0
"""Seconds that a step has to end well after it was asked to."""
LAST_LINES = 20
"""Of what a failed step said: so many lines are told again in the end."""
WORST_FIRST = (6, 2, 1, 5, 3, 4)
"""Exit codes in the order in which one stands for the whole job; 7 (stopped) comes before all of them."""
WORDS = {0: "done", 1: "failed", 2: "wrong settings", 3: "nothing came", 4: "not as it should be", 5: "refused",
         6: "storage", 7: "stopped"}  # fmt: skip
"""What an exit code means, in few words."""
ALWAYS = ("watch", "backup")
"""Due also where time is up: the next job has as much to do as this one."""
ENDS_THE_JOB = (2, 6)
"""After wrong settings or with a full disk the next step would fare no better."""


class Busy(Exception):
    """Another job works on the archive; the message says since when."""


class Ended(NamedTuple):
    """What became of a step."""

    step: str
    exit_code: int
    seconds: float
    counts: dict[str, Any]
    """What the command printed with ``--json``; empty where it printed nothing."""
    said: tuple[str, ...]
    """The last lines of what it said besides."""
    out_of_time: bool = False
    """Whether it was asked to end because the job's time was up."""


@contextmanager
def only_one(db: Path) -> Iterator[int]:
    """Hold the archive's lock, ``iom.db.lock``; gives its file descriptor. Raises Busy, OSError.

    It is the operating system's own lock: it ends with the last process that has the descriptor, however that
    dies. The steps inherit it, so a step that outlives a killed job still holds it.
    """
    path = db.with_name(f"{db.name}.lock")
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = file.read(200).strip() or "another run"
            raise Busy(f"{who} works on {db}; this one was not started") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC,")
        file.flush()
        yield file.fileno()


class Job:
    """The steps of a job, run in order; stops them when the job is stopped or its time is up."""

    def __init__(self, steps: Sequence[Step], *, hours: float | None = None, lock: int | None = None) -> None:
        """``lock``: a descriptor that the steps inherit, see :func:`only_one`."""
        self.steps = steps
        self.stopped = False
        """Whether somebody asked the job to end."""
        self._lock = lock
        self._ends_at = monotonic() + hours * 3600 if hours is not None else None
        self._child: subprocess.Popen[str] | None = None
        self._asked_at: float | None = None

    def run(self) -> list[Ended]:
        """Run them; returns what became of each that was begun."""
        ended: list[Ended] = []
        with self._signals():
            for step in self.steps:
                if self.stopped or (self._time_is_up() and step.name not in ALWAYS):
                    LOGGER.info(
                        "not begun: %s",
                        "stopped" if self.stopped else "time is up",
                        extra={"step": step.name},
                    )
                    continue
                ended.append(self._run(step))
                if ended[-1].exit_code in ENDS_THE_JOB:
                    break
        return ended

    def _run(self, step: Step) -> Ended:
        LOGGER.debug("begins", extra={"step": step.name})
        began = monotonic()
        self._asked_at = None
        limited = step.name not in ALWAYS
        said: deque[str] = deque(maxlen=LAST_LINES)
        printed: list[str] = []
        with subprocess.Popen(  # noqa: S603  # this program's own commands, no shell
            [sys.executable, "-m", "iomscrape", *step.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=os.environ | dict(step.environment),
            # Ctrl-C on a terminal would reach it a second time by way of this process, which ends it hard.
            start_new_session=True,
            pass_fds=() if self._lock is None else (self._lock,),
        ) as child:
            self._child = child
            if self.stopped:  # between two steps
                self._ask()
            readers = [
                threading.Thread(target=_tell, args=(child.stderr, step.name, said), daemon=True),
                threading.Thread(
                    target=lambda: printed.append(child.stdout.read() if child.stdout else ""), daemon=True
                ),
            ]
            for reader in readers:
                reader.start()
            out_of_time = self._wait(child, limited=limited)
            for reader in readers:
                reader.join(GRACE)
            self._child = None
        code = child.returncode if child.returncode >= 0 else 1
        if child.returncode < 0:
            said.append(f"The process was killed by signal {-child.returncode}.")
        return Ended(step.name, code, monotonic() - began, _counts(printed), tuple(said), out_of_time)

    def _wait(self, child: subprocess.Popen[str], *, limited: bool) -> bool:
        """Wait for a step to end; True if it was asked to because time was up."""
        out_of_time = False
        while True:
            try:
                child.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                if limited and self._asked_at is None and self._time_is_up():
                    out_of_time = True
                    self._ask()
                if self._asked_at is not None and monotonic() - self._asked_at > GRACE:
                    child.kill()
            else:
                return out_of_time

    def _time_is_up(self) -> bool:
        return self._ends_at is not None and monotonic() >= self._ends_at

    def _ask(self) -> None:
        """Ask the step at hand to end, once."""
        if self._child is not None and self._asked_at is None:
            self._asked_at = monotonic()
            self._child.terminate()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stopped = True
            self._ask()

        before = {
            number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def verdict(ended: Sequence[Ended], *, stopped: bool) -> int:
    """The exit code of a job. A step that ended because time was up did what it was asked to."""
    if stopped:
        return 7
    codes = [0 if one.out_of_time and one.exit_code == 7 else one.exit_code for one in ended]
    return next((code for code in WORST_FIRST if code in codes), max(codes, default=0))


def _tell(stream: IO[str] | None, step: str, said: deque[str]) -> None:
    for line in stream or ():
        if line.strip():
            said.append(line.strip())
            LOGGER.info("%s", line.strip(), extra={"step": step})


def _counts(printed: Sequence[str]) -> dict[str, Any]:
    try:
        found = json.loads("".join(printed))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
