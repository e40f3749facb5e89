"""Cut the power of a crawl of the sample sites at random moments, and see what is left of it.

    python -m tests.survival.powercuts 1000 [--seed N] [--resume-every N]

The site is crawled twice under strace (see ``tests/survival/disk.py``). Each cut leaves what was on the disk and,
by chance, more of it; what is left must be a whole archive, in which at most the transaction on its way is
missing. Some of the cut crawls go on by the same command, and must end with the records of an undisturbed one.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from archive import NotAnArchive
from iomscrape.beside import TOGETHER
from iomscrape.checking import check as prove
from iomscrape.demo.server import SampleSites
from tests.survival.disk import KEPT, Disk, Event, trace
from tests.survival.kills import RECORDS, check, records

OPTIONS = ("--delay", "0", "--no-request-log", "-s", "AUTOTHROTTLE_ENABLED=False",
           "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4")  # fmt: skip


def command(asked: list[str], db: Path, *more: str) -> list[str]:
    """A crawl as a user starts it."""
    return [sys.executable, "-m", "iomscrape", "crawl", *asked, "--db", str(db), *OPTIONS, *more]


class Cuts:
    """A traced pair of crawls, and what cuts of their power leave."""

    def __init__(self, folder: Path, sites: SampleSites, *, seed: int, beside: bool = True) -> None:
        """Crawl twice. ``beside``: both sites, with a second process that stores pages as soon as it may."""
        self.folder, self.seed, self.tally = folder, seed, Counter[str]()
        self.asked = [sites.headquarters, sites.office] if beside else [sites.office]
        self.dice = random.Random(seed)
        self.db = folder / "traced" / "iom.db"
        self.db.parent.mkdir()
        rate = ("-s", f"IOMSCRAPE_BESIDE_RATE={5 if beside else 1000}")
        self.together = TOGETHER if beside else 1
        first, again = (command(self.asked, self.db, *rate, *more) for more in ((), ("--full",)))
        both = ["sh", "-c", f"{shlex.join(first)} && {shlex.join(again)}"]
        code, self.events = trace(both, self.db.parent, folder / "strace.log")
        assert code == 0, f"the traced crawls ended with {code}"
        self.wanted = records(self.db)

    def cut(self, *, resume: bool = False) -> None:
        """Cut the power once, at any moment; AssertionError where what is left is not what it should be."""
        moment = self.dice.randrange(len(self.events) + 1)
        disk = Disk.at(self.events, moment)
        kept = self.dice.choice(KEPT)
        said = f"seed {self.seed}, cut {self.tally['cuts']}: after {moment} events, {kept} of what was not synced"
        least, most = (self._pages(disk, word) for word in ("nothing", "everything"))
        assert most - least <= self.together, f"{said}: {most - least} stored pages are lost"
        db = self._laid_out(disk, kept)
        if db.exists():
            try:
                self._prove(db, said)
                self.tally["archives"] += 1
            except NotAnArchive:  # the power went before the first transaction was on the disk
                assert least == 0, said
                self.tally["unborn"] += 1
                resume = self.tally["unborn"] % 3 == 1
        self.tally["cuts"] += 1
        self.tally[kept] += 1
        if resume:
            self._resume(db, said)

    def _prove(self, db: Path, said: str) -> None:
        # What is beside it may be there or not: the file that processes share is no use after a cut.
        if self.dice.random() < 0.5:
            db.with_name("iom.db-shm").write_bytes(self.dice.randbytes(32768))
        report = prove(db, db.with_name("iom-warc"), start=lambda *_: lambda: None)
        assert report.is_whole, f"{said}: {report.faults}"
        check(db)

    def _resume(self, db: Path, said: str) -> None:
        ended = subprocess.run(command(self.asked, db), capture_output=True, text=True, check=False)
        assert ended.returncode == 0, f"{said}: {ended.stderr}"
        self._prove(db, said)
        for query, found, expected in zip(RECORDS, records(db), self.wanted, strict=True):
            assert found == expected, f"{said}: other records after the crawl went on: {query}"
        self.tally["resumed"] += 1

    def _pages(self, disk: Disk, kept: str) -> int:
        """How many pages are stored in what is left."""
        db = self._laid_out(disk, kept)
        if not db.exists():
            return 0
        with contextlib.closing(sqlite3.connect(db)) as conn:
            if not conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'captures'").fetchone():
                return 0
            (number,) = conn.execute("SELECT count(*) FROM captures").fetchone()
        return int(number)

    def _laid_out(self, disk: Disk, kept: str) -> Path:
        """What is left, as files in an empty folder."""
        place = self.folder / "left"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        folders, files = disk.left(self.dice, kept)
        for folder in sorted(folders):
            (place / Path(folder).relative_to(self.db.parent)).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = place / Path(name).relative_to(self.db.parent)
            if path.parent.is_dir() and not name.endswith("-shm"):
                path.write_bytes(content)
        return place / "iom.db"


def summary(events: list[Event]) -> str:
    """What happened, in numbers."""
    kinds = Counter(event.kind for event in events)
    return ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())


def main() -> None:
    """From the command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("times", type=int)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments.add_argument("--resume-every", type=int, default=20, metavar="N")
    chosen = arguments.parse_args()
    for beside in (True, False):
        with tempfile.TemporaryDirectory() as folder, SampleSites() as sites:
            cuts = Cuts(Path(folder), sites, seed=chosen.seed, beside=beside)
            print(f"{'with' if beside else 'without'} a second process: {summary(cuts.events)}", flush=True)
            for number in range(chosen.times // 2):
                cuts.cut(resume=number % chosen.resume_every == 0)
                if number % 50 == 49:
                    print(f"{number + 1} cuts", flush=True)
        print(f"seed {chosen.seed}: {dict(cuts.tally)}: all archives whole", flush=True)


if __name__ == "__main__":
    main()
