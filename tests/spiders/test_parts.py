"""Files that were cut into parts: all parts give what the whole file gives, also where a part begins wrongly."""

from __future__ import annotations

import gzip
from io import BytesIO
from itertools import pairwise

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders import parts
from spiders.parts import Part, cut
from spiders.warcrecords import Lost, Record, records
from tests.spiders.warcfiles import SITE, answer, arc, packed, page, page_record, record

RECORDS = [page_record(number) for number in range(12)]
PLAIN = b"".join(RECORDS)
INSIDE = [record("response", f"{SITE}/inner-{number}", answer(page(number)[1])) for number in range(4)]
# Bytes that cannot be packed again stand in a gzip member as they are: here a WARC file, as a page.
HOLDS_ANOTHER = [
    RECORDS[0],
    record("response", f"{SITE}/file.warc.gz", answer(packed(INSIDE) * 2)),
    *RECORDS[1:4],
    record("response", f"{SITE}/file.warc", answer(b"".join(INSIDE))),
    RECORDS[5],
]
DICTIONARY = zstd.train_dict(RECORDS * 4, 4096)
WITH_DICTIONARY = (
    b"\x5d\x2a\x4d\x18"
    + len(DICTIONARY.dict_content).to_bytes(4, "little")
    + DICTIONARY.dict_content
    + b"".join(zstd.compress(one, zstd_dict=DICTIONARY) for one in RECORDS)
)
FILES = {
    "plain": PLAIN,
    "gzip": packed(RECORDS),
    "gzip as a whole": gzip.compress(PLAIN, mtime=0),
    "several records a member": packed([b"".join(RECORDS[:5]), b"".join(RECORDS[5:8]), b"".join(RECORDS[8:])]),
    "a record over several members": b"".join(
        gzip.compress(PLAIN[at : at + 3000], mtime=0) for at in range(0, len(PLAIN), 3000)
    ),
    "zstd": b"".join(zstd.compress(one) for one in RECORDS),
    "zstd with a dictionary": WITH_DICTIONARY,
    "ARC": arc([page(number) for number in range(12)]),
    "another one in it": packed(HOLDS_ANOTHER),
    "another one in it, plain": b"".join(HOLDS_ANOTHER),
    "stored, another one in it": b"".join(gzip.compress(one, 0, mtime=0) for one in HOLDS_ANOTHER),
    "no WARC file": b"nothing of the kind" * 1000,
    "empty lines": b"".join(one + b"\r\n" * 300 for one in RECORDS),
    "padded": b"".join(gzip.compress(one, mtime=0) + bytes(700) for one in RECORDS),
    "empty": b"",
}  # fmt: skip


def whole(data: bytes) -> list[Record | Lost]:
    return list(records(BytesIO(data)))


def in_parts(data: bytes, pieces: list[Part]) -> tuple[list[Record | Lost], int]:
    """What the parts give, each read by itself, and how many had to be read again."""
    found: list[Record | Lost] = []
    reached = again = 0
    for part in pieces:
        began = parts.beginning(BytesIO(data), part)
        right = parts.mended(part, began, reached) if part.start else None
        again += right is not None and not right.is_empty
        if right is None and began is not None:
            right = Part(began, part.end)
        if right is not None and not right.is_empty:
            got, reached = read_part(data, right)
            found += got
    return found, again


def read_part(data: bytes, part: Part) -> tuple[list[Record | Lost], int]:
    stream, found = BytesIO(data), []
    reading = records(stream, part.end, parts.ready(stream, part.start))
    while True:
        try:
            found.append(next(reading))
        except StopIteration as end:
            return found, end.value


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("size", [100, 777, 4_000, 30_000])
def test_parts_are_the_whole(kind: str, size: int) -> None:
    data = FILES[kind]
    assert in_parts(data, cut(BytesIO(data), size))[0] == whole(data)


def test_sound_files_are_read_once() -> None:
    for kind in ("plain", "gzip", "zstd", "zstd with a dictionary", "ARC", "padded"):
        data = FILES[kind]
        pieces = cut(BytesIO(data), len(data) // 5)
        assert len(pieces) > 4, kind
        assert in_parts(data, pieces)[1] == 0, kind
        if kind == "zstd with a dictionary":
            continue  # most of this one is its dictionary
        began = {parts.beginning(BytesIO(data), part) for part in pieces} - {None}
        assert len(began) > 3, kind


def test_a_file_in_a_file_is_no_part() -> None:
    data = FILES["stored, another one in it"]
    assert any(in_parts(data, cut(BytesIO(data), size))[1] for size in range(200, 3000, 100))


def test_parts_cover_the_file() -> None:
    for size in (1, 7, 100, 5000):
        pieces = cut(BytesIO(PLAIN), size)
        assert pieces[0].start == 0
        assert pieces[0].is_known
        assert pieces[-1].end == len(PLAIN)
        assert all(one.end == two.start for one, two in pairwise(pieces))
    assert cut(BytesIO(PLAIN), len(PLAIN)) == [parts.WHOLE]


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=40, deadline=None)
@given(
    size=st.integers(50, 6000),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    lost=st.tuples(st.floats(0, 1), st.integers(0, 2000)),
)
def test_parts_of_a_damaged_file(
    kind: str, size: int, changes: list[tuple[float, int]], lost: tuple[float, int]
) -> None:
    data = bytearray(FILES[kind])
    for share, value in changes if data else ():
        data[int(share * len(data))] = value
    start = int(lost[0] * len(data))
    del data[start : start + lost[1]]
    assert in_parts(bytes(data), cut(BytesIO(data), size))[0] == whole(bytes(data))
