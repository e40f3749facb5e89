"""Whatever happens to a file, what can be read of it is saved, and a new archive is whole."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, MissingArchive, StorageError, WarcPlace
from archive.checking import agreement, open_for_check, structure
from archive.database import PAGE_SIZE
from archive.errors import TargetExists
from archive.recovering import Recovered, recover
from iomscrape.records import Block

ARTICLES = 260
TEXT = "The school by the bridge has opened again, and eighty children came. " * 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, make_article: Any, make_capture: Any) -> bytes:
    """Articles enough for many pages of each table, some of them in two versions; closed, one file."""
    path = tmp_path_factory.mktemp("whole") / "iom.db"
    with Archive.open(path) as archive:
        run = archive.start_run("crawl", {}, version="1")
        with archive.together():
            for number in range(ARTICLES):
                url = f"https://www.iom.int/news/{number}"
                for day in (0, 1) if number % 5 == 0 else (0,):
                    article = make_article(
                        f"Title {number} {day}", url=url, blocks=(Block(text=f"{number} {day} {TEXT}"),)
                    )
                    place = WarcPlace("a.warc.gz", number, 9, f"sha256:{number:064}")
                    archive.store(
                        make_capture(day, b"%d" % number, url=url), [article], run_id=run, place=place
                    )
    return path.read_bytes()


def is_whole(path: Path) -> bool:
    with closing(open_for_check(path)) as conn:
        return not [*structure(conn), *agreement(conn, thorough=True)]


def titles(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as conn:
        return {title for (title,) in conn.execute("SELECT title FROM articles")}


def saved(path: Path, raw: bytes) -> tuple[Recovered, set[str]]:
    path.write_bytes(raw)
    target = path.with_name("saved.db")
    target.unlink(missing_ok=True)
    found = recover(path, target)
    assert path.read_bytes() == raw, "the damaged file is left as it is"
    assert is_whole(target)
    return found, titles(target)


def over(raw: bytes, *pages: int) -> bytes:
    changed = bytearray(raw)
    for page in pages:
        start = (page - 1) * PAGE_SIZE
        changed[start : start + PAGE_SIZE] = random.Random(page).randbytes(PAGE_SIZE)
    return bytes(changed)


def leaves(raw: bytes, table: str, tmp_path: Path) -> list[int]:
    """The pages that hold rows of a table, in their order."""
    path = tmp_path / "look.db"
    path.write_bytes(raw)
    with closing(sqlite3.connect(path)) as conn:
        return [
            page
            for (page,) in conn.execute(
                "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", (table,)
            )
        ]


EVERY = {f"Title {number} {int(number % 5 == 0)}" for number in range(ARTICLES)}


def test_a_whole_archive_is_saved_whole(path: Path, whole: bytes) -> None:
    found, kept = saved(path, whole)
    assert found.is_complete, found
    assert kept == EVERY
    with Archive.open(path, readonly=True) as old, Archive.open(path.with_name("saved.db")) as new:
        for number in (1, 6, ARTICLES):
            assert new.article(number) == old.article(number)
        assert len(new.search("bridge", limit=1000)) == ARTICLES


def test_rows_beside_lost_pages_are_saved(path: Path, whole: bytes, tmp_path: Path) -> None:
    pages = leaves(whole, "articles", tmp_path)
    assert len(pages) > 8
    found, kept = saved(path, over(whole, pages[0], pages[3], pages[4], pages[-1]))
    assert not found.is_complete
    a_page = ARTICLES // len(pages) + 3
    assert len(EVERY) - 4 * a_page <= len(kept) < len(EVERY)
    assert kept < EVERY
    assert 4 <= found.lost["articles"] <= 4 * a_page


def test_articles_survive_the_loss_of_their_captures(path: Path, whole: bytes, tmp_path: Path) -> None:
    pages = leaves(whole, "captures", tmp_path)
    found, kept = saved(path, over(whole, *pages[1:]))
    assert kept == EVERY
    assert found.stubs > 50
    with Archive.open(path.with_name("saved.db")) as archive:
        record = archive.article(f"https://www.iom.int/news/{ARTICLES - 5}")
        assert record is not None
        assert [capture["source"] for capture in record["captures"]] == ["recovered"] * 2
        assert len(record["versions"]) == 2


@pytest.mark.parametrize("seed", range(4))
def test_random_pages(path: Path, whole: bytes, seed: int) -> None:
    pages = range(2, len(whole) // PAGE_SIZE + 1)
    gone = random.Random(seed).sample(pages, len(pages) // 20)
    try:
        _, kept = saved(path, over(whole, *gone))
    except StorageError:
        with closing(sqlite3.connect(path)) as conn, pytest.raises(sqlite3.DatabaseError):
            conn.execute("SELECT count(*) FROM captures NOT INDEXED").fetchone()
        return
    assert kept <= EVERY


def test_flipped_bits_are_told(path: Path, whole: bytes) -> None:
    changed = whole.replace(b"7 0 The school by the bridge", b"7 0 The skhool by the bridge", 1)
    assert changed != whole
    found, kept = saved(path, changed)
    assert kept == EVERY
    assert len(found.altered) == 1
    assert "is not what was stored" in found.altered[0]


@pytest.mark.parametrize("share", [0.9, 0.75])
def test_a_file_that_was_cut_off(path: Path, whole: bytes, share: float) -> None:
    found, kept = saved(path, whole[: int(len(whole) * share)])
    assert not found.is_complete
    assert kept <= EVERY
    assert len(kept) > ARTICLES * (share - 0.7)


HEADERS: dict[str, Callable[[bytes], bytes]] = {
    "magic": lambda raw: b"X" * 16 + raw[16:],
    "header": lambda raw: bytes(100) + raw[100:],
    "first-page": lambda raw: over(raw, 1),
    "schema": lambda raw: raw[:100] + bytes(PAGE_SIZE - 100) + raw[PAGE_SIZE:],
}


@pytest.mark.parametrize("harm", HEADERS)
def test_a_header_that_is_gone(path: Path, whole: bytes, harm: str) -> None:
    found, kept = saved(path, HEADERS[harm](whole))
    assert kept == EVERY
    assert found.is_complete


def test_what_waits_beside_the_file_is_saved_too(
    path: Path, make_article: Any, make_capture: Any, tmp_path: Path
) -> None:
    with Archive.open(path) as archive:
        archive.store(make_capture(), [make_article()])
        copy = tmp_path / "copy.db"
        copy.write_bytes(path.read_bytes())
        wal = path.with_name("iom.db-wal").read_bytes()
        copy.with_name("copy.db-wal").write_bytes(wal)
    recover(copy, tmp_path / "saved.db")
    assert titles(tmp_path / "saved.db") == {"Bridge School Reopens"}
    assert copy.with_name("copy.db-wal").read_bytes() == wal


def test_what_cannot_be_saved(path: Path, whole: bytes, tmp_path: Path) -> None:
    target = tmp_path / "saved.db"
    with pytest.raises(MissingArchive):
        recover(path, target)
    for raw in (b"", b"no database", random.Random(1).randbytes(300_000)):
        path.write_bytes(raw)
        with pytest.raises(StorageError, match="import its WARC files"):
            recover(path, target)
    assert not target.exists()
    path.write_bytes(whole)
    target.write_text("mine")
    with pytest.raises(TargetExists):
        recover(path, target)
    assert target.read_text() == "mine"
    assert {file.name for file in tmp_path.iterdir()} == {"iom.db", "saved.db"}
