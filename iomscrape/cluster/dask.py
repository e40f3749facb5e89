"""The workers of a Dask cluster in the form in which an import asks for processes (:mod:`iomscrape.workers`).

A task's messages come back together, as a Parquet part, when all of it was read. A worker that is lost takes its
tasks along, and those whose parts lay in its memory: Dask gives them to others, and an import waits for nothing
but the part whose turn it is. A task of which several workers died is gone on with here, in a process
of its own, with care, until it is known which page it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker, wait
from distributed.comm.core import CommClosedError

from archive import ArchiveError, MissingArchive
from iomscrape.cluster import parts
from iomscrape.cluster.parts import Part
from iomscrape.filework import FileWork, Message, Task
from iomscrape.version import READER_VERSION, __version__
from iomscrape.worker import Job
from iomscrape.workers import WorkerDied, Workers
from spiders.files import Source

AHEAD = 3
"""Tasks for each thread of the cluster that may be on their way, or wait to be stored."""
TICK = 0.5
CONNECT_SECONDS = 10
"""How long an answer, and a first worker, are waited for."""
READS_AS = f"{__version__}, reader {READER_VERSION}"


class ClusterError(ArchiveError):
    """The cluster cannot be used, or not for this."""


class Reading(Job[Task]):
    """A task that was handed to the cluster."""

    def __init__(self, task: Task, future: Future | None, local: Job[Task] | None = None) -> None:
        """``local``: the same, where it is done here."""
        super().__init__(task)
        self.future = future
        self.local = local


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A connection to the scheduler at an address, or to that of a scheduler file.

    Raises ClusterError if nobody answers, or no worker is there.
    """
    is_listed = Path(address).is_file()
    where: dict[str, Any] = {"scheduler_file": address} if is_listed else {"address": address}
    try:
        client = Client(**where, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address}; start one with `dask scheduler`, and workers with "
            f"`dask worker ADDRESS` ({type(error).__name__})"
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise ClusterError(
                f"the Dask scheduler at {address} has no workers; start some with `dask worker ADDRESS`"
            ) from None
        yield client
    finally:
        client.close()


class Cluster:
    """The cluster at an address. Close it, whatever happens."""

    def __init__(
        self,
        client: Client,
        work: FileWork,
        *,
        folder: str | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """``client``: see :func:`connected`. ``folder``: where workers put their parts until they are stored, a path
        or an address for fsspec that they and this machine share; None: they are sent along.
        """
        self._client, self._work, self._tick = client, work, tick
        self._folder = folder and parts.own_folder(folder)
        self._local: Workers[Task, Message] | None = None

    @property
    def ahead(self) -> int:
        """Tasks that are worth starting before the first of them has come back."""
        threads: int = sum(self._client.nthreads().values())
        return max(2, AHEAD * threads)

    def start(self, task: Task, *, first: bool = False) -> Reading:
        """Have a task done as soon as a worker is free; ``first``: before all that wait for that."""
        if task.is_careful:
            # What killed workers is looked for where each page is told of before it is read.
            self._local = self._local or Workers(1, self._work, tick=self._tick)
            return Reading(task, None, self._local.start(task, first=first))
        # Workers have folders of their own to begin from.
        seen = task._replace(sources=tuple(map(_absolute, task.sources)))
        future = self._client.submit(
            done, self._work, seen, self._folder, READS_AS, pure=False, priority=10 if first else 0
        )
        return Reading(task, future)

    def messages(self, job: Job[Task]) -> Iterator[Message]:
        """What comes of it. Raises WorkerDied, ClusterError or what the task raised."""
        reading = _own(job)
        if reading.local is not None and self._local is not None:
            yield from self._local.messages(reading.local)
            return
        part = self._result(reading)
        if part is not None:
            yield from parts.read(part)
            if part.place is not None:
                parts.remove(part.place)

    def drop(self, job: Job[Task]) -> None:
        """Its messages are not wanted."""
        reading = _own(job)
        reading.is_unwanted = True
        if reading.local is not None and self._local is not None:
            self._local.drop(reading.local)
        if reading.future is not None:
            reading.future.cancel()
            reading.future = None

    def close(self) -> None:
        """Take away what is left of parts; what was not done is given up with the connection."""
        if self._local is not None:
            self._local.close()
        if self._folder is not None:
            parts.remove(self._folder)

    def _result(self, job: Reading) -> Part | None:
        """The part, when it is there; None if it was dropped meanwhile."""
        while job.future is not None:
            try:
                with self._client.as_current():
                    wait(job.future, timeout=TICK)
            except TimeoutError:
                self._tick()
                continue
            try:
                part: Part = job.future.result()
            except KilledWorker as error:
                raise WorkerDied from error
            except ArchiveError:
                raise
            except (CancelledError, CommClosedError) as error:
                raise ClusterError(
                    "the connection to the Dask scheduler was lost; the same command goes on where this one ended"
                ) from error
            except Exception as error:
                raise ClusterError(f"a worker failed: {type(error).__name__}: {error}") from error
            else:
                job.future = None  # the cluster may forget it
                return part
        return None


def _own(job: Job[Task]) -> Reading:
    if not isinstance(job, Reading):
        raise TypeError(f"{job!r} was started by others")
    return job


def _absolute(source: Source) -> Source:
    """The same file, under the same name, from wherever it is looked for."""
    found = copy(source)
    found.path = source.path.absolute()
    return found


def done(work: FileWork, task: Task, folder: str | None, reads_as: str) -> Part:
    """Done by a worker: read, and write the part."""
    if reads_as != READS_AS:
        raise ClusterError(
            f"a worker has iomscrape {READS_AS}, the import {reads_as}; install the same on all"
        )
    for source in task.sources:
        if not source.path.exists():
            raise MissingArchive(f"a worker does not see {source.path}; put it on a disk that all share")
    return parts.write(work(task), folder)
