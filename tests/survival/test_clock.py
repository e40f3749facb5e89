"""A machine's clock that jumps, between two crawls and in the middle of one: time in the archive goes on.

The crawls run under libfaketime, which sets the clock of a process and of all that it starts; monotonic clocks
run on, as they do when a real clock is set.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import time

import pytest

from tests.spiders.crawled import pages_asked, rows, wait_for
from tests.survival.kills import check
from tests.website import QUICK, Asked, Ended, Reply, Web, article, program, run, sitemap

libfaketime = pytest.importorskip("libfaketime")

PRELOADED = {
    "LD_PRELOAD": libfaketime._get_shared_lib("libfaketime.so.1"),
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "FAKETIME_NO_CACHE": "1",
}
HOUR = 3600


def at(offset: str) -> Mapping[str, str]:
    """The environment of a process whose clock is wrong by so much, such as ``-3h``."""
    return PRELOADED | {"FAKETIME": offset}


def _is_here() -> bool:
    asked = [sys.executable, "-c", "import time; print(time.time())"]
    said = subprocess.run(asked, env=at("-3h"), capture_output=True, text=True, check=False).stdout
    return bool(said) and abs(time() - 3 * HOUR - float(said)) < HOUR


pytestmark = pytest.mark.skipif(not _is_here(), reason="libfaketime does not run on this machine")


@pytest.fixture
def in_order(site: Web) -> Web:
    """The six articles; ETags on all."""
    for slug in (f"harbour-meeting-{number}" for number in range(6)):
        site.pages[f"/news/{slug}"] = tagged(slug)
    return site


def tagged(slug: str, *, tag: str = "v1", words: str = "", wait: float = 0.0):  # type: ignore[no-untyped-def]
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == f'"{tag}"':
            return Reply(status=304, headers={"ETag": f'"{tag}"'}, wait=wait)
        return Reply(article(slug, words=words), headers={"ETag": f'"{tag}"'}, wait=wait)

    return answer


def crawl(site: Web, folder: Path, env: Mapping[str, str], *more: str) -> Ended:
    return run("crawl", site.base, *QUICK, "--json", *more, cwd=folder, env=env)


def assert_whole(folder: Path) -> None:
    check(folder / "iom.db")
    times = [at for (at,) in rows(folder, "SELECT fetched_at FROM captures ORDER BY id")]
    assert times == sorted(times)
    assert rows(folder, "SELECT count(*) FROM runs WHERE ended_at < started_at") == [(0,)]


def test_back_between_two_crawls(in_order: Web, tmp_path: Path) -> None:
    assert crawl(in_order, tmp_path, {}).code == 0
    in_order.pages["/news/harbour-meeting-2"] = tagged(
        "harbour-meeting-2", tag="v2", words="Everything is different."
    )
    back = json.loads(crawl(in_order, tmp_path, at("-3h")).out)
    assert (back["new"], back["changed"], back["unchanged"]) == (0, 1, 5)
    assert_whole(tmp_path)
    versions = rows(tmp_path, "SELECT record FROM versions WHERE article_id = "
                    "(SELECT id FROM articles WHERE url LIKE '%-2') ORDER BY number")  # fmt: skip
    assert [("Everything is different" in record) for (record,) in versions] == [False, True]
    [(text, span)] = rows(tmp_path, "SELECT text, last_seen > first_seen FROM articles WHERE url LIKE '%-2'")
    assert "Everything is different" in text
    assert span


def test_back_in_the_middle_of_a_crawl(in_order: Web, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    tries: list[Asked] = []

    def unsteady(asked: Asked) -> Reply:
        if not tries:
            clock.write_text("-2h")
        tries.append(asked)
        return Reply(status=503) if len(tries) < 2 else Reply(article("harbour-meeting-2"))

    in_order.pages["/news/harbour-meeting-2"] = unsteady
    env = PRELOADED | {"FAKETIME_TIMESTAMP_FILE": str(clock)}
    # One try a page: its failure is written down before the clock is set back further, and asked for again after.
    first = crawl(in_order, tmp_path, env, "-s", "RETRY_TIMES=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    assert first.code in (0, 4), first.err
    clock.write_text("-4h")
    assert crawl(in_order, tmp_path, env, "-s", "RETRY_TIMES=0").code == 0
    assert_whole(tmp_path)
    assert rows(tmp_path, "SELECT state, tries FROM frontier WHERE url LIKE '%-2'") == [("fetched", 0)]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(6,)]


@pytest.mark.proof
def test_what_a_killed_crawl_fetched_is_known_by_its_run_and_not_by_the_clock(
    in_order: Web, tmp_path: Path
) -> None:
    assert crawl(in_order, tmp_path, {}).code == 0
    in_order.log.clear()
    command = ("crawl", in_order.base, *QUICK, "--delay", "0.1")
    with program(*command, cwd=tmp_path, env=at("-3h")) as running:
        wait_for(lambda: len(pages_asked(in_order)) >= 4)
        running.kill()
        running.communicate()
    seen = rows(tmp_path, "SELECT count(*) FROM captures WHERE run_id = 2")[0][0]
    assert 1 <= seen < 6
    in_order.log.clear()
    rest = json.loads(crawl(in_order, tmp_path, at("-6h")).out)
    assert (rest["skipped"], rest["unchanged"]) == (seen, 6 - seen)
    assert len(pages_asked(in_order)) == 6 - seen
    assert_whole(tmp_path)


def test_far_from_what_the_sites_say_nothing_is_stored(in_order: Web, tmp_path: Path) -> None:
    wrong = crawl(in_order, tmp_path, at("-3000d"))  # a board whose battery is empty
    assert wrong.code == 2, wrong.err
    assert wrong.err.count("clock of this machine says") == 1
    assert "Traceback" not in wrong.err
    assert rows(tmp_path, "SELECT count(*) FROM captures") == [(0,)]


@pytest.mark.proof
def test_an_archive_from_the_time_to_come_says_so_and_finds_back(in_order: Web, tmp_path: Path) -> None:
    unchanged = {f"{in_order.base}/news/harbour-meeting-{number}": "2020-01-01" for number in range(6)}
    in_order.pages["/sitemap.xml"] = Reply(sitemap(unchanged))
    as_it_is = ("-s", "IOMSCRAPE_MAX_CLOCK_ERROR=0")
    assert crawl(in_order, tmp_path, at("+3000d"), *as_it_is).code == 0
    in_order.log.clear()
    wrong = crawl(in_order, tmp_path, {})
    assert (wrong.code, wrong.err.count("\n")) == (2, 1), wrong.err
    assert "last page of the archive" in wrong.err
    assert not in_order.log
    # The pages are asked for although their sitemap says that they are older than that.
    back = json.loads(crawl(in_order, tmp_path, {}, *as_it_is).out)
    assert (back["skipped"], back["unchanged"]) == (0, 6)
    assert crawl(in_order, tmp_path, {}).code == 0
    assert run("check", cwd=tmp_path).code == 0
