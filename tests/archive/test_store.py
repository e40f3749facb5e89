"""One capture becomes rows: once, completely, and never half."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Problem, WarcPlace
from archive.addresses import is_capture_of
from iomscrape.records import Block, Contact

TABLES = (
    "runs captures articles addresses sightings versions contacts emails phones repairs themes links "
    "images translations problems frontier"
).split()


def rows(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    return {table: archive.db.conn.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


def one(archive: Archive, sql: str) -> Any:
    return archive.db.conn.execute(sql).fetchone()[0]


def test_everything_an_article_says_is_kept(archive: Archive, make_article: Any, make_capture: Any) -> None:
    run = archive.start_run("crawl", {"sites": ["www.iom.int"]}, version="0.1.0")
    place = WarcPlace("a.warc.gz", 360, 900, "sha256:x")
    stored = archive.store(make_capture(), [make_article()], run_id=run, place=place)
    assert (stored.article_ids, stored.outcome) == ((1,), "new")
    article = next(iter(archive.db.query("SELECT * FROM articles")))
    assert article["site"] == "iom.int"
    assert article["published"] == "2021-05-03"
    assert article["text"] == "The school by the bridge has opened again.\n\nEighty children came."
    assert article["first_seen"] == article["last_seen"] == "2026-03-01T09:30:00+00:00"
    counts = {table: len(found) for table, found in rows(archive).items()}
    assert counts["contacts"] == counts["emails"] == counts["themes"] == counts["links"] == 2
    assert counts["phones"] == counts["repairs"] == counts["images"] == counts["translations"] == 1
    assert next(iter(archive.db.query("SELECT printed, e164, valid FROM phones"))) == {
        "printed": "+670.723.0000",
        "e164": "+6707230000",
        "valid": 0,
    }
    assert one(archive, "SELECT part FROM repairs") == "contact"
    assert one(archive, "SELECT url FROM links WHERE kind = 'document'") == "https://www.iom.int/a.pdf"
    capture = next(iter(archive.db.query("SELECT * FROM captures")))
    assert (capture["warc_file"], capture["warc_offset"], capture["warc_length"]) == ("a.warc.gz", 360, 900)
    assert (capture["content_type"], capture["outcome"]) == ("text/html; charset=UTF-8", "new")


def test_the_same_capture_twice_changes_nothing(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    assert not archive.has(make_capture())
    archive.store(make_capture(), [make_article()])
    before = rows(archive)
    again = archive.store(make_capture(), [make_article()])
    assert again.outcome == "unchanged"
    assert archive.has(make_capture())
    assert rows(archive) == before


def test_the_same_problem_twice_changes_nothing(archive: Archive, make_capture: Any) -> None:
    problem = Problem("no-article", "The page holds no article.")
    assert archive.store(make_capture(), [], problem=problem).outcome == "problem"
    before = rows(archive)
    assert archive.store(make_capture(), [], problem=problem).outcome == "problem"
    assert rows(archive) == before


def test_an_unchanged_article_only_moves_last_seen(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(0), [make_article()])
    before = rows(archive)
    later = make_article(reader_version="2", confidence=0.5, warnings=("odd",), repairs=())
    assert archive.store(make_capture(4, b"other furniture"), [later]).outcome == "unchanged"
    after = rows(archive)
    same = set(TABLES) - {"captures", "sightings", "articles", "versions", "frontier"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    assert len(after["captures"]) == 2
    assert one(archive, "SELECT last_seen FROM articles") == "2026-03-05T09:30:00+00:00"
    assert one(archive, "SELECT reader_version FROM articles") == "1"
    assert one(archive, "SELECT count(*) FROM versions") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Bridge School Closes"},
        {"subtitle": None},
        {"dateline": "Baucau"},
        {"published": datetime(2021, 5, 4)},
        {"kind": "statement"},
        {"contacts": (Contact(name="Caio Lopes"),)},
        {"blocks": (Block(text="Nobody came."),)},
    ],
)
def test_whatever_a_reader_sees_makes_a_version(
    archive: Archive, make_article: Any, make_capture: Any, change: dict[str, Any]
) -> None:
    archive.store(make_capture(0), [make_article()])
    title = change.pop("title", "Bridge School Reopens")
    assert archive.store(make_capture(1), [make_article(title, **change)]).outcome == "changed"
    assert one(archive, "SELECT count(*) FROM versions") == 2
    assert one(archive, "SELECT title FROM articles") == title


def test_details_are_those_of_the_latest_version(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(0), [make_article()])
    archive.store(make_capture(1), [make_article(contacts=(Contact(name="Caio Lopes"),), themes=())])
    assert [row[0] for row in archive.db.conn.execute("SELECT name FROM contacts")] == ["Caio Lopes"]
    assert one(archive, "SELECT count(*) FROM emails") == 0, "e-mails go with their contacts"
    assert one(archive, "SELECT count(*) FROM themes") == 0


def test_addresses_that_mean_the_same_are_one_article(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    for day, url in enumerate(
        ("https://www.iom.int/news/a", "http://iom.int/news/a/", "https://iom.int/news/a#top")
    ):
        archive.store(make_capture(day, url=url), [make_article(url=url)])
    assert one(archive, "SELECT count(*) FROM articles") == 1


def test_an_article_is_found_under_every_address(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    capture = make_capture(
        url="https://www.iom.int/node/113086",
        redirected_from=("http://iom.int/old/7", "http://iom.int/old/8"),
    )
    archive.store(capture, [make_article()])
    for url in (
        "https://www.iom.int/news/bridge-school-reopens",
        "iom.int/news/bridge-school-reopens/",
        "https://iom.int/node/113086",
        "https://www.iom.int/old/7/",
        "http://iom.int/old/8#a",
    ):
        record = archive.article(url)
        assert record is not None, url
        assert record["id"] == 1


def test_items_of_a_listing_are_articles_of_their_own(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    page = "https://germany.iom.int/aggregator/sources/3"
    items = [make_article(title, url=page) for title in ("First", "Second", "Second", "Third")]
    stored = archive.store(make_capture(url=page), items)
    assert len(set(stored.article_ids)) == 4
    assert archive.store(make_capture(1, url=page), items).outcome == "unchanged"
    anchored = [make_article(title, url=f"{page}#{title}") for title in ("x", "y")]
    assert len(set(archive.store(make_capture(2, url=page), anchored).article_ids)) == 2
    found = archive.article(f"{page}#y")
    assert found is not None
    assert found["title"] == "y"
    assert archive.article(page) is not None


def test_a_page_that_can_be_read_at_last_is_no_problem_any_more(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(), [], problem=Problem("no-article", "Nothing."))
    assert archive.store(make_capture(), [make_article()]).outcome == "new"
    assert one(archive, "SELECT count(*) FROM problems") == 0
    assert one(archive, "SELECT count(*) FROM captures") == 1
    assert one(archive, "SELECT outcome FROM captures") == "new"


def test_the_same_capture_read_better_replaces_its_reading(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(0), [make_article("Wrong")])
    archive.store(make_capture(1), [make_article("Later")])
    assert archive.store(make_capture(0), [make_article("Right", reader_version="2")]).outcome == "changed"
    titles = archive.db.conn.execute("SELECT title, reader_version FROM versions ORDER BY number").fetchall()
    assert titles == [("Right", "2"), ("Later", "1")]
    assert one(archive, "SELECT title FROM articles") == "Later"


def test_a_failure_in_the_middle_leaves_nothing(
    archive: Archive, make_article: Any, make_capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise sqlite3.IntegrityError("broken")

    before = rows(archive)
    monkeypatch.setattr("archive.latest.write_details", broken)
    with pytest.raises(sqlite3.IntegrityError):
        archive.store(make_capture(), [make_article()])
    assert rows(archive) == before
    monkeypatch.undo()
    assert archive.store(make_capture(), [make_article()]).outcome == "new"


def test_text_that_utf8_cannot_hold_is_stored_all_the_same(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    capture = make_capture(url="https://iom.int/\udce9", origin="\udce9.html:1")
    archive.store(capture, [make_article("A \ud800 title", "para \udfff")], problem=None)
    record = archive.article(1)
    assert record is not None
    assert record["title"] == "A ? title"


def test_a_304_moves_last_seen_and_is_kept_as_a_capture(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(0), [make_article()])
    at = make_capture(3).fetched_at
    assert archive.seen_unchanged("http://iom.int/news/bridge-school-reopens/", at) == (1,)
    assert archive.seen_unchanged("http://iom.int/news/bridge-school-reopens/", at) == (1,)
    assert one(archive, "SELECT last_seen FROM articles") == "2026-03-04T09:30:00+00:00"
    assert one(archive, "SELECT last_seen FROM versions") == "2026-03-04T09:30:00+00:00"
    assert one(archive, "SELECT count(*) FROM captures WHERE status = 304") == 1
    assert archive.seen_unchanged("https://iom.int/never-seen", at) == ()


def test_a_304_speaks_of_the_page_that_was_asked_with_and_not_of_one_from_elsewhere(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(0, b"ours"), [make_article("As the site shows it")])
    archive.store(make_capture(2, b"theirs", source="wayback"), [make_article("As a wall showed it")])
    archive.seen_unchanged("https://www.iom.int/news/bridge-school-reopens", make_capture(3).fetched_at)
    assert one(archive, "SELECT title FROM articles") == "As the site shows it"
    assert one(archive, "SELECT count(*) FROM versions") == 3


def test_an_article_by_itself_takes_little_of_the_log(
    archive: Archive, path: Path, make_article: Any, make_capture: Any
) -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(3000)]
    archive.db.conn.execute("PRAGMA wal_autocheckpoint = 0")
    log = path.with_name(f"{path.name}-wal")
    for number in range(120):
        if number == 40:
            before = log.stat().st_size
        url = f"https://www.iom.int/news/{number}"
        text = " ".join(chance.choices(words, k=500))
        archive.store(make_capture(body=b"%d" % number, url=url), [make_article("A title", text, url=url)])
    # With pages of 32 kB, and the full-text indexes merged as eagerly as by default, it was more than a megabyte.
    assert (log.stat().st_size - before) / 80 < 200_000


def test_captures_of_an_address_are_found_by_their_index(archive: Archive) -> None:
    plan = archive.db.conn.execute(
        f"EXPLAIN QUERY PLAN SELECT id FROM captures WHERE {is_capture_of('?1')}", "a"
    )
    assert "INDEX captures_identity" in plan.fetchone()[3]
