"""WARC and ARC files as they are met: every packing, every way of sending, revisits, odd records."""

from __future__ import annotations

import gzip
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from archive import WarcWriter
from iomscrape.records import Capture
from spiders import tape, unpacking, warcrecords
from spiders.warcrecords import Lost, Record, records
from tests.spiders.warcfiles import (
    DAY,
    SITE,
    answer,
    arc,
    packed,
    page,
    page_record,
    pages_of,
    passed_of,
    read,
    record,
    sha1,
    wrong_of,
)

WHEN = datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)
THREE = [page_record(number) for number in range(3)]


def _with_dictionary(*, packed_too: bool) -> bytes:
    known = zstd.train_dict([page_record(number) for number in range(40)], 8_000)
    content = zstd.compress(known.dict_content) if packed_too else known.dict_content
    head = struct.pack("<II", 0x184D2A5D, len(content)) + content
    return head + b"".join(zstd.compress(one, zstd_dict=known) for one in THREE)


PACKINGS = {
    "plain": b"".join(THREE),
    "gzip by record": packed(THREE),
    "gzip as a whole": gzip.compress(b"".join(THREE)),
    "gzip cut anywhere": b"".join(
        gzip.compress(b"".join(THREE)[start : start + 700]) for start in range(0, len(b"".join(THREE)), 700)
    ),
    "zstd by record": b"".join(zstd.compress(one) for one in THREE),
    "zstd as a whole": zstd.compress(b"".join(THREE)),
    "zstd with a dictionary": _with_dictionary(packed_too=False),
    "zstd with a packed dictionary": _with_dictionary(packed_too=True),
    "padded with zeros": packed(THREE[:1]) + bytes(9000) + packed(THREE[1:]),
    "skippable frame": zstd.compress(THREE[0])
    + struct.pack("<II", 0x184D2A50, 5)
    + b"words"
    + b"".join(zstd.compress(one) for one in THREE[1:]),
    "empty lines before": b"\r\n\r\n" + b"".join(THREE),
    "plain ends of lines": b"".join(one.replace(b"\r\n", b"\n", 8) for one in THREE),
}


@pytest.mark.parametrize("name", PACKINGS)
def test_every_packing_gives_the_same_pages(name: str) -> None:
    found = read(PACKINGS[name])
    assert [(item.url, item.body) for item in pages_of(found)] == [page(0), page(1), page(2)]
    assert wrong_of(found) == []
    assert {(item.fetched_at, item.source, item.status) for item in pages_of(found)} == {(WHEN, "warc", 200)}


def test_places_lead_back_to_the_record() -> None:
    for data in (PACKINGS["plain"], PACKINGS["gzip by record"], PACKINGS["zstd by record"]):
        places = [int((item.origin or "").rpartition(":")[2]) for item in pages_of(read(data))]
        assert places[0] == 0
        for number, place in enumerate(places):
            assert pages_of(read(data[place:]))[0].url == page(number)[0]
    whole = [(item.origin or "").rpartition(":")[2] for item in pages_of(read(PACKINGS["gzip as a whole"]))]
    assert whole == ["0", f"0+{len(THREE[0])}", f"0+{len(THREE[0]) + len(THREE[1])}"]


BODY = page(0)[1]
CHUNKED = b"".join(
    b"%x;note=1\r\n%s\r\n" % (len(BODY[n : n + 300]), BODY[n : n + 300]) for n in range(0, len(BODY), 300)
)


