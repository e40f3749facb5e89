"""Servers that break off, lie, lead astray and flood: over a real socket, each costs a row and no more."""

from __future__ import annotations

import gzip
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tests.spiders.rawserver import RawServer, whole
from tests.website import QUICK, Ended, article, run, sitemap

LIMIT = 300_000
"""DOWNLOAD_MAXSIZE of these crawls."""


def trickle(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(60):
        client.sendall(b"x")
        sleep(0.1)


def nothing(client: socket.socket) -> None:
    client.close()


def half_a_head(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")


def moved(target: str) -> bytes:
    return whole("", f"Location: {target}", status="302 Found")


PROBLEMS: dict[str, tuple[str, bytes | Callable[[socket.socket], None]]] = {
    "trickles": ("timeout", trickle),
    "says-nothing": ("network", nothing),
    "breaks-in-head": ("network", half_a_head),
    "promises-more": ("cut-off", whole(article("promises-more"), length=50_000)),
    "promises-500-mb": ("too-large", whole("x", length=500_000_000)),
    "is-no-gzip": ("bad-encoding", whole("<h1>plain</h1>", "Content-Encoding: gzip")),
    "is-half-a-gzip": ("cut-off", whole(gzip.compress(b"<h1>x</h1>" * 99)[:30], "Content-Encoding: gzip")),
    "is-a-bomb": ("too-large", whole(gzip.compress(b"\0" * 50_000_000), "Content-Encoding: gzip")),
    "circle-one": ("redirect-loop", moved("/news/circle-two")),
    "leads-to-a-file": ("off-site", moved("file:///etc/passwd")),
    "leads-to-another": ("off-site", moved("http://other.invalid/news/elsewhere")),
    "leads-inside": ("off-site", moved("http://10.0.0.1/news/the-printer")),
    "leads-to-the-cloud": ("off-site", moved("http://169.254.169.254/latest/meta-data/")),
    "leads-to-another-port": ("off-site", moved("http://127.0.0.1:1/news/inside")),
}
READ: dict[str, bytes] = {
    "says-latin": whole(
        article("says-latin", words="Café à Genève."), "Content-Type: text/html; charset=latin-1"
    ),
    "says-no-charset": whole(article("says-no-charset"), "Content-Type: text/html; charset=no-such"),
    "promises-less": whole(article("promises-less") + "<!-- more -->", length=len(article("promises-less"))),
}


@dataclass(frozen=True)
class Met:
    """A crawl that met all of them."""

    server: RawServer
    folder: Path
    ended: Ended
    seconds: float

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.folder / "iom.db")
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def reasons(self, slug: str) -> list[str]:
        query = "SELECT reason FROM problems WHERE url = ?"
        return [reason for (reason,) in self.rows(query, f"{self.server.base}/news/{slug}")]


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    server, folder = RawServer(), tmp_path_factory.mktemp("met")
    for slug, (_, answer) in PROBLEMS.items():
        server.pages[f"/news/{slug}"] = answer
    for slug, page in READ.items():
        server.pages[f"/news/{slug}"] = page
    server.pages["/news/circle-two"] = moved("/news/circle-one")
    server.pour("/news/never-ends", {"Content-Type": "text/html"}, b"<p>more</p>" * 1000, 50_000)
    slugs = (*PROBLEMS, *READ, "never-ends")
    server.pages["/sitemap.xml"] = whole(sitemap({f"{server.base}/news/{slug}": None for slug in slugs}))
    server.pages["/"] = whole("<main></main>")
    settings = (
        *("-s", f"DOWNLOAD_MAXSIZE={LIMIT}", "-s", "DOWNLOAD_TIMEOUT=1.5", "-s", "RETRY_TIMES=0"),
        *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "IOMSCRAPE_BACKOFF=0"),
    )
    began = monotonic()
    ended = run("crawl", server.base, *QUICK, *settings, cwd=folder)
    yield Met(server, folder, ended, monotonic() - began)
    server.close()


