"""Files that hold pages: what comes out, and what is said of the rest."""

from __future__ import annotations

import base64
import gzip
import json
import os
import quopri
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.records import Capture
from spiders import dumps, files
from spiders.files import Source, spooled
from spiders.passed import Item, Passed
from spiders.unfetched import Unfetched
from tests.spiders.warcfiles import DAY, page, page_record, pages_of, wrong_of
from tests.website import article

WHEN = datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)


def read(path: Path, url: str | None = None) -> list[Item]:
    return list(Source(path, url=url).captures())


def saved(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    os.utime(path, (WHEN.timestamp(), WHEN.timestamp()))
    return path


# Saved pages -----------------------------------------------------------------------------------------


def mail(html: str, *, encoding: str = "quoted-printable", head: str = "") -> bytes:
    """A page as Chromium and Internet Explorer save it in one file."""
    body = (
        quopri.encodestring(html.encode())
        if encoding == "quoted-printable"
        else base64.encodebytes(html.encode())
    )
    return (
        (
            f"From: <Saved by Blink>\r\n{head}Subject: A page\r\nDate: Sun, 4 Mar 2012 07:06:07 +0200\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--x"\r\n\r\n'
            f"----x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n"
            "Content-Location: https://www.iom.int/news/a-bridge\r\n\r\n"
        ).encode()
        + body
        + b"\r\n----x\r\nContent-Type: image/png\r\n\r\nxx\r\n----x--\r\n"
    )


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page.eml"])
def test_a_page_in_one_file_of_mhtml(tmp_path: Path, name: str, encoding: str) -> None:
    html = article("a-bridge").replace("<p>", "<p>Zürich, ", 1)
    [item] = read(saved(tmp_path / name, mail(html, encoding=encoding)))
    assert isinstance(item, Capture)
    assert (item.url, item.source) == ("https://www.iom.int/news/a-bridge", "html")
    assert item.fetched_at == WHEN
    assert item.header("Content-Type") == "text/html; charset=utf-8"
    assert item.body.decode().strip().replace("\r\n", "\n") == html.strip()


@pytest.mark.parametrize(
    "data",
    [
        b"From: x\nContent-Type: multipart/related; boundary=a\n\n--a\nContent-Type: image/png\n\nx\n--a--\n",
        b"From: x\nContent-Type: multipart/related\n\nnothing",
        b"".join(b"Content-Type: multipart/related; boundary=%d\n\n--%d\n" % (n, n) for n in range(5000)),
    ],
    ids=["pictures", "no-parts", "nested"],
)
def test_mhtml_without_a_page_is_a_problem(tmp_path: Path, data: bytes) -> None:
    [item] = read(saved(tmp_path / "page.mht", data))
    assert isinstance(item, Unfetched)
    assert item.reason == "damaged"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (
            '<link href="https://www.iom.int/news/a-bridge" rel="canonical">',
            "https://www.iom.int/news/a-bridge",
        ),
        ("<link rel=canonical href=https://www.iom.int/news/a-bridge>", "https://www.iom.int/news/a-bridge"),
        (
            '<meta property="og:url" content="https://www.iom.int/news/c?x=1&amp;y=2">',
            "https://www.iom.int/news/c?x=1&y=2",
        ),
        ("<!-- saved from url=(0027)https://www.iom.int/news/d -->", "https://www.iom.int/news/d"),
        (
            "<!--\n Page saved with SingleFile \n url: https://www.iom.int/news/e \n saved date: Tue -->",
            "https://www.iom.int/news/e",
        ),
        (
            "<!-- Mirrored from www.iom.int/news/f by HTTrack Website Copier/3.x -->",
            "https://www.iom.int/news/f",
        ),
        # A template that calls the home page every page's address is not believed.
        (
            '<link rel="canonical" href="https://www.iom.int/"><meta property="og:url" content="https://www.iom.int/news/g">',
            "https://www.iom.int/news/g",
        ),
        ('<link rel="canonical" href="/news/relative">', None),
    ],
)
def test_saved_page_says_its_address(tmp_path: Path, head: str, url: str | None) -> None:
    file = saved(tmp_path / "Saved page.html", article("saved-page", head=head))
    [found] = read(file)
    assert isinstance(found, Capture)
    assert found.url == (url or file.as_uri())
    assert (found.source, found.status, found.fetched_at) == ("html", None, WHEN)
    [given_one] = read(file, "https://www.iom.int/news/given")
    assert isinstance(given_one, Capture)
    assert given_one.url == "https://www.iom.int/news/given"


@pytest.mark.parametrize(
    ("name", "text", "when"),
    [
        ("page.url", "[InternetShortcut]\r\nURL=https://www.iom.int/news/beside\r\n", WHEN),
        ("page.html.url", "https://www.iom.int/news/beside\n", WHEN),
        (
            "page.meta",
            "url: https://www.iom.int/news/beside\ndate: 2009-08-07T06:05:04Z\n",
            datetime(2009, 8, 7, 6, 5, 4, tzinfo=UTC),
        ),
        (
            "page.html.json",
            '{"url": "https://www.iom.int/news/beside", "timestamp": "20090807060504"}',
            datetime(2009, 8, 7, 6, 5, 4, tzinfo=UTC),
        ),
    ],
)
def test_a_file_beside_says_the_address(tmp_path: Path, name: str, text: str, when: datetime) -> None:
    file = saved(tmp_path / "page.html", article("saved-page"))
    saved(tmp_path / name, text)
    [found] = read(file)
    assert isinstance(found, Capture)
    assert (found.url, found.fetched_at) == ("https://www.iom.int/news/beside", when)


