from __future__ import annotations

import json
import random
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, MissingExtra
from archive.stories import build as building
from tests.archive.stories.labelled import SEEN, Sample, fill, record, samples

Row = tuple[Any, ...]


def everything(archive: Archive) -> tuple[list[Row], list[Row]]:
    """Stories and links by address, as the numbers depend on the order of arrival."""
    urls = dict(archive.db.conn.execute("SELECT id, url FROM articles").fetchall())
    stories: dict[int, list[tuple[str, str]]] = {}
    for article_id, story_id, relation in archive.db.conn.execute("SELECT * FROM story_articles"):
        stories.setdefault(story_id, []).append((urls[article_id], relation))
    links = [
        (*sorted((urls[one], urls[other])), reason, score, used)
        for one, other, reason, score, used in archive.db.conn.execute(
            "SELECT article_id, other_id, reason, score, used FROM story_links"
        )
    ]
    return sorted(tuple(sorted(members)) for members in stories.values()), sorted(links)


@pytest.fixture(scope="module")
def practice() -> list[Sample]:
    return samples("practice")


@pytest.fixture(scope="module")
def at_once(practice: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Row], list[Row]]:
    with Archive.open(Path(tmp_path_factory.mktemp("stories")) / "iom.db") as archive:
        fill(archive, practice)
        archive.build_stories()
        return everything(archive)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bit_by_bit_is_as_good_as_at_once(
    path: Path, practice: list[Sample], at_once: tuple[list[Row], list[Row]], seed: int
) -> None:
    shuffled = random.Random(seed).sample(practice, len(practice))
    with Archive.open(path) as archive:
        compared = 0
        for start in range(0, len(shuffled), 30):
            part = shuffled[start : start + 30]
            fill(archive, part)
            built = archive.build_stories()
            assert built.compared == len(part)
            compared += built.compared
        assert compared == len(practice)
        stories, links = everything(archive)
    assert [{url for url, _ in story} for story in stories] == [
        {url for url, _ in story} for story in at_once[0]
    ]
    assert links == at_once[1]


def test_nothing_new_nothing_compared(path: Path, practice: list[Sample]) -> None:
    with Archive.open(path) as archive:
        fill(archive, practice[:10])
        first = archive.build_stories()
        before = everything(archive)
        assert (first.compared, archive.build_stories().compared) == (10, 0)
        assert archive.build_stories(again=True).compared == 10
        assert everything(archive) == before


def store(archive: Archive, sample: Sample, day: int, make_capture: Any) -> int:
    capture = make_capture(day, f"{sample.url} {day}".encode(), url=sample.url)
    return int(archive.store(capture, [record(sample)]).article_ids[0])


def test_an_article_that_changes_leaves_its_story_and_comes_back(
    path: Path, practice: list[Sample], make_capture: Any
) -> None:
    one, copy = (sample for sample in practice if sample.story == "bees")
    with Archive.open(path) as archive:
        numbers = [store(archive, sample, 0, make_capture) for sample in (one, copy)]
        archive.build_stories()
        story = archive.story(numbers[0])
        assert story is not None
        assert [row["id"] for row in story["articles"]] == numbers

        other = replace(copy, text="This page has moved. Please look for it on the new site of the mission.")
        store(archive, other, 1, make_capture)
        assert archive.build_stories().compared == 1
        assert archive.story(numbers[0]) is None
        assert archive.story(numbers[1]) is None
        assert everything(archive) == ([], [])

        store(archive, copy, 2, make_capture)
        assert archive.build_stories().compared == 1
        assert archive.story(numbers[1]) == story


def test_an_article_that_is_taken_out_leaves_no_story_of_one(path: Path, practice: list[Sample]) -> None:
    trio = [sample for sample in practice if sample.story == "census"]
    with Archive.open(path) as archive:
        numbers = list(fill(archive, trio).values())
        archive.build_stories()
        for gone, left in ((numbers[0], numbers[1:]), (numbers[1], [])):
            archive.db.conn.execute("DELETE FROM sightings WHERE article_id = ?", (gone,))
            archive.db.conn.execute("DELETE FROM articles WHERE id = ?", (gone,))
            archive.build_stories()
            story = archive.story(numbers[2])
            assert [row["id"] for row in (story or {"articles": []})["articles"]] == left


