"""``iomscrape commoncrawl`` as a person meets it: help, mistakes, rehearsal, one line at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from iomscrape.cli import main
from iomscrape.cli.commoncrawl import command
from iomscrape.cli.rehearsal import duration
from tests.spiders.common_crawl import CommonCrawl, sample
from tests.website import ROOT, Ended

Program = Callable[..., Ended]
DOCUMENT = (ROOT / "docs/commoncrawl.md").read_text(encoding="utf-8")


@pytest.fixture
def crawl() -> Iterator[CommonCrawl]:
    server = CommonCrawl(sample())
    yield server
    server.close()


def test_help_has_examples() -> None:
    ended = CliRunner().invoke(main, ["commoncrawl", "--help"])
    assert ended.exit_code == 0
    assert "iomscrape commoncrawl '*.iom.int' --crawl latest:3 --dry-run" in ended.stdout


def test_every_option_is_documented() -> None:
    names = {name for option in command.params if isinstance(option, click.Option) for name in option.opts}
    assert {name for name in names if f"`{name}" not in DOCUMENT} == set()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("www.iom.int",), "--contact"),
        (("two words",), "is no address of a site"),
        (("www.iom.int", "--crawl", "latest:none"), "write it as latest:3"),
        (("www.iom.int", "--from", "yesterday"), "write 2003, 2003-05 or 2003-05-17"),
        (("www.iom.int", "--from", "2020", "--to", "2019"), "nothing lies between them"),
        (("www.iom.int", "--server", "file:///etc"), "only http and https"),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_asked(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    db = tmp_path / "iom.db"
    ended = CliRunner(env={"IOMSCRAPE_CONTACT": None}).invoke(
        main, ["commoncrawl", "--db", str(db), *arguments]
    )
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not db.exists()


def test_rehearsal_then_run_then_rehearsal(iomscrape: Program, crawl: CommonCrawl, tmp_path: Path) -> None:
    arguments = (
        "commoncrawl",
        "*.iom.int",
        "www.iom.int",
        "--crawl",
        "all",
        *crawl.arguments,
        "--delay",
        "0",
    )
    ended = iomscrape(*arguments, "--dry-run", "--json")
    assert ended.code == 0, ended.err
    before = json.loads(ended.out)
    assert crawl.asked_records() == []
    assert not (tmp_path / "iom.db").exists()
    assert (before["to_fetch"], before["in_archive"], before["gaps"]) == (15, 0, 0)
    assert before["megabytes"] > 0
    # What it costs is said before it is asked.
    assert "3 crawls, 2 sites: at least 12 requests to the index" in ended.err

    ended = iomscrape(*arguments, "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("32 listed, 17 duplicates, 13 fetched, 2 gaps: ")

    ended = iomscrape(*arguments, "--dry-run")
    assert "13 in the archive: 2 to fetch" in ended.out


@pytest.mark.parametrize(
    ("seconds", "said"), [(20, "about 20 s"), (600, "about 10 min"), (12_000, "about 3 h 20 min")]
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said
