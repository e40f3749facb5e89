"""Backups: made while somebody writes, proved whole, limited in number, and back in their place."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import (
    Archive,
    MissingArchive,
    NotAnArchive,
    StorageError,
    TargetExists,
    read_capture,
    warc_folder,
)
from archive import backups as module
from archive.backups import back_up, backups, check_whole, restore
from tests.archive.conftest import MakeArticle, MakeCapture
from tests.archive.test_kill import WRITER

EARLIER = sorted((Path(__file__).parent / "kept").glob("*.db.gz"))


@pytest.fixture
def db(path: Path, make_article: MakeArticle, make_capture: MakeCapture) -> Path:
    with Archive.open(path) as archive:
        archive.store(make_capture(), [make_article()])
    return path


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        return [title for (title,) in conn.execute("SELECT title FROM articles ORDER BY id")]


def test_a_backup_comes_back(db: Path, tmp_path: Path) -> None:
    made = back_up(db, tmp_path / "kept", keep=3)
    assert (made.articles, made.captures, made.removed) == (1, 1, ())
    restored = tmp_path / "elsewhere" / "iom.db"
    restored.parent.mkdir()
    assert restore(tmp_path / "kept", restored) == (made.backup, None)
    with Archive.open(restored) as archive:
        assert archive.search("bridge")[0].title == titles(db)[0]


def test_a_backup_is_one_file(db: Path, tmp_path: Path) -> None:
    back_up(db, tmp_path / "kept", keep=3)
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".db"]


def test_the_backup_just_made_is_the_latest_also_after_the_clock_was_set_back(
    db: Path, tmp_path: Path
) -> None:
    first = back_up(db, tmp_path / "kept", keep=1).backup
    ahead = first.path.with_name("iom-20991231T235959Z.db")
    first.path.rename(ahead)
    made = back_up(db, tmp_path / "kept", keep=1)
    assert made.removed == (ahead,)
    assert [backup.path for backup in backups(tmp_path / "kept")] == [made.backup.path]


def test_a_backup_while_a_crawl_writes_holds_all_that_it_knows(path: Path, tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        for _ in range(30):
            child.stdout.readline()
        stored_before = len(titles(path))
        made = back_up(path, tmp_path / "kept", keep=3)
        assert child.poll() is None
        child.stdout.readline()  # it still writes
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert made.articles == made.captures >= stored_before
    copy, folder = made.backup.path, warc_folder(tmp_path / "kept" / path.name)
    with closing(sqlite3.connect(copy)) as conn:
        places = conn.execute("SELECT warc_file, warc_offset, url FROM captures").fetchall()
    assert len(places) == made.captures
    assert all(read_capture(folder, file, offset).url == url for file, offset, url in places)


def test_raw_pages_are_copied_once_and_when_they_grew(db: Path, tmp_path: Path) -> None:
    folder = warc_folder(db)
    folder.mkdir(exist_ok=True)
    (folder / "a.warc.gz").write_bytes(b"one")
    (folder / "b.warc.gz").write_bytes(b"two")
    first = back_up(db, tmp_path / "kept", keep=5)
    (folder / "b.warc.gz").write_bytes(b"two and more")
    assert (first.warc_files, back_up(db, tmp_path / "kept", keep=5).warc_files) == (2, 1)
    (folder / "a.warc.gz").unlink()
    restore(tmp_path / "kept", db, force=True)
    assert (folder / "a.warc.gz").read_bytes() == b"one"


def test_old_backups_go_and_strangers_stay(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for _ in range(4):
        back_up(db, folder, keep=9)
    strangers = ["letter.txt", "other-20200101T000000Z.db", "iom-notes.db"]
    for name in strangers:
        (folder / name).write_text("mine")
    made = back_up(db, folder, keep=2)
    assert len(made.removed) == 3
    assert len(backups(folder, db.stem)) == 2
    assert backups(folder, db.stem)[0] == made.backup
    assert all((folder / name).read_text() == "mine" for name in strangers)


def damage(raw: bytearray) -> None:
    """Write over the beginning of the second page."""
    page = int.from_bytes(raw[16:18], "big")
    raw[page : page + 400] = b"\xff" * 400


def test_a_damaged_copy_is_no_backup(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = back_up(db, tmp_path / "kept", keep=1)
    copy = module.copy_database

    def damaged(source: sqlite3.Connection, part: Path, watch: module.Watch | None) -> None:
        copy(source, part, watch)
        raw = bytearray(part.read_bytes())
        damage(raw)
        part.write_bytes(raw)

    monkeypatch.setattr(module, "copy_database", damaged)
    with pytest.raises(StorageError):
        back_up(db, tmp_path / "kept", keep=1)
    assert backups(tmp_path / "kept") == [good.backup]
    assert not list((tmp_path / "kept").glob(".*"))


def test_a_damaged_backup_is_not_restored(db: Path, tmp_path: Path) -> None:
    made = back_up(db, tmp_path / "kept", keep=1)
    raw = bytearray(made.backup.path.read_bytes())
    damage(raw)
    made.backup.path.write_bytes(raw)
    with pytest.raises(StorageError, match="damaged"):
        restore(made.backup.path, db, force=True)
    assert len(titles(db)) == 1


def test_an_archive_is_not_replaced_unasked_and_never_lost(db: Path, tmp_path: Path) -> None:
    made = back_up(db, tmp_path / "kept", keep=1)
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("UPDATE articles SET title = 'Newer'")
    with pytest.raises(TargetExists):
        restore(made.backup.path, db)
    _, aside = restore(made.backup.path, db, force=True)
    assert aside is not None
    assert titles(aside) == ["Newer"]
    assert titles(db) != ["Newer"]


def test_an_archive_in_use_is_not_replaced(db: Path, tmp_path: Path) -> None:
    made = back_up(db, tmp_path / "kept", keep=1)
    with Archive.open(db) as archive:
        archive.stats()
        with pytest.raises(StorageError, match="in use"):
            restore(made.backup.path, db, force=True)


def test_a_damaged_archive_is_replaced(db: Path, tmp_path: Path) -> None:
    back_up(db, tmp_path / "kept", keep=1)
    db.write_bytes(b"no database any more")
    _, aside = restore(tmp_path / "kept", db, force=True)
    assert aside is not None
    assert aside.read_bytes() == b"no database any more"
    assert len(titles(db)) == 1


def test_what_is_no_backup(tmp_path: Path, db: Path) -> None:
    stranger = tmp_path / "stranger.db"
    with closing(sqlite3.connect(stranger)) as conn:
        conn.execute("CREATE TABLE t (x)")
    for source, error in (
        (stranger, NotAnArchive),
        (tmp_path / "none.db", MissingArchive),
        (tmp_path, MissingArchive),
    ):
        with pytest.raises(error):
            restore(source, tmp_path / "new.db")
    with pytest.raises(MissingArchive):
        back_up(tmp_path / "none.db", tmp_path / "kept", keep=1)
    assert not (tmp_path / "new.db").exists()
    assert titles(db)


@pytest.mark.parametrize("kept", EARLIER, ids=lambda path: path.name)
def test_an_archive_of_an_earlier_form_is_kept_as_it_is(tmp_path: Path, kept: Path) -> None:
    old = tmp_path / "iom.db"
    old.write_bytes(gzip.decompress(kept.read_bytes()))
    made = back_up(old, tmp_path / "kept", keep=1)
    assert check_whole(made.backup.path) == (made.articles, made.captures)
    with closing(sqlite3.connect(old)) as before, closing(sqlite3.connect(made.backup.path)) as after:
        version = "PRAGMA user_version"
        assert after.execute(version).fetchone() == before.execute(version).fetchone()


def test_backups_within_one_second_have_names_of_their_own(db: Path, tmp_path: Path) -> None:
    made = [back_up(db, tmp_path / "kept", keep=9).backup for _ in range(3)]
    assert len({backup.path for backup in made}) == 3
    assert all(backup.made_at - datetime.now(UTC) < timedelta(seconds=3) for backup in made)
