"""A long crawl of generated sites that answer badly, killed now and then: nothing lost, no memory and no file kept.

    python -m tests.survival.soak [--pages N] [--minutes N] [--sites N] [--seed N] [--kill-every SECONDS] [--keep]

Real runs of `iomscrape crawl`, one after the other: one that was killed or stopped is gone on with, one that ended is
followed by one over the next edition of the sites. Without ``--minutes`` the first two editions are crawled to
their end. What was crawled whole must hold every page that a site gave, as an article or as a problem; at the end
`iomscrape check` must find the archive whole. Memory and open files: see ``tests/survival/watched.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from tests.survival.faulty import LASTING, fault_of
from tests.survival.watched import Curve, Sample, curves, sample
from tests.website import ROOT

SETTINGS = {
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "4",
    "DOWNLOAD_TIMEOUT": "5",
    "IOMSCRAPE_BACKOFF": "0.1",
    "LOGSTATS_INTERVAL": "30",
}
EDITIONS = 2
"""Crawled to their end where no time is set."""
STOPS = ("kill all", "kill the crawl", "SIGTERM")


class Wanted(NamedTuple):
    """What is asked for."""

    pages: int
    """Of all sites together."""
    minutes: float | None
    sites: int
    seed: int
    kill_every: float
    """Seconds from one stop to the next, on average; 0: none."""


@dataclass
class Found:
    """What came of it."""

    ends: Counter[str] = field(default_factory=Counter)
    """Crawls by how they ended."""
    samples: list[Sample] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    """Of the sites."""
    whole: int = 0
    """Editions that were crawled to their end."""
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    in_archive: dict[str, int] = field(default_factory=dict)
    checked: str = ""


class Soak:
    """The sites, in a process of their own, and the archive."""

    def __init__(self, wanted: Wanted, folder: Path, sites: subprocess.Popen[str]) -> None:
        """``sites``: the process that serves them."""
        self.wanted, self.folder, self.sites = wanted, folder, sites
        self.db = folder / "iom.db"
        self.bases: list[str] = self._heard()
        self.dice = random.Random(wanted.seed)
        self.found = Found()
        self.edition = 1
        self._ends_at = monotonic() + (wanted.minutes * 60 if wanted.minutes is not None else 10**9)

    def run(self) -> Found:
        """All of it."""
        began = monotonic()
        while monotonic() < self._ends_at and not (
            self.wanted.minutes is None and self.found.whole >= EDITIONS
        ):
            end = self._crawl()
            self.found.ends[end] += 1
            print(f"{monotonic() - began:5.0f} s: {end}; {self._pages()} pages answered", flush=True)
            if end in ("exit code 0", "exit code 4"):
                self._is_complete()
                self.found.whole += 1
                self.edition += 1
                self._ask(self.edition)
            elif end.startswith("exit code") and end != "exit code 7":
                self.found.faults.append(f"a crawl ended with {end}")
        self.found.seconds = monotonic() - began
        self._pages()
        self._check()
        self.found.curves = curves(self.found.samples)
        self.found.faults += [fault for curve in self.found.curves for fault in curve.faults()]
        return self.found

    def _crawl(self) -> str:
        """One run of the program, until it ends, is stopped or time is up; says how it ended."""
        options = [part for name, value in SETTINGS.items() for part in ("-s", f"{name}={value}")]
        command = [
            sys.executable,
            "-m",
            "iomscrape",
            "crawl",
            *self.bases,
            "--db",
            str(self.db),
            "--delay",
            "0",
        ]
        every = self.wanted.kill_every
        patience = self.dice.expovariate(1 / every) if every else 10**9
        until = min(monotonic() + patience, self._ends_at)
        with (
            (self.folder / "crawl.log").open("ab") as log,
            subprocess.Popen([*command, *options], stdout=log, stderr=log, start_new_session=True) as child,
        ):
            try:
                while monotonic() < until:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        return f"exit code {child.wait(timeout=1)}"
                    self.found.samples.extend(sample(child.pid, self._pages()))
                return self._stop(child)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    def _stop(self, child: subprocess.Popen[bytes]) -> str:
        how = self.dice.choice(STOPS) if monotonic() < self._ends_at else "SIGTERM"
        if how == "SIGTERM":
            child.terminate()
            began = monotonic()
            code = child.wait(timeout=120)
            print(f"        SIGTERM: ended after {monotonic() - began:.0f} s", flush=True)
            return f"exit code {code}"
        beside = [one.pid for one in sample(child.pid, 0) if one.role == "beside"]
        child.kill()
        # The process beside the crawl has a session of its own.
        for pid in beside if how == "kill all" else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        child.wait()
        return how

    def _pages(self) -> int:
        self.found.answers = Counter(self._ask("?"))
        return self.found.answers["pages"]

    def _ask(self, what: object) -> Any:
        assert self.sites.stdin is not None
        print(what, file=self.sites.stdin, flush=True)
        return self._heard()

    def _heard(self) -> Any:
        assert self.sites.stdout is not None
        return json.loads(self.sites.stdout.readline())

    def _is_complete(self) -> None:
        """After a whole crawl every page of every site is an article, or a problem."""
        self._wait_for_others()
        with contextlib.closing(sqlite3.connect(self.db)) as conn:
            articles = {url for (url,) in conn.execute("SELECT url FROM articles")}
            problems = {url for (url,) in conn.execute("SELECT url FROM problems")}
        missing = []
        for url, fault in self._all_pages():
            there = problems if fault in LASTING else articles
            if fault != "moved" and url not in there:
                missing.append(f"{url} ({fault or 'a good page'})")
        if missing:
            self.found.faults.append(
                f"edition {self.edition}: {len(missing)} pages are missing: {missing[:5]}"
            )

    def _all_pages(self) -> Iterator[tuple[str, str]]:
        pages = self.wanted.pages // self.wanted.sites
        for number, base in enumerate(self.bases):
            for page in range(pages):
                yield f"{base}/news/page-{page}", fault_of(self.wanted.seed, number, page)

    def _wait_for_others(self) -> None:
        """Until a process that outlived its crawl has stored what it had."""
        with contextlib.closing(sqlite3.connect(self.db, timeout=60)) as conn:
            conn.execute("BEGIN IMMEDIATE")
            conn.rollback()

    def _check(self) -> None:
        sleep(2)
        self._wait_for_others()
        command = [sys.executable, "-m", "iomscrape", "check", "--db", str(self.db), "--json"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        self.found.checked = f"exit code {ended.returncode}"
        if ended.returncode:
            self.found.faults.append(f"iomscrape check: {ended.stdout} {ended.stderr}")
        with contextlib.closing(sqlite3.connect(self.db)) as conn:
            for table in ("runs", "captures", "articles", "versions", "problems"):
                (self.found.in_archive[table],) = conn.execute(f"SELECT count(*) FROM {table}").fetchone()


def soak(wanted: Wanted, folder: Path) -> Found:
    """Do what is wanted in a folder that is empty."""
    numbers = (wanted.seed, wanted.sites, wanted.pages // wanted.sites)
    command = [sys.executable, "-m", "tests.survival.faulty", *map(str, numbers)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sites:
        try:
            return Soak(wanted, folder, sites).run()
        finally:
            sites.kill()


def told(found: Found) -> str:
    """The figures, as docs/endurance.md has them."""
    lines = [
        f"{found.seconds:.0f} s; answered: {dict(found.answers.most_common())}",
        f"crawls: {dict(found.ends)}; editions crawled to their end: {found.whole}",
        f"in the archive: {found.in_archive}; iomscrape check: {found.checked}",
        "| process | pages | MB in each quarter of its life | peak | open files |",
        "|---|---:|---|---:|---|",
        *(
            f"| {one.role} | {one.pages} | {' · '.join(map(str, one.megabytes))} | {one.peak} "
            f"| {' · '.join(map(str, one.handles))} |"
            for one in found.curves
        ),
        *(f"FAULT: {fault}" for fault in found.faults),
    ]
    return "\n".join(lines)


def main() -> None:
    """From the command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--pages", type=int, default=50_000)
    arguments.add_argument("--minutes", type=float)
    arguments.add_argument("--sites", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments.add_argument("--kill-every", type=float, default=240.0, metavar="SECONDS")
    arguments.add_argument("--keep", action="store_true", help="keep the archive also where all is well")
    chosen = arguments.parse_args()
    wanted = Wanted(chosen.pages, chosen.minutes, chosen.sites, chosen.seed, chosen.kill_every)
    print(json.dumps(wanted._asdict()), flush=True)
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    found = soak(wanted, folder)
    print(told(found))
    if chosen.keep or found.faults:
        print(f"The archive and the crawls' log lie in {folder}")
    else:
        shutil.rmtree(folder)
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
