"""A whole archive is found whole; whatever is broken is found, and named for what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, WarcWriter
from archive.prepared import prepare
from iomscrape.checking import Report, check
from iomscrape.intake import Intake, read
from iomscrape.records import Capture
from tests.test_rereading import NOON, SLUGS, misreading
from tests.website import article


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Six pages as today's reader reads them, one of them twice (a revisit), one that is no article."""
    path = tmp_path / "iom.db"
    captures = [
        Capture(
            url=f"https://www.iom.int/news/{slug}",
            body=article(slug).encode(),
            fetched_at=NOON.replace(hour=number),
            source="wayback",
            headers=(("Content-Type", "text/html; charset=utf-8"),),
        )
        for number, slug in enumerate(SLUGS)
    ]
    captures.append(replace(captures[0], url="https://www.iom.int/empty", body=b""))
    with Archive.open(path) as archive, WarcWriter(tmp_path / "iom-warc", run="1", software="tests") as warcs:
        intake = Intake(archive, warcs)
        intake.store([prepare(capture, *read(capture)) for capture in captures])
        intake.take(replace(captures[0], fetched_at=NOON.replace(day=9)))
        assert archive.db.conn.execute("SELECT sum(revisit) FROM captures").fetchone() == (1,)
    return path


def checked(db: Path, *, quick: bool = False, reread: bool = False, jobs: int = 1) -> Report:
    return check(
        db, db.with_name("iom-warc"), quick=quick, reread=reread, jobs=jobs, start=lambda _, __: lambda: None
    )


def sql(db: Path, *statements: str) -> None:
    with closing(sqlite3.connect(db)) as conn, conn:
        for statement in statements:
            conn.execute(statement)


def test_a_whole_archive_is_whole(db: Path) -> None:
    before = db.read_bytes()
    report = checked(db, reread=True, jobs=2)
    assert report.is_whole, report.faults
    assert report.looked_at == {"versions": 6, "raw pages": 8, "captures read again": 8}
    assert checked(db, quick=True).looked_at == {}
    assert db.read_bytes() == before


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("foreign-key", "DELETE FROM captures WHERE id = 3"),
        ("altered", "UPDATE articles SET dateline = 'Elsewhere' WHERE id = 2"),
        ("versions", "UPDATE articles SET versions = 4 WHERE id = 2"),
        ("sightings", "UPDATE sightings SET digest = 'else' WHERE article_id = 2"),
        ("facets", "DELETE FROM facets WHERE article_id = 2"),
        ("search-index", "INSERT INTO articles_fts (articles_fts, rowid, title, text, subtitle) "
         "SELECT 'delete', id, title, text, subtitle FROM search_words WHERE id = 2"),
        ("search-index", "DELETE FROM articles_fts_data WHERE id > 10"),
        ("search-index", "INSERT INTO contacts_fts (rowid, name) VALUES (99, 'Nobody')"),
    ],
    ids=["foreign-key", "altered", "versions", "sightings", "facets", "not-indexed", "index-pages", "contacts"],
)  # fmt: skip
def test_what_does_not_belong_together_is_found(db: Path, kind: str, statement: str) -> None:
    sql(db, statement)
    assert kind in checked(db).counts


def test_a_word_that_is_indexed_elsewhere_is_found(db: Path) -> None:
    sql(
        db,
        "DROP TRIGGER articles_fts_update",
        "UPDATE articles SET title = 'Never indexed' WHERE id = 1",
    )
    assert checked(db).counts["search-index"] == 1
    assert not checked(db, quick=True).counts["search-index"], "quick does not index anew"


def test_damaged_pages_are_found(db: Path) -> None:
    sql(db, "PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(db.read_bytes())
    size = int.from_bytes(raw[16:18], "big")
    [(root,)] = closing_rows(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'articles'")
    raw[(root - 1) * size : root * size] = b"\xa5" * size
    db.write_bytes(raw)
    assert checked(db).counts["damaged"]


def closing_rows(db: Path, question: str) -> list[tuple[int]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(question).fetchall()


def other_page(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def flipped(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    file.write_bytes(raw)


@pytest.mark.parametrize(
    ("harm", "kind"),
    [(Path.unlink, "warc-missing"), (other_page, "warc-record"), (flipped, "warc-record")],
    ids=["missing", "cut", "flipped"],
)
def test_raw_pages_that_are_not_there_are_found(db: Path, harm: Callable[[Path], None], kind: str) -> None:
    [file] = db.with_name("iom-warc").iterdir()
    harm(file)
    report = checked(db)
    assert set(report.counts) == {kind}
    assert checked(db, quick=True).is_whole


def test_what_another_reader_read_is_no_fault_but_what_the_same_one_read_is(db: Path, tmp_path: Path) -> None:
    page = Capture(
        url="https://www.iom.int/news/harbour-more",
        body=article("harbour-more").encode(),
        fetched_at=NOON,
        source="wayback",
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    )
    earlier, _ = misreading(page)
    with Archive.open(db) as archive, WarcWriter(tmp_path / "iom-warc", run="2", software="tests") as warcs:
        Intake(archive, warcs).store([prepare(page, earlier)])
    report = checked(db, reread=True)
    assert (report.is_whole, report.outdated) == (True, 1)
    today = [replace(said, reader_version=read(page)[0][0].reader_version) for said in earlier]
    with Archive.open(db) as archive, WarcWriter(tmp_path / "iom-warc", run="3", software="tests") as warcs:
        Intake(archive, warcs).store([prepare(replace(page, fetched_at=NOON.replace(day=20)), today)])
    with Archive.open(db) as archive:
        archive.db.execute("UPDATE articles SET reader_version = ?", [today[0].reader_version])
    assert checked(db, reread=True).counts["not-reproducible"]
