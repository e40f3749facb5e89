"""Files that hold pages: what comes out, and what is said of the rest."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from iomscrape.records import Capture
from spiders import files, warcs
from spiders.unfetched import Unfetched
from tests.website import article

DAY = "2012-03-04T05:06:07Z"


def warc(pages: list[tuple[str, str, str, bytes]], *, packed: bool) -> list[bytes]:
    """The records of a WARC file: (type, address, content type, body)."""
    records = []
    for kind, url, content_type, body in pages:
        block, block_type = body, content_type
        if kind == "response":
            encoding = "Content-Encoding: gzip\r\n" if body.startswith(b"\x1f\x8b") else ""
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{encoding}\r\n"
            block, block_type = head.encode() + body, "application/http; msgtype=response"
        fields = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Date: {DAY}\r\n"
            f"WARC-Target-URI: {url}\r\nContent-Type: {block_type}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        record = fields.encode() + block + b"\r\n\r\n"
        records.append(gzip.compress(record) if packed else record)
    return records


def page(number: int) -> tuple[str, str, str, bytes]:
    slug = f"harbour-meeting-{number}"
    return "response", f"https://www.iom.int/news/{slug}", "text/html; charset=utf-8", article(slug).encode()


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_a_warc_file(tmp_path: Path, packed: bool) -> None:
    others = [
        ("response", "https://www.iom.int/logo.png", "image/png", b"\x89PNG"),
        ("response", "https://www.iom.int/robots.txt", "text/plain", b"User-agent: *"),
        ("response", "https://www.iom.int/news", "text/html", b"<html>a list</html>"),
        (
            "resource",
            "https://www.iom.int/news/resource-page",
            "text/html",
            article("resource-page").encode(),
        ),
        ("metadata", "https://www.iom.int/news/harbour-meeting-0", "text/plain", b"depth: 1"),
    ]
    file = tmp_path / ("pages.warc.gz" if packed else "pages.warc")
    file.write_bytes(b"".join(warc([page(0), *others, page(1)], packed=packed)))
    found = list(files.captures(file))
    assert all(isinstance(item, Capture) for item in found)
    captures = [item for item in found if isinstance(item, Capture)]
    assert [
        item.url.rpartition("/")[2] for item in captures if item.url.rpartition("/")[2] != "robots.txt"
    ] == [
        "harbour-meeting-0",
        "resource-page",
        "harbour-meeting-1",
    ]
    first = captures[0]
    assert first.body == page(0)[3]
    assert (first.source, first.status) == ("warc", 200)
    assert first.fetched_at == datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert (first.origin or "").startswith(f"{file}:")
    assert first.header("content-type") == "text/html; charset=utf-8"


def test_compressed_page_of_a_warc_file(tmp_path: Path) -> None:
    kind, url, content_type, body = page(0)
    file = tmp_path / "pages.warc.gz"
    file.write_bytes(b"".join(warc([(kind, url, content_type, gzip.compress(body, mtime=0))], packed=True)))
    [found] = files.captures(file)
    assert isinstance(found, Capture)
    assert found.body == body
    assert found.wire == gzip.compress(body, mtime=0)


@pytest.mark.parametrize("packed", [True, False])
def test_damaged_record_costs_one_page(tmp_path: Path, packed: bool) -> None:
    records = warc([page(0), page(1), page(2)], packed=packed)
    middle = bytearray(records[1])
    middle[30:90] = b"\x00" * 60
    file = tmp_path / "broken.warc"
    file.write_bytes(records[0] + bytes(middle) + records[2])
    found = list(files.captures(file))
    assert [item.url[-1] for item in found if isinstance(item, Capture)] == ["0", "2"]
    [wrong] = [item for item in found if isinstance(item, Unfetched)]
    assert wrong.reason == "damaged"
    assert wrong.url == f"{file}:{len(records[0])}"


@pytest.mark.parametrize("packed", [True, False])
def test_file_that_breaks_off(tmp_path: Path, packed: bool) -> None:
    records = warc([page(0), page(1)], packed=packed)
    file = tmp_path / "short.warc"
    file.write_bytes(records[0] + records[1][:-200])
    good, wrong = files.captures(file)
    assert isinstance(good, Capture)
    assert isinstance(wrong, Unfetched)
    assert "breaks off" in wrong.detail


def test_record_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warcs, "MAX_RECORD", 5_000)
    bomb = ("response", "https://www.iom.int/news/endless-page", "text/html", b" " * 100_000)
    file = tmp_path / "bomb.warc.gz"
    file.write_bytes(b"".join(warc([bomb, page(1)], packed=True)))
    wrong, good = files.captures(file)
    assert isinstance(wrong, Unfetched)
    assert "larger" in wrong.detail
    assert isinstance(good, Capture)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link href="https://www.iom.int/news/a-b" rel="canonical">', "https://www.iom.int/news/a-b"),
        (
            '<meta property="og:url" content="https://www.iom.int/news/c?x=1&amp;y=2">',
            "https://www.iom.int/news/c?x=1&y=2",
        ),
        ("<!-- saved from url=(0027)https://www.iom.int/news/d -->", "https://www.iom.int/news/d"),
        ('<link rel="canonical" href="/news/relative">', None),
    ],
)
def test_saved_page_says_its_address(tmp_path: Path, head: str, url: str | None) -> None:
    file = tmp_path / "Saved page.html"
    file.write_text(article("saved-page", head=head), encoding="utf-8")
    os.utime(file, (1_330_837_567, 1_330_837_567))
    [found] = files.captures(file)
    assert isinstance(found, Capture)
    assert found.url == (url or file.as_uri())
    assert (found.source, found.status) == ("html", None)
    assert found.fetched_at == datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)
    [given] = files.captures(file, url="https://www.iom.int/news/given")
    assert given.url == "https://www.iom.int/news/given"


def test_text_dump(tmp_path: Path) -> None:
    file = tmp_path / "dump.txt"
    file.write_text("A Title\n\nA text.", encoding="utf-8")
    [found] = files.captures(file)
    assert isinstance(found, Capture)
    assert (found.source, found.url) == ("text", file.as_uri())


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"url": "https://www.iom.int/news/a", "text": "A text.", "timestamp": DAY}),
        json.dumps({"url": "https://www.iom.int/news/b", "html": article("b-page")}),
        "not json",
        json.dumps(["a", "list"]),
        json.dumps({"url": "https://www.iom.int/news/c"}),
        "",
        "[" * 100_000,
    ]
    file = tmp_path / "dump.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    found = list(files.captures(file))
    captures = [item for item in found if isinstance(item, Capture)]
    assert [(item.url, item.source) for item in captures] == [
        ("https://www.iom.int/news/a", "text"),
        ("https://www.iom.int/news/b", "html"),
    ]
    assert captures[0].fetched_at == datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)
    bad = [item for item in found if isinstance(item, Unfetched)]
    assert [item.url for item in bad] == [f"{file}:{number}" for number in (3, 4, 5, 7)]
    assert {item.reason for item in bad} == {"bad-line"}


def test_kind_is_told_by_how_a_file_begins(tmp_path: Path) -> None:
    begins = {
        "warc": b"WARC/1.1\r\n",
        "jsonl": b'{"url": "x", "text": "y"}\n',
        "html": b"\n<!DOCTYPE html><html>",
        "text": b"A Title\n",
    }
    for kind, start in begins.items():
        file = tmp_path / "unnamed"
        file.write_bytes(start)
        assert files._kind_by_start(file) == kind


def test_folder_gives_its_pages_in_order(tmp_path: Path) -> None:
    for name in ("b.html", "a/deep.HTM", "a/pic.png", ".hidden/x.html", "c.txt", "notes"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [str(file.relative_to(tmp_path)) for file in files.found_in(tmp_path)] == [
        "a/deep.HTM",
        "b.html",
        "c.txt",
    ]


def test_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    [found] = files.captures(tmp_path / "missing.html")
    assert isinstance(found, Unfetched)
    assert found.reason == "unreadable-file"