@pytest.mark.parametrize(
    ("block", "wire"),
    [
        (answer(BODY, protocol="HTTP/1.0"), None),
        (answer(BODY, protocol="HTTP/1.0", headers={"Content-Length": "7"}), None),
        (answer(BODY, headers={"Content-Length": "9999999"}), None),
        (answer(BODY, protocol="HTTP/2"), None),
        (answer(BODY, end="\n"), None),
        (answer(BODY, headers={"X-Folded": "one\r\n two"}), None),
        (
            answer(gzip.compress(BODY, mtime=0), headers={"Content-Encoding": "gzip"}),
            gzip.compress(BODY, mtime=0),
        ),
        (answer(zlib.compress(BODY), headers={"Content-Encoding": "deflate"}), zlib.compress(BODY)),
        (
            answer(zlib.compress(BODY)[2:-4], headers={"Content-Encoding": "Deflate"}),
            zlib.compress(BODY)[2:-4],
        ),
        (answer(brotli.compress(BODY), headers={"content-encoding": "br"}), brotli.compress(BODY)),
        (answer(zstd.compress(BODY), headers={"Content-Encoding": "zstd"}), zstd.compress(BODY)),
        (answer(CHUNKED + b"0\r\n\r\n", headers={"Transfer-Encoding": "chunked"}), None),
        (answer(CHUNKED + b"0\r\nX-Trailer: 1\r\n\r\n", headers={"Transfer-Encoding": "chunked"}), None),
        (answer(CHUNKED, headers={"Transfer-Encoding": "chunked"}), None),
        # The tool that wrote the file had undone it and left the header.
        (answer(BODY, headers={"Transfer-Encoding": "chunked"}), None),
        (answer(BODY, headers={"Content-Encoding": "gzip"}), None),
    ],
)
def test_every_way_of_sending_gives_the_page(block: bytes, wire: bytes | None) -> None:
    [found] = read(record("response", page(0)[0], block))
    assert isinstance(found, Capture)
    assert found.body == BODY
    assert found.wire == wire
    assert found.status == 200


def test_chunks_of_packed_bytes() -> None:
    sent = gzip.compress(BODY, mtime=0)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(sent), sent)
    headers = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}
    [found] = read(record("response", page(0)[0], answer(chunks, headers=headers)))
    assert isinstance(found, Capture)
    assert (found.body, found.wire) == (BODY, sent)
    assert found.header("Transfer-Encoding") is None
    assert found.header("Content-Encoding") == "gzip"


def test_bytes_that_are_not_what_the_header_says() -> None:
    [found] = wrong_of(
        read(record("response", page(0)[0], answer(b"\x00\x01", headers={"Content-Encoding": "gzip"})))
    )
    assert (found.url, found.reason) == (page(0)[0], "bad-encoding")


def test_what_is_no_page_is_counted_and_nothing_more() -> None:
    found = read(
        b"".join(
            [
                record("warcinfo", "", b"software: x", Content_Type="application/warc-fields"),
                record("request", page(0)[0], b"GET / HTTP/1.1\r\n\r\n"),
                record("metadata", page(0)[0], b"depth: 1"),
                record("response", "dns:www.iom.int", b"20120304 www.iom.int", Content_Type="text/dns"),
                record(
                    "response",
                    "https://www.iom.int/a.png",
                    answer(b"\x89PNG", headers={"Content-Type": "image/png"}),
                ),
                record(
                    "response",
                    f"{SITE}/report-2012",
                    answer(b"%PDF", headers={"Content-Type": "application/pdf"}),
                ),
                record("response", f"{SITE}/moved-page", answer(b"", "301 Moved", headers={"Location": "/"})),
                record("response", "https://www.iom.int/favicon", answer(b"<p>none", "404 Not Found")),
                record("response", "https://www.iom.int/", answer(b"<html>home")),
                record("response", "https://www.iom.int/es/news", answer(b"<html>list")),
                record("response", "https://[www.iom.int/news/slug", answer(b"<html>no address")),
                page_record(1),
            ]
        )
    )
    assert passed_of(found) == ["not-html", "not-html", "redirect", "error", "list", "list", "list"]
    assert [item.url for item in pages_of(found)] == [page(1)[0]]
    assert wrong_of(found) == []


def test_an_article_that_was_not_there_is_kept() -> None:
    [found] = read(record("response", page(0)[0], answer(b"<p>none</p>", "404 Not Found")))
    assert isinstance(found, Capture)
    assert found.status == 404


def test_resources_and_addresses_in_angle_brackets() -> None:
    [found] = read(record("resource", f"<{page(0)[0]}>", BODY, Content_Type="text/html"))
    assert isinstance(found, Capture)
    assert (found.url, found.status, found.body) == (page(0)[0], None, BODY)
    assert found.header("content-type") == "text/html"


