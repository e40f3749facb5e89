"""Sitemaps and feeds, also hostile ones."""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from spiders import sitemaps
from spiders.sitemaps import BadXml, read_listed

URLSET = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
  <url>
    <loc>https://example.org/news/one</loc>
    <lastmod>2024-05-06T07:08:09+02:00</lastmod>
    <xhtml:link rel="alternate" hreflang="es" href="https://example.org/es/news/uno"/>
    <xhtml:link rel="alternate" hreflang="fr" href="https://example.org/fr/news/un"/>
  </url>
  <url><loc> https://example.org/news/two </loc><lastmod>2024-05-06</lastmod></url>
  <url><lastmod>2024-05-06</lastmod></url>
</urlset>"""


def test_urlset() -> None:
    one, two = read_listed(URLSET).pages
    assert one.url == "https://example.org/news/one"
    assert one.lastmod == datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)
    assert one.alternates == ("https://example.org/es/news/uno", "https://example.org/fr/news/un")
    assert two.url == "https://example.org/news/two"
    assert two.lastmod == datetime(2024, 5, 6, 23, 59, 59, tzinfo=UTC)


def test_gzip_and_leading_space() -> None:
    assert read_listed(gzip.compress(URLSET)) == read_listed(URLSET) == read_listed(b"\n " + URLSET)


def test_rss_and_atom() -> None:
    rss = b"""<rss version="2.0"><channel><title>x</title><link>https://example.org/</link><item>
      <link>https://example.org/news/one</link><pubDate>Mon, 06 May 2024 07:08:09 +0000</pubDate></item></channel></rss>"""
    [item] = read_listed(rss).pages
    assert (item.url, item.lastmod) == (
        "https://example.org/news/one",
        datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
    )
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://example.org/"/><entry>
      <link rel="edit" href="https://example.org/edit"/><link href="https://example.org/news/two"/>
      <updated>2024-05-06T07:08:09Z</updated></entry></feed>"""
    [entry] = read_listed(atom).pages
    assert entry.url == "https://example.org/news/two"


def test_file_that_breaks_off_gives_what_came_before() -> None:
    listed = read_listed(URLSET[: URLSET.index(b"two")])
    assert [entry.url for entry in listed.pages] == ["https://example.org/news/one"]
    assert listed.cut


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<html><body>Not found</body></html>",
        b"\x1f\x8b\x08broken",
        gzip.compress(URLSET, mtime=0)[:60],
    ],
)
def test_what_is_none(body: bytes) -> None:
    with pytest.raises(BadXml):
        read_listed(body)


def test_entities_are_not_resolved() -> None:
    hostile = b"""<!DOCTYPE urlset [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
      <urlset><url><loc>https://example.org/news/&secret;</loc></url></urlset>"""
    assert "root:" not in str(read_listed(hostile))


def test_entity_bomb_stays_small() -> None:
    lines = ['<!ENTITY a0 "lol">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))]
    bomb = (
        f"<!DOCTYPE urlset [{''.join(lines)}]><urlset><url><loc>https://example.org/&a9;</loc></url></urlset>"
    )
    with suppress(BadXml):
        assert len(str(read_listed(bomb.encode()))) < 10_000


def test_gzip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_XML", 100_000)
    with pytest.raises(BadXml, match="larger"):
        read_listed(gzip.compress(b"<urlset>" + b" " * 200_000))


def test_number_of_entries_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 5)
    many = (
        b"<urlset>"
        + b"".join(b"<url><loc>https://example.org/%d</loc></url>" % n for n in range(9))
        + b"</urlset>"
    )
    listed = read_listed(many)
    assert len(listed.pages) == 5
    assert listed.cut
