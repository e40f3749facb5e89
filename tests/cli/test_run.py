"""``iomscrape init``, ``run`` and ``schedule``, as a user and a scheduler run them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from iomscrape.demo.server import SampleSites
from iomscrape.job.running import only_one


def iomscrape(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "iomscrape", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        umask=0o027,
    )


@pytest.fixture(scope="module")
def sites() -> Iterator[SampleSites]:
    with SampleSites() as sites:
        yield sites


def test_from_nothing_to_a_job_that_runs(sites: SampleSites, tmp_path: Path) -> None:
    assert iomscrape(tmp_path, "init", "--site", sites.office).returncode == 0
    assert iomscrape(tmp_path, "init").returncode == 2  # nothing is written over
    profile = tmp_path / "iom.toml"
    profile.write_text(
        profile.read_text()
        .replace("# delay = 1.0", "delay = 0.0")
        .replace('# format = "json"', 'format = "json"')
        + '\n[backup]\nfolder = "kept"\n'
    )
    shown = iomscrape(tmp_path, "run", "--check")
    assert [line.split()[1] for line in shown.stdout.splitlines()] == ["crawl", "watch", "backup"]
    done = iomscrape(tmp_path, "run", "--json")
    assert done.returncode == 0, done.stderr
    crawl, watch, backup = json.loads(done.stdout)["steps"]
    assert crawl["counts"]["new"] == 20
    assert watch["counts"]["findings"] == []
    assert backup["counts"]["articles"] == 20
    lines = [json.loads(line) for line in (tmp_path / "iom.log").read_text().splitlines()]
    last = lines[-1]
    assert (last["step"], last["exit_code"], last["level"]) == ("backup", 0, "info")
    assert all(line["time"].endswith("+00:00") for line in lines)
    made = [path for path in tmp_path.rglob("*") if path != profile]
    assert {path.suffix for path in made} >= {".db", ".gz", ".tsv", ".log", ".html"}
    # As the umask says, nothing for others; the profile was written by the test.
    assert {path.stat().st_mode & 0o777 for path in made} == {0o640, 0o750}


def test_quiet_prints_what_needs_a_person_and_nothing_else(sites: SampleSites, tmp_path: Path) -> None:
    profile = tmp_path / "iom.toml"
    profile.write_text(f'[crawl]\nsites = ["{sites.office}"]\nmax_pages = 1\ndelay = 0\n')
    done = iomscrape(tmp_path, "run", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    profile.write_text('[crawl]\nsites = ["http://127.0.0.1:9"]\nsettings = { RETRY_TIMES = 0 }\n')
    failed = iomscrape(tmp_path, "run", "-q")
    assert failed.returncode == 3
    assert failed.stderr.startswith("crawl: nothing came (exit code 3)\n    http://127.0.0.1:9/: ")


def test_one_job_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "iom.toml").write_text('[import]\nfiles = ["in"]\n')
    with only_one(tmp_path / "iom.db"):
        busy = iomscrape(tmp_path, "run")
    assert busy.returncode == 6
    assert busy.stderr.startswith("Error: process ")
    assert busy.stderr.count("\n") == 1


def test_faults_are_lines(tmp_path: Path) -> None:
    (tmp_path / "iom.toml").write_text("[crawl]\nsites = 1\n")
    wrong = iomscrape(tmp_path, "run")
    assert wrong.returncode == 2
    assert wrong.stderr.splitlines()[0].startswith("iom.toml:2: [crawl] sites: ")
    (tmp_path / "iom.toml").write_text('[import]\nfiles = ["in"]\n')
    assert "its steps are import" in iomscrape(tmp_path, "run", "--only", "crawl").stderr


def test_units_are_printed_or_written(tmp_path: Path) -> None:
    (tmp_path / "iom.toml").write_text('[import]\nfiles = ["in"]\n')
    printed = iomscrape(tmp_path, "schedule")
    assert "# iomscrape-iom.timer\n[Unit]" in printed.stdout
    assert iomscrape(tmp_path, "schedule", "--cron", "--every", "weekly").stdout.startswith("17 3 * * 1 ")
    written = iomscrape(tmp_path, "schedule", "--into", "units")
    assert "enable --now iomscrape-iom.timer" in written.stdout
    assert iomscrape(tmp_path, "schedule", "--into", "units").returncode == 0
    (tmp_path / "units" / "iomscrape-iom.timer").write_text("mine")
    assert iomscrape(tmp_path, "schedule", "--into", "units").returncode == 2