@pytest.mark.parametrize("slug", PROBLEMS)
def test_it_is_a_problem_with_its_reason(met: Met, slug: str) -> None:
    assert met.reasons(slug) == [PROBLEMS[slug][0]]


@pytest.mark.parametrize("slug", READ)
def test_what_can_be_read_is_read(met: Met, slug: str) -> None:
    [(title,)] = met.rows("SELECT title FROM articles WHERE url LIKE ?", f"%/{slug}")
    assert title == slug.replace("-", " ").title()
    assert met.reasons(slug) == []


def test_accents_survive_a_wrong_charset(met: Met) -> None:
    [(text,)] = met.rows("SELECT text FROM articles WHERE url LIKE '%says-latin'")
    assert "Café à Genève" in text


def test_an_endless_answer_is_cut_off(met: Met) -> None:
    assert met.reasons("never-ends") == ["too-large"]
    # What the kernel's buffers hold on loopback comes on top of the limit.
    assert met.server.sent["/news/never-ends"] < 60 * LIMIT


def test_the_whole_takes_no_longer_than_its_timeouts(met: Met) -> None:
    assert met.ended.code == 4, met.ended.err
    assert "Traceback" not in met.ended.err
    assert met.seconds < 20


def test_an_inner_address_is_named_as_such(met: Met) -> None:
    [(detail,)] = met.rows("SELECT detail FROM problems WHERE url LIKE '%/leads-inside'")
    assert "10.0.0.1, an address of an inner network" in detail


BOMB = (
    '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><urlset><url><loc>http://127.0.0.1/news/&j;</loc></url></urlset>"
)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    """A crawl whose sitemaps and feed are traps."""
    server, folder = RawServer(), tmp_path_factory.mktemp("listed")
    names = ("bomb", "outside", "million", "html", "good")
    server.pages["/robots.txt"] = whole("".join(f"Sitemap: {server.base}/{name}.xml\n" for name in names))
    server.pages["/"] = whole(
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><main></main>'
    )
    server.pages["/feed.xml"] = whole("<!doctype html><html><body>Our feed has moved</body></html>")
    server.pages["/html.xml"] = whole("<!doctype html><title>Not found</title><p>Sorry")
    server.pages["/bomb.xml"] = whole(BOMB)
    outside = (
        f'<!DOCTYPE urlset SYSTEM "{server.base}/stolen.dtd" [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    )
    entry = f"<urlset><url><loc>{server.base}/news/&x;</loc></url></urlset>"
    server.pages["/outside.xml"] = whole(outside + entry)
    million = "".join(f"<url><loc>{server.base}/p/{number}</loc></url>" for number in range(1_000_000))
    server.pages["/million.xml"] = whole(gzip.compress(f"<urlset>{million}</urlset>".encode(), 1))
    server.pages["/good.xml"] = whole(sitemap({f"{server.base}/news/still-comes-in": None}))
    server.pages["/news/still-comes-in"] = whole(article("still-comes-in"))
    began = monotonic()
    ended = run("crawl", server.base, *QUICK, cwd=folder)
    yield Met(server, folder, ended, monotonic() - began)
    server.close()


def test_hostile_sitemaps_cost_a_row_each(listed: Met) -> None:
    found = dict(listed.rows("SELECT url, reason FROM problems"))
    names = ("bomb", "million", "html", "feed")
    assert found == {f"{listed.server.base}/{name}.xml": "bad-sitemap" for name in names}
    assert listed.seconds < 30


def test_no_entity_leads_outside(listed: Met) -> None:
    assert "/stolen.dtd" not in listed.server.asked
    assert [path for path in listed.server.asked if path.startswith("/news/")] == ["/news/still-comes-in"]


def test_the_good_sitemap_is_read_all_the_same(listed: Met) -> None:
    assert listed.rows("SELECT title FROM articles") == [("Still Comes In",)]
