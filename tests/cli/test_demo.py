"""The demo as a user runs it, once; then what it may and may not replace."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from archive import Archive
from iomscrape.demo.earlier import COMMAND, remove_earlier
from iomscrape.demo.listings import WITHDRAWN
from iomscrape.demo.stories import Story, load
from iomscrape.demo.wounds import WOUNDS
from tests.demoed import Demo, run_demo

PAGES = [(story, lang) for key in ("headquarters", "office") for story in load(key) for lang in story.texts]


@pytest.fixture(scope="module")
def demo(shared_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A copy: one of the tests removes it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(shared_demo.folder, folder, dirs_exist_ok=True)
    return replace(shared_demo, folder=folder)


def test_it_ends_well_and_in_time(demo: Demo) -> None:
    assert demo.exit_code == 0, demo.errors
    assert demo.seconds < 60
    assert "Traceback" not in demo.output + demo.errors
    assert sorted(path.name for path in demo.folder.iterdir()) == ["demo-warc", "demo.db"]
    assert list((demo.folder / "demo-warc").glob("*.warc.gz"))


def test_every_page_of_both_sites_came_in(demo: Demo) -> None:
    assert len(PAGES) == 86
    with Archive.open(demo.db, readonly=True) as archive:
        records = {(record["node_id"], record["lang"]): record for record in archive.export()}
        stats = archive.stats()
    assert records.keys() == {(str(story.node), lang) for story, lang in PAGES}
    assert stats["by_design"] == {"drupal9": 86}
    for story, lang in PAGES:
        record, text = records[str(story.node), lang], story.texts[lang]
        assert record["title"] == text.title
        assert record["subtitle"] == text.subtitle
        assert str(record["published"])[:10] == story.day.isoformat()
        assert record["country"] == story.country
        # The contact block is no paragraph, the dateline opens the first one.
        assert len(record["paragraphs"]) == len(text.blocks)
        assert record["paragraphs"][0].endswith(text.blocks[0].text)
        assert record["paragraphs"][1:] == [block.text for block in text.blocks[1:]]
        assert record["translations"].keys() == story.texts.keys() - {lang}


def test_every_address_was_mended_and_none_is_of_the_furniture(demo: Demo) -> None:
    with Archive.open(demo.db, readonly=True) as archive:
        records = {(record["node_id"], record["lang"]): record for record in archive.export()}
    wounds_seen = set()
    for story, lang in PAGES:
        people = story.texts[lang].people
        mails = [mail for contact in records[str(story.node), lang]["contacts"] for mail in contact["emails"]]
        assert mails == [person.mail for person in people]
        wounds_seen |= {person.wound for person in people}
    assert wounds_seen == set(WOUNDS)


def test_what_a_page_said_in_earlier_years_is_a_version(demo: Demo) -> None:
    befores = [(story, lang, before) for story, lang in PAGES for before in story.texts[lang].before]
    assert len(befores) == 5
    with Archive.open(demo.db, readonly=True) as archive:
        records = {(record["node_id"], record["lang"]): record["id"] for record in archive.export()}
        for story, lang, before in befores:
            record = archive.article(records[str(story.node), lang])
            assert record is not None
            assert record["versions"][-1]["title"] == record["title"] == story.texts[lang].title
            seen = {version["first_seen"]: version for version in record["versions"]}
            assert seen[before.seen.isoformat()]["title"] == (before.title or record["title"])
            (said,) = archive.db.query(
                "SELECT text FROM versions WHERE article_id = ? AND number = ?",
                [record["id"], seen[before.seen.isoformat()]["number"]],
            )
            assert all(then in said["text"] for _, then in before.swaps)
            (kept,) = [one for one in record["captures"] if one["fetched_at"] == before.seen.isoformat()]
            assert kept["source"] == "wayback"
            assert archive.raw(kept["id"]) is not None
        assert archive.stats()["changed_articles"] == 4


def test_what_went_wrong_is_written_down(demo: Demo) -> None:
    with Archive.open(demo.db, readonly=True) as archive:
        problems = [
            (row["url"], row["reason"]) for row in archive.db.query("SELECT url, reason FROM problems")
        ]
    (url, reason) = problems[0]
    assert len(problems) == 1
    assert url.endswith(WITHDRAWN)
    assert reason == "http-404"


def test_the_table_shows_the_numbers_by_site_language_and_kind(demo: Demo) -> None:
    rows = {
        words[0]: [int(word) for word in words[1:]]
        for words in (line.split() for line in demo.output.splitlines())
        if len(words) == 6 and all(word.isdecimal() for word in words[1:])
    }
    assert rows["all"] == [22, 22, 22, 10, 10]
    assert rows["statement"] == [2, 2, 2, 0, 0]

    def expected(kind: str) -> list[int]:
        def count(stories: tuple[Story, ...], lang: str) -> int:
            return sum(story.kind == kind and lang in story.texts for story in stories)

        headquarters, office = load("headquarters"), load("office")
        return [
            *(count(headquarters, lang) for lang in ("en", "es", "fr")),
            *(count(office, lang) for lang in ("en", "pt")),
        ]

    for kind in ("press-release", "briefing-note", "local-news", "statement", "feature"):
        assert rows[kind] == expected(kind)


def test_it_shows_an_article_with_contact_and_repair_and_what_to_try_next(demo: Demo) -> None:
    assert "Cleaned Wells Bring Families Back to Mannar Villages" in demo.output
    assert "Nirmala Sethukavalar, Programme Officer, IOM Colombo" in demo.output
    assert "+94115552034" in demo.output
    assert "break-in-tag" in demo.output
    *_, search, contacts, crawl = demo.output.splitlines()
    since = (date.today() - timedelta(days=30)).isoformat()
    assert crawl.strip().endswith(f"crawl www.iom.int --since {since} --contact you@example.org")
    for line in (search, contacts):
        done = subprocess.run(line, shell=True, cwd=demo.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert re.search(r"Mannar|D[ií]li", done.stdout)


def test_an_earlier_demo_is_replaced(demo: Demo) -> None:
    before = list((demo.folder / "demo-warc").iterdir())
    (demo.folder / "demo-warc" / "mine.txt").write_text("keep me")
    remove_earlier(demo.db)
    assert not demo.db.exists()
    assert not before[0].exists()
    # Whatever else lies in the folder is not the demo's to remove.
    assert (demo.folder / "demo-warc" / "mine.txt").read_text() == "keep me"


def test_a_demo_that_was_stopped_at_once_is_replaced(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "demo.db") as archive:
        archive.start_run(COMMAND, {}, version="0")
    remove_earlier(tmp_path / "demo.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "sites"),
    [
        ("crawl", ["https://www.iom.int/"]),
        ("crawl", ["http://localhost:1/", "https://x.org/"]),
        ("import", []),
    ],
)
def test_an_archive_that_holds_more_is_left_alone(tmp_path: Path, command: str, sites: list[str]) -> None:
    db = tmp_path / "demo.db"
    with Archive.open(db) as archive:
        archive.start_run(COMMAND, {}, version="0")
        archive.start_run(command, {"sites": sites}, version="0")
    before = db.read_bytes()
    refused = run_demo(tmp_path)
    assert refused.exit_code == 2
    assert re.fullmatch(rf"Error: demo\.db holds more .*'{command}'.*--db\n", refused.errors)
    assert db.read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "database", "folder"])
def test_what_is_no_archive_is_left_alone(tmp_path: Path, kind: str) -> None:
    db = tmp_path / "demo.db"
    if kind == "text":
        db.write_text("my notes")
    elif kind == "folder":
        db.mkdir()
    else:
        connection = sqlite3.connect(db)
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.close()
    refused = run_demo(tmp_path)
    assert refused.exit_code == 2
    assert "demo.db" in refused.errors
    assert "Traceback" not in refused.errors
    assert refused.output == ""
    assert db.is_dir() if kind == "folder" else db.stat().st_size > 0


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    refused = run_demo(tmp_path, "--db", "nowhere/demo.db")
    assert refused.exit_code == 6
    assert "nowhere" in refused.errors
