"""Worker processes, real ones: what they are given when, and what becomes of it when they die."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from iomscrape.workers import WorkerDied, Workers
from tests.spiders.crawled import wait_for


class Task(NamedTuple):
    number: int
    folder: Path
    is_careful: bool = False
    deadly: bool = False
    waits: bool = False


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent))  # where the processes find what they do


class Noting:
    """Notes in files what it does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self) -> None:
        (self.folder / f"loaded-{os.getpid()}").touch()

    def __call__(self, task: Task) -> Iterator[int]:
        """Tell the task's number three times."""
        (self.folder / f"begun-{task.number}").touch()
        yield task.number
        if task.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        if task.waits:
            wait_for((self.folder / "go").exists)
        yield task.number
        yield task.number
        (self.folder / f"done-{task.number}").touch()


def test_processes_load_what_they_need_before_there_is_a_task(tmp_path: Path) -> None:
    with Workers(2, Noting(tmp_path)) as workers:
        workers.begin()
        wait_for(lambda: len(list(tmp_path.glob("loaded-*"))) == 2)


def test_a_worker_has_its_next_task_before_anybody_asks_what_came_of_the_first(tmp_path: Path) -> None:
    with Workers(1, Noting(tmp_path)) as workers:
        jobs = [workers.start(Task(number, tmp_path)) for number in range(4)]
        wait_for((tmp_path / "done-1").exists)
        assert not (tmp_path / "begun-2").exists()
        assert [list(workers.messages(job)) for job in jobs] == [[number] * 3 for number in range(4)]


def test_nothing_waits_behind_a_careful_task(tmp_path: Path) -> None:
    with Workers(1, Noting(tmp_path)) as workers:
        jobs = [workers.start(Task(number, tmp_path, is_careful=True)) for number in range(4)]
        wait_for((tmp_path / "done-0").exists)
        next(workers.messages(jobs[0]))
        assert workers._workers[0].later is None
        assert [len(list(workers.messages(job))) for job in jobs] == [2, 3, 3, 3]


def test_the_last_tasks_do_not_wait_for_one_worker_while_another_has_nothing_to_do(tmp_path: Path) -> None:
    with Workers(2, Noting(tmp_path)) as workers:
        jobs = [workers.start(Task(number, tmp_path, waits=number == 0)) for number in range(4)]
        assert [len(list(workers.messages(job))) for job in jobs[1:]] == [3, 3, 3]
        (tmp_path / "go").touch()
        assert len(list(workers.messages(jobs[0]))) == 3


def test_what_a_dead_worker_had_not_begun_is_done_by_others(tmp_path: Path) -> None:
    with Workers(1, Noting(tmp_path)) as workers:
        jobs = [workers.start(Task(number, tmp_path, deadly=number == 0)) for number in range(4)]
        with pytest.raises(WorkerDied):
            list(workers.messages(jobs[0]))
        assert [list(workers.messages(job)) for job in jobs[1:]] == [[number] * 3 for number in range(1, 4)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_without_room_and_with_many_deaths_all_come_in_their_order(tmp_path: Path, jobs: int) -> None:
    came = []
    with Workers(jobs, Noting(tmp_path), room=1) as workers:
        flying = [workers.start(Task(number, tmp_path, deadly=number % 4 == 1)) for number in range(24)]
        for number, job in enumerate(flying):
            while True:
                try:
                    came.append(list(workers.messages(job)))
                    break
                except WorkerDied:  # of this task, or of the next before all of this one was heard
                    job = workers.start(Task(number, tmp_path), first=True)
    assert came == [[number] * 3 for number in range(24)]


def repeats(text: str) -> Iterator[str]:
    """A reader whose task is as large as what it tells."""
    yield from [text] * 8


class LargeTask(str):
    is_careful = False


def test_large_tasks_wait_here_for_a_worker_that_is_not_listened_to() -> None:
    with Workers(1, repeats) as workers:
        jobs = [workers.start(LargeTask("x" * 500_000)) for _ in range(6)]
        assert [len(list(workers.messages(job))) for job in jobs] == [8] * 6
