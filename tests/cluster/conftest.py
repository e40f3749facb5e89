"""A real Dask cluster on this machine: a scheduler and workers, each a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from distributed import Client

from tests.spiders.crawled import wait_for
from tests.website import ROOT

DASK = (sys.executable, "-W", "ignore", "-m", "dask")


@dataclass
class Dask:
    """A cluster that runs."""

    scheduler: Path
    """Its scheduler file."""
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="package")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """One for all tests; three workers, of which two will be killed."""
    folder = tmp_path_factory.mktemp("dask")
    with ExitStack() as running:

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [*DASK, *arguments, "--scheduler-file", "scheduler.json", "--no-dashboard"],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.callback(process.wait)
            running.callback(process.kill)
            return process

        start("scheduler", "--host", "127.0.0.1", "--port", "0")
        worker = ("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        workers = [start(*worker) for _ in range(3)]
        wait_for((folder / "scheduler.json").exists, 100)
        with Client(
            scheduler_file=str(folder / "scheduler.json"), timeout=100, set_as_default=False
        ) as client:
            client.wait_for_workers(3, timeout=100)
        yield Dask(folder / "scheduler.json", workers)
