"""What a program loads before it does anything: only what it needs, or each start would wait for all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import default_settings

from iomscrape import settings
from tests import demoed
from tests.website import QUICK, Web


def loaded_by(code: str, cwd: Path, *arguments: str) -> set[str]:
    """The modules that a program has loaded at its end."""
    watched = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n{code}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", watched, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return set(done.stderr.rstrip().rpartition("\n")[2].split())


PROGRAM = "from iomscrape.cli import main; main(prog_name='iomscrape')"


def test_help_loads_next_to_nothing(tmp_path: Path) -> None:
    loaded = loaded_by(PROGRAM, tmp_path, "--help")
    assert "iomscrape.cli" in loaded
    assert not loaded & {"rich", "archive", "iomscrape.records", "iomscrape.reader", "scrapy", "lxml"}


def test_a_search_loads_neither_reader_nor_scrapy_nor_what_writes(
    shared_demo: demoed.Demo, tmp_path: Path
) -> None:
    loaded = loaded_by(PROGRAM, tmp_path, "search", "water", "--db", str(shared_demo.db))
    assert "archive.search" in loaded
    assert not loaded & {"scrapy", "iomscrape.reader", "babel", "warcio", "archive.privacy", "archive.people"}


@pytest.mark.parametrize("module", ["filework", "rereading", "beside", "importing"])
def test_processes_that_read_load_no_scrapy(module: str, tmp_path: Path) -> None:
    loaded = loaded_by(f"import iomscrape.{module}", tmp_path)
    assert f"iomscrape.{module}" in loaded
    assert not loaded & {"scrapy", "twisted"}


def test_a_crawl_loads_one_spider_and_nothing_that_is_switched_off(site: Web, tmp_path: Path) -> None:
    # A server that steers crawls from outside, and cookies with the libraries that fetch lists for them.
    off = {"aiohttp", "requests", "scrapy.extensions.remote_control", "scrapy.downloadermiddlewares.cookies"}
    loaded = loaded_by(PROGRAM, tmp_path, "crawl", site.base, *QUICK)
    assert {"spiders.site", "iomscrape.reader"} <= loaded
    assert not loaded & {*off, "spiders.wayback", "spiders.commoncrawl"}


def test_what_is_switched_off_is_in_scrapys_own_lists() -> None:
    # Or it would have another name by now, and be switched on.
    known = default_settings.DOWNLOADER_MIDDLEWARES_BASE.keys() | default_settings.EXTENSIONS_BASE.keys()
    assert settings._unused <= known
