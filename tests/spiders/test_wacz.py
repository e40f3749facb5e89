"""WACZ files: what is in them, what is wrong with them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders import wacz as room
from spiders.files import Source
from spiders.passed import Item
from spiders.revisits import Originals
from spiders.warcs import revisited
from tests.spiders.warcfiles import packed, page, page_record, pages_of, record, sha1, wacz, wrong_of

PARTS = {
    "archive/b.warc.gz": packed([page_record(2)]),
    "archive/a.warc.gz": packed([page_record(0), page_record(1)]),
    "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n',
}


def read(path: Path) -> list[Item]:
    originals = Originals()
    found = list(Source(path).captures(originals))
    return found + [item for _, item in revisited(originals)]


@pytest.mark.parametrize("deflated", [False, True])
def test_pages_of_all_parts_in_order(tmp_path: Path, deflated: bool) -> None:
    file = wacz(tmp_path / "a.wacz", PARTS, deflated=deflated)
    found = read(file)
    assert [(item.url, item.body) for item in pages_of(found)] == [page(0), page(1), page(2)]
    assert wrong_of(found) == []
    assert pages_of(found)[0].origin == f"{file}!archive/a.warc.gz:0"


def test_parts_that_are_not_what_their_digests_say(tmp_path: Path) -> None:
    digests = {"archive/a.warc.gz": "sha256:" + "0" * 64}
    found = read(wacz(tmp_path / "a.wacz", PARTS, digests=digests))
    assert len(pages_of(found)) == 3
    [wrong] = wrong_of(found)
    assert (wrong.url, wrong.reason) == (f"{tmp_path}/a.wacz!archive/a.warc.gz", "digest")


def test_a_part_that_is_missing(tmp_path: Path) -> None:
    file = wacz(tmp_path / "all.wacz", PARTS)
    short = tmp_path / "short.wacz"
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(short, "w") as less:
        for name in whole.namelist():
            if name != "archive/b.warc.gz":
                less.writestr(name, whole.read(name))
    found = read(short)
    assert [item.reason for item in wrong_of(found)] == ["missing"]
    assert len(pages_of(found)) == 2


def test_names_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    evil = ("../../etc/a.warc.gz", "/tmp/b.warc", "archive/../../c.warc.gz", "C:/d.warc.gz")
    found = read(wacz(tmp_path / "a.wacz", {name: packed([page_record(0)]) for name in evil}))
    assert [item.reason for item in wrong_of(found) if item.reason == "bad-path"] == ["bad-path"] * 4
    assert pages_of(found) == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.wacz"]


def test_bombs_are_refused(tmp_path: Path) -> None:
    parts = {"archive/bomb.warc": b"WARC/1.0\r\n" + b" " * 20_000_000, **PARTS}
    found = read(wacz(tmp_path / "a.wacz", parts, deflated=True))
    assert [item.reason for item in wrong_of(found)] == ["too-large", "missing"][:1]
    assert len(pages_of(found)) == 3


def test_revisits_in_another_part(tmp_path: Path) -> None:
    again = record(
        "revisit", page(0)[0], b"", WARC_Date="2014-01-01T00:00:00Z", WARC_Payload_Digest=sha1(page(0)[1])
    )
    found = pages_of(read(wacz(tmp_path / "a.wacz", {"archive/0.warc.gz": packed([again]), **PARTS})))
    assert [item.url for item in found] == [page(n)[0] for n in (0, 1, 2, 0)]
    assert found[-1].body == page(0)[1]
    assert found[-1].fetched_at.year == 2014


def test_a_zip_without_pages(tmp_path: Path) -> None:
    [wrong] = wrong_of(read(wacz(tmp_path / "a.wacz", {"notes.txt": b"x"})))
    assert wrong.reason == "no-pages"


def test_a_zip_that_was_cut_off_still_gives_its_records(tmp_path: Path) -> None:
    file = wacz(tmp_path / "a.wacz", PARTS)
    data = file.read_bytes()
    file.write_bytes(data[: data.index(b"datapackage.json")])
    found = read(file)
    assert {item.url for item in pages_of(found)} == {page(n)[0] for n in range(3)}
    assert "no whole zip" in wrong_of(found)[0].detail


@settings(max_examples=150, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_a_byte_that_was_changed_costs_its_record(
    tmp_path_factory: pytest.TempPathFactory, share: float, change: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    before = wacz(folder / "changed.wacz", PARTS).read_bytes()
    data = bytearray(before)
    place = int(share * len(data))
    data[place] ^= change
    (folder / "changed.wacz").write_bytes(data)
    found = [(item.url, item.body) for item in pages_of(read(folder / "changed.wacz"))]
    untouched = [page(number) for number in range(3) if packed([page_record(number)]) in data]
    if any(0 <= place - before.find(part) < len(part) for part in PARTS.values()):
        assert [one for one in found if one in untouched] == untouched


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_failing(data: bytes) -> None:
    stream = io.BytesIO(b"PK\x03\x04" + data)
    assert all(list(room.captures(stream, "a.wacz", lambda: stream)))
