"""Runs that come again: an unchanged site is hardly asked, and what is sent again is not kept twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from archive import Archive
from iomscrape.demo.server import SampleSites
from tests.website import Asked, Ended, Reply, Web, article, run, sitemap

Crawl = Callable[..., Ended]
SPARING = (
    "--delay",
    "0",
    "-s",
    "AUTOTHROTTLE_ENABLED=False",
    "--json",
    "-s",
    "CONCURRENT_REQUESTS_PER_DOMAIN=8",
)


def many(web: Web, number: int, *, lastmod: str | None, etags: bool) -> None:
    """A site of so many pages, on two pages of a sitemap."""

    def answers(slug: str) -> Callable[[Asked], Reply]:
        def answer(asked: Asked) -> Reply:
            headers = {"ETag": f'"{slug}"'} if etags else {}
            if etags and asked.headers.get("if-none-match") == f'"{slug}"':
                return Reply(status=304, headers=headers)
            return Reply(article(slug), headers=headers)

        return answer

    slugs = [f"harbour-{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n % 10]}-{n // 100}" for n in range(number)]
    index = {f"{web.base}/sitemap.xml?page={page}": None for page in (1, 2)}
    web.pages["/"] = Reply("<main></main>")
    web.pages["/sitemap.xml"] = Reply(sitemap(index, "sitemap"))
    for page in (0, 1):
        part = slugs[page::2]
        entries = {f"{web.base}/news/{slug}": lastmod for slug in part}
        web.pages[f"/sitemap.xml?page={page + 1}"] = Reply(sitemap(entries))
    for slug in slugs:
        web.pages[f"/news/{slug}"] = answers(slug)


def test_lastmod_leaves_out_nearly_all_requests(web: Web, tmp_path: Path) -> None:
    many(web, 300, lastmod="2020-01-01", etags=False)
    assert run("crawl", web.base, *SPARING, cwd=tmp_path).code == 0
    first = len(web.log)
    web.log.clear()
    counts = json.loads(run("crawl", web.base, *SPARING, cwd=tmp_path).out)
    assert (counts["skipped"], counts["new"]) == (300, 0)
    assert first > 300
    assert len(web.log) < first * 0.05


@pytest.mark.proof
def test_sample_sites_are_hardly_asked_again(tmp_path: Path) -> None:
    """Their entries name other languages before these come with a lastmod of their own."""
    with SampleSites() as sites:
        given = ("crawl", sites.headquarters, sites.office, *SPARING)
        assert run(*given, cwd=tmp_path).code == 0
        before = len(sites.requests)
        counts = json.loads(run(*given, cwd=tmp_path).out)
        again = [request for request in sites.requests[before:] if request.status == 304]
    assert counts["skipped"] >= 80
    assert len(again) < 8


def test_what_is_sent_again_is_a_revisit_record(web: Web, tmp_path: Path) -> None:
    web.pages["/news/never-changes"] = Reply(article("never-changes")).gzipped()
    given = ("crawl", f"{web.base}/news/never-changes", *SPARING)
    for _ in range(2):
        assert run(*given, cwd=tmp_path).code == 0
    with Archive.open(tmp_path / "iom.db") as archive:
        captures = list(archive.db.query("SELECT id, revisit, warc_length FROM captures ORDER BY id"))
        assert [capture["revisit"] for capture in captures] == [0, 1]
        assert captures[1]["warc_length"] < captures[0]["warc_length"]
        pages = [archive.raw(capture["id"]) for capture in captures]
    assert pages[0] is not None
    assert pages[1] is not None
    assert pages[0].body == pages[1].body == article("never-changes").encode()


def test_many_fast_pages_are_taken_in_beside_the_crawl(web: Web, tmp_path: Path) -> None:
    many(web, 120, lastmod=None, etags=False)
    web.pages["/news/harbour-aa-0"] = Reply("<p>gone</p>", 404)

    def patient(slug: str) -> Callable[[Asked], Reply]:
        def answer(_: Asked) -> Reply:
            # The process may take its time to start; until it writes, pages come slowly.
            until = monotonic() + 1
            while len(list((tmp_path / "iom-warc").glob("*"))) < 2 and monotonic() < until:
                sleep(0.01)
            return Reply(article(slug))

        return answer

    for letter in "fghij":
        for other in "abcdefghij":
            slug = f"harbour-{letter}{other}-0"
            web.pages[f"/news/{slug}"] = patient(slug)
    always = ("-s", "IOMSCRAPE_BESIDE_RATE=0.001")
    counts = json.loads(run("crawl", web.base, *SPARING, *always, cwd=tmp_path).out)
    assert (counts["new"], counts["problem_reasons"]) == (119, {"http-404": 1})
    never = ("-s", "IOMSCRAPE_BESIDE_RATE=1000000", "--db", "alone.db")
    assert json.loads(run("crawl", web.base, *SPARING, *never, cwd=tmp_path).out)["new"] == 119
    rows = "SELECT url, title, text, lang, kind, digest FROM articles ORDER BY url"
    found = []
    for name in ("iom.db", "alone.db"):
        connection = sqlite3.connect(tmp_path / name)
        found.append(connection.execute(rows).fetchall())
        connection.close()
    assert found[0] == found[1]
    # Two writers, the crawl's and that beside it.
    assert len(list((tmp_path / "iom-warc").iterdir())) == 2
    assert len(list((tmp_path / "alone-warc").iterdir())) == 1
