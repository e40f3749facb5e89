"""Crawls that come again: after a kill, after a signal, and the next day."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from time import monotonic, sleep

from tests.spiders.crawled import RECORDS, Crawl, pages_asked, rows, slugs, wait_for
from tests.website import QUICK, Asked, Reply, Web, article, program, sitemap


def test_killed_crawl_goes_on_and_ends_as_if_undisturbed(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    assert crawl(site.base, "--db", "undisturbed.db").code == 0
    site.log.clear()
    command = ("crawl", site.base, *QUICK, "--delay", "0.1")
    with program(*command, cwd=tmp_path) as running:
        wait_for(lambda: len(pages_asked(site)) >= 4)
        running.kill()
        running.communicate()
    stored = rows(tmp_path, "SELECT count(*) FROM captures")[0][0]
    assert 1 <= stored < 6
    site.log.clear()
    ended = crawl(site.base, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["skipped"] == stored
    assert len(pages_asked(site)) == 6 - stored
    assert rows(tmp_path, RECORDS) == rows(tmp_path, RECORDS, "undisturbed.db")


def test_sigterm_ends_cleanly_within_seconds_and_max_pages_holds_for_both(
    site: Web, crawl: Crawl, tmp_path: Path
) -> None:
    site.pages["/news/harbour-meeting-2"] = Reply(article("harbour-meeting-2"), wait=30)
    command = ("crawl", site.base, "--max-pages", "5", *QUICK, "-s", "IOMSCRAPE_STOP_SECONDS=1")
    with program(*command, cwd=tmp_path) as running:
        wait_for(lambda: "/news/harbour-meeting-2" in pages_asked(site))
        sleep(0.2)
        running.send_signal(signal.SIGTERM)
        began = monotonic()
        _, err = running.communicate(timeout=20)
        assert monotonic() - began < 5
    assert running.returncode == 7, err
    assert rows(tmp_path, "SELECT outcome, exit_code FROM runs") == [("interrupted", 7)]
    stored = len(slugs(tmp_path))
    site.pages["/news/harbour-meeting-2"] = Reply(article("harbour-meeting-2"))
    assert json.loads(crawl(site.base, "--max-pages", "5", "--json").out)["skipped"] == stored
    assert len(slugs(tmp_path)) == 5


def test_a_signal_while_the_crawl_is_being_closed_leaves_no_run_open(site: Web, tmp_path: Path) -> None:
    slugs = [f"harbour-meeting-{number}" for number in range(60)]
    site.pages["/sitemap.xml"] = Reply(sitemap({f"{site.base}/news/{slug}": None for slug in slugs}))
    site.pages |= {f"/news/{slug}": Reply(article(slug)) for slug in slugs}
    command = ("crawl", site.base, *QUICK, "-s", "IOMSCRAPE_BESIDE_RATE=1", "-s", "LOG_LEVEL=INFO")
    with program(*command, cwd=tmp_path) as running:
        assert running.stderr is not None
        said = next(line for line in running.stderr if "Closing spider" in line)
        # From here on it waits for the process beside it, which takes its time to end.
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert "(finished)" in said
    assert rows(tmp_path, "SELECT exit_code FROM runs") == [(running.returncode,)]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(60,)]


def test_second_run_asks_only_for_what_changed(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    def conditional(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"':
            return Reply(status=304, headers={"ETag": '"v1"'})
        return Reply(article("harbour-meeting-0"), headers={"ETag": '"v1"'})

    site.pages["/news/harbour-meeting-0"] = conditional
    old = {f"{site.base}/news/harbour-meeting-{number}": "2020-01-01" for number in (3, 4, 5)}
    site.pages["/sitemap.xml?page=2"] = Reply(sitemap(old))
    assert crawl(site.base).code == 0
    before = dict(rows(tmp_path, "SELECT url, last_seen FROM articles"))
    site.log.clear()
    site.pages["/news/harbour-meeting-1"] = Reply(
        article("harbour-meeting-1", words="Everything is different.")
    )
    ended = crawl(site.base, "--json")
    assert ended.code == 0
    counts = json.loads(ended.out)
    assert (counts["new"], counts["changed"], counts["unchanged"], counts["skipped"]) == (0, 1, 2, 3)
    assert [asked.headers["if-none-match"] for asked in site.asked("/news/harbour-meeting-0")] == ['"v1"']
    after = dict(rows(tmp_path, "SELECT url, last_seen FROM articles"))
    moved = {url.rpartition("-")[2] for url in after if after[url] > before[url]}
    assert moved == {"0", "1", "2"}
    assert rows(tmp_path, "SELECT count(*) FROM versions") == [(7,)]
    site.log.clear()
    assert json.loads(crawl(site.base, "--json", "--full").out)["skipped"] == 0
    assert not any("if-none-match" in asked.headers for asked in site.log)
