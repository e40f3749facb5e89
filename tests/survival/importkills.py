"""Kill an import with several processes again and again, at random moments, and see what is left of it.

    python -m tests.survival.importkills 100 [--seed N]

A third of the kills hit the process that stores, a third one of those that read, a third all of them at once.
Where the storing process died the same command goes on. When an import ends by itself its archive must hold,
record for record, what an undisturbed one holds; then a new archive is begun.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic

import psutil

from tests.spiders.warcfiles import packed, page_record
from tests.survival.kills import check, records

FILES, PAGES = 6, 300


def make_files(folder: Path) -> None:
    """Files of pages, half of which stand in the next file, too."""
    for number in range(FILES):
        first = number * PAGES // 2
        data = packed([page_record(page) for page in range(first, first + PAGES)])
        (folder / f"{number}.warc.gz").write_bytes(data)


def started(folder: Path, db: str) -> subprocess.Popen[bytes]:
    """An import of all files."""
    files = sorted(path.name for path in folder.glob("*.warc.gz"))
    command = [sys.executable, "-m", "iomscrape", "import", *files, "--db", db, "--jobs", "2"]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def kill_again_and_again(times: int, *, seed: int, folder: Path, say: bool = False) -> Counter[str]:
    """Kill so many times; AssertionError where an archive is not what it should be. Returns whom how often."""
    dice, killed, ended = random.Random(seed), Counter[str](), 0
    make_files(folder)
    began = monotonic()
    with started(folder, "undisturbed.db") as child:
        assert child.wait() == 0
    whole = monotonic() - began
    wanted = records(folder / "undisturbed.db")
    while killed.total() < times or not ended:
        db = folder / f"killed-{ended}.db"
        while (code := _disturbed(folder, db, dice, whole, killed, times)) == -signal.SIGKILL:
            pass
        assert code == 0, f"seed {seed}: exit code {code} for {db.name}"
        check(db)
        assert records(db) == wanted, f"seed {seed}: other records in {db.name}"
        ended += 1
        if say:
            print(f"{ended} imports ended; killed: {dict(killed)}", flush=True)
    return killed


def _disturbed(
    folder: Path, db: Path, dice: random.Random, whole: float, killed: Counter[str], times: int
) -> int:
    """Run the import and kill at random moments until it is over; return its exit code."""
    with started(folder, db.name) as child:
        try:
            while killed.total() < times:
                try:
                    return child.wait(timeout=dice.uniform(0, whole))
                except subprocess.TimeoutExpired:
                    whom, victims = _chosen(psutil.Process(child.pid), dice)
                    killed[whom] += 1
                    for victim in victims:
                        with contextlib.suppress(psutil.NoSuchProcess):
                            victim.kill()
            return child.wait(timeout=20 * whole + 60)
        finally:
            child.kill()


def _chosen(storing: psutil.Process, dice: random.Random) -> tuple[str, list[psutil.Process]]:
    """Whom to kill, and the processes; the one that stores where none reads yet."""
    reading = [other for other in storing.children() if "spawn_main" in " ".join(_command(other))]
    whom = dice.choice(["storing", "reading", "all"]) if reading else "storing"
    return whom, {"storing": [storing], "reading": reading[:1], "all": [storing, *reading]}[whom]


def _command(process: psutil.Process) -> list[str]:
    try:
        command: list[str] = process.cmdline()
        return command
    except psutil.Error:
        return []


def main() -> None:
    """From the command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("times", type=int)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed = kill_again_and_again(chosen.times, seed=chosen.seed, folder=Path(folder), say=True)
    print(f"seed {chosen.seed}: {dict(killed)}; all archives equal to that of an undisturbed import")


if __name__ == "__main__":
    main()
