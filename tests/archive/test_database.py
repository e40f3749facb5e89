"""Opening: ours, not ours, newer, missing, locked, damaged."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from archive import (
    Archive,
    MissingArchive,
    NewerArchive,
    NotAnArchive,
    Problem,
    StorageError,
)
from archive.database import PAGE_SIZE, open_database
from archive.schema import APPLICATION_ID, SCHEMA_VERSION


def fingerprints(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_a_new_archive_is_marked_as_ours_in_the_file_itself(path: Path) -> None:
    Archive.open(path).close()
    head = path.read_bytes()[:100]
    assert head[68:72] == APPLICATION_ID.to_bytes(4, "big")
    conn = sqlite3.connect(path)
    assert conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    conn.close()


def test_foreign_keys_are_on_and_commits_reach_the_disk(archive: Archive) -> None:
    assert archive.db.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert archive.db.conn.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_log_of_writes_may_grow_as_large_whatever_the_pages(path: Path, tmp_path: Path) -> None:
    with Archive.open(path) as archive:
        archive.db.conn.execute("PRAGMA journal_mode = DELETE")
        archive.db.conn.execute("PRAGMA page_size = 32768")
        archive.db.conn.execute("VACUUM")
    for place in (path, tmp_path / "new.db"):
        with Archive.open(place) as archive:
            size, pages = (
                archive.db.conn.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_size", "wal_autocheckpoint")
            )
            assert size == (32768 if place == path else PAGE_SIZE)
            assert size * pages == 32 * 2**20


def test_opening_twice_changes_nothing(path: Path) -> None:
    Archive.open(path).close()
    before = fingerprints(path.parent)
    Archive.open(path).close()
    with Archive.open(path, readonly=True) as archive:
        archive.stats()
    assert fingerprints(path.parent) == before


def test_an_empty_file_becomes_an_archive(path: Path) -> None:
    path.touch()
    with Archive.open(path) as archive:
        assert archive.stats()["articles"] == 0


def _other_wal(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, url TEXT)")
    conn.commit()
    conn.close()


def _other_marked(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA application_id = 77")
    conn.execute("CREATE TABLE mine (id)")
    conn.commit()
    conn.close()


def _text(path: Path) -> None:
    path.write_text("Dear diary, " * 100)


def _short(path: Path) -> None:
    path.write_bytes(b"SQLite")


@pytest.mark.parametrize("make", [_other_wal, _other_marked, _text, _short])
@pytest.mark.parametrize("readonly", [False, True])
def test_what_is_not_ours_is_refused_and_not_touched(
    path: Path, make: Callable[[Path], None], readonly: bool
) -> None:
    make(path)
    before = fingerprints(path.parent)
    with pytest.raises(NotAnArchive, match=r"iom\.db is .*not touched"):
        Archive.open(path, readonly=readonly)
    assert fingerprints(path.parent) == before


@pytest.mark.parametrize("readonly", [False, True])
def test_a_newer_archive_is_refused_and_not_touched(path: Path, readonly: bool) -> None:
    Archive.open(path).close()
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    conn.close()
    before = fingerprints(path.parent)
    with pytest.raises(NewerArchive, match="update iomscrape"):
        Archive.open(path, readonly=readonly)
    assert fingerprints(path.parent) == before


def test_missing_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"folder .*nowhere does not exist; make it"):
        Archive.open(tmp_path / "nowhere" / "iom.db")
    for missing in (tmp_path / "iom.db", tmp_path / "nowhere" / "iom.db"):
        for options in ({"create": False}, {"readonly": True}):
            with pytest.raises(MissingArchive, match=r"there is no archive .*iomscrape crawl"):
                Archive.open(missing, **options)
    with pytest.raises(NotAnArchive, match="is a folder"):
        Archive.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as caught:
        Archive.open(tmp_path / "file" / "iom.db")
    assert "\n" not in str(caught.value)


def test_a_locked_archive_says_so(path: Path) -> None:
    Archive.open(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Archive.open(path, busy_seconds=0.05) as archive:
        with pytest.raises(StorageError, match=r"iom\.db is in use by another program; wait"):
            archive.start_run("crawl", {}, version="1")
        assert archive.stats()["runs"] == 0, "reading goes on while another program writes"
        other.execute("ROLLBACK")
        assert archive.start_run("crawl", {}, version="1") == 1
    other.close()


def test_a_damaged_archive_says_so(path: Path) -> None:
    with Archive.open(path) as archive:
        for number in range(300):
            archive.record_problem(f"https://iom.int/{number}", Problem("timeout", "No answer " * 30))
    data = bytearray(path.read_bytes())
    data[4096 : len(data) - 4096] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(StorageError, match="is damaged; `iomscrape check`"), Archive.open(path) as archive:
        archive.stats()


def test_writing_to_an_archive_opened_for_reading_says_so(path: Path) -> None:
    Archive.open(path).close()
    with (
        Archive.open(path, readonly=True) as archive,
        pytest.raises(StorageError, match="cannot be written"),
    ):
        archive.start_run("crawl", {}, version="1")


def test_a_full_disk_says_so_and_keeps_what_was_there(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.record_problem("https://iom.int/1", Problem("timeout", "No answer"))
        pages = archive.db.conn.execute("PRAGMA page_count").fetchone()[0]
        # What SQLite says when it may not grow is what it says when the disk is full.
        archive.db.conn.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match="no room left"):
            archive.record_problem("https://iom.int/2", Problem("timeout", "x" * 100_000))
        assert archive.stats()["problems"] == 1


def test_an_older_archive_is_taken_along_but_not_when_only_reading(path: Path) -> None:
    Archive.open(path).close()
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA user_version = 0")
    conn.execute("DELETE FROM columns")
    conn.commit()
    conn.close()
    with pytest.raises(StorageError, match="older iomscrape; run any command that writes"):
        Archive.open(path, readonly=True)
    with Archive.open(path) as archive:
        assert archive.db.conn.execute("SELECT count(*) FROM columns").fetchone()[0] > 100
    Archive.open(path, readonly=True).close()


def test_a_failed_creation_leaves_nothing_that_would_be_refused_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("archive.database.upgrade", broken)
        with pytest.raises(StorageError, match="No space left"):
            open_database(path, create=True, readonly=False)
    Archive.open(path).close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_nobody_can_write_to_can_be_read_not_written(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.record_problem("https://iom.int/1", Problem("timeout", "No answer"))
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with Archive.open(path, readonly=True) as archive:
            assert archive.stats()["problems"] == 1
        with pytest.raises(StorageError, match=r"folder writable|cannot be opened"):
            Archive.open(path)
        with pytest.raises(StorageError, match="cannot be opened; look at the rights"):
            Archive.open(path.with_name("other.db"))
    finally:
        path.parent.chmod(0o755)


def test_programs_that_start_together_share_one_new_archive(path: Path) -> None:
    def work(name: int) -> None:
        with Archive.open(path) as archive:
            for number in range(10):
                archive.record_problem(f"https://iom.int/{name}/{number}", Problem("timeout", "No answer"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with Archive.open(path, readonly=True) as archive:
        assert archive.stats()["problems"] == 60


def test_opening_it_once_more_takes_no_lock_from_who_has_it_open(path: Path) -> None:
    """Where a process closes a file, POSIX drops all locks that it has on it, whoever in the process took them."""
    write = (
        "import sys; from archive import Archive\n"
        "with Archive.open(sys.argv[1]) as archive: archive.start_run('crawl', {}, version='0.1.0')"
    )
    with Archive.open(path) as archive:
        assert archive.stats()["runs"] == 0
        Archive.open(path, readonly=True).close()
        with pytest.raises(NotAnArchive):
            Archive.open(path.parent)
        for number in (1, 2):
            subprocess.run([sys.executable, "-c", write, str(path)], check=True, timeout=60)
            # Had the other program thought itself alone, it would have taken the log away under our feet.
            assert path.with_name(f"{path.name}-wal").exists()
            assert archive.stats()["runs"] == number
        archive.start_run("crawl", {}, version="0.1.0")
    with Archive.open(path, readonly=True) as archive:
        assert archive.stats()["runs"] == 3
        assert archive.db.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_another_file_in_the_place_of_one_that_was_open_is_looked_at(path: Path) -> None:
    Archive.open(path).close()
    path.unlink()
    path.write_text("a letter")
    with pytest.raises(NotAnArchive):
        Archive.open(path)
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    with pytest.raises(NotAnArchive):
        Archive.open(path)
