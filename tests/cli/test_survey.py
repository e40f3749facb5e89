"""``iomscrape crawl --dry-run``, the request log, and what a run prints at its end."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from iomscrape.requestlog import FIELDS
from tests.spiders.crawled import Crawl, rows
from tests.website import Reply, Web, article, sitemap


def test_a_dry_run_asks_for_no_page_and_stores_nothing(site: Web, iomscrape: Crawl, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Reply(f"User-agent: *\nCrawl-delay: 0.3\nSitemap: {site.base}/sitemap.xml\n")
    ended = iomscrape("crawl", site.base, "--dry-run", "--delay", "0")
    assert ended.code == 0, ended.err
    assert {asked.path.partition("?")[0] for asked in site.log} == {"/robots.txt", "/sitemap.xml"}
    assert "0.3 s" in ended.out
    assert "nothing was stored" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_knows_what_the_archive_has(
    site: Web, crawl: Crawl, iomscrape: Crawl, tmp_path: Path
) -> None:
    assert crawl(site.base).code == 0
    before = rows(tmp_path, "SELECT count(*) FROM runs")
    old = {f"{site.base}/news/harbour-meeting-{number}": "2020-01-01" for number in (3, 4)}
    site.pages["/sitemap.xml?page=2"] = Reply(sitemap(old | {f"{site.base}/news/brand-new": None}))
    [found] = json.loads(iomscrape("crawl", site.base, "--dry-run", "--json", "--delay", "0.5").out)["sites"]
    # Number 5 is in no sitemap any more, but the archive knows it.
    assert (found["listed"], found["new"], found["conditional"], found["skipped"]) == (6, 1, 4, 2)
    assert found["requests"] == 5 + found["other"]
    assert found["seconds"] == found["requests"] / 2
    assert rows(tmp_path, "SELECT count(*) FROM runs") == before


def test_a_dry_run_of_a_site_that_forbids(site: Web, crawl: Crawl) -> None:
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n")
    ended = crawl(site.base, "--dry-run", "--json")
    assert ended.code == 5
    [found] = json.loads(ended.out)["sites"]
    assert found["refused"]
    assert found["reason"] == "robots"
    assert found["requests"] == 0


def test_a_dry_run_of_a_site_that_cannot_be_reached(crawl: Crawl) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    ended = crawl(f"http://127.0.0.1:{port}", "--dry-run", "--json", "-s", "RETRY_ENABLED=False")
    assert ended.code == 3
    [found] = json.loads(ended.out)["sites"]
    assert found["reason"] == "refused"


def test_each_request_is_a_line_of_fixed_fields(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    site.pages["/news/harbour-meeting-1"] = Reply("broken", 500)
    site.pages["/news/harbour-meeting-2"] = Reply(
        article("x"), 200, {"Content-Length": "90000", "Connection": "close"}
    )
    ended = crawl(site.base, "--json")
    path = tmp_path / json.loads(ended.out)["request_log"]
    assert path == tmp_path / "iom-requests/requests-1.tsv"
    head, *lines = [line.split("\t") for line in path.read_text().splitlines()]
    assert tuple(head) == FIELDS
    assert {len(line) for line in lines} == {len(FIELDS)}
    assert len(lines) == len(site.log)
    found = [dict(zip(FIELDS, line, strict=True)) for line in lines]
    broken = [line for line in found if line["url"].endswith("meeting-1")]
    assert [(line["status"], line["try"], line["kind"]) for line in broken] == [
        ("500", "1", "page"),
        ("500", "2", "page"),
    ]
    [cut, *_] = [line for line in found if line["url"].endswith("meeting-2")]
    assert (cut["status"], cut["bytes"]) == ("-", "-")
    assert "DataLoss" in cut["error"]
    assert {line["kind"] for line in found} == {"robots", "home", "sitemap", "feed", "listing", "page"}


def test_no_request_log_where_none_is_wanted(site: Web, crawl: Crawl, tmp_path: Path) -> None:
    ended = crawl(site.base, "--no-request-log")
    assert "Requests:" not in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["iom-warc", "iom.db"]


def test_one_problem_is_one_problem(site: Web, crawl: Crawl) -> None:
    site.pages["/news/harbour-meeting-1"] = Reply("gone", 404)
    ended = crawl(site.base)
    assert ", 1 problem in" in ended.out
    assert "Requests: iom-requests/requests-1.tsv" in ended.err
