"""``iomscrape check`` and ``iomscrape recover`` as a user runs them, up to the archive that is whole again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from iomscrape.cli import main
from tests.test_checking import db

__all__ = ["db"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="iomscrape")


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        return [title for (title,) in conn.execute("SELECT title FROM articles ORDER BY url")]


def write_over(path: Path, table: str) -> None:
    """Destroy the first page of a table, as a disk does."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(raw)


def test_a_whole_archive(db: Path) -> None:
    result = run("check", "--db", db, "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert "is whole (6 versions, 8 raw pages)" in result.stdout
    told = json.loads(run("check", "--db", db, "--quick", "--json").stdout)
    assert (told["whole"], told["faults"], told["first_faults"]) == (True, {}, [])


def test_missing_raw_pages(db: Path) -> None:
    for file in db.with_name("iom-warc").iterdir():
        file.unlink()
    result = run("check", "--db", db, "--jobs", "1")
    assert result.exit_code == 6
    assert "warc-missing: " in result.stdout
    assert "8 raw pages are in it" in result.stdout
    assert "The records are safe" in result.stderr


def test_what_is_no_archive(tmp_path: Path) -> None:
    assert run("check", "--db", tmp_path / "none.db").exit_code == 2
    other = tmp_path / "other.db"
    other.write_bytes(b"text")
    assert run("check", "--db", other).exit_code == 2
    result = run("recover", other, tmp_path / "saved.db")
    assert (result.exit_code, (tmp_path / "saved.db").exists()) == (6, False)
    assert "nothing can be read" in result.stderr
    assert run("recover", tmp_path / "none.db", tmp_path / "saved.db").exit_code == 2


def test_a_damaged_archive_is_saved_and_its_raw_pages_bring_the_rest_back(db: Path, tmp_path: Path) -> None:
    before = titles(db)
    write_over(db, "articles")
    result = run("check", "--db", db)
    assert result.exit_code == 6
    assert "damaged: " in result.stdout
    assert "iomscrape recover" in result.stderr
    saved = tmp_path / "saved.db"
    result = run("recover", db, saved)
    assert result.exit_code == 4, result.output
    assert "captures" in result.stdout
    told = f"put {saved} in the place of {db}, then iomscrape import {db.with_name('iom-warc')} --db {db} --again"
    assert told in result.stderr
    assert titles(saved) == []
    saved.replace(db)
    brought = run("import", db.with_name("iom-warc"), "--db", db, "--again")
    assert brought.exit_code == 0, brought.output
    assert titles(db) == before
    assert run("check", "--db", db, "--reread", "--jobs", "1").exit_code == 0


def test_nothing_lost_is_said_so(db: Path, tmp_path: Path) -> None:
    result = run("recover", db, tmp_path / "saved.db", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["complete"], told["saved"]["articles"], told["lost_at_most"]) == (True, 6, {})
    again = run("recover", db, tmp_path / "saved.db")
    assert again.exit_code == 2
    assert "exists already" in again.stderr