def test_what_we_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = [
        Capture(url=page(0)[0], body=BODY, fetched_at=WHEN, source="live", wire=gzip.compress(BODY),
                headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"),
                         ("Content-Length", str(len(gzip.compress(BODY))))),
                redirected_from=("https://www.iom.int/node/7",)),
        Capture(url=page(1)[0], body=b"Title\n\nText", fetched_at=WHEN, source="text", status=None,
                headers=(("Content-Type", "text/plain"),)),
        Capture(url=page(2)[0], body=b"plain, says the server", fetched_at=WHEN, source="live",
                headers=(("Content-Encoding", "gzip"), ("Content-Length", "22"))),
    ]  # fmt: skip
    with WarcWriter(tmp_path, run="1", software="tests") as writer:
        places = writer.write_all(kept)
    back = pages_of(read((tmp_path / places[0].file).read_bytes()))
    fields = ("url", "body", "fetched_at", "source", "wire", "status", "headers", "redirected_from")
    for name in fields:
        assert [getattr(item, name) for item in back] == [getattr(item, name) for item in kept], name


def test_an_arc_file() -> None:
    old = [
        (url.replace("https", "http"), answer(body, protocol="HTTP/1.0", end="\n"))
        for url, body in map(page, (0, 1))
    ]
    bare = (
        "http://www.iom.int/en/news/pr700.shtml",
        b"<html><body><p>HTTP/0.9 had no head</p></body></html>",
    )
    for data in (arc([*old, bare]), gzip.compress(arc([*old, bare]))):
        found = read(data)
        assert wrong_of(found) == []
        pages = pages_of(found)
        assert [(item.body, item.status) for item in pages] == [
            (page(0)[1], 200),
            (page(1)[1], 200),
            (bare[1], None),
        ]
        assert pages[0].fetched_at == datetime(2002, 3, 4, 5, 6, 7, tzinfo=UTC)
    broken = arc(old).replace(b"http://www.iom.int/news/harbour-meeting-0 192", b"\x00" * 45)
    assert [item.body for item in pages_of(read(broken))] == [page(1)[1]]
    assert len(wrong_of(read(broken))) == 1


# Revisits --------------------------------------------------------------------------------------------


LATER = "2013-01-01T00:00:00Z"
HEAD = answer(b"")


def revisit(url: str = page(0)[0], block: bytes = HEAD, **fields: Any) -> bytes:
    return record("revisit", url, block, **({"WARC_Date": LATER} | fields))


def _id_of(data: bytes) -> str:
    return data.partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"WARC_Refers_To": _id_of(THREE[0])},
        {"WARC_Refers_To_Target_URI": page(0)[0].replace("https", "http"), "WARC_Refers_To_Date": DAY},
        {"WARC_Payload_Digest": sha1(BODY)},
        {"WARC_Payload_Digest": "sha1:" + __import__("hashlib").sha1(BODY).hexdigest()},
    ],
)
@pytest.mark.parametrize("behind", [True, False])
@pytest.mark.parametrize("pack", [packed, b"".join, lambda parts: gzip.compress(b"".join(parts))])
def test_a_revisit_takes_the_bytes_of_its_original(
    fields: dict[str, Any], behind: bool, pack: object
) -> None:
    parts = [*THREE, revisit(**fields)] if behind else [revisit(**fields), *THREE]
    found = pages_of(read(pack(parts)))  # type: ignore[operator]
    assert len(found) == 4
    last = found[-1]
    assert (last.url, last.body, last.fetched_at) == (*page(0), datetime(2013, 1, 1, tzinfo=UTC))
    assert last.header("content-type") == "text/html; charset=utf-8"


def test_a_revisit_under_another_address() -> None:
    other = f"{SITE}/the-same-at-another-place"
    found = pages_of(read(packed([*THREE, revisit(other, WARC_Payload_Digest=sha1(BODY))])))
    assert (found[-1].url, found[-1].body) == (other, BODY)


def test_a_revisit_of_packed_bytes() -> None:
    sent = gzip.compress(BODY, mtime=0)
    original = record("response", page(0)[0], answer(sent, headers={"Content-Encoding": "gzip"}))
    not_modified = answer(b"", "304 Not Modified")
    found = pages_of(read(packed([original, revisit(block=not_modified, WARC_Refers_To=_id_of(original))])))
    assert [(item.body, item.wire, item.status) for item in found] == [(BODY, sent, 200)] * 2
    assert found[1].header("Content-Encoding") == "gzip"


def test_a_revisit_whose_original_is_not_there() -> None:
    found = read(packed([page_record(1), revisit(WARC_Payload_Digest=sha1(b"other"))]))
    assert len(pages_of(found)) == 1
    [wrong] = wrong_of(found)
    assert (wrong.url, wrong.reason) == (page(0)[0], "revisit-alone")