def test_text_dump(tmp_path: Path) -> None:
    file = saved(tmp_path / "dump.txt", "A Title\n\nA text.")
    [found] = read(file)
    assert isinstance(found, Capture)
    assert (found.source, found.url, found.body) == ("text", file.as_uri(), b"A Title\n\nA text.")


def test_a_mirror_tells_addresses_and_leaves_lists_out(tmp_path: Path) -> None:
    [found] = read(
        saved(tmp_path / "www.iom.int/news/harbour-meeting/index.html", article("harbour-meeting"))
    )
    assert isinstance(found, Capture)
    assert found.url == "https://www.iom.int/news/harbour-meeting"
    [passed] = read(saved(tmp_path / "www.iom.int/news/index.html", article("a-list")))
    assert isinstance(passed, Passed)


# Dumps -----------------------------------------------------------------------------------------------


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"url": "https://www.iom.int/news/a", "text": "A text.", "timestamp": DAY}),
        json.dumps({"url": "https://www.iom.int/news/b", "html": article("b-page")}),
        "not json",
        json.dumps(["a", "list"]),
        json.dumps({"url": "https://www.iom.int/news/c"}),
        "",
        "[" * 100_000,
        "\ufeff" + json.dumps({"link": "https://www.iom.int/news/d", "content": "D text."}),
    ]
    file = saved(tmp_path / "dump.jsonl", "\n".join(lines))
    found = read(file)
    assert [(item.url, item.source) for item in pages_of(found)] == [
        ("https://www.iom.int/news/a", "text"),
        ("https://www.iom.int/news/b", "html"),
        ("https://www.iom.int/news/d", "text"),
    ]
    assert [item.fetched_at for item in pages_of(found)] == [WHEN] * 3
    assert [item.url for item in wrong_of(found)] == [f"{file}:{number}" for number in (3, 4, 5, 7)]
    assert {item.reason for item in wrong_of(found)} == {"bad-line"}


@pytest.mark.parametrize(
    ("row", "url", "body", "when"),
    [
        ({"url": "https://x.int/a", "text": "T."}, "https://x.int/a", "T.", WHEN),
        (
            {"source": "https://x.int/a", "body": "T.", "date": "2011-02-03"},
            "https://x.int/a",
            "T.",
            datetime(2011, 2, 3, tzinfo=UTC),
        ),
        ({"source": "a-corpus", "link": "https://x.int/b", "content": "T."}, "https://x.int/b", "T.", WHEN),
        (
            {"URL": "https://x.int/a", "Text": "T.", "crawl_date": "20110203040506"},
            "https://x.int/a",
            "T.",
            datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC),
        ),
        (
            {"text": "T.", "meta": {"url": "https://x.int/a", "timestamp": 1_300_000_000}},
            "https://x.int/a",
            "T.",
            datetime(2011, 3, 13, 7, 6, 40, tzinfo=UTC),
        ),
        (
            {"text": "T.", "url": "https://x.int/a", "timestamp": 1_300_000_000_000},
            "https://x.int/a",
            "T.",
            datetime(2011, 3, 13, 7, 6, 40, tzinfo=UTC),
        ),
        ({"text": "T.", "url": "https://x.int/a", "date": "long ago"}, "https://x.int/a", "T.", WHEN),
        (
            {"title": "Head", "maintext": "T.", "url": "https://x.int/a"},
            "https://x.int/a",
            "Head\n\nT.",
            WHEN,
        ),
        (
            {"title": "Head", "text": "Head\nT.", "url": "https://x.int/a"},
            "https://x.int/a",
            "Head\nT.",
            WHEN,
        ),
    ],
)
def test_names_of_fields_that_corpora_use(row: dict[str, Any], url: str, body: str, when: datetime) -> None:
    [found] = dumps.lines(BytesIO(json.dumps(row).encode()), "dump", WHEN)
    assert isinstance(found, Capture)
    assert (found.url, found.body.decode(), found.fetched_at) == (url, body, when)


