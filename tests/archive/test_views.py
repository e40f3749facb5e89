"""Views answer what they promise, in any SQLite program, and every archive has today's."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Problem
from archive.views import VIEWS
from iomscrape.records import Contact

Rows = list[dict[str, Any]]


def ask(path: Path, sql: str) -> Rows:
    """The rows as a bare SQLite program sees them, without any function of ours."""
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    rows = [dict(row) for row in conn.execute(sql)]
    conn.close()
    return rows


@pytest.fixture
def filled(path: Path, make_article: Any, make_capture: Any) -> Path:
    ada = Contact(name="Ada Moreno", role="Spokesperson", office="IOM Dili", emails=("ada@iom.int",))
    items: tuple[tuple[str, dict[str, Any]], ...] = (
        ("https://www.iom.int/a", {}),
        ("https://www.iom.int/b", {"published": date(2019, 5, 31), "contacts": (ada,), "lang": "fr"}),
        ("https://timor-leste.iom.int/c", {"published": None, "contacts": (), "lang": None, "repairs": ()}),
    )
    with Archive.open(path) as archive:
        run = archive.start_run("crawl", {}, version="1")
        for url, changes in items:
            archive.store(make_capture(url=url), [make_article(url=url, **changes)], run_id=run)
    return path


def test_people_are_names_at_offices(filled: Path) -> None:
    rows = ask(filled, "SELECT * FROM people ORDER BY name")
    assert [(row["name"], row["office"], row["articles"]) for row in rows] == [
        ("Ada Moreno", "IOM Dili", 2),
        ("Benoît Été", "IOM Dili", 1),
    ]
    ada = rows[0]
    assert set(json.loads(ada["roles"])) == {"Programme Officer", "Spokesperson"}
    assert set(json.loads(ada["emails"])) == {"amoreno@iom.int", "ada@iom.int"}
    assert json.loads(ada["phones"]) == ["+6707230000"]
    assert (ada["first_mention"], ada["last_mention"]) == ("2019-05-31", "2021-05-03")
    assert json.loads(rows[1]["roles"]) == json.loads(rows[1]["phones"]) == []


def test_offices(filled: Path) -> None:
    assert ask(filled, "SELECT * FROM offices") == [
        {
            "office": "IOM Dili",
            "people": 2,
            "articles": 2,
            "first_mention": "2019-05-31",
            "last_mention": "2021-05-03",
        }
    ]


def test_months_and_languages(filled: Path) -> None:
    assert [(row["month"], row["articles"]) for row in ask(filled, "SELECT * FROM articles_by_month")] == [
        ("2019-05", 1),
        ("2021-05", 1),
    ]
    assert {
        row["lang"]: (row["articles"], row["sites"], row["first_published"])
        for row in ask(filled, "SELECT * FROM languages")
    } == {None: (1, 1, None), "en": (1, 1, "2021-05-03"), "fr": (1, 1, "2019-05-31")}


def test_repaired_links_name_their_article(filled: Path) -> None:
    rows = ask(filled, "SELECT * FROM repaired_links")
    assert [(row["url"], row["kind"], row["after"]) for row in rows] == [
        ("https://www.iom.int/a", "break-in-tag", "amoreno@iom.int"),
        ("https://www.iom.int/b", "break-in-tag", "amoreno@iom.int"),
    ]


def test_a_page_is_unread_until_some_capture_of_it_is_read(
    filled: Path, make_article: Any, make_capture: Any
) -> None:
    url = "https://www.iom.int/broken"
    with Archive.open(filled) as archive:
        archive.record_problem("https://www.iom.int/away", Problem("timeout", "No answer."))
        archive.store(make_capture(url=url), [], problem=Problem("no-article", "Nothing."))
    rows = ask(filled, "SELECT * FROM unread_pages ORDER BY problem_id")
    assert [(row["url"], row["reason"], row["source"]) for row in rows] == [
        ("https://www.iom.int/away", "timeout", None),
        (url, "no-article", "live"),
    ]
    with Archive.open(filled) as archive:
        for address in (url, "http://iom.int/away"):
            archive.store(make_capture(3, url=address), [make_article(url=address)])
    assert ask(filled, "SELECT * FROM unread_pages") == []
    assert len(ask(filled, "SELECT * FROM problems")) == 2


def test_a_person_is_found_by_the_index(filled: Path) -> None:
    for sql in (
        "SELECT * FROM people WHERE name = 'Ada Moreno'",
        "SELECT * FROM offices WHERE office = 'IOM Dili'",
    ):
        plan = [row["detail"] for row in ask(filled, f"EXPLAIN QUERY PLAN {sql}")]
        assert any(re.match("SEARCH contacts USING (COVERING )?INDEX contacts_", step) for step in plan), plan


def _age(path: Path) -> None:
    """Make of an archive what an earlier program of the same SCHEMA_VERSION could have left."""
    conn = sqlite3.connect(path)
    conn.execute("DROP VIEW offices")
    conn.execute("DROP VIEW languages")
    conn.execute("CREATE VIEW languages AS SELECT 'old' AS lang")
    conn.execute("CREATE VIEW mine AS SELECT 'my own' AS note")
    conn.execute("UPDATE columns SET meaning = 'old' WHERE table_name = 'languages'")
    conn.commit()
    conn.close()


def test_older_views_are_renewed_and_a_researchers_own_stay(filled: Path) -> None:
    _age(filled)
    Archive.open(filled).close()
    assert ask(filled, "SELECT count(*) AS n FROM offices") == [{"n": 1}]
    assert ask(filled, "SELECT count(*) AS n FROM languages WHERE lang = 'en'") == [{"n": 1}]
    assert ask(filled, "SELECT * FROM mine") == [{"note": "my own"}]
    assert ask(filled, "SELECT count(*) AS n FROM columns WHERE meaning = 'old'") == [{"n": 0}]


def test_who_only_reads_is_lent_todays_views_and_writes_nothing(filled: Path) -> None:
    _age(filled)
    before = filled.read_bytes()
    with Archive.open(filled, readonly=True) as archive:
        assert list(archive.db.query("SELECT office FROM offices")) == [{"office": "IOM Dili"}]
        assert {row["lang"] for row in archive.db.query("SELECT lang FROM languages")} == {None, "en", "fr"}
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            archive.db.conn.execute("DELETE FROM articles")
    assert filled.read_bytes() == before


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_an_empty_archive_answers_nothing(archive: Archive, view: str) -> None:
    assert list(archive.db.query(f"SELECT * FROM {view}")) == []