def test_links_say_why(path: Path, practice: list[Sample]) -> None:
    with Archive.open(path) as archive:
        numbers = fill(archive, practice)
        archive.build_stories()
        story = archive.story("iom.int/news/floating-clinic-reaches-river-islands-cut-floods")
        assert story is not None
        assert [(row["relation"], row["lang"]) for row in story["articles"]] == [
            ("first", "en"),
            *[("copy", "en")] * 3,
            ("translation", "fr"),
        ]
        reasons = {(link["article_id"], link["other_id"]): link for link in story["links"] if link["used"]}
        copy = reasons[numbers["clinic"], numbers["clinic-new-site"]]
        assert copy["reason"] == "near-copy"
        assert copy["evidence"]["shared"] > 0.9
        assert copy["evidence"]["days_apart"] == 0
        french = reasons[numbers["clinic"], numbers["clinic-fr"]]
        assert french["reason"] == "same-facts"
        assert {"1846", "385000"} <= set(french["evidence"]["numbers"])
        named = archive.story(numbers["passport"])
        assert named is not None
        assert [(link["reason"], link["score"]) for link in named["links"]] == [("hreflang", 1.0)]
        assert archive.article(numbers["passport"])["story"] == named  # type: ignore[index]  # it is there


def test_no_address_or_number_of_a_person_is_kept_with_the_stories(
    path: Path, practice: list[Sample]
) -> None:
    with Archive.open(path) as archive:
        fill(archive, practice)
        archive.build_stories()
        kept = json.dumps(
            archive.db.conn.execute("SELECT evidence FROM story_links").fetchall()
            + archive.db.conn.execute("SELECT facts FROM fingerprints").fetchall()
        )
        for sample in practice:
            for contact in sample.contacts:
                name, _, email, number = contact.split(" | ")
                assert email not in kept
                assert number.lstrip("+") not in kept
                assert name not in kept


def test_the_list_has_the_latest_first(path: Path, practice: list[Sample]) -> None:
    with Archive.open(path) as archive:
        fill(archive, practice)
        built = archive.build_stories()
        rows = archive.stories(limit=1000)
        assert len(rows) == built.stories
        assert sum(row["articles"] for row in rows) == built.articles
        days = [row["published"] for row in rows]
        assert days == sorted(days, reverse=True)
        assert archive.stories(limit=2, offset=1) == rows[1:3]
        clinic = next(row for row in rows if row["title"].startswith("Floating Clinic"))
        assert clinic["languages"] == ["en", "fr"]
        assert clinic["sites"] == ["bangladesh.iom.int", "iom.int", "reliefweb.int"]


def test_a_build_that_is_stopped_is_gone_on_with(
    path: Path, practice: list[Sample], at_once: tuple[list[Row], list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH", 7)
    with Archive.open(path) as archive:
        fill(archive, practice)
        for word in ("looking", "comparing", "grouping"):

            def stop(now: str, done: int, total: int, word: str = word) -> None:
                if now == word and 20 < done < total:
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                archive.build_stories(watch=stop)
        archive.build_stories()
        assert everything(archive) == at_once


def test_new_rules_compare_all_anew(
    path: Path, practice: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(path) as archive:
        fill(archive, practice[:8])
        archive.build_stories()
        monkeypatch.setattr(building, "RULES", building.RULES + 1)
        assert archive.build_stories().compared == 8


def test_without_the_library_nothing_is_touched(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(path) as archive:
        monkeypatch.setitem(sys.modules, "rensa", None)
        with pytest.raises(MissingExtra, match="pip install"):
            archive.build_stories()
        assert archive.stories() == []


def test_a_crawl_can_write_between_two_batches(
    path: Path, practice: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH", 10)
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with Archive.open(path) as archive:
        fill(archive, practice[:30])
        written = []

        def write(*_: object) -> None:
            other.execute("UPDATE articles SET last_seen = ?", (SEEN.isoformat(),))
            written.append(1)

        archive.build_stories(watch=write)
    other.close()
    assert len(written) == 9
