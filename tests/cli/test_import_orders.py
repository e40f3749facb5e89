"""One article from the live site, a WARC file and a saved page: one record, whatever order they come in."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
from click.testing import CliRunner

from archive import Archive
from iomscrape.cli import main
from iomscrape.demo.server import SampleSites
from tests.spiders.warcfiles import answer, packed, record
from tests.website import QUICK, run

SAVED = datetime(2021, 6, 7, 8, 9, 10, tzinfo=UTC)
IN_WARC = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def sites() -> Iterator[SampleSites]:
    with SampleSites() as serving:
        yield serving


@pytest.fixture(scope="module")
def address(sites: SampleSites) -> str:
    """The story that all of them hold."""
    site = sites.site("office")
    return site.url(site.stories[0], site.first)


@pytest.fixture(scope="module")
def served(address: str) -> bytes:
    with build_opener(ProxyHandler({})).open(address) as sent:
        body: bytes = sent.read()
    return body


def older(body: bytes, word: bytes) -> bytes:
    """The page as it was: with a word more in its first paragraph of text."""
    start = body.index(b"<p>", body.index(b"<h1")) + 3
    return body[:start] + word + b" " + body[start:]


def came_in(folder: Path, order: tuple[str, ...], address: str, served: bytes) -> dict[str, Any]:
    """What the archive holds after the three came in that order."""
    warc = folder / "old.warc.gz"
    block = answer(older(served, b"Originally:"))
    warc.write_bytes(
        packed([record("response", address, block, WARC_Date=IN_WARC.strftime("%Y-%m-%dT%H:%M:%SZ"))])
    )
    page = folder / "saved.html"
    page.write_bytes(older(served, b"Meanwhile:"))
    page.with_name("saved.html.url").write_text(f"[InternetShortcut]\nURL={address}\n")
    os.utime(page, (SAVED.timestamp(), SAVED.timestamp()))
    db = str(folder / "iom.db")
    for way in order:
        if way == "live":
            ended = run("crawl", address, "--max-pages", "1", "--db", db, *QUICK, cwd=folder)
            assert ended.code == 0, ended.err
        else:
            file = {"warc": warc, "html": page}[way]
            result = CliRunner().invoke(main, ["import", str(file), "--db", db])
            assert result.exit_code == 0, result.output
    return _content(db, address)


def _content(db: str, address: str) -> dict[str, Any]:
    connection = sqlite3.connect(db)
    try:
        versions = [
            (number, title, text, json.loads(record))
            for number, title, text, record in connection.execute(
                "SELECT number, title, text, record FROM versions ORDER BY number"
            )
        ]
        captures = connection.execute(
            "SELECT source, url, status, digest, outcome = 'problem' FROM captures ORDER BY fetched_at"
        ).fetchall()
        seen = connection.execute(
            "SELECT c.source, s.digest FROM sightings s JOIN captures c ON c.id = s.capture_id ORDER BY s.seen_at"
        ).fetchall()
        shown = connection.execute(
            "SELECT c.source FROM versions v JOIN captures c ON c.id = v.capture_id ORDER BY v.number"
        ).fetchall()
        times = connection.execute("SELECT first_seen FROM articles").fetchall()
    finally:
        connection.close()
    with Archive.open(db, readonly=True) as archive:
        article = archive.article(address)
        assert article is not None
        assert archive.stats()["articles"] == 1
        found = archive.search("Originally")
    # When the live page was fetched, and in which order rows were made, is all that may differ.
    for name in ("id", "last_seen", "versions", "captures", "capture_id"):
        article.pop(name, None)
    return {
        "article": article,
        "versions": versions,
        "captures": captures,
        "sightings": seen,
        "shown": shown,
        "times": times,
        "found": len(found),
    }


# Each of the three comes first, second and last.
TURNS = (("warc", "html", "live"), ("html", "live", "warc"), ("live", "warc", "html"))
ORDERS = tuple(permutations(TURNS[0]))


@pytest.mark.parametrize(
    "orders", [TURNS, pytest.param(ORDERS, marks=pytest.mark.proof)], ids=["turns", "all"]
)
def test_all_orders_end_in_the_same_archive(
    tmp_path: Path, address: str, served: bytes, orders: tuple[tuple[str, ...], ...]
) -> None:
    found = {}
    for order in orders:
        folder = tmp_path / "-".join(order)
        folder.mkdir()
        found[order] = came_in(folder, order, address, served)
    first = found["warc", "html", "live"]
    assert [source for source, *_ in first["captures"]] == ["warc", "html", "live"]
    assert [source for (source,) in first["shown"]] == ["warc", "html", "live"]
    texts = [text for _, _, text, _ in first["versions"]]
    assert len(texts) == 3
    assert "Originally:" in texts[0]
    assert "Meanwhile:" in texts[1]
    assert "Originally:" not in texts[2]
    assert first["times"] == [(IN_WARC.isoformat(),)]
    for order, content in found.items():
        assert content == first, order
