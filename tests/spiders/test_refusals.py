"""Sites that do not want us, or want us slower: obeyed, left, and said with the other ways in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.spiders.crawled import Crawl, pages_asked, problems, rows, slugs
from tests.website import LATE, Asked, Ended, Reply, Web, article, sitemap


def test_robots_are_obeyed(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Reply(
        f"User-agent: *\nDisallow: /news/harbour-meeting-1\nSitemap: {site.base}/sitemap.xml\n"
    )
    assert crawl(site.base).code == 0
    assert not site.asked("/news/harbour-meeting-1")
    assert (f"{site.base}/news/harbour-meeting-1", "robots") in problems(tmp_path)


def test_site_that_forbids_all_is_a_refusal(site: Web, crawl: Crawl) -> None:
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n")
    ended = crawl(site.base)
    assert ended.code == 5
    assert {asked.path for asked in site.log} == {"/robots.txt"}
    assert "Traceback" not in ended.err


def test_failing_robots_forbid_all(site: Web, crawl: Crawl) -> None:
    site.pages["/robots.txt"] = Reply("oops", 503)
    assert crawl(site.base).code == 5
    assert {asked.path for asked in site.log} == {"/robots.txt"}


def test_crawl_delay_is_kept(site: Web, iomscrape: Crawl) -> None:
    site.pages["/robots.txt"] = Reply(f"User-agent: *\nCrawl-delay: 0.75\nSitemap: {site.base}/sitemap.xml\n")
    ended = iomscrape(
        "crawl", site.base, "--delay", "0", "--max-pages", "3", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"
    )
    assert ended.code == 0
    times = [asked.time for asked in site.log[1:]]
    assert times[-1] - times[0] >= 0.75 * (len(times) - 1) - LATE
    # A server that has to wait for a processor may hear a single request later than that.
    assert min(after - before for before, after in pairwise(times)) >= 0.45


@pytest.mark.parametrize("pause", ["1", "Wed, 01 Jan 2020 00:00:00 GMT"])
def test_retry_after_is_kept(site: Web, crawl: Crawl, pause: str, tmp_path: Path) -> None:
    tries: list[float] = []

    def busy(asked: Asked) -> Reply:
        tries.append(asked.time)
        full = Reply(article("harbour-meeting-2"))
        return Reply("busy", 429, {"Retry-After": pause}) if len(tries) == 1 else full

    # In the midst of the others: by then the crawl has loaded all that it reads pages with.
    site.pages["/news/harbour-meeting-2"] = busy
    assert crawl(site.base).code == 0
    assert len(slugs(tmp_path)) == 6
    waited = tries[1] - tries[0]
    assert waited >= 1 if pause == "1" else waited < 1
    at_once = [asked for asked in site.log if tries[0] < asked.time < tries[0] + 0.99]
    assert pause != "1" or not at_once


def test_site_that_asks_for_a_long_pause_is_left(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    for number in range(6):
        site.pages[f"/news/harbour-meeting-{number}"] = Reply("busy", 503, {"Retry-After": "86400"})
    ended = crawl(site.base)
    assert ended.code == 5
    assert len(pages_asked(site)) == 1
    assert "rate-limited" in {reason for _, reason in problems(tmp_path)}


def test_site_with_an_absurd_crawl_delay_is_left(site: Web, crawl: Crawl) -> None:
    site.pages["/robots.txt"] = Reply(
        f"User-agent: *\nCrawl-delay: 99999\nSitemap: {site.base}/sitemap.xml\n"
    )
    assert crawl(site.base).code == 5  # and soon: nobody here waits longer than a minute
    assert pages_asked(site) == []


def test_site_that_refuses_page_after_page_is_left(site: Web, crawl: Crawl) -> None:
    for number in range(6):
        site.pages[f"/news/harbour-meeting-{number}"] = Reply("no", 403)
    assert crawl(site.base, "-s", "IOMSCRAPE_MAX_REFUSALS=3").code == 5
    # One may be on its way already when the third refusal is read.
    assert len(pages_asked(site)) in (3, 4)


def one_line(ended: Ended, host: str = "127.0.0.1") -> str:
    """The line about the site that is out, which names the other ways in."""
    [line] = [line for line in ended.err.splitlines() if "Other ways" in line]
    assert f"iomscrape wayback {host}" in line
    assert f"iomscrape commoncrawl {host}" in line
    return line


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("no", 403), "forbidden"),
        (Reply("slow down", 429, {"Retry-After": "0"}), "rate-limited"),
        (Reply("<title>Just a moment...</title>", 503, {"cf-mitigated": "challenge"}), "challenge"),
        (Reply("<title>Just a moment...</title>"), "challenge"),
    ],
)
def test_a_home_page_that_refuses(web: Web, crawl: Crawl, tmp_path: Path, reply: Reply, reason: str) -> None:
    web.pages["/"] = reply
    ended = crawl(web.base, "-s", "RETRY_TIMES=0")
    assert ended.code == 5
    assert f"({reason})" in one_line(ended)
    assert {asked.path for asked in web.log} == {"/robots.txt", "/"}
    assert rows(tmp_path, "SELECT outcome, exit_code FROM runs") == [("refused", 5)]
    assert [found for _, found in problems(tmp_path)] == [reason]
    assert rows(tmp_path, "SELECT count(*) FROM captures") == [(0,)]


@pytest.mark.parametrize(
    "refusal",
    [Reply("no", 403), Reply("<title>Just a moment...</title>", 403, {"cf-mitigated": "challenge"})],
)
def test_pages_that_are_always_refused_are_no_refusal_of_the_site(
    site: Web, crawl: Crawl, tmp_path: Path, refusal: Reply
) -> None:
    """When all between them are skipped, they follow each other."""
    closed = [f"/news/harbour-meeting-{number}" for number in (1, 3)]
    entries = {f"{site.base}/news/harbour-meeting-{number}": "2020-01-01" for number in range(6)}
    site.pages["/sitemap.xml"] = Reply(sitemap(entries))
    site.pages |= dict.fromkeys(closed, refusal)
    patience = ("-s", "IOMSCRAPE_MAX_REFUSALS=2", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    crawl(site.base, *patience)
    assert len(slugs(tmp_path)) == 4
    site.log.clear()
    assert crawl(site.base, *patience).code != 5
    assert sorted(pages_asked(site)) == closed
    # All of them closed is the site's own word.
    site.pages |= {f"/news/harbour-meeting-{number}": refusal for number in range(6)}
    assert crawl(site.base, "--full", *patience).code == 5


def test_refused_pages_slow_the_run_down_before_it_leaves(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    for number in range(6):
        site.pages[f"/news/harbour-meeting-{number}"] = Reply("no", 403)
    ended = crawl(site.base, "-s", "IOMSCRAPE_MAX_REFUSALS=4")
    assert ended.code == 5
    assert "was left for this run. It refused 4 requests in a row" in one_line(ended)
    times = [asked.time for asked in site.log if asked.path.startswith("/news/harbour")]
    pauses = [after - before for before, after in pairwise(times)][:3]
    assert pauses[0] >= 0.1
    assert pauses[1] >= 0.2
    assert pauses[2] >= 0.4
    assert "forbidden" in {reason for _, reason in problems(tmp_path)}


def test_one_site_that_refuses_does_not_stop_the_other(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    other = Web()
    other.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n")
    ended = crawl(site.base, other.base)
    other.close()
    assert ended.code == 5
    assert other.base in one_line(ended)
    assert len(slugs(tmp_path)) == 6