def test_revisits_of_what_is_no_page() -> None:
    found = read(
        packed(
            [
                revisit("https://www.iom.int/a", answer(b"", headers={"Content-Type": "image/png"})),
                revisit("https://www.iom.int/news"),
                revisit(block=answer(b"", "302 Found")),
                revisit(block=answer(b"", "404 Not Found")),
            ]
        )
    )
    assert passed_of(found) == ["not-html", "list", "redirect", "error"]


# Damage ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 5, 300, 2_000, 10_000, 10**9, 10**30])
@pytest.mark.parametrize("pack", [packed, b"".join])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_wrong_length_costs_nothing(length: int, pack: object, number: int) -> None:
    url, body = page(number)
    parts = [*THREE]
    parts[number] = record("response", url, answer(body), length=length)
    found = read(pack(parts))  # type: ignore[operator]
    is_cut = pack == b"".join and number == 2 and length > len(parts[2])  # it may as well have broken off
    assert [item.url for item in pages_of(found)] == [page(n)[0] for n in range(3) if n != 2 or not is_cut]
    assert [item.body for item in pages_of(found)] == [page(n)[1] for n in range(3) if n != 2 or not is_cut]
    assert {item.reason for item in wrong_of(found)} == {"damaged"}


def test_a_page_that_is_not_what_its_digest_says() -> None:
    right = page_record(0, WARC_Block_Digest=sha1(answer(BODY)))
    assert wrong_of(read(right)) == []
    changed = right.replace(b"passengers", b"messengers")
    found = read(changed)
    assert [item.reason for item in wrong_of(found)] == ["digest"]
    assert len(pages_of(found)) == 1


def test_cut_off_and_segmented_pages_are_told() -> None:
    found = read(
        record("response", page(0)[0], answer(BODY[:200]), WARC_Truncated="length")
        + record("response", page(1)[0], answer(page(1)[1]), WARC_Truncated="time")
        + record("response", page(2)[0], answer(page(2)[1]), WARC_Segment_Number="1")
        + record("continuation", page(2)[0], b"rest", WARC_Segment_Number="2")
    )
    assert [item.reason for item in wrong_of(found)] == ["cut-off", "segmented", "segmented"]
    assert [item.url for item in pages_of(found)] == [page(1)[0]]


@pytest.mark.parametrize("pack", [packed, b"".join])
def test_a_record_larger_than_a_page_is_passed(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tape, warcrecords):
        monkeypatch.setattr(module, "MAX_RECORD", 300_000)
    video = record(
        "response",
        "https://www.iom.int/a.mp4",
        answer(b"\x00" * 900_000, headers={"Content-Type": "video/mp4"}),
    )
    huge = record("response", page(0)[0], answer(b"<p>" + b"x" * 900_000))
    found = read(pack([video, page_record(1), huge, page_record(2)]))  # type: ignore[operator]
    assert [item.url for item in pages_of(found)] == [page(1)[0], page(2)[0]]
    assert passed_of(found) == ["not-html"]
    assert [(item.url, item.reason) for item in wrong_of(found)] == [(page(0)[0], "too-large")]


def test_a_bomb_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    monkeypatch.setattr(unpacking, "_RATIO_FROM", 30_000_000)
    bomb = gzip.compress(bytes(60_000_000), 9)
    tracemalloc.start()
    found = read(packed([page_record(0)]) + bomb + packed([page_record(1)]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(item.url, item.body) for item in pages_of(found)] == [page(0), page(1)]
    assert wrong_of(found)
    assert peak < 20_000_000


def test_a_file_that_is_none() -> None:
    for data in (
        b"\x1f\x8b\x08broken",
        b"\x28\xb5\x2f\xfdbroken",
        struct.pack("<II", 0x184D2A5D, 10**9),
        b"WARC/1.1\r\n",
    ):
        [wrong] = read(data)
        assert wrong_of([wrong])[0].url == "pages.warc:0"


def test_nothing_of_a_record_is_invented() -> None:
    """What the reader of records says of a sound file is what stands there."""
    from io import BytesIO

    found = list(records(BytesIO(PACKINGS["plain"])))
    assert all(isinstance(item, Record) and not item.remark for item in found)
    assert [item.block for item in found if isinstance(item, Record)] == [
        answer(page(n)[1]) for n in range(3)
    ]
    assert not any(isinstance(item, Lost) for item in found)
