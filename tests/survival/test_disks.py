"""Disks that are full or cannot be written: one clear line, nothing lost, and the same command goes on afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.survival.conftest import QUICK, Undisturbed
from tests.survival.kills import check, records
from tests.website import run

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0,
    reason="only root on Linux can mount a small disk",
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)


def test_a_full_disk_ends_the_crawl_and_room_lets_it_go_on(undisturbed: Undisturbed, disk: Path) -> None:
    with undisturbed.sites() as sites:
        full = run("crawl", sites.office, *QUICK, cwd=disk)
        assert full.code == 6, full.err
        assert full.err.count("no room left") == 1, full.err
        assert "Traceback" not in full.err
        remount(disk, "size=64m")
        if (disk / "iom.db").stat().st_size:
            check(disk / "iom.db")
        assert run("crawl", sites.office, *QUICK, cwd=disk).code == 0
    check(disk / "iom.db")
    assert records(disk / "iom.db") == undisturbed.records


def test_a_disk_that_cannot_be_written(undisturbed: Undisturbed, disk: Path) -> None:
    remount(disk, "size=64m")
    shutil.copyfile(undisturbed.db, disk / "iom.db")
    before = records(disk / "iom.db")
    remount(disk, "ro")
    refused = run("crawl", "http://127.0.0.1:9", *QUICK, cwd=disk)
    assert refused.code == 6
    assert "iom.db cannot be" in refused.err
    assert refused.err.count("\n") == 1
    assert run("stats", cwd=disk).code == 0  # readers need no writing
    remount(disk, "rw")
    assert records(disk / "iom.db") == before
