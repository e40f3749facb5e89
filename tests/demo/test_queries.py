"""The questions of docs/queries.md, asked of the archive that the demo makes: the page shows their answers."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from iomscrape.demo.queries import answer, main, queries, renewed
from tests.demoed import Demo

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def db(shared_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: SQLite keeps files beside a database that is open."""
    return Path(shutil.copy(shared_demo.db, tmp_path_factory.mktemp("queries")))


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
    assert renewed("no query here\n", archive) == "no query here\n"
