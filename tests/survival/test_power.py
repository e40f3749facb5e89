"""Power that goes while a crawl writes: a few cuts with each run of the tests.

``python -m tests.survival.powercuts 1000`` is the long form; what is and what is not simulated stands in
``tests/survival/disk.py`` and docs/endurance.md.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from iomscrape.demo.server import SampleSites
from tests.survival.disk import Disk, Event, trace
from tests.survival.powercuts import Cuts

PROGRAM = """
import os, sys
root = sys.argv[1]
with open(f"{root}/safe", "xb", buffering=0) as file:
    file.write(b"a" * 10000)
    os.fsync(file.fileno())
    file.write(b"b" * 10000)
with open(f"{root}/nameless", "xb", buffering=0) as file:
    file.write(b"c")
    os.fsync(file.fileno())
os.fsync(os.open(root, os.O_RDONLY))
os.rename(f"{root}/nameless", f"{root}/named")
os.mkdir(f"{root}/folder")
with open(f"{root}/folder/lost", "w") as file:
    file.write("d")
    file.flush()
    os.fsync(file.fileno())
"""


def _traces() -> bool:
    if shutil.which("strace") is None:
        return False
    asked = ["strace", "--seccomp-bpf", "-f", "-o", "/dev/null", "true"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not _traces(), reason="there is no strace here, or it may not look")


def left(events: list[Event], moment: int, kept: str) -> dict[str, bytes]:
    # Half of all throws keep a new name with the file's own fsync: only what always holds is asked for.
    disk = Disk.at(events, moment)
    throws = [disk.left(random.Random(seed), kept)[1] for seed in range(20)]
    always = set.intersection(*({(Path(path).name, raw) for path, raw in files.items()} for files in throws))
    return dict(always)


def test_what_is_on_the_disk_is_what_was_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "traced"
    folder.mkdir()
    code, events = trace([sys.executable, "-c", PROGRAM, str(folder)], folder, tmp_path / "log")
    assert code == 0
    assert left(events, len(events), "nothing") == {"safe": b"a" * 10000, "nameless": b"c"}
    everything = left(events, len(events), "everything")
    assert everything == {"safe": b"a" * 10000 + b"b" * 10000, "named": b"c", "lost": b"d"}
    first_sync = next(place for place, event in enumerate(events) if event.kind == "sync")
    assert left(events, first_sync, "nothing") == {}
    torn = {
        Disk.at(events, len(events)).left(random.Random(seed), "pieces")[1].get(str(folder / "safe"))
        for seed in range(20)
    }
    assert len(torn) > 3


@pytest.mark.proof
@pytest.mark.timeout(120)
def test_a_crawl_without_power_loses_the_page_on_its_way_at_most(tmp_path: Path) -> None:
    with SampleSites() as sites:
        cuts = Cuts(tmp_path, sites, seed=20260301, beside=False)
        for number in range(20):
            cuts.cut(resume=number == 10)
    assert cuts.tally["archives"] > 12
    assert cuts.tally["resumed"] >= 1


def test_a_database_whose_first_transaction_was_cut_off_becomes_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "traced"
    folder.mkdir()
    made = "import sys; from archive import Archive; Archive.open(sys.argv[1]).close()"
    code, events = trace([sys.executable, "-c", made, str(folder / "iom.db")], folder, tmp_path / "log")
    assert code == 0
    ends = next(
        place for place, event in enumerate(events) if event.kind == "remove" and "journal" in event.path
    )
    unborn = 0
    for moment in range(ends):
        place = tmp_path / str(moment)
        place.mkdir()
        for name, raw in Disk.at(events, moment).left(random.Random(moment), "pieces")[1].items():
            (place / Path(name).name).write_bytes(raw)
        there = [path.name for path in place.iterdir() if path.stat().st_size]
        unborn += "iom.db" in there and "iom.db-journal" in there
        Archive.open(place / "iom.db").close()
    assert unborn > 3
