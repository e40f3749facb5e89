"""How much memory and how many open files the processes of a crawl hold over time, and whether that grows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

import psutil

ENOUGH = 40
"""Samples of a process below which nothing can be said of it."""
GROWTH = 10.0
"""MB by which the memory of a process may grow from its third to its last quarter for each 10,000 pages: addresses
that were asked for are remembered."""
SLACK = 15.0
"""MB that it may grow whatever the number of pages: caches fill."""
MORE_HANDLES = 10
"""Open files, pipes and sockets that it may hold more in its last quarter than in its second."""


class Sample(NamedTuple):
    """A process at a moment."""

    role: str
    """crawl, or beside: the process that stores pages."""
    pid: int
    pages: int
    """Answered by the sites so far."""
    megabytes: float
    handles: int


class Curve(NamedTuple):
    """A process over its life."""

    role: str
    pages: int
    """That the sites answered meanwhile."""
    megabytes: list[int]
    """Median of each quarter of its life."""
    peak: int
    handles: list[int]
    """Median of each quarter of its life."""

    def faults(self) -> Iterator[str]:
        """What is not as it should be."""
        grown, more = self.megabytes[3] - self.megabytes[2], self.handles[3] - self.handles[1]
        if grown > SLACK + GROWTH * self.pages / 4 / 10_000:
            yield f"{self.role}: memory grew by {grown} MB from the third to the last quarter of {self.pages} pages"
        if more > MORE_HANDLES:
            yield f"{self.role}: {more} open files more in the last quarter than in the second"


def sample(crawl: int, pages: int) -> Iterator[Sample]:
    """The crawl with that process number, and what stores pages for it; nothing of what has ended."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(crawl)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                role = "beside" if "iomscrape.beside" in one.cmdline() else "crawl"
                with one.oneshot():
                    yield Sample(role, one.pid, pages, one.memory_info().rss / 1e6, one.num_fds())


def curves(samples: Sequence[Sample]) -> list[Curve]:
    """The lives of all processes that were long enough to say something of."""
    found = []
    for (_, role), group in groupby(sorted(samples, key=lambda one: one.pid), key=lambda one: (one.pid, one.role)):  # fmt: skip
        life = sorted(group, key=lambda one: one.pages)
        if len(life) < ENOUGH:
            continue
        quarters = [life[len(life) * part // 4 : len(life) * (part + 1) // 4] for part in range(4)]
        found.append(
            Curve(
                role,
                life[-1].pages - life[0].pages,
                [round(median(one.megabytes for one in quarter)) for quarter in quarters],
                round(max(one.megabytes for one in life)),
                [round(median(one.handles for one in quarter)) for quarter in quarters],
            )
        )
    return sorted(found, key=lambda curve: -curve.pages)
