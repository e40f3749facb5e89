"""Kill a crawl of the sample sites again and again, at random moments, and see what is left of it.

    python -m tests.survival.kills 1000 [--seed N]

A quarter of the kills come at any moment from the start of the process on, the others at any moment from its first
request on. Each time the same command goes on where the killed one was. When a crawl ends by itself its archive must hold,
record for record, what an undisturbed one holds; then a new archive is begun. Half of the kills take the process
that stores pages beside the crawl with it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import psutil

from archive import read_capture, warc_folder
from iomscrape.demo.server import SampleSites

RECORDS = (
    "SELECT url, title, subtitle, published, dateline, lang, kind, country, text, paragraphs, design FROM articles "
    "ORDER BY url",
    "SELECT url, name, role, office, contacts.position FROM contacts JOIN articles ON articles.id = article_id "
    "ORDER BY url, contacts.position",
    "SELECT email FROM emails ORDER BY email",
    "SELECT printed, e164 FROM phones ORDER BY printed, e164",
    "SELECT url, repairs.kind, before, after FROM repairs JOIN articles ON articles.id = article_id "
    "ORDER BY url, before, after",
    "SELECT url, theme FROM themes JOIN articles ON articles.id = article_id ORDER BY url, theme",
    "SELECT DISTINCT url, digest FROM captures ORDER BY url, digest",
    "SELECT DISTINCT url, reason FROM problems ORDER BY url, reason",
)  # fmt: skip
"""What must be the same; times and numbers of rows are each run's own."""


@dataclass
class Tally:
    """How often what happened."""

    kills: int = 0
    storing: int = 0
    """Kills of crawls that had stored pages by then."""
    ended: int = 0
    resumed: list[int] = field(default_factory=list)
    """Kills that each crawl survived before it ended."""


def records(db: Path) -> list[list[tuple[Any, ...]]]:
    """Everything of an archive that must not depend on kills."""
    with contextlib.closing(sqlite3.connect(db)) as conn:
        return [conn.execute(query).fetchall() for query in RECORDS]


def check(db: Path) -> None:
    """The database is whole, in step with its index, and every capture's raw page is in its WARC file."""
    with contextlib.closing(sqlite3.connect(db)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        places = conn.execute(
            "SELECT warc_file, warc_offset, url FROM captures WHERE warc_file IS NOT NULL AND revisit = 0"
        ).fetchall()
    for file, offset, url in places:
        assert read_capture(warc_folder(db), file, offset).url == url


@contextlib.contextmanager
def crawl(asked: list[str], db: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A crawl of these sites, in a process group of its own."""
    command = [
        sys.executable, "-m", "iomscrape", "crawl", *asked, "--db", str(db), "--delay", "0",
        "--no-request-log", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4",
        "-s", "IOMSCRAPE_BESIDE_RATE=5",
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        try:
            yield child
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def kill_again_and_again(
    times: int, *, seed: int, folder: Path, office_alone: bool = False, say: bool = False
) -> Tally:
    """Kill so many crawls; AssertionError where an archive is not what it should be.

    ``office_alone``: crawl the smaller one of the sample sites only.
    """
    dice, tally, survived = random.Random(seed), Tally(), 0
    with SampleSites() as sites:
        asked = [sites.office] if office_alone else [sites.headquarters, sites.office]
        began, time_of_day = monotonic(), time()
        with crawl(asked, folder / "undisturbed.db") as child:
            assert child.wait() == 0
        whole = monotonic() - began
        asking = whole - (sites.requests[0].time - time_of_day)
        wanted = records(folder / "undisturbed.db")
        db = folder / "killed-0.db"
        while tally.kills < times or survived:
            with crawl(asked, db) as child:
                if at_any_moment := dice.random() < 0.25:
                    patience: float | None = dice.uniform(0, whole)
                else:
                    _wait_for_a_request(child, sites)
                    patience = dice.uniform(0, asking)
                if tally.kills >= times:  # after the last kill wanted the crawl may end
                    patience = None
                try:
                    code = child.wait(timeout=patience)
                except subprocess.TimeoutExpired:
                    _kill(child, with_others=dice.random() < 0.5)
                    tally.kills += 1
                    survived += 1
                    if not at_any_moment:
                        # Others may have more to do on this machine than when the first crawl was timed.
                        asking *= 1.02
                    if say and tally.kills % 10 == 0:
                        print(f"{tally.kills} kills, {tally.ended} crawls ended", flush=True)
                    continue
            assert code == 0, f"seed {seed}: exit code {code} after {survived} kills"
            _wait_for_others(db)
            check(db)
            for query, found, expected in zip(RECORDS, records(db), wanted, strict=True):
                assert found == expected, f"seed {seed}: other records after {survived} kills: {query}"
            tally.ended += 1
            tally.storing += _killed_while_storing(db)
            asking = min(asking, whole)
            tally.resumed.append(survived)
            survived = 0
            db = folder / f"killed-{tally.ended}.db"
    return tally


def _wait_for_a_request(child: subprocess.Popen[bytes], sites: SampleSites) -> None:
    before = len(sites.requests)
    while len(sites.requests) == before and child.poll() is None:
        sleep(0.005)


def _killed_while_storing(db: Path) -> int:
    """How many of the runs before the last one had stored pages."""
    with contextlib.closing(sqlite3.connect(db)) as conn:
        (number,) = conn.execute(
            "SELECT count(DISTINCT run_id) FROM captures WHERE run_id < (SELECT max(id) FROM runs)"
        ).fetchone()
    return int(number)


def _kill(child: subprocess.Popen[bytes], *, with_others: bool) -> None:
    # The process beside the crawl has a session of its own: no signal to the crawl's group reaches it.
    others = psutil.Process(child.pid).children(recursive=True) if with_others else []
    child.kill()
    for other in others:
        with contextlib.suppress(psutil.NoSuchProcess):
            other.kill()
    child.wait()


def _wait_for_others(db: Path) -> None:
    """Until a process that stored beside a killed crawl is done: it has the database open for writing."""
    with contextlib.closing(sqlite3.connect(db, timeout=30)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.rollback()


def main() -> None:
    """From the command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("times", type=int)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_again_and_again(chosen.times, seed=chosen.seed, folder=Path(folder), say=True)
    most = max(tally.resumed, default=0)
    print(
        f"seed {chosen.seed}: {tally.kills} kills, {tally.storing} of them of crawls that had stored pages; "
        f"{tally.ended} crawls ended, the most killed one {most} times:"
    )
    print("all archives equal to that of an undisturbed crawl, record for record")


if __name__ == "__main__":
    main()
