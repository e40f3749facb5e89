"""Raw pages in WARC files: what goes in comes out, byte for byte, in files that other tools read."""

from __future__ import annotations

import gzip
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import Archive, Original, StorageError, WarcPlace, WarcWriter, read_capture, warc_folder
from iomscrape.records import Capture

BODY = "<html><body>Ünïcode — page</body></html>".encode() * 40


def writer(folder: Path, **options: Any) -> WarcWriter:
    return WarcWriter(folder, run="crawl 3", software="iomscrape/0.1.0", **options)


def round_trip(folder: Path, capture: Capture) -> Capture:
    with writer(folder) as warcs:
        place = warcs.write(capture)
    return read_capture(folder, place.file, place.offset)


def records(file: Path) -> list[tuple[str, str]]:
    with file.open("rb") as stream:
        return [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(stream)]


def test_a_response_comes_back_as_it_was(tmp_path: Path, make_capture: Any) -> None:
    capture = make_capture(
        body=BODY,
        status=404,
        headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=é"), ("Content-Length", str(len(BODY)))),
        redirected_from=("http://iom.int/a b", "http://iom.int/%20"),
        origin="old pages\n.warc.gz:12",
        fetched_at=datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC),
    )
    assert round_trip(tmp_path, capture) == capture


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("x-gzip", gzip.compress(BODY[:100], mtime=0) + gzip.compress(BODY[100:], mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("br", brotli.compress(BODY)),
        ("zstd", zstd.compress(BODY)),
        ("gzip, br", brotli.compress(gzip.compress(BODY, mtime=0))),
    ],
)
def test_the_wire_is_kept_and_the_page_comes_back(
    tmp_path: Path, make_capture: Any, encoding: str, wire: bytes
) -> None:
    length = ("Content-Length", str(len(wire)))
    capture = make_capture(body=BODY, wire=wire, headers=(("Content-Encoding", encoding), length))
    assert round_trip(tmp_path, capture) == capture


def test_the_transfer_is_undone_in_the_headers(tmp_path: Path, make_capture: Any) -> None:
    sent = (("Transfer-Encoding", "chunked"), ("Content-Length", "7"), ("X-A", "b"))
    back = round_trip(tmp_path, make_capture(body=BODY, headers=sent))
    assert back.headers == (("Content-Length", str(len(BODY))), ("X-A", "b"))


def test_a_server_that_lies_about_its_encoding_is_kept_as_it_is(tmp_path: Path, make_capture: Any) -> None:
    headers = (("Content-Encoding", "gzip"), ("Content-Length", str(len(BODY))))
    capture = make_capture(body=BODY, headers=headers)
    assert round_trip(tmp_path, capture) == capture


def test_a_saved_file_is_a_resource(tmp_path: Path, make_capture: Any) -> None:
    capture = make_capture(
        status=None,
        source="html",
        url="file:///home/ada/p%C3%A4ge.html",
        headers=(("Content-Type", "text/html"),),
    )
    assert round_trip(tmp_path, capture) == capture
    (file,) = tmp_path.iterdir()
    assert records(file) == [("warcinfo", None), ("resource", capture.url)]


def test_headers_cannot_be_injected(tmp_path: Path, make_capture: Any) -> None:
    capture = make_capture(
        url="https://iom.int/a\r\nWARC-Type: warcinfo",
        headers=(("X-A", "b\r\n\r\nbody"), ("X-B: c\r\nX-C", "d"), ("", "e")),
        origin="x\r\ny",
        redirected_from=("http://iom.int/\r\nX: y",),
    )
    back = round_trip(tmp_path, capture)
    assert back.body == capture.body
    assert back.url == "https://iom.int/a%0D%0AWARC-Type:%20warcinfo"
    assert back.headers == (
        ("X-A", "b    body"),
        ("X-B--c--X-C", "d"),
        ("Content-Length", str(len(capture.body))),
    )
    assert (back.origin, back.redirected_from) == (capture.origin, capture.redirected_from)


@settings(deadline=None, max_examples=100)
@given(
    body=st.binary(max_size=3000),
    headers=st.lists(
        st.tuples(
            st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True).filter(
                lambda name: name.lower() not in ("transfer-encoding", "content-length")
            ),
            st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=60),
        ),
        max_size=6,
    ),
    status=st.one_of(st.none(), st.integers(100, 599)),
    origin=st.one_of(st.none(), st.text(max_size=30)),
    squeezed=st.booleans(),
)
def test_any_bytes_and_headers_come_back(
    make_capture: Any,
    body: bytes,
    headers: list[tuple[str, str]],
    status: int | None,
    origin: str,
    squeezed: bool,
) -> None:
    squeezed = squeezed and status is not None
    if squeezed:
        headers = [pair for pair in headers if pair[0].lower() != "content-encoding"]
        headers.append(("Content-Encoding", "gzip"))
    wire = gzip.compress(body) if squeezed else None
    length = [] if status is None else [("Content-Length", str(len(body if wire is None else wire)))]
    capture = make_capture(
        body=body, wire=wire, headers=tuple(headers + length), status=status, origin=origin
    )
    with TemporaryDirectory() as folder:
        assert round_trip(Path(folder), capture) == capture


