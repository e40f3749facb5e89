"""``iomscrape merge``: a crawl on two machines is, joined, a crawl on one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from iomscrape.demo.server import SampleSites
from spiders.links import site_key
from spiders.shards import owner
from tests.archive.merging.plain import plain
from tests.spiders.crawled import Crawl
from tests.website import program


def sample_sites() -> SampleSites:
    """Sample sites of which one falls into part 1/2, the other into part 2/2."""
    for _ in range(100):
        with SampleSites() as sites:
            bases = (sites.headquarters, sites.office)
        if {owner(site_key(base), 2) for base in bases} == {1, 2}:
            first, second = (int(base.rpartition(":")[2]) for base in bases)
            return SampleSites(ports=(first, second))
    raise AssertionError("no such ports")


def timeless(path: Path) -> dict[str, list[Any]]:
    """An archive without the moments and runs in which it was made, and places in WARC files."""
    found = plain(path, "runs")
    kept = {
        "captures": lambda row: (*row[:4:2], *row[5:9], row[13], row[14]),
        "articles": lambda row: (*row[:12], *row[14:18]),
        "versions": lambda row: (*row[:2], row[4], row[6]),
        "sightings": lambda row: (row[0], row[3]),
        "problems": lambda row: (row[0], *row[3:5]),
        "frontier": lambda row: (*row[:7], *row[8:11]),
    }
    return {table: sorted(map(kept.get(table, tuple), rows), key=repr) for table, rows in found.items()}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archives of two crawls at once, part1.db and part2.db, and of an undivided one."""
    folder = tmp_path_factory.mktemp("crawled")
    quick = ("-s", "AUTOTHROTTLE_ENABLED=False", "--delay", "0")
    sites = sample_sites()
    with sites:
        given = (sites.headquarters, sites.office, *quick)
        parts = [
            program("crawl", *given, "--shard", f"{number}/2", "--db", f"part{number}.db", cwd=folder)
            for number in (1, 2)
        ]
        assert [part.wait(timeout=100) for part in parts] == [0, 0]
        for part in parts:
            part.communicate()
    ports = [int(base.rpartition(":")[2]) for base in (sites.headquarters, sites.office)]
    # Started anew: a page of theirs fails the first time it is asked for.
    with (
        SampleSites(ports=(ports[0], ports[1])),
        program("crawl", *given, "--db", "undivided.db", cwd=folder) as running,
    ):
        assert running.wait(timeout=100) == 0
        running.communicate()
    return folder


@pytest.mark.parametrize("order", [("part1.db", "part2.db"), ("part2.db", "part1.db")])
def test_two_crawls_at_once_are_one(
    crawled: Path, tmp_path: Path, iomscrape: Crawl, order: tuple[str, str]
) -> None:
    sources = [str(crawled / name) for name in order]
    ended = iomscrape("merge", *sources, "--into", "iom.db", "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert [row["source"] for row in told["sources"]] == sources
    assert sum(row["articles"] for row in told["sources"]) >= 80
    assert all(row["articles"] and row["linked"] and row["runs"] == 1 for row in told["sources"])
    whole, joined = timeless(crawled / "undivided.db"), timeless(tmp_path / "iom.db")
    assert len(whole["articles"]) >= 80
    for table, rows in whole.items():
        assert joined[table] == rows, table
    checked = iomscrape("check", "--db", "iom.db", "--json")
    assert checked.code == 0, checked.out
    again = iomscrape("merge", *sources, "--into", "iom.db")
    assert again.code == 0
    assert again.out.count("nothing that iom.db does not have") == 2


def test_what_came_is_told_in_a_line_for_each(crawled: Path, iomscrape: Crawl) -> None:
    ended = iomscrape("merge", str(crawled / "part1.db"), "--into", "iom.db")
    assert ended.code == 0
    # Two files where pages came so fast that a second process stored some.
    assert re.search(r"new articles, 1 run, [12] WARC files? \([12] linked, 0 copied\) -> iom.db", ended.out)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--into", "iom.db"), 2, "ARCHIVE"),
        (("missing.db",), 2, "--into"),
        (("missing.db", "--into", "iom.db"), 2, "there is no archive missing.db"),
        (("notes.txt", "--into", "iom.db"), 2, "notes.txt is not an SQLite database"),
    ],
)
def test_wrong_use(
    iomscrape: Crawl, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    ended = iomscrape("merge", *arguments)
    assert ended.code == code
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
