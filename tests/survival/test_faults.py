"""A network that goes away, too little memory, a database that another program holds: nothing is lost."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from archive import Archive
from tests.survival.conftest import QUICK, Undisturbed
from tests.survival.kills import RECORDS, check, records
from tests.website import run

ARTICLES = slice(0, len(RECORDS) - 1)
"""All but the problems: what went wrong on the way stays written down."""


def test_a_network_that_goes_away(undisturbed: Undisturbed, tmp_path: Path) -> None:
    with undisturbed.sites() as sites:
        command = [sys.executable, "-m", "iomscrape", "crawl", sites.office, *QUICK, "--delay", "0.2"]
        child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while sum("/news/" in asked.path for asked in sites.requests) < 6:
            time.sleep(0.05)
    assert child.wait(timeout=60) in (3, 4)  # the site is gone
    check(tmp_path / "iom.db")
    with undisturbed.sites() as sites:
        again = run("crawl", sites.office, *QUICK, cwd=tmp_path)
    assert again.code == 0, again.err
    assert records(tmp_path / "iom.db")[ARTICLES] == undisturbed.records[ARTICLES]


def test_too_little_memory(undisturbed: Undisturbed, tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))

    with undisturbed.sites() as sites:
        command = [sys.executable, "-m", "iomscrape", "crawl", sites.office, *QUICK]
        limit = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, preexec_fn=limited, timeout=60
        )
        if (tmp_path / "iom.db").exists():
            check(tmp_path / "iom.db")
        again = run("crawl", sites.office, *QUICK, cwd=tmp_path)
    assert again.code == 0, (limit.returncode, limit.stderr, again.err)
    assert records(tmp_path / "iom.db")[ARTICLES] == undisturbed.records[ARTICLES]


def test_a_database_that_another_program_holds_for_a_while(undisturbed: Undisturbed, tmp_path: Path) -> None:
    db = tmp_path / "iom.db"
    Archive.open(db).close()
    other = sqlite3.connect(db, isolation_level=None, check_same_thread=False)
    with undisturbed.sites() as sites, contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(4, lambda: other.execute("COMMIT")).start()
        assert run("crawl", sites.office, *QUICK, cwd=tmp_path).code == 0
    assert records(db) == undisturbed.records
