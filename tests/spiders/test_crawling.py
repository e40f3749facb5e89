"""The spider and everything behind it, over HTTP, as a user starts it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.rawpages import read_capture
from tests.spiders.crawled import RECORDS, Crawl, problems, rows, slugs
from tests.website import QUICK, ROOT, Asked, Ended, Reply, Web, article, fill, listing, run, sitemap


@dataclass(frozen=True)
class Walked:
    """A crawl that is over, for many tests to look at."""

    web: Web
    other: Web
    folder: Path
    ended: Ended


HEAD = '<link rel="alternate" type="application/rss+xml" href="/our-feed.xml">'


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """One crawl of a site that has everything, and of a second one."""
    web, other, folder = Web(), Web(), tmp_path_factory.mktemp("walked")
    fill(web)
    web.pages["/"] = Reply(
        f"<html><head>{HEAD}</head><body><main><a href='/news/on-the-front'>x</a></main></body>"
    )
    items = f"<item><title>x</title><link>{web.base}/news/from-the-feed</link></item>"
    web.pages["/our-feed.xml"] = Reply(f'<rss version="2.0"><channel>{items}</channel></rss>')
    web.pages["/news"] = Reply(
        listing(["/news/list-page-zero"], after='<a rel="next" href="?page=1">Next</a>')
    )
    web.pages["/news?page=1"] = Reply(listing(["/news/list-page-one/?utm_source=mail#top"]))
    web.pages["/news?page=2"] = Reply(listing(["/news/list-page-one"]))
    web.pages["/news?page=3"] = Reply(listing(["/news/never-reached"]))
    for slug in ("on-the-front", "from-the-feed", "list-page-zero", "list-page-one", "never-reached"):
        web.pages[f"/news/{slug}"] = Reply(article(slug))
    hreflang = "".join(
        f'<link rel="alternate" hreflang="{lang}" href="{web.base}/{lang}/news/reunion-au-port">'
        for lang in ("es", "fr")
    )
    web.pages["/news/harbour-meeting-0"] = Reply(article("harbour-meeting-0", head=hreflang))
    for lang in ("es", "fr"):
        web.pages[f"/{lang}/news/reunion-au-port"] = Reply(article("reunion-au-port", lang=lang))
    web.pages["/news/harbour-meeting-4"] = Reply(article("harbour-meeting-4")).gzipped()
    web.pages["/news/harbour-meeting-5"] = Reply("", 301, {"Location": "/news/harbour-meeting-five"})
    web.pages["/news/harbour-meeting-five"] = Reply(article("harbour-meeting-five"))
    page_two = web.pages["/sitemap.xml?page=2"]
    assert isinstance(page_two, Reply)
    web.pages["/sitemap.xml?page=2"] = Reply(gzip.compress(str(page_two.body).encode()))
    other.pages["/"] = Reply(listing(["/news/from-the-office"]))
    other.pages["/news/from-the-office"] = Reply(article("from-the-office"))
    arguments = ("--lang", "es", "--contact", "press-archive@example.org", "--json")
    yield Walked(web, other, folder, run("crawl", web.base, other.base, *arguments, *QUICK, cwd=folder))
    web.close()
    other.close()


def test_a_whole_walk_ends_well(walked: Walked) -> None:
    assert walked.ended.code == 0, walked.ended.err
    assert json.loads(walked.ended.out)["new"] == len(slugs(walked.folder))
    [(outcome, code, ended_at)] = rows(walked.folder, "SELECT outcome, exit_code, ended_at FROM runs")
    assert (outcome, code, bool(ended_at)) == ("done", 0, True)
    assert problems(walked.folder) == set()


def test_sitemap_index_with_pages_of_which_one_is_gzipped(walked: Walked) -> None:
    assert {f"harbour-meeting-{number}" for number in range(5)} < set(slugs(walked.folder))


def test_front_page_feed_and_lists_are_followed(walked: Walked) -> None:
    assert {"on-the-front", "from-the-feed", "list-page-zero", "list-page-one"} < set(slugs(walked.folder))
    assert walked.web.asked("/news?page=2")
    assert not walked.web.asked("/news?page=3")


def test_other_languages_are_followed_and_can_be_left_out(walked: Walked) -> None:
    assert walked.web.asked("/es/news/reunion-au-port")
    assert not walked.web.asked("/fr/news/reunion-au-port")


def test_second_site_of_the_run(walked: Walked) -> None:
    assert "from-the-office" in slugs(walked.folder)


def test_no_page_is_asked_for_twice(walked: Walked) -> None:
    paths = [asked.path for asked in walked.web.log if "/news/" in asked.path]
    assert len(paths) == len(set(paths))


def test_who_we_are_is_said(walked: Walked) -> None:
    agents = {asked.headers["user-agent"] for asked in walked.web.log}
    assert len(agents) == 1
    assert agents.pop().endswith(" (+press-archive@example.org)")


def test_redirect_on_the_site_is_followed(walked: Walked) -> None:
    [(led,)] = rows(walked.folder, "SELECT redirected_from FROM captures WHERE url LIKE '%five'")
    assert json.loads(led) == [f"{walked.web.base}/news/harbour-meeting-5"]


def test_redirect_to_a_page_that_came_before_is_a_further_address(
    site: Web, crawl: Crawl, tmp_path: Path
) -> None:
    moved = f"{site.base}/node/77"
    site.pages["/sitemap.xml"] = Reply(sitemap({f"{site.base}/news/harbour-meeting-1": None, moved: None}))
    site.pages["/node/77"] = Reply("", 301, {"Location": "/news/harbour-meeting-1"})
    assert crawl(site.base).code == 0
    addresses = "SELECT o.url, a.url FROM other_addresses o JOIN articles a ON a.id = o.article_id"
    assert rows(tmp_path, addresses) == [(moved, f"{site.base}/news/harbour-meeting-1")]
    assert rows(tmp_path, f"SELECT state, status FROM frontier WHERE url = '{moved}'") == [("fetched", 301)]


def test_robots_txt_is_asked_for_once(walked: Walked) -> None:
    for web in (walked.web, walked.other):
        assert [asked.path for asked in web.log].count("/robots.txt") == 1


def test_compressed_pages_are_kept_as_sent(walked: Walked) -> None:
    [(file, offset)] = rows(
        walked.folder, "SELECT warc_file, warc_offset FROM captures WHERE url LIKE '%meeting-4'"
    )
    kept = read_capture(walked.folder / "iom-warc", file, offset)
    sent = walked.web.pages["/news/harbour-meeting-4"]
    assert isinstance(sent, Reply)
    assert kept.wire == sent.body
    assert kept.header("Content-Encoding") == "gzip"
    assert kept.body.decode() == article("harbour-meeting-4")


def test_public_sites_are_not_asked_without_contact(crawl: Crawl, tmp_path: Path) -> None:
    ended = crawl("www.iom.int")
    assert ended.code == 2
    assert "--contact" in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not (tmp_path / "iom.db").exists()


def test_since_leaves_out_what_is_older(web: Web, crawl: Crawl, tmp_path: Path) -> None:
    dated = {"old-thing": "2019-05-01", "new-thing": "2025-03-02", "undated-thing": None}
    web.pages["/"] = Reply(
        '<main><div><div class="article-detail"><h5 class="title"><a href="/news/old-card">x</a></h5>'
        '<div class="date">12 April 2018</div></div></div>'
        '<div><div class="article-detail"><h5 class="title"><a href="/news/new-card">x</a></h5>'
        '<div class="date">3 March 2025</div></div></div></main>'
    )
    web.pages["/sitemap.xml"] = Reply(
        sitemap({f"{web.base}/news/{slug}": day for slug, day in dated.items()})
    )
    for slug in (*dated, "old-card", "new-card"):
        web.pages[f"/news/{slug}"] = Reply(article(slug))
    assert crawl(web.base, "--since", "2025-01-01").code == 0
    assert slugs(tmp_path) == ["new-card", "new-thing", "undated-thing"]


def test_max_pages_is_exact(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    assert crawl(site.base, "--max-pages", "4", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8").code == 0
    assert rows(tmp_path, "SELECT count(*) FROM captures") == [(4,)]


def test_error_that_heals_is_no_problem(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    tries: list[Asked] = []

    def heals(asked: Asked) -> Reply:
        tries.append(asked)
        return Reply("broken", 500) if len(tries) == 1 else Reply(article("harbour-meeting-2"))

    site.pages["/news/harbour-meeting-2"] = heals
    assert crawl(site.base).code == 0
    assert len(tries) == 2
    assert len(slugs(tmp_path)) == 6
    assert problems(tmp_path) == set()


BAD: dict[str, Reply] = {
    "http-404": Reply("gone", 404),
    "http-410": Reply("gone", 410),
    "http-500": Reply("broken", 500),
    "challenge": Reply("<title>Just a moment...</title>", 403, {"cf-mitigated": "challenge"}),
    "forbidden": Reply("no", 403),
    "not-a-page": Reply(b"%PDF-1.4 ...", 200, {"Content-Type": "application/pdf"}),
    "empty": Reply(b"", 200),
    "too-large": Reply("x" * 300_000),
    "cut-off": Reply("short", 200, {"Content-Length": "4000", "Connection": "close"}),
    "timeout": Reply("late", wait=3.0),
    "redirect-loop": Reply("", 302, {"Location": "/news/page-redirect-loop"}),
    "moved-away": Reply("", 302, {"Location": "/"}),
    "off-site": Reply("", 302, {"Location": "http://127.0.0.1:1/news/inside"}),
}
KEPT = ("http-404", "http-410", "http-500", "challenge", "forbidden", "not-a-page", "empty")


@pytest.fixture(scope="module")
def stumbled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Path, Ended]]:
    """One crawl of a site on which much is wrong."""
    web, folder = Web(), tmp_path_factory.mktemp("stumbled")
    fill(web)
    addresses: dict[str, str | None] = {f"{web.base}/news/page-{reason}": None for reason in BAD}
    addresses["http://169.254.169.254/news/inside-the-cloud"] = None
    web.pages["/sitemap.xml?page=2"] = Reply(sitemap(addresses))
    for reason, reply in BAD.items():
        web.pages[f"/news/page-{reason}"] = reply
    settings = ("-s", "DOWNLOAD_MAXSIZE=200000", "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=0")
    yield web, folder, run("crawl", web.base, *QUICK, *settings, cwd=folder)
    web.close()


@pytest.mark.parametrize("reason", BAD)
def test_what_is_no_article_is_a_problem(stumbled: tuple[Web, Path, Ended], reason: str) -> None:
    web, folder, _ = stumbled
    assert (f"{web.base}/news/page-{reason}", reason) in problems(folder)
    query = f"SELECT status, warc_file IS NOT NULL FROM captures WHERE url LIKE '%page-{reason}'"
    assert rows(folder, query) == ([(BAD[reason].status, 1)] if reason in KEPT else [])


def test_the_rest_of_a_bad_site_comes_in(stumbled: tuple[Web, Path, Ended]) -> None:
    _, folder, ended = stumbled
    assert slugs(folder) == [f"harbour-meeting-{number}" for number in range(3)]
    assert ended.code == 4
    assert "Traceback" not in ended.err


def test_sitemap_of_a_stranger_is_not_asked_for(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Reply(
        "Sitemap: http://127.0.0.1:1/sitemap.xml\nSitemap: file:///etc/passwd\n"
    )
    crawl(site.base)
    assert ("http://127.0.0.1:1/sitemap.xml", "off-site") in problems(tmp_path)


def test_site_that_cannot_be_reached(crawl: Crawl, tmp_path: Path) -> None:
    ended = crawl("http://127.0.0.1:1")
    assert ended.code == 3
    assert "http://127.0.0.1:1/: The host refused the connection." in ended.err
    assert "Traceback" not in ended.err
    assert problems(tmp_path) == {("http://127.0.0.1:1/", "refused")}


def test_site_without_articles_is_not_done(web: Web, crawl: Crawl) -> None:
    web.pages["/"] = Reply("<html><body>Under construction</body></html>")
    assert crawl(web.base).code == 3


def test_too_many_problems_are_below_thresholds(site: Web, crawl: Crawl) -> None:
    for number in (1, 2, 3):
        site.pages[f"/news/harbour-meeting-{number}"] = Reply("gone", 404)
    assert crawl(site.base).code == 4


def test_storage_that_fails_before_and_during_the_crawl(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    ended = crawl(site.base, "--db", "no-such-folder/iom.db")
    assert ended.code == 6
    assert "no-such-folder" in ended.err
    assert site.log == []
    (tmp_path / "iom-warc").write_text("a file where the folder should be")
    ended = crawl(site.base)
    assert ended.code == 6
    assert "Traceback" not in ended.err
    assert slugs(tmp_path) == []


def test_database_of_others_is_not_touched(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    (tmp_path / "iom.db").write_text("dear diary")
    assert crawl(site.base).code == 2
    assert (tmp_path / "iom.db").read_text() == "dear diary"


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "scrapy", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_scrapy_crawl_stores_the_very_same_rows(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    assert crawl(site.base).code == 0
    ended = scrapy(
        *("crawl", "site", "-a", f"url={site.base}", "-s", f"IOMSCRAPE_DB={tmp_path / 'scrapy.db'}"),
        *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
    )
    assert ended.returncode == 0
    assert rows(tmp_path, RECORDS, "scrapy.db") == rows(tmp_path, RECORDS)
    runs = "SELECT command, arguments, outcome, exit_code FROM runs"
    assert rows(tmp_path, runs, "scrapy.db") == rows(tmp_path, runs)


def test_scrapy_list_and_parse(site: Web) -> None:
    assert "site" in scrapy("list").stdout.split()
    ended = scrapy("parse", "--spider=site", f"{site.base}/news/harbour-meeting-0")
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert not (ROOT / "iom.db").exists()