ROWS = [{"url": f"https://x.int/{number}", "text": f"Text “{number}” {{[,"} for number in range(5)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2, ensure_ascii=False),
        "\ufeff " + json.dumps(ROWS),
        json.dumps({"count": 5, "articles": ROWS}),
        json.dumps({"count": 5, "articles": ROWS}, indent=1),
        "[\n" + ",\n".join(json.dumps(row) for row in ROWS) + "\n]\n",
        "\n".join(json.dumps(row) for row in ROWS),
    ],
)
def test_json_in_all_its_forms(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_READ", 7)
    found = read(saved(tmp_path / "dump.json", text))
    assert [item.url for item in pages_of(found)] == [row["url"] for row in ROWS]
    assert wrong_of(found) == []


def test_one_page_as_json(tmp_path: Path) -> None:
    [found] = read(saved(tmp_path / "page.json", json.dumps(ROWS[0], indent=2)))
    assert isinstance(found, Capture)
    assert found.url == "https://x.int/0"


def test_a_list_that_is_damaged(tmp_path: Path) -> None:
    parts = [json.dumps(row) for row in ROWS]
    parts[1] = parts[1].replace('"text"', '"text')
    found = read(saved(tmp_path / "dump.json", f"[{', '.join(parts)}]"))
    assert [item.url for item in pages_of(found)] == [f"https://x.int/{number}" for number in (0, 2, 3, 4)]
    assert [item.reason for item in wrong_of(found)] == ["bad-line"]
    cut = read(saved(tmp_path / "dump.json", f"[{', '.join(parts)}"[:-5]))
    assert [item.url for item in pages_of(cut)] == [f"https://x.int/{number}" for number in (0, 2, 3)]
    assert "breaks off" in wrong_of(cut)[-1].detail


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "MAX_LINE", 1000)
    rows = [json.dumps(ROWS[0]), json.dumps({"text": "x" * 5000}), json.dumps(ROWS[1])]
    found = read(saved(tmp_path / "dump.jsonl", "\n".join(rows)))
    assert [item.url for item in pages_of(found)] == ["https://x.int/0", "https://x.int/1"]
    assert [(item.url[-2:], item.reason) for item in wrong_of(found)] == [(":2", "too-large")]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"[", b"{", b'[{"text": "a"}, ']))
def test_any_dump_is_read_without_failing(data: bytes, start: bytes) -> None:
    for way in (dumps.lines, dumps.array):
        assert all(isinstance(item, Capture | Unfetched) for item in way(BytesIO(start + data), "dump", WHEN))


# Packing, kinds, what is wrong ------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
@pytest.mark.parametrize(
    ("name", "data", "urls"),
    [
        ("page.html", article("a-page", head='<link rel="canonical" href="https://x.int/a-page">').encode(), ["https://x.int/a-page"]),
        ("dump.jsonl", "\n".join(json.dumps(row) for row in ROWS).encode(), [row["url"] for row in ROWS]),
        ("dump.json", json.dumps(ROWS).encode(), [row["url"] for row in ROWS]),
        ("pages.warc", page_record(0) + page_record(1), [page(0)[0], page(1)[0]]),
    ],
)  # fmt: skip
def test_everything_may_be_packed(
    tmp_path: Path, pack: Callable[[bytes], bytes], name: str, data: bytes, urls: list[str]
) -> None:
    ending = ".gz" if pack is gzip.compress else ".zst"
    for called in (name + ending, name, "unnamed"):
        assert [item.url for item in pages_of(read(saved(tmp_path / called, pack(data))))] == urls


def test_kind_is_told_by_how_a_file_begins() -> None:
    begins = {
        "warc": [b"WARC/1.1\r\n", b"filedesc://a.arc 0.0.0.0 20020304050607 text/plain 7\n"],
        "wacz": [b"PK\x03\x04"],
        "jsonl": [b'{"url": "x", "text": "y"}\n{"url": 1}', b'{"url": "x"'],
        "json": [b'[{"url": 1}]', b'{\n "url": 1}', b"\xef\xbb\xbf [1]"],
        "html": [b"\n<!DOCTYPE html><html>"],
        "text": [b"A Title\n"],
    }
    for kind, starts in begins.items():
        for start in starts:
            assert files._kind(start, "unnamed") == kind, start
    assert files._kind(b"not json", "dump.jsonl") == "jsonl"
    assert files._kind(b"WARC/1.0\r\n", "page.html") == "warc"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.html", b"", "empty"),
        ("empty.warc.gz", b"", "empty"),
        ("short.html.gz", gzip.compress(article("a-page").encode(), mtime=0)[:-30], "damaged"),
        ("short.jsonl.zst", zstd.compress(b'{"text": "a"}\n' * 9)[:-3], "damaged"),
        ("noise.warc.gz", b"no warc at all", "damaged"),
        ("noise.zip", b"PK\x03\x04 no zip", "damaged"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    found = read(saved(tmp_path / name, data))
    assert [item.reason for item in wrong_of(found)] == [reason]
    assert wrong_of(found)[0].url.startswith(str(tmp_path / name))


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE", 1000)
    [wrong] = wrong_of(read(saved(tmp_path / "page.html.gz", gzip.compress(bytes(100_000)))))
    assert wrong.reason == "too-large"


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.html", tmp_path):
        [found] = read(path)
        assert isinstance(found, Unfetched)
        assert found.reason == "unreadable-file"


def test_what_comes_through_a_pipe() -> None:
    with spooled(BytesIO(page_record(0)), "-", None) as source:
        [found] = source.captures()
    assert isinstance(found, Capture)
    assert (found.url, found.origin) == (page(0)[0], "-:0")
