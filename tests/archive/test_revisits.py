"""Pages that are sent again byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, WarcWriter, warc_folder
from archive.prepared import prepare
from iomscrape.records import Capture

FIRST = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def capture(day: int = 0, **changes: object) -> Capture:
    given: dict[str, object] = {
        "url": "https://www.iom.int/news/ferry",
        "body": b"<h1>Ferry</h1>",
        "fetched_at": FIRST + timedelta(days=day),
        "source": "live",
        "status": 200,
    }
    return Capture(**(given | changes))  # type: ignore[arg-type]


def kept(archive: Archive, path: Path, first: Capture) -> None:
    with WarcWriter(warc_folder(path), run="1", software="test") as warcs:
        archive.store(first, [], place=warcs.write(first))


def test_the_same_bytes_of_the_same_address(archive: Archive, path: Path) -> None:
    kept(archive, path, capture())
    for again in (capture(1), capture(1, url="http://iom.int/news/ferry/")):
        original = archive.original_of(prepare(again))
        assert original is not None
        assert (original.url, original.fetched_at) == ("https://www.iom.int/news/ferry", FIRST)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": b"<h1>Ferries</h1>"},
        {"url": "https://www.iom.int/news/another"},
        {"status": 404},
        {"status": None},
        {"wire": b"packed otherwise", "headers": (("Content-Encoding", "gzip"),)},
    ],
)
def test_what_differs_has_no_original(archive: Archive, path: Path, changes: dict[str, object]) -> None:
    kept(archive, path, capture())
    assert archive.original_of(prepare(capture(1, **changes))) is None


def test_a_lost_file_is_no_original(archive: Archive, path: Path) -> None:
    kept(archive, path, capture())
    for file in warc_folder(path).iterdir():
        file.unlink()
    assert archive.original_of(prepare(capture(1))) is None


def test_a_revisit_is_no_original_of_others(archive: Archive, path: Path) -> None:
    kept(archive, path, capture())
    second, third = capture(1), capture(2)
    with WarcWriter(warc_folder(path), run="2", software="test") as warcs:
        archive.store(second, [], place=warcs.write(second, original=archive.original_of(prepare(second))))
    original = archive.original_of(prepare(third))
    assert original is not None
    assert original.fetched_at == FIRST
    raw = archive.raw(2)
    assert raw is not None
    assert raw.body == b"<h1>Ferry</h1>"
