"""``iomscrape reread`` as a user runs it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from iomscrape.cli import main
from tests.test_rereading import SLUGS, db

__all__ = ["db"]


def reread(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["reread", "--db", str(db), "--jobs", "1", *arguments], prog_name="iomscrape"
    )


def one(db: Path, sql: str) -> Any:
    conn = sqlite3.connect(db)
    row = conn.execute(sql).fetchone()
    conn.close()
    return row[0]


def test_it_says_what_changed_and_stores_it(db: Path) -> None:  # the fixture
    dry = reread(db, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "title" in dry.stdout
    assert "8 pages: 7 changed, 1 without an article as before" in dry.stdout
    assert "nothing was stored" in dry.stdout
    assert one(db, "SELECT count(*) FROM articles WHERE title LIKE '% | IOM'") == len(SLUGS)
    assert one(db, "SELECT count(*) FROM runs") == 0
    result = reread(db, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["changed"], found["unread"], found["fields"]) == (7, 1, {"title": 7, "blocks": 7})
    assert one(db, "SELECT count(*) FROM articles WHERE title LIKE '% | IOM'") == 0
    assert one(db, "SELECT outcome FROM runs WHERE command = 'reread'") == "done"
    assert one(db, "SELECT count(*) FROM corrections WHERE reader_version = '0'") == 7
    assert "7 as before" in reread(db).stdout


def test_the_difference_of_each_article(db: Path) -> None:
    shown = reread(db, "--dry-run", "--diff", "--where", "articles.id = 2")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert any(line.strip().startswith("- ") and line.endswith(" | IOM") for line in lines)
    assert any(line.strip().startswith("+ ") for line in lines)
    as_json = reread(db, "--dry-run", "--diff", "--json", "--where", "articles.id = 2")
    change, summary = (json.loads(line) for line in as_json.stdout.splitlines())
    before, after = change["changes"][0]["fields"]["title"]
    assert before == f"{after} | IOM"
    assert summary["changed"] == 1


def test_problem_pages_alone(db: Path) -> None:
    assert "1 page: 1 without an article as before" in reread(db, "--problem", "empty").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--where", "nonsense = ("), 2, "cannot be asked"),
        (("--where", "1); DROP TABLE articles; --"), 2, "cannot be asked"),
        (("--since", "soon"), 2, "is no date"),
        (("--lang", "xx"), 3, "No page"),
    ],
)
def test_what_cannot_be_asked(db: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = reread(db, *arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert one(db, "SELECT count(*) FROM articles") == len(SLUGS)


def test_missing_files_are_reported_and_left_alone(db: Path) -> None:
    for file in db.with_name("iom-warc").iterdir():
        file.unlink()
    result = reread(db)
    assert result.exit_code == 0
    assert "8 without a raw page" in result.stdout
    assert "capture 1: " in result.stderr
    assert "and 3 more" in result.stderr
    assert one(db, "SELECT count(*) FROM articles") == len(SLUGS)
