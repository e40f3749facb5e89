"""Single WARC records out of a file: whole ones become captures, all others say what is wrong."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import warc_record
from spiders.crawl_index import Row, read_rows
from spiders.warc_record import BadRecord
from tests.spiders.common_crawl import WarcFile, as_lines, base32
from tests.website import article

URL = "https://www.iom.int/news/ferry-crews-meet"
AT = datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)
PAGE = article("ferry-crews-meet").encode()
HTML = ("Content-Type", "text/html; charset=UTF-8")


def made(body: bytes = PAGE, **changes: Any) -> tuple[bytes, Row]:
    """One record and what the index says of it."""
    file = WarcFile("crawl-data/x/warc/a.warc.gz")
    file.add(URL, AT, body, **changes)
    [row] = read_rows(as_lines([file.rows[-1] | {"mime": "text/html"}]).encode()).rows
    return bytes(file.data), row


def reason(member: bytes, row: Row) -> str:
    with pytest.raises(BadRecord, match=r"\.$") as raised:
        warc_record.capture(member, row, "commoncrawl")
    return raised.value.reason


def test_a_whole_record() -> None:
    member, row = made(
        headers=(HTML, ("X-Crawler-Content-Encoding", "gzip"), ("Set-Cookie", "a=b"), ("Set-Cookie", "c"))
    )
    capture = warc_record.capture(member, row, "commoncrawl")
    assert (capture.url, capture.fetched_at, capture.status) == (URL, AT, 200)
    assert (capture.body, capture.wire) == (PAGE, None)
    assert capture.headers == (
        HTML,
        ("X-Crawler-Content-Encoding", "gzip"),
        ("Set-Cookie", "a=b"),
        ("Set-Cookie", "c"),
    )
    assert capture.origin == "crawl-data/x/warc/a.warc.gz:0"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("br", brotli.compress(PAGE)),
        ("gzip, identity", gzip.compress(PAGE, mtime=0)),
    ],
)
def test_content_encoding_is_undone(encoding: str, packed: bytes) -> None:
    capture = warc_record.capture(
        *made(packed, headers=(HTML, ("Content-Encoding", encoding))), "commoncrawl"
    )
    assert (capture.body, capture.wire) == (PAGE, packed)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "made-up"])
def test_encoding_that_was_undone_before_but_is_still_named(encoding: str) -> None:
    headers = (HTML, ("Content-Encoding", encoding), ("Transfer-Encoding", "chunked"))
    capture = warc_record.capture(*made(headers=headers), "commoncrawl")
    assert (capture.body, capture.wire) == (PAGE, None)


def test_chunks_are_joined_whichever_bytes_the_digest_is_of() -> None:
    sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PAGE[:100], PAGE[100:])) + b"0\r\n\r\n"
    member, row = made(sent, headers=(HTML, ("Transfer-Encoding", "chunked")))
    for digest in (base32(sent), base32(PAGE)):
        assert warc_record.capture(member, replace(row, digest=digest), "commoncrawl").body == PAGE


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"digest": base32(b"")}, "mismatch"),
        ({"url": "https://www.iom.int/news/another-one"}, "mismatch"),
        ({"url": "https://poland.iom.int/news/ferry-crews-meet"}, "mismatch"),
        ({"at": datetime(2024, 3, 1, 10, 20, 31, tzinfo=UTC)}, "mismatch"),
        ({"truncated": "length"}, "cut-off"),
    ],
)
def test_another_record_than_the_index_says(wrong: dict[str, Any], expected: str) -> None:
    member, row = made()
    assert reason(member, replace(row, **wrong)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda member: member[: len(member) // 2], "damaged"),
        (lambda member: member[:-1], "damaged"),
        (lambda member: b"", "damaged"),
        (lambda member: member + member, "damaged"),
        (lambda member: gzip.decompress(member), "damaged"),
        (lambda member: gzip.compress(b"no record at all"), "damaged"),
        (lambda member: gzip.compress(b""), "damaged"),
        (lambda member: gzip.compress(gzip.decompress(member)[:-400]), "damaged"),
        (
            lambda member: gzip.compress(gzip.decompress(member).replace(b"Content-Length:", b"X-Length:")),
            "damaged",
        ),
        (
            lambda member: gzip.compress(gzip.decompress(member).replace(b"HTTP/1.1 200", b"HTTP/1.1 2x0")),
            "damaged",
        ),
        (lambda member: b"\x1f\x8b" + bytes(400), "damaged"),
    ],
)
def test_damage(change: Callable[[bytes], bytes], expected: str) -> None:
    member, row = made()
    assert reason(change(member), row) == expected


@pytest.mark.parametrize("kind", ["revisit", "request", "metadata"])
def test_records_of_other_kinds(kind: str) -> None:
    assert reason(*made(kind=kind)) == "damaged"


def test_page_that_was_cut_when_it_was_fetched() -> None:
    assert reason(*made(fields={"WARC-Truncated": "length"})) == "cut-off"


def test_bombs_do_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_record, "MAX_RECORD", 1_000_000)
    assert reason(*made(bytes(2_000_000))) == "too-large"
    for encoding, packed in (
        ("gzip", gzip.compress(bytes(5_000_000), mtime=0)),
        ("br", brotli.compress(bytes(5_000_000))),
    ):
        assert len(packed) < 10_000
        assert reason(*made(packed, headers=(HTML, ("Content-Encoding", encoding)))) == "too-large"


MEMBER, ROW = made()


@given(st.integers(0, len(MEMBER) - 1), st.integers(1, 255))
def test_one_wrong_byte_is_found_or_does_no_harm(place: int, change: int) -> None:
    hurt = bytearray(MEMBER)
    hurt[place] ^= change
    try:
        capture = warc_record.capture(bytes(hurt), ROW, "commoncrawl")
    except BadRecord:
        return
    assert (capture.body, capture.url, capture.fetched_at) == (PAGE, URL, AT)
