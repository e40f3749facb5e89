"""Documentation asks the archive that the demo makes: the pages show its answers, and they never change."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.answers import Answers
from iomscrape.demo.answers import answer, main, programs, queries, renewed, renewed_notebook
from tests.demoed import Demo

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "queries.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def db(shared_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: SQLite keeps files beside a database that is open, and programs on the pages write files."""
    folder = tmp_path_factory.mktemp("answers")
    shutil.copytree(shared_demo.folder, folder, dirs_exist_ok=True)
    return folder / "demo.db"


@pytest.fixture(scope="module")
def archive(db: Path) -> Iterator[Archive]:
    with Archive.open(db, readonly=True) as opened:
        yield opened


def test_there_are_twenty_questions_or_more() -> None:
    assert len(queries(TEXT)) == TEXT.count("\n### ") >= 20


@pytest.mark.parametrize("number", range(len(queries(TEXT))))
def test_the_page_shows_the_answer(archive: Archive, number: int) -> None:
    sql = queries(TEXT)[number]
    shown = answer(archive, sql)
    assert f"```sql\n{sql}```\n\n{shown}" in TEXT
    assert 3 <= len(shown.splitlines()) <= 25


def test_any_sqlite_program_can_ask(db: Path) -> None:
    with closing(sqlite3.connect(db)) as conn:
        assert all(conn.execute(sql).fetchall() for sql in queries(TEXT))


def test_the_programs_print_what_the_page_shows(db: Path) -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    assert len(programs(page)) >= 10
    assert renewed(page, db) == page
    assert sorted(path.name for path in db.parent.iterdir() if not path.name.startswith("demo")) == [
        "articles.parquet",
        "release",
    ]


def test_every_question_that_python_can_ask_is_on_the_page() -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    asked = [
        name for name in vars(Answers) if not name.startswith("_") and callable(getattr(Answers, name, None))
    ]
    assert len(asked) > 15
    assert [name for name in asked if f"`{name}`" not in page] == []


def test_the_notebook_runs_and_gives_what_it_shows(db: Path) -> None:
    text = (DOCS / "archive.ipynb").read_text(encoding="utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 6
    assert all(cell["outputs"] for cell in cells[:-1])
    assert renewed_notebook(text, db) == text


def test_the_command_puts_the_answers_in_anew(db: Path, tmp_path: Path) -> None:
    page = tmp_path / "queries.md"
    page.write_text(TEXT.replace("| 22 |", "| 23 |").replace("Nirmala", "Somebody"), encoding="utf-8")
    result = CliRunner().invoke(main, [str(db), str(page)])
    assert result.exit_code == 0, result.output
    assert page.read_text(encoding="utf-8") == TEXT


def test_markup_in_an_answer_is_shown_as_it_is(archive: Archive) -> None:
    assert answer(archive, "SELECT '<a|`\n*' AS x, 1 AS y, 2.50 AS z, NULL AS n") == (
        "| x | y | z | n |\n| --- | ---: | ---: | --- |\n| &#60;a&#124;&#96; * | 1 | 2.5 |  |\n"
    )
