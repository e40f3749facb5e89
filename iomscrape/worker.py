"""One worker process, as the process sees it that gives it tasks, and the tasks it has."""

from __future__ import annotations

import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

from iomscrape.workerprocess import serve

Task = TypeVar("Task")

LETTER = 4 * 1024
"""Bytes of a task that may be sent to a worker which does not listen yet: they have room on the way in any system."""

# Spawned, not forked: a connection to SQLite must not be carried into another process.
_SPAWN = multiprocessing.get_context("spawn")


class Job(Generic[Task]):
    """A task that was started, and what came of it so far."""

    def __init__(self, task: Task, *, is_urgent: bool = False) -> None:
        """Use :meth:`Workers.start`."""
        self.task = task
        self.is_urgent = is_urgent
        """Whether it comes before tasks that were begun earlier."""
        self.told: deque[bytes] = deque()
        self.is_over = self.has_died = self.is_unwanted = False
        self.error: BaseException | None = None

    @cached_property
    def packed(self) -> bytes:
        """The task as it is sent."""
        return pickle.dumps(self.task, pickle.HIGHEST_PROTOCOL)


class Worker(Generic[Task]):
    """One process. End it."""

    def __init__(self, work: Callable[[Task], Iterator[Any]]) -> None:
        """Start it; ``work``: what it does with a task."""
        self.line, theirs = _SPAWN.Pipe()
        self.job: Job[Task] | None = None
        self.later: Job[Task] | None = None
        """What it is to do after that."""
        self.has_spoken = False
        self.process = _SPAWN.Process(target=serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()

    def take(self, job: Job[Task]) -> bool:
        """Have it do a task, at once or after its own; False if the process is dead."""
        try:
            self.line.send_bytes(job.packed)
        except OSError:
            return False
        if self.job is None:
            self.job = job
        else:
            self.later = job
        return True

    def may_have_later(self, job: Job[Task]) -> bool:
        """Whether it may be given a task while it does its own.

        Not behind a careful one, so that it is clear what it died of.
        """
        if self.later is not None or self.job is None or getattr(self.job.task, "is_careful", True):
            return False
        return len(job.packed) <= LETTER

    def go_on(self) -> None:
        """What it did is done."""
        self.job, self.later = self.later, None

    def end(self) -> None:
        """Whatever it is doing."""
        self.line.close()
        self.process.kill()
        self.process.join()
