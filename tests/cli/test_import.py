"""``iomscrape import``."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from iomscrape.cli import main
from tests.website import article


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOMSCRAPE_DB", raising=False)
    return tmp_path


def bring(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["import", *arguments], input=given)


def rows(query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect("iom.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def save(name: str, head: str = "") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(article(Path(name).stem, head=head), encoding="utf-8")


def test_folder_of_saved_pages(folder: Path) -> None:
    save(
        "saved/harbour-meeting.html", '<link rel="canonical" href="https://www.iom.int/news/harbour-meeting">'
    )
    save("saved/deep/island-school.html")
    Path("saved/empty.html").touch()
    Path("saved/picture.png").write_bytes(b"\x89PNG")
    result = bring("saved", "--json")
    assert result.exit_code == 4, result.output
    counts = json.loads(result.stdout)
    assert (counts["new"], counts["problems"], counts["problem_reasons"]) == (2, 1, {"empty": 1})
    assert rows("SELECT url FROM articles ORDER BY url") == [
        ((folder / "saved/deep/island-school.html").as_uri(),),
        ("https://www.iom.int/news/harbour-meeting",),
    ]
    assert rows("SELECT command, outcome, exit_code FROM runs") == [("import", "done", 4)]
    assert rows("SELECT count(*) FROM captures WHERE warc_file IS NOT NULL") == [(3,)]


def test_same_file_twice_changes_nothing() -> None:
    save("harbour-meeting.html")
    assert bring("harbour-meeting.html").exit_code == 0
    before = rows("SELECT * FROM articles"), rows("SELECT * FROM captures"), rows("SELECT * FROM versions")
    again = bring("harbour-meeting.html")
    assert again.exit_code == 0
    assert "0 new, 0 changed, 1 unchanged" in again.output
    assert (
        rows("SELECT * FROM articles"),
        rows("SELECT * FROM captures"),
        rows("SELECT * FROM versions"),
    ) == before


def test_address_is_given() -> None:
    save("page.html")
    assert bring("page.html", "--url", "https://www.iom.int/news/given").exit_code == 0
    assert rows("SELECT url FROM articles") == [("https://www.iom.int/news/given",)]


def test_what_a_crawl_kept_can_be_brought_in_again() -> None:
    save("harbour-meeting.html", '<link rel="canonical" href="https://www.iom.int/news/harbour-meeting">')
    assert bring("harbour-meeting.html", "--db", "first.db").exit_code == 0
    assert bring("first-warc").exit_code == 0
    assert rows("SELECT url, title FROM articles") == [
        ("https://www.iom.int/news/harbour-meeting", "Harbour Meeting")
    ]


def test_stdin() -> None:
    line = json.dumps({"url": "https://www.iom.int/news/from-stdin", "html": article("from-stdin")})
    assert bring("-", given=line.encode() + b"\n").exit_code == 0
    assert rows("SELECT url FROM articles") == [("https://www.iom.int/news/from-stdin",)]


def test_nothing_in_it() -> None:
    Path("nothing").mkdir()
    result = bring("nothing")
    assert result.exit_code == 3
    assert "No article was found" in result.output
    assert rows("SELECT outcome FROM runs") == [("nothing",)]


def test_damaged_file_is_written_down() -> None:
    Path("broken.warc.gz").write_bytes(b"\x1f\x8b\x08broken")
    result = bring("broken.warc.gz")
    assert result.exit_code == 3
    assert rows("SELECT url, reason FROM problems") == [("broken.warc.gz:0", "damaged")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.html"], "nowhere.html does not exist"),
        (["a.html", "b.html", "--url", "https://www.iom.int/news/x"], "one file"),
        (["a.html", "--url", "nonsense"], "nonsense"),
    ],
)
def test_wrong_use(arguments: list[str], said: str) -> None:
    save("a.html")
    save("b.html")
    result = bring(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert not Path("iom.db").exists()


def test_archive_that_is_none() -> None:
    save("a.html")
    Path("iom.db").write_text("dear diary")
    assert bring("a.html").exit_code == 2
    assert bring("a.html", "--db", "no/such/iom.db").exit_code == 6
    Path("b-warc").write_text("in the way")
    blocked = bring("a.html", "--db", "b.db")
    assert blocked.exit_code == 6
    assert "b-warc" in blocked.output
