"""Lists of captures: what is asked, what both kinds of answers say, what is chosen. No network."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from spiders import cdx, kept
from spiders.kept import Listed, Span
from spiders.replay import original_headers

ROWS = [
    ["timestamp", "original", "mimetype", "statuscode", "digest"],
    ["20031002101500", "http://www.iom.int:80/news/first-boat", "text/html", "200", "AAAA"],
    ["20050101000000", "http://www.iom.int/news/second-boat", "warc/revisit", "-", "BBBB"],
    ["20060101000000", "https://www.iom.int/news/third-boat?page=1", "text/html", "200", "CCCC"],
]
FIRST = Listed("20031002101500", "http://www.iom.int/news/first-boat", "AAAA")
THIRD = Listed("20060101000000", "https://www.iom.int/news/third-boat?page=1", "CCCC")


def lines(rows: list[list[str]]) -> bytes:
    names = ("timestamp", "url", "mime", "status", "digest")
    return b"".join(json.dumps(dict(zip(names, row, strict=True))).encode() + b"\n" for row in rows[1:])


def test_array_with_resume_key() -> None:
    answer = cdx.read_answer(json.dumps([*ROWS, [], ["int%2Ciom%29%2F+2006"]]).encode(), "array")
    assert answer.captures == (FIRST, THIRD)
    assert (answer.rows, answer.resume_key, answer.cut) == (3, "int%2Ciom%29%2F+2006", False)


def test_lines() -> None:
    answer = cdx.read_answer(lines(ROWS), "lines")
    assert answer.captures == (FIRST, THIRD)
    assert (answer.rows, answer.resume_key, answer.cut) == (3, None, False)


def test_nothing_listed() -> None:
    assert not cdx.read_answer(b"[]\n", "array").cut
    assert not cdx.read_answer(b"", "lines").cut
    assert cdx.read_answer(b"", "array").cut  # the Internet Archive says [], so this is an answer lost


@pytest.mark.parametrize("kind", ["array", "lines"])
def test_wherever_an_answer_is_cut_what_stands_before_is_used(kind: str) -> None:
    whole = json.dumps([*ROWS, [], ["key"]]).encode() if kind == "array" else lines(ROWS)
    complete = cdx.read_answer(whole, kind)
    for length in range(1, len(whole)):
        answer = cdx.read_answer(whole[:length], kind)
        assert answer.captures == complete.captures[: len(answer.captures)]
        assert answer.cut or (kind == "lines" and whole[length - 1 : length + 1].strip() in (b"}", b"{"))
        assert answer.resume_key is None
    assert cdx.read_answer(whole, kind, incomplete=True).cut


@pytest.mark.parametrize(
    "body",
    [b"<!doctype html><h1>Be right back</h1>", b'{"message": "no such collection"}', b'[{"a": 1}]', b"[1]"],
)
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(cdx.NoList):
        cdx.read_answer(body, "array")


def test_rows_that_are_no_captures_of_pages_are_left_out() -> None:
    rows = [
        ["20031302101500", "http://www.iom.int/news/month-thirteen", "text/html", "200", "A"],
        ["2003", "http://www.iom.int/news/year-only", "text/html", "200", "A"],
        ["20030101000000", "ftp://www.iom.int/news/other-scheme", "text/html", "200", "A"],
        ["20030101000000", "http://www.iom.int/news/moved-page", "text/html", "301", "A"],
        ["20030101000000", "http://www.iom.int/news/a-picture", "image/png", "200", "A"],
        ["20030101000000"],
    ]
    assert cdx.read_answer(json.dumps([ROWS[0], *rows]).encode(), "array").captures == ()


@pytest.mark.parametrize(
    ("given", "lists", "replay"),
    [
        ("https://web.archive.org", "https://web.archive.org/cdx/search/cdx", "https://web.archive.org/web/"),
        ("web.archive.org/web/", "https://web.archive.org/cdx/search/cdx", "https://web.archive.org/web/"),
        ("http://127.0.0.1:80/iom", "http://127.0.0.1:80/iom/cdx", "http://127.0.0.1:80/iom/"),
        ("http://h.org/iom/cdx", "http://h.org/iom/cdx", "http://h.org/iom/"),
        ("http://h.org/cdx/search/cdx", "http://h.org/cdx/search/cdx", "http://h.org/web/"),
        (
            "https://h.org/wayback/archive/",
            "https://h.org/wayback/archive/cdx",
            "https://h.org/wayback/archive/",
        ),
    ],
)
def test_where_a_server_answers(given: str, lists: str, replay: str) -> None:
    first = cdx.servers(given)[0]
    assert (first.cdx, first.replay) == (lists, replay)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("www.iom.int", "host"),
        ("https://timor-leste.iom.int/", "host"),
        ("www.iom.int/es/news", "prefix"),
        ("https://www.iom.int/news/first-boat", "exact"),
        ("https://www.iom.int/jahia/Jahia/pbnAM/cache/offonce?entryId=15402", "exact"),
    ],
)
def test_what_is_meant(given: str, match: str) -> None:
    assert cdx.target_of(given).match == match


def test_dates() -> None:
    assert kept.span_of("2003", "2004-02") == Span(
        datetime(2003, 1, 1, tzinfo=UTC), datetime(2004, 2, 29, 23, 59, 59, tzinfo=UTC)
    )
    assert kept.span_of("", "2003-12-31").end == datetime(2003, 12, 31, 23, 59, 59, tzinfo=UTC)
    for start, end in (
        ("yesterday", ""),
        ("2003-13", ""),
        ("", "2003-02-30"),
        ("2005", "2004"),
        ("9999", "9999"),
    ):
        with pytest.raises(ValueError, match=r"\d|yesterday"):
            kept.span_of(start, end)


def test_halves_leave_no_second_out() -> None:
    early, late = kept.span_of("2003", "2006").halves() or (Span(), Span())
    assert early.end is not None
    assert late.start is not None
    assert (late.start - early.end).total_seconds() == 1
    assert kept.span_of("2003-05", "2003-05").halves() is None
    assert Span().halves() is not None


def test_resume_keys_are_encoded_once() -> None:
    server, target = cdx.servers("")[0], cdx.target_of("www.iom.int")
    assert cdx.query(server, target, Span(), 10, "int%2Ciom%29%2F+2006").endswith(
        "&resumeKey=int%2Ciom%29%2F+2006"
    )
    assert cdx.query(server, target, Span(), 10, "a b&c").endswith("&resumeKey=a%20b%26c")


def test_addresses_of_captures_and_back() -> None:
    server = cdx.servers("https://web.archive.org")[0]
    address = server.capture_address(THIRD)
    assert (
        address == "https://web.archive.org/web/20060101000000id_/https://www.iom.int/news/third-boat?page=1"
    )
    assert server.listed_at(address) == THIRD._replace(digest="")
    http = address.replace("https://web", "http://web").replace("int/https://", "int/https:/")
    assert server.listed_at(http) == THIRD._replace(digest="")
    assert server.listed_at("https://web.archive.org/web/2006/https://www.iom.int/") is None
    assert server.listed_at("https://elsewhere.org/web/20060101000000/https://www.iom.int/") is None


def test_choices() -> None:
    captures = {
        Listed(timestamp, "http://www.iom.int/news/first-boat", digest)
        for timestamp, digest in (
            ("20030101000000", "A"),
            ("20030201000000", "A"),
            ("20030301000000", "B"),
            ("20040101000000", "A"),
        )
    }

    def picked(pick: str) -> list[str]:
        return [capture.timestamp[:6] for capture in kept.chosen(captures, pick)]

    assert picked("version") == ["200301", "200303", "200401"]
    assert picked("latest") == ["200401"]
    assert picked("year") == ["200301", "200401"]
    assert picked("month") == ["200301", "200302", "200303", "200401"]
    unknown = {capture._replace(digest="") for capture in captures}
    assert len(list(kept.chosen(unknown, "version"))) == 4


def test_years_without_captures() -> None:
    assert kept.years_without({2003, 2006}, Span()) == [2004, 2005]
    assert kept.years_without({2003}, kept.span_of("2002", "2004")) == [2002, 2004]
    assert kept.years_without(set(), Span()) == []


def test_headers_of_the_site_are_told_from_the_archives() -> None:
    internet_archive = [
        ("Server", "nginx"),
        ("Content-Type", "text/html"),
        ("X-Archive-Src", "crawl.warc.gz"),
        ("X-Ts", "200"),
        ("X-Archive-Orig-Server", "Apache"),
        ("X-Archive-Orig-Connection", "close"),
        ("Memento-Datetime", "Thu, 02 Oct 2003 10:15:00 GMT"),
    ]
    assert original_headers(internet_archive) == (("Content-Type", "text/html"), ("Server", "Apache"))
    pywb = [
        ("Content-Type", "text/html"),
        ("X-Generator", "Drupal 7"),
        ("X-Archive-Orig-Etag", '"x"'),
        ("Link", '<http://www.iom.int/>; rel="original"'),
        ("Date", "today"),
    ]
    assert original_headers(pywb) == (
        ("Content-Type", "text/html"),
        ("X-Generator", "Drupal 7"),
        ("Etag", '"x"'),
    )
