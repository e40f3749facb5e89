"""Files that were cut and changed anywhere: nothing before the damage is lost, nor behind the next record."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from io import BytesIO
from itertools import accumulate

import pytest
from backports import zstd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iomscrape.records import Capture
from spiders import messages, unpacking
from spiders.warcrecords import Record, records
from tests.spiders.warcfiles import answer, arc, page, page_record, pages_of, read, record, wrong_of

PAGES = [page(number) for number in range(8)]


def _record(number: int) -> bytes:
    # Some with bytes that cannot be packed again, and in which other beginnings stand.
    url, body = page(number)
    if number % 3 == 1:
        sent = gzip.compress(body, mtime=0)
        return record("response", url, answer(sent, headers={"Content-Encoding": "gzip"}))
    return page_record(number)


RECORDS = [_record(number) for number in range(8)]
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda one: gzip.compress(one, mtime=0),
    "zstd": zstd.compress,
}
FILES = {name: [pack(one) for one in RECORDS] for name, pack in PACKINGS.items()}
# With checksums, so that every changed byte is seen.
FILES["zstd"] = [zstd.compress(one, options={zstd.CompressionParameter.checksum_flag: 1}) for one in RECORDS]
KINDS = sorted(FILES)


def found_in(data: bytes) -> list[tuple[str, bytes]]:
    return [(item.url, item.body) for item in pages_of(read(data))]


def whole(kind: str) -> bytes:
    return b"".join(FILES[kind])


def ends(kind: str) -> list[int]:
    return list(accumulate(len(one) for one in FILES[kind]))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(share=st.floats(0, 1))
@example(share=0.0)
@example(share=1.0)
def test_a_file_that_was_cut(kind: str, share: float) -> None:
    data = whole(kind)
    cut = int(share * len(data))
    sound = sum(end <= cut for end in ends(kind))
    items = read(data[:cut])
    assert [(item.url, item.body) for item in pages_of(items)][:sound] == PAGES[:sound]
    assert len(pages_of(items)) <= sound + 1  # a record whose last empty lines are gone is whole
    if cut not in (0, *ends(kind)) and len(pages_of(items)) == sound:
        assert wrong_of(items), "the damage is told"


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=250, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_a_byte_that_was_changed(kind: str, share: float, change: int) -> None:
    data = bytearray(whole(kind))
    place = int(share * len(data))
    data[place] ^= change
    hit = sum(end <= place for end in ends(kind))
    found = found_in(bytes(data))
    expected = [one for number, one in enumerate(PAGES) if number != hit]
    assert [one for one in found if one in expected] == expected
    assert len(found) <= len(PAGES)
    if kind != "plain" and len(found) < len(PAGES):
        wrong = wrong_of(read(bytes(data)))
        assert wrong
        offset = int(wrong[0].url.rpartition(":")[2])
        assert offset == [0, *ends(kind)][hit], "the place of the damage is told"


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=120, deadline=None)
@given(
    first=st.floats(0, 1, exclude_max=True),
    length=st.integers(1, 4000),
    kept=st.sampled_from(["zeros", "noise", "nothing"]),
    seed=st.integers(0, 9),
)
@example(first=0.5, length=342, kept="nothing", seed=0)  # ends at empty lines within the next record
@example(first=0.0, length=776, kept="nothing", seed=0)  # begins in a gzipped page within a frame of zstd
def test_a_stretch_that_was_lost(kind: str, first: float, length: int, kept: str, seed: int) -> None:
    data = whole(kind)
    start = int(first * len(data))
    stop = min(len(data), start + length)
    middle = {
        "zeros": bytes(stop - start),
        "noise": random.Random(seed).randbytes(stop - start),
        "nothing": b"",
    }
    found = found_in(data[:start] + middle[kept] + data[stop:])
    before = sum(end <= start for end in ends(kind))
    behind = next((n for n, end in enumerate([0, *ends(kind)]) if end >= stop), len(PAGES))
    expected = PAGES[:before] + PAGES[behind:]
    assert [one for one in found if one in expected] == expected


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
@example(share=0.5062116752528434, change=1)  # the line feed between two records
def test_a_byte_that_was_changed_in_an_arc_file(share: float, change: int) -> None:
    pages = [(url.replace("https", "http"), answer(body)) for url, body in PAGES]
    data = bytearray(arc(pages))
    place = int(share * len(data))
    data[place] ^= change
    found = found_in(bytes(data))
    bodies = [body for _, body in found]
    starts = [len(arc(pages[:number])) for number in range(9)]
    hit = sum(start <= place for start in starts) - 1
    expected = [body for number, (_, body) in enumerate(PAGES) if number != hit]
    assert [body for body in bodies if body in expected] == expected


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_a_file_gzipped_as_a_whole_gives_what_is_before_the_damage(share: float, change: int) -> None:
    data = bytearray(gzip.compress(b"".join(RECORDS), mtime=0))
    place = int(share * (len(data) - 10)) + 10
    data[place] ^= change
    found = found_in(bytes(data))
    # What zlib gives of the bytes before the changed one.
    sound = sum(
        len(unpacking.unpacked_start(BytesIO(bytes(data[:place])), 10**9)) >= end for end in ends("plain")
    )
    assert found[: max(0, sound - 1)] == PAGES[: max(0, sound - 1)]


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18"]),
)
def test_any_bytes_are_read_without_failing(data: bytes, start: bytes) -> None:
    read(start + data)
    assert all(isinstance(item, object) for item in records(BytesIO(start + data)))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"]),
)
def test_any_answer_is_parsed_without_failing(data: bytes, header: bytes) -> None:
    block = b"HTTP/1.1 200 OK\r\n" + header + b"\r\n" + data
    message = messages.parse(block)
    assert message is not None
    assert message.status == 200
    if not header:
        assert message.wire == data


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2000), st.integers(1, 700))
def test_chunks_come_together_again(data: bytes, size: int) -> None:
    sent = b"".join(
        b"%X\r\n%b\r\n" % (len(data[n : n + size]), data[n : n + size]) for n in range(0, len(data), size)
    )
    assert messages.unchunked(sent + b"0\r\n\r\n") == data


def test_every_sound_record_is_whole() -> None:
    for kind in KINDS:
        items = list(records(BytesIO(whole(kind))))
        assert all(isinstance(item, Record) and item.is_whole and not item.remark for item in items)
        assert len(items) == 8
        assert all(isinstance(item, Capture) for item in read(whole(kind)))
