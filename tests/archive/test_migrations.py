"""Archives of every earlier form, made by the programs of their time, become today's and lose nothing."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, StorageError
from archive.schema import MIGRATIONS, SCHEMA_VERSION
from archive.steps import STEPS
from archive.views import VIEWS, View

KEPT = {
    int(file.name.removeprefix("version-").removesuffix(".db.gz")): file
    for file in sorted((Path(__file__).parent / "kept").glob("version-*.db.gz"))
}


@pytest.fixture(params=sorted(KEPT))
def kept(path: Path, request: pytest.FixtureRequest) -> Path:
    path.write_bytes(gzip.decompress(KEPT[request.param].read_bytes()))
    return path


def form(archive: Archive) -> dict[str, str]:
    """Everything in the schema: name to statement, without spaces; and how the full-text indexes are set."""
    rows = archive.db.conn.execute("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
    settings = {
        f"{index} {name}": str(value)
        for index in ("articles_fts", "contacts_fts")
        for name, value in archive.db.conn.execute(f"SELECT k, v FROM {index}_config")
    }
    return {name: "".join(sql.split()) for name, sql in rows} | settings


# Named, since columns may stand in another order; without what only places a row or came later.
_LEFT_OUT = {"versions": {"id"}, "articles": {"versions", "record", "roles", "plain"}}


def rows_of(conn: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    cursor = conn.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    found = []
    for values in cursor:
        row = {
            name: value
            for name, value in zip(names, values, strict=True)
            if name not in _LEFT_OUT.get(table, ())
        }
        if table in ("articles", "versions", "sightings"):
            # Fingerprints of contents were longer once.
            row["digest"] = row["digest"].removeprefix("sha256:")[:32]
        for name in {"record", "paragraphs"} & row.keys():
            row[name] = json.loads(row[name])
        found.append(row)
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


def test_there_is_one_of_every_form_before_todays() -> None:
    # Before 6 the steps had another order, which no archive outside of development ever saw.
    assert set(range(1, SCHEMA_VERSION)) - {3, 4, 5} <= set(KEPT)
    assert max(KEPT) <= SCHEMA_VERSION


def test_it_gets_the_form_of_a_new_archive(kept: Path) -> None:
    with Archive.open(kept.with_name("new.db")) as new, Archive.open(kept) as archive:
        assert form(archive) == form(new)
        assert len(MIGRATIONS.applied(archive.db)) == SCHEMA_VERSION == len(STEPS)
        assert archive.db.conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert archive.db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert archive.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_it_answers_as_before(kept: Path) -> None:
    with Archive.open(kept) as archive:
        record = archive.article("iom.int/news/bridge-school-reopens")
        assert record is not None
        assert record["title"] == "Bridge School Reopens"
        assert [version["title"] for version in record["versions"]] == [
            "Bridge School Will Reopen",
            "Bridge School Reopens",
        ]
        assert [capture["status"] for capture in record["captures"]] == [200, 200, 304]
        assert [hit.id for hit in archive.search("bridge school")] == [record["id"]]
        assert [hit.lang for hit in archive.search("المهاجرين")] == ["ar"]
        (ada,) = archive.people("Moreno")
        assert (ada["emails"], ada["phones"]) == (["amoreno@iom.int"], ["+6707230000"])
        counted = archive.stats()
        assert (counted["articles"], counted["captures"], counted["problems"]) == (2, 5, 1)
        assert counted["latest_runs"][0]["counts"] == {"new": 2, "changed": 1}


def test_not_a_row_is_lost(kept: Path) -> None:
    tables = (
        *("articles", "versions", "captures", "sightings", "contacts", "emails", "phones", "repairs"),
        *("themes", "links", "images", "problems", "runs", "frontier", "addresses"),
    )
    conn = sqlite3.connect(kept)
    before = {table: rows_of(conn, table) for table in tables}
    conn.close()
    with Archive.open(kept) as archive:
        assert {table: rows_of(archive.db.conn, table) for table in tables} == before


def test_it_can_be_written_on(kept: Path, make_article: Any, make_capture: Any) -> None:
    with Archive.open(kept) as archive:
        url = "https://www.iom.int/news/more"
        assert archive.store(make_capture(url=url), [make_article("More", url=url)]).outcome == "new"
        url = "https://www.iom.int/news/bridge-school-reopens"
        changed = make_article("Bridge School Closes", url=url)
        assert archive.store(make_capture(30, url=url), [changed]).outcome == "changed"
        assert [hit.title for hit in archive.search("closes")] == ["Bridge School Closes"]
        assert archive.search('"has opened" reopens') == []


def test_who_only_reads_is_told_how(kept: Path) -> None:
    before = kept.read_bytes()
    if before[60:64] == SCHEMA_VERSION.to_bytes(4, "big"):
        pytest.skip("this one has today's form")
    with pytest.raises(StorageError, match="older iomscrape; run any command that writes"):
        Archive.open(kept, readonly=True)
    assert kept.read_bytes() == before


def test_a_step_that_fails_leaves_the_archive_as_it_was(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conn = sqlite3.connect(kept)
    before, version = list(conn.iterdump()), conn.execute("PRAGMA user_version").fetchone()
    conn.close()

    with monkeypatch.context() as patch:
        # Views are made when all steps have been taken.
        patch.setattr("archive.schema.VIEWS", (*VIEWS, View("broken", "", "", "SELEC")))
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            Archive.open(kept)
    conn = sqlite3.connect(kept)
    assert list(conn.iterdump()) == before
    assert conn.execute("PRAGMA user_version").fetchone() == version
    conn.close()
    Archive.open(kept).close()
