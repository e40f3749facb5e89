"""Worker processes that do tasks at once, while what comes of them is taken in the order of the tasks.

A worker works ahead only as far as there is room: what it tells waits here, up to a number of bytes for all
workers, and beyond that in its pipe, where the worker waits, too. What the foremost task tells is always taken,
so nothing stands still. A worker that dies (killed, out of memory) takes its task with it: whoever asks for
that is told, and may start it again.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import wait
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from iomscrape.worker import Job, Worker
from iomscrape.workerprocess import FAILED, TOLD

Task = TypeVar("Task")
Message = TypeVar("Message")
Message_co = TypeVar("Message_co", covariant=True)
Work = Callable[[Task], Iterator[Message]]

AHEAD = 3
"""Tasks for each worker that may be on their way."""

ROOM = 32 * 1024 * 1024
"""Bytes of messages that may wait for earlier tasks to end, of all workers together."""

STILLBORN = 3
"""So many processes, and one for each job, may end one after another before they do anything."""

TICK = 0.2
"""Seconds after which who waits for a message is shown that time goes on."""


class WorkerDied(Exception):
    """The process that did a task ended before the task did."""


class WorkersFailed(RuntimeError):
    """One process after another ends before it does anything."""


class Hands(Protocol[Task, Message_co]):
    """Who does the tasks: this process, others of this machine, or a cluster."""

    @property
    def ahead(self) -> int:
        """Tasks that are worth starting before the first of them has been taken in."""

    def start(self, task: Task, *, first: bool = False) -> Job[Task]:
        """Have a task done; ``first``: before all that wait for that."""

    def messages(self, job: Job[Task]) -> Iterator[Message_co]:
        """What comes of it. Raises WorkerDied, or what the task raised."""

    def drop(self, job: Job[Task]) -> None:
        """Its messages are not wanted."""

    def close(self) -> None:
        """End it."""


class Alone(Generic[Task, Message]):
    """The same in this process: each task is done when its messages are asked for."""

    def __init__(self, work: Work[Task, Message]) -> None:
        """``work``: does a task, and tells what comes of it message by message."""
        self._work = work
        self.ahead = 1

    def __enter__(self) -> Self:
        """Return it itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is to be closed."""

    def start(self, task: Task, *, first: bool = False) -> Job[Task]:  # noqa: ARG002  # as Workers
        """Take a task on."""
        return Job(task)

    def messages(self, job: Job[Task]) -> Iterator[Message]:
        """What comes of it."""
        return self._work(job.task)

    def drop(self, job: Job[Task]) -> None:
        """Its messages are not wanted."""

    def close(self) -> None:
        """Nothing is to be closed."""


class Workers(Generic[Task, Message]):
    """So many processes. Close it, whatever happens: they end then, in the middle of their tasks."""

    def __init__(
        self,
        jobs: int,
        work: Work[Task, Message],
        *,
        room: int = ROOM,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """``work``: can be pickled, and does a task as a generator of messages. ``tick``: called while waiting.

        If it has a method ``load``, a process calls that before its first task.

        Each message is sent before the next one is made, but of a task that says of itself that it is not
        ``is_careful``: a worker that dies may take with it what it told last of that.
        """
        self.jobs = jobs
        self.ahead = jobs * AHEAD
        self.tick = tick
        self._work = work
        self._room = room
        self._waiting_bytes = 0
        self._to_do: deque[Job[Task]] = deque()
        self._workers: list[Worker[Task]] = []
        self._stillborn = 0  # processes that ended before they did anything, one after another

    def __enter__(self) -> Self:
        """Return the workers themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def begin(self) -> None:
        """Start the processes before there is anything to do, so that they load what they need meanwhile."""
        while len(self._workers) < self.jobs:
            self._workers.append(Worker(self._work))

    def start(self, task: Task, *, first: bool = False) -> Job[Task]:
        """Have a task done as soon as a worker is free; ``first``: before all that wait for that."""
        job = Job(task, is_urgent=first)
        (self._to_do.appendleft if first else self._to_do.append)(job)
        self._hand_out(None)
        return job

    def messages(self, job: Job[Task]) -> Iterator[Message]:
        """What comes of a task, while it comes. Raises WorkerDied, and what the work itself raised."""
        while True:
            while job.told:
                message = job.told.popleft()
                self._waiting_bytes -= len(message)
                yield pickle.loads(message)  # noqa: S301  # our own process
            if job.error is not None:
                raise job.error
            if job.has_died:
                raise WorkerDied
            if job.is_over:
                return
            self._turn(job)

    def drop(self, job: Job[Task]) -> None:
        """Its messages are not wanted, those that came nor those that will."""
        job.is_unwanted = True
        self._waiting_bytes -= sum(map(len, job.told))
        job.told.clear()
        with suppress(ValueError):
            self._to_do.remove(job)

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._to_do.clear()

    def _turn(self, foremost: Job[Task]) -> None:
        """Wait for something to happen, and take what came."""
        self._hand_out(foremost)
        is_full = self._waiting_bytes >= self._room
        heard = [
            worker.line
            for worker in self._workers
            if not is_full or worker.job is foremost or worker.job is None or worker.job.is_unwanted
        ]
        ready = set(wait(heard, TICK))
        if not ready:
            self.tick()
        for worker in [worker for worker in self._workers if worker.line in ready]:
            self._hear(worker)

    def _hand_out(self, foremost: Job[Task] | None) -> None:
        """Give tasks to those that have none; another worker begins where that is needed."""
        while self._to_do:
            idle = self._idle()
            # All may wait with later tasks for the one that is foremost and was started anew.
            if idle is None and (len(self._workers) < self.jobs or self._to_do[0] is foremost):
                idle = Worker(self._work)
                self._workers.append(idle)
            willing = idle or self._willing()
            if willing is None:
                return
            if willing.take(self._to_do[0]):
                self._to_do.popleft()
            else:
                self._bury(willing)
        if len(self._workers) > self.jobs and (
            idle := next((worker for worker in self._workers if worker.job is None), None)
        ):
            self._leave(idle)

    def _idle(self) -> Worker[Task] | None:
        """One that has nothing to do, also if it has only just said so."""
        idle = next((worker for worker in self._workers if worker.job is None), None)
        if idle is None and len(self._workers) >= self.jobs and self._waiting_bytes < self._room:
            ready = set(wait([worker.line for worker in self._workers], 0))
            for worker in [worker for worker in self._workers if worker.line in ready]:
                self._hear(worker)
            idle = next((worker for worker in self._workers if worker.job is None), None)
        return idle

    def _willing(self) -> Worker[Task] | None:
        """One that may be given another task before it has done its own, so that it need not wait for it later.

        Not the last tasks there are: they would wait there for one worker while others have nothing to do.
        And nothing that comes before what the worker is doing, which may have to wait for it.
        """
        if len(self._to_do) <= self.jobs or self._to_do[0].is_urgent:
            return None
        return next((worker for worker in self._workers if worker.may_have_later(self._to_do[0])), None)

    def _hear(self, worker: Worker[Task]) -> None:
        try:
            kind, message = worker.line.recv_bytes(1), worker.line.recv_bytes()
        except (EOFError, OSError):
            self._bury(worker)
            self._stillborn += not worker.has_spoken
            if self._stillborn > STILLBORN + self.jobs:
                raise WorkersFailed("no process can be started that reads pages; try --jobs 1") from None
            return
        worker.has_spoken, self._stillborn = True, 0
        job = worker.job
        if job is None:
            return
        if kind == TOLD:
            if not job.is_unwanted:
                job.told.append(message)
                self._waiting_bytes += len(message)
            return
        job.is_over = True
        worker.go_on()
        if kind == FAILED:
            job.error = pickle.loads(message)  # noqa: S301  # our own process

    def _bury(self, worker: Worker[Task]) -> None:
        """It died with what it was doing. What it had not begun is for others to do."""
        if worker.job is not None:
            worker.job.has_died = True
        if worker.later is not None:
            worker.later.is_urgent = True
            self._to_do.appendleft(worker.later)
        self._leave(worker)

    def _leave(self, worker: Worker[Task]) -> None:
        worker.end()
        self._workers.remove(worker)


def in_order(
    workers: Alone[Task, Message] | Workers[Task, Message], tasks: Iterable[Task]
) -> Iterator[Job[Task]]:
    """Start the tasks, some ahead, and give each when it is its turn to be asked for its messages."""
    flying: deque[Job[Task]] = deque()
    for task in tasks:
        flying.append(workers.start(task))
        if len(flying) >= workers.ahead:
            yield flying.popleft()
    while flying:
        yield flying.popleft()
