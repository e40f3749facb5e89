"""``iomscrape commoncrawl`` over HTTP, from a loopback index and real WARC files."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from archive.rawpages import read_capture
from tests.spiders.common_crawl import EARLIER, LATEST, CommonCrawl, as_lines, partial, sample
from tests.website import LATE, ROOT, Ended, Reply, program, run

QUICK = ("--delay", "0", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=1")
SAMPLE = sample()


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / "iom.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def stored(folder: Path) -> list[list[tuple[Any, ...]]]:
    """All that a run leaves, but for the times of the run itself."""
    return [
        rows(folder, query)
        for query in (
            "SELECT url, fetched_at, source, status, digest, length, origin, outcome FROM captures ORDER BY 1, 2",
            "SELECT url, title, digest, versions FROM (SELECT articles.*, (SELECT count(*) FROM versions "
            "WHERE article_id = articles.id) AS versions FROM articles) ORDER BY 1",
            "SELECT DISTINCT url, reason, detail FROM problems ORDER BY 1",
        )
    ]


def problems(folder: Path) -> dict[str, str]:
    return dict(rows(folder, "SELECT url, reason FROM problems"))


@pytest.fixture
def crawl() -> Iterator[CommonCrawl]:
    server = CommonCrawl(SAMPLE)
    yield server
    server.close()


def fetch(crawl: CommonCrawl, folder: Path, *arguments: str) -> Ended:
    return run("commoncrawl", "www.iom.int", *crawl.arguments, *QUICK, "--json", *arguments, cwd=folder)


@dataclass(frozen=True)
class Fetched:
    """A run that is over, for many tests to look at."""

    crawl: CommonCrawl
    folder: Path
    ended: Ended
    counts: dict[str, Any]


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    """All crawls, with everything that is wrong in their files."""
    crawl, folder = CommonCrawl(SAMPLE), tmp_path_factory.mktemp("fetched")
    ended = fetch(crawl, folder, "--crawl", "all", "--contact", "archive@example.org")
    yield Fetched(crawl, folder, ended, json.loads(ended.out))
    crawl.close()


def test_whole_pages_become_articles(fetched: Fetched) -> None:
    assert fetched.ended.code == 0, fetched.ended.err
    assert {url for (url,) in rows(fetched.folder, "SELECT url FROM captures")} == set(SAMPLE.good)
    assert fetched.counts["new"] == len(SAMPLE.good)
    [(count,)] = rows(fetched.folder, "SELECT count(*) FROM articles")
    assert count == len(SAMPLE.good)


def test_damage_is_named_with_file_and_offset_and_kept_out(fetched: Fetched) -> None:
    expected = {SAMPLE.damaged["unpack"]: "damaged", SAMPLE.damaged["digest"]: "mismatch"}
    assert problems(fetched.folder) == expected
    details = [detail for (detail,) in rows(fetched.folder, "SELECT detail FROM problems")]
    assert all("(https://www.iom.int/" in detail for detail in details)


def test_the_run_is_counted(fetched: Fetched) -> None:
    counts = {name: fetched.counts[name] for name in ("listed", "duplicates", "fetched", "gaps")}
    assert counts == {"listed": 16, "duplicates": 1, "fetched": 13, "gaps": 2}
    [(command, outcome, noted)] = rows(fetched.folder, "SELECT command, outcome, counts FROM runs")
    assert (command, outcome) == ("commoncrawl", "done")
    assert counts.items() <= json.loads(noted).items()


def test_captures_say_where_and_when(fetched: Fetched) -> None:
    listed = {f"{row['filename']}:{row['offset']}": row for rows in SAMPLE.crawls.values() for row in rows}
    for url, at, source, status, origin in rows(
        fetched.folder, "SELECT url, fetched_at, source, status, origin FROM captures"
    ):
        row = listed[origin]
        assert (url, source, status) == (row["url"], "commoncrawl", 200)
        assert "".join(sign for sign in at[:19] if sign.isdigit()) == row["timestamp"]


def test_same_bytes_in_two_crawls_are_fetched_once_and_other_bytes_are_a_version(fetched: Fetched) -> None:
    seen = rows(fetched.folder, f"SELECT fetched_at FROM captures WHERE url = '{SAMPLE.again}'")
    assert [at[:7] for (at,) in seen] == ["2026-08"]
    [(url, count)] = rows(
        fetched.folder, "SELECT url, count(*) FROM captures GROUP BY url HAVING count(*) > 1"
    )
    assert count == 2
    assert url != SAMPLE.again


def test_pages_are_kept_as_their_crawler_got_them(fetched: Fetched) -> None:
    kept = [
        read_capture(fetched.folder / "iom-warc", file, offset)
        for file, offset in rows(fetched.folder, "SELECT warc_file, warc_offset FROM captures")
    ]
    assert all(page.body == SAMPLE.good[page.url] for page in kept if page.fetched_at.month == 8)
    [packed] = [page for page in kept if page.header("Content-Encoding")]
    assert packed.header("Content-Encoding") == "gzip"
    assert packed.wire is not None
    assert packed.wire.startswith(b"\x1f\x8b")
    assert packed.body == SAMPLE.good[packed.url]


def test_nothing_is_asked_for_twice_or_in_vain(fetched: Fetched) -> None:
    asked = fetched.crawl.asked_records()
    assert len(asked) == len(set(asked)) == 15
    assert len(fetched.crawl.asked_pages()) == len(set(fetched.crawl.asked_pages())) == 4
    assert {request.headers["accept-encoding"] for request in fetched.crawl.data_log[1:]} == {"identity"}
    agents = {request.headers["user-agent"] for request in fetched.crawl.index_log + fetched.crawl.data_log}
    assert {agent.partition(" ")[2] for agent in agents} == {"(+archive@example.org)"}


def test_what_the_archive_has_is_not_fetched_again(fetched: Fetched) -> None:
    before, already = stored(fetched.folder), len(fetched.crawl.asked_records())
    ended = fetch(fetched.crawl, fetched.folder, "--crawl", f"{EARLIER},{LATEST}")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["skipped"] == 13
    asked = fetched.crawl.asked_records()[already:]
    assert len(asked) == 2  # what was damaged may be whole today
    assert stored(fetched.folder) == before


def test_plain_scrapy_leaves_the_same_rows(fetched: Fetched, tmp_path: Path) -> None:
    given = {"site": "www.iom.int", "crawl": "all", "delay": "0"}
    given |= {"server": fetched.crawl.server, "data": fetched.crawl.data}
    arguments = [part for name, value in given.items() for part in ("-a", f"{name}={value}")]
    env = {name: value for name, value in os.environ.items() if not name.startswith("IOMSCRAPE_")}
    env |= {"SCRAPY_SETTINGS_MODULE": "iomscrape.settings", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "commoncrawl", *arguments, *QUICK[2:]],
        cwd=tmp_path,
        env=env,
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert stored(tmp_path) == stored(fetched.folder)


def test_killed_in_the_middle_and_started_again_leaves_the_same_rows(
    fetched: Fetched, crawl: CommonCrawl, tmp_path: Path
) -> None:
    crawl.wait = 0.1
    arguments = ("commoncrawl", "www.iom.int", "--crawl", "all", *crawl.arguments, *QUICK)
    with program(*arguments, cwd=tmp_path) as running:
        deadline = monotonic() + 30
        while len(crawl.asked_records()) < 6:
            assert monotonic() < deadline
            sleep(0.01)
        running.kill()
        running.communicate()
    already = {(asked, part) for asked, part in crawl.asked_records()}
    held = {origin for (origin,) in rows(tmp_path, "SELECT origin FROM captures")}
    assert 0 < len(held) < len(SAMPLE.good)
    crawl.wait = 0.0
    ended = run(*arguments, cwd=tmp_path)
    assert ended.code == 0, ended.err
    assert stored(tmp_path) == stored(fetched.folder)
    again = [(asked, part) for asked, part in crawl.asked_records()[len(already) :]]
    assert {
        f"{path.lstrip('/')}:{part.removeprefix('bytes=').partition('-')[0]}" for path, part in again
    }.isdisjoint(held)


def test_limit_is_kept_without_listing_on(crawl: CommonCrawl, tmp_path: Path) -> None:
    ended = fetch(crawl, tmp_path, "--crawl", f"{EARLIER},{LATEST}", "--limit", "2")
    assert json.loads(ended.out)["fetched"] == 2
    assert len(rows(tmp_path, "SELECT url FROM captures")) == 2
    assert len(crawl.asked_records()) <= 4
    assert not [asked for asked in crawl.asked_pages() if EARLIER in asked]


def test_every_capture_and_dates(crawl: CommonCrawl, tmp_path: Path) -> None:
    ended = fetch(crawl, tmp_path, "--from", "2026-07", "--to", "2026-07-11", "--every-capture")
    assert ended.code == 0, ended.err
    assert {at[:10] for (at,) in rows(tmp_path, "SELECT fetched_at FROM captures")} == {"2026-07-11"}
    assert {asked.partition("?")[0] for asked in crawl.asked_pages()} == {f"/{EARLIER}-index"}


def test_index_that_is_busy_or_cut_is_asked_again_and_more_slowly(crawl: CommonCrawl, tmp_path: Path) -> None:
    busy = Reply("Please reduce your request rate.", 503, {"Retry-After": "1"})
    crawl.index_faults = [busy, Reply(as_lines(SAMPLE.crawls[LATEST][:3])[:-9])]
    ended = fetch(crawl, tmp_path, "--crawl", LATEST, "--delay", "0.3")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["fetched"] == 10
    times = [asked.time for asked in crawl.index_log if "&page=" in asked.path]
    pauses = [later - sooner for sooner, later in pairwise(times)]
    assert pauses[0] >= 1.0
    assert min(pauses[1:]) >= 0.6 - LATE
    others = [asked.time for asked in crawl.index_log if "&page=" not in asked.path]
    assert min(later - sooner for sooner, later in pairwise(others)) >= 0.3 - LATE


def test_cut_answers_of_the_index(crawl: CommonCrawl, tmp_path: Path) -> None:
    lines = as_lines(SAMPLE.crawls[EARLIER][:2])
    shorter = Reply(lines, headers={"Content-Length": str(len(lines) + 500)})
    crawl.index_faults = [shorter, Reply(lines[:-40]), Reply(lines[:-40]), Reply(lines[:-40])]
    ended = fetch(crawl, tmp_path, "--crawl", EARLIER)
    # Cut by the wire: asked again. Cut within a line, three times over: what stands before is used.
    assert len(crawl.asked_pages()) == 4
    assert [(reason,) for reason in problems(tmp_path).values()] == [("bad-index",)]
    counts = json.loads(ended.out)
    assert (counts["fetched"], counts["gaps"]) == (1, 1)
    assert ended.code == 4


def test_wrong_parts_of_files_are_problems(crawl: CommonCrawl, tmp_path: Path) -> None:
    crawl.data_faults = [
        lambda part, said: partial(part[:-5], said),
        lambda part, said: partial(part, "bytes 0-9/10"),
        lambda part, said: Reply("Not here", 404),
    ]
    ended = fetch(crawl, tmp_path, "--crawl", EARLIER)
    assert sorted(problems(tmp_path).values()) == ["bad-range", "cut-off", "http-404"]
    assert json.loads(ended.out)["fetched"] == 1
    assert ended.code == 4


def test_server_without_ranges_is_left_before_the_file_comes(crawl: CommonCrawl, tmp_path: Path) -> None:
    crawl.ignores_ranges = True
    ended = fetch(crawl, tmp_path, "--crawl", LATEST)
    assert ended.code == 3
    assert len(crawl.asked_records()) == 1
    assert crawl.sent < 20_000_000
    assert set(problems(tmp_path).values()) == {"no-ranges"}
    assert "more than the part of the file" in ended.err


@pytest.mark.parametrize("whose", ["index", "data"])
def test_robots_txt_is_obeyed_on_demand(crawl: CommonCrawl, tmp_path: Path, whose: str) -> None:
    crawl.robots[whose] = "User-agent: *\nDisallow: /\n\nAllow: /collinfo.json$\n"
    ended = fetch(crawl, tmp_path, "-s", "ROBOTSTXT_OBEY=True")
    assert ended.code == 5
    assert crawl.asked_records() == []
    assert "robots.txt" in ended.err
    assert rows(tmp_path, "SELECT outcome FROM runs") == [("refused",)]


def test_index_that_refuses_is_left(crawl: CommonCrawl, tmp_path: Path) -> None:
    crawl.index_faults = [Reply("", 403)]
    ended = fetch(crawl, tmp_path, "--crawl", LATEST)
    assert ended.code == 5
    assert len(crawl.asked_pages()) == 1
    assert json.loads(ended.out)["gaps"] == 3


def test_unknown_crawl_is_named(crawl: CommonCrawl, tmp_path: Path) -> None:
    ended = fetch(crawl, tmp_path, "--crawl", "CC-MAIN-2031-01")
    assert ended.code == 3
    assert "There is no crawl CC-MAIN-2031-01; the latest of 3 are CC-MAIN-2026-34" in ended.err
