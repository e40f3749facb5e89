"""Files that were taken in whole, and several pages in one transaction."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Taken, WarcWriter, read_capture

FILE = Taken(
    path=Path("/data/pages.warc.gz"),
    size=8_231_904,
    modified=1_330_837_567_250_000_001,
    digest="sha256:77af",
    kind="warc",
    url=None,
    pages=412,
    problems=1,
)


def test_a_file_is_known_by_its_place_and_time_or_by_its_bytes(archive: Archive) -> None:
    archive.note_taken(FILE)
    assert archive.taken(FILE.path, FILE.size, FILE.modified) == FILE
    assert archive.taken(FILE.path, FILE.size, FILE.modified + 1) is None
    assert archive.taken(FILE.path, FILE.size + 1, FILE.modified) is None
    assert archive.taken(FILE.path, FILE.size, FILE.modified, url="https://www.iom.int/news/a") is None
    assert archive.taken_elsewhere(FILE.digest, ("warc", "wacz")) == FILE
    assert archive.taken_elsewhere(FILE.digest, ("html",)) is None
    assert archive.taken_elsewhere("sha256:78", ("warc",)) is None


def test_a_file_that_changed_is_known_as_it_is_now(archive: Archive) -> None:
    archive.note_taken(FILE)
    changed = replace(FILE, size=9, digest="sha256:88")
    archive.note_taken(changed)
    assert archive.taken(FILE.path, 9, FILE.modified) == changed
    assert archive.taken(FILE.path, FILE.size, FILE.modified) is None


def test_together_all_or_nothing(archive: Archive, make_article: Any, make_capture: Any) -> None:
    def fail() -> None:
        with archive.together():
            archive.store(make_capture(0), [make_article()])
            archive.note_taken(FILE)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert archive.stats()["articles"] == 0
    assert archive.taken(FILE.path, FILE.size, FILE.modified) is None
    with archive.together():
        archive.store(make_capture(0), [make_article()])
        archive.note_taken(FILE)
        other = sqlite3.connect(archive.path)
        assert other.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        other.close()
    assert archive.stats()["articles"] == 1
    assert archive.taken(FILE.path, FILE.size, FILE.modified) == FILE


def test_many_raw_pages_at_once(tmp_path: Path, make_capture: Any) -> None:
    captures = [make_capture(day, b"%d" % day * 1000) for day in range(7)]
    with WarcWriter(tmp_path, run="1", software="test", max_file=1500) as warcs:
        places = warcs.write_all(captures)
        assert warcs.write_all([]) == []
    assert len({place.file for place in places}) > 1
    back = [read_capture(tmp_path, place.file, place.offset) for place in places]
    assert [(c.body, c.fetched_at) for c in back] == [(c.body, c.fetched_at) for c in captures]


def test_many_raw_pages_of_which_one_fails(
    tmp_path: Path, make_capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import StorageError

    with WarcWriter(tmp_path, run="1", software="test") as warcs:
        first = warcs.write(make_capture(0))
        with monkeypatch.context() as patch:
            patch.setattr("archive.packed._gzipped", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                warcs.write_all([make_capture(1)])
        with monkeypatch.context() as patch:
            patch.setattr("archive.captures.os.fsync", _full)
            with pytest.raises(StorageError):
                warcs.write_all([make_capture(1), make_capture(2)])
        second = warcs.write(make_capture(3))
    assert second.offset == first.offset + first.length


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")