def test_other_tools_find_the_digests_right(tmp_path: Path, make_capture: Any) -> None:
    with writer(tmp_path) as warcs:
        for day in range(3):
            warcs.write(make_capture(day, BODY))
    (file,) = tmp_path.iterdir()
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
    assert re.fullmatch(r"iomscrape-\d{14}-00000-[0-9a-f]{5}\.warc\.gz", file.name)
    text = gzip.decompress(file.read_bytes())
    assert b"software: iomscrape/0.1.0\r\n" in text
    assert b"WARC-Date: 2026-03-01T09:30:00.000000Z\r\n" in text


def test_nothing_is_made_before_the_first_page(tmp_path: Path) -> None:
    writer(tmp_path / "warc").close()
    assert list(tmp_path.iterdir()) == []


def test_every_run_has_files_of_its_own_and_big_ones_are_followed(tmp_path: Path, make_capture: Any) -> None:
    for _ in range(2):
        with writer(tmp_path, max_file=2000) as warcs:
            places = [warcs.write(make_capture(day, bytes(range(256)) * 4)) for day in range(4)]
        for day, place in enumerate(places):
            assert read_capture(tmp_path, place.file, place.offset).fetched_at == make_capture(day).fetched_at
        assert len({place.file for place in places}) > 1
    assert len({file.name.split("-")[3] for file in tmp_path.iterdir()}) == 2


def test_a_cut_off_file_still_gives_its_earlier_pages(tmp_path: Path, make_capture: Any) -> None:
    with writer(tmp_path) as warcs:
        places = [warcs.write(make_capture(day, BODY + bytes(range(256)) * 20)) for day in range(3)]
    file = tmp_path / places[0].file
    whole = file.read_bytes()
    last = places[2]
    for cut in range(last.offset + 1, len(whole) - 8, 37):
        file.write_bytes(whole[:cut])
        for place in places[:2]:
            assert read_capture(tmp_path, place.file, place.offset).body.startswith(BODY)
        # All of the page can be had before the last bits and the checksum.
        if cut > len(whole) - 16:
            continue
        with pytest.raises(StorageError, match="restore the file"):
            read_capture(tmp_path, last.file, last.offset)


def test_what_cannot_be_read_says_so(tmp_path: Path, make_capture: Any) -> None:
    with writer(tmp_path) as warcs:
        place = warcs.write(make_capture())
    with pytest.raises(StorageError, match="No such file"):
        read_capture(tmp_path, "gone.warc.gz", 0)
    with pytest.raises(StorageError, match="no readable record at 7"):
        read_capture(tmp_path, place.file, 7)
    with pytest.raises(StorageError, match="no readable record at 999999"):
        read_capture(tmp_path, place.file, 999999)
    with pytest.raises(StorageError, match="type warcinfo"):
        read_capture(tmp_path, place.file, 0)
    (tmp_path / "headless.warc").write_bytes(
        b"WARC/1.1\r\nWARC-Type: response\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
    )
    with pytest.raises(StorageError, match="no readable record at 0"):
        read_capture(tmp_path, "headless.warc", 0)


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path, make_capture: Any) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        writer(tmp_path / "file" / "warc").write(make_capture())


def test_a_failed_write_leaves_no_half_record(
    tmp_path: Path, make_capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with writer(tmp_path) as warcs:
        first = warcs.write(make_capture(0))
        with monkeypatch.context() as patch:
            patch.setattr("archive.captures.os.fsync", full)
            with pytest.raises(StorageError, match="No space left"):
                warcs.write(make_capture(1))
        second = warcs.write(make_capture(2))
    assert second.offset == first.offset + first.length
    assert read_capture(tmp_path, second.file, second.offset).fetched_at == make_capture(2).fetched_at


def test_a_bomb_is_not_unpacked(tmp_path: Path, make_capture: Any) -> None:
    bomb = gzip.compress(bytes(65 * 1024 * 1024))
    capture = make_capture(body=b"x", wire=bomb, headers=(("Content-Encoding", "gzip"),))
    with writer(tmp_path) as warcs:
        place = warcs.write(capture)
    with pytest.raises(StorageError, match="unpacks to more than 67108864 bytes"):
        read_capture(tmp_path, place.file, place.offset)


def test_the_archive_gives_raw_pages_back_through_revisits(
    path: Path, make_article: Any, make_capture: Any
) -> None:
    folder = warc_folder(path)
    assert folder.name == "iom-warc"
    with Archive.open(path) as archive, writer(folder) as warcs:
        first, again = make_capture(0, BODY), make_capture(1, BODY)
        archive.store(first, [make_article()], place=warcs.write(first))
        place = warcs.write(again, original=Original(first.url, first.fetched_at))
        assert place.revisit
        archive.store(again, [make_article()], place=place)
        archive.seen_unchanged(first.url, make_capture(2).fetched_at)
        for capture_id in (1, 2, 3):
            raw = archive.raw(capture_id)
            assert raw is not None
            assert raw.body == BODY
        assert archive.raw(4) is None
        with pytest.raises(StorageError, match="type revisit"):
            read_capture(folder, place.file, place.offset)
        archive.store(make_capture(5, b"lost"), [], place=WarcPlace("lost.warc.gz", 0, 1, "sha256:x"))
        with pytest.raises(StorageError, match=r"lost\.warc\.gz"):
            archive.raw(4)


@pytest.mark.parametrize("file", ["../outside.warc.gz", "/etc/hostname", "inner/../../outside.warc.gz"])
def test_an_archive_cannot_have_files_read_outside_its_folder(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "iom-warc"
    (folder / "inner").mkdir(parents=True)
    (tmp_path / "outside.warc.gz").write_bytes(b"secret")
    with pytest.raises(StorageError, match="outside"):
        read_capture(folder, file, 0)
