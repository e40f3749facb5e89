"""Read again, an archive is what today's reader would have made of it, and what was read before is on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import Archive, Problem, QueryError
from archive.filters import Filters
from archive.recaptures import Choice, count, pages
from archive.rereading import Moving, Reread, compare, correct, note
from archive.told import tell
from iomscrape.records import Article, Block

NOTHING = Problem("no-article", "The page holds no article.")

PAGE = st.dictionaries(
    st.sampled_from("pq"), st.tuples(st.sampled_from("ABC"), st.sampled_from([0.5, 0.9])), max_size=2
)
"""Slug to title and confidence."""
READABLE = st.one_of(
    *(
        st.fixed_dictionaries(
            {slug: st.tuples(st.sampled_from("ABC"), st.sampled_from([0.5, 0.9])) for slug in slugs}
        )
        for slugs in ("p", "q", "pq")
    )
)


def reread(archive: Archive, pages: Sequence[Sequence[Article]], run_id: int | None = None) -> list[Reread]:
    """Read all captures again; today's reader says this of them, in their order."""
    moving = Moving()
    for number, articles in enumerate(pages, start=1):
        moving.expect(compare(archive.db, number, tell(articles), None))
    with archive.together():
        for number, articles in enumerate(pages, start=1):
            note(archive.db, number, tell(articles), run_id)
        return [
            correct(archive.db, number, tell(articles), None, run_id, moving)
            for number, articles in enumerate(pages, start=1)
        ]


def store(archive: Archive, capture: Any, articles: Sequence[Article]) -> None:
    archive.store(capture, articles, problem=None if articles else NOTHING)


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    return archive.db.conn.execute(sql).fetchall()


def content(archive: Archive) -> list[Any]:
    """All that an archive says, without numbers of rows and how pages were read."""
    versions = rows(
        archive,
        "SELECT a.identity, v.number, v.capture_id, v.first_seen, v.last_seen, v.record FROM versions AS v "
        "JOIN articles AS a ON a.id = v.article_id ORDER BY 1, 2",
    )
    return [
        [(*version, json.loads(record)["title"]) for *version, record in versions],
        rows(
            archive,
            "SELECT identity, title, digest, text, versions, first_seen, last_seen FROM articles ORDER BY 1",
        ),
        rows(
            archive,
            "SELECT identity, s.capture_id, s.digest FROM sightings s JOIN articles ON id = article_id ORDER BY 1, 2",
        ),
        rows(
            archive,
            "SELECT identity, name, office FROM contacts JOIN articles a ON a.id = article_id ORDER BY 1, 2",
        ),
        rows(archive, "SELECT title FROM articles_fts WHERE articles_fts MATCH 'A OR B' ORDER BY 1"),
        rows(archive, "SELECT capture_id, reason FROM problems ORDER BY 1"),
    ]


# Words that a later capture had come to stand in an earlier one, too.
@example(history=[({}, {"p": ("B", 0.9)}), ({}, {"p": ("A", 0.5)}), ({"p": ("B", 0.5)}, {"p": ("A", 0.5)})])
@settings(deadline=None, max_examples=25)
@example(
    history=[
        ({}, {"p": ("B", 0.5), "q": ("A", 0.5)}),
        ({}, {"p": ("A", 0.5)}),
        ({"p": ("B", 0.9)}, {"p": ("A", 0.9)}),
    ]
)
@given(history=st.lists(st.tuples(PAGE, READABLE), min_size=1, max_size=5))
def test_it_is_as_if_todays_reader_had_read_it_all(
    make_article: Any, make_capture: Any, history: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    def articles(said: dict[str, Any], reader: str) -> list[Article]:
        return [
            make_article(
                title, url=f"https://www.iom.int/news/{slug}", confidence=sure, reader_version=reader
            )
            for slug, (title, sure) in said.items()
        ]

    with (
        TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "fresh.db") as fresh,
        Archive.open(Path(folder) / "old.db") as old,
    ):
        for day, (before, after) in enumerate(history):
            store(old, make_capture(day), articles(before, "1"))
            store(fresh, make_capture(day), articles(after, "2"))
        said = {
            (capture_id, url): json.loads(record)
            for capture_id, url, record in rows(
                old, "SELECT capture_id, json_extract(record, '$.url'), record FROM versions"
            )
        }
        reread(old, [articles(after, "2") for _, after in history])
        assert content(old) == content(fresh)
        assert rows(old, "SELECT DISTINCT reader_version FROM versions") == [("2",)]
        assert not rows(old, "PRAGMA foreign_key_check")
        for day, (_, after) in enumerate(history):
            assert not compare(old.db, day + 1, tell(articles(after, "2")), None).touches
        # Every word of the earlier reader is still there.
        kept = rows(old, "SELECT capture_id, url, said FROM corrections WHERE kind = 'changed'")
        for capture_id, url, fields in kept:
            if (capture_id, url) in said:
                before = said[capture_id, url]
                assert {name: before[name] for name in json.loads(fields)} == json.loads(fields)


def test_what_was_read_before_is_on_record(archive: Archive, make_article: Any, make_capture: Any) -> None:
    before = make_article("Wrong", "Furniture.", reader_version="0", dateline=None)
    archive.store(make_capture(0), [before])
    run = archive.start_run("reread", {}, version="0.1.0")
    [found] = reread(archive, [[make_article("Right", "The clinic opened.")]], run)
    assert found.outcome == "changed"
    assert found.changes[0].fields["title"] == ("Wrong", "Right")
    assert found.changes[0].fields["dateline"] == (None, "Dili")
    [(reader, said)] = rows(archive, "SELECT reader_version, said FROM corrections WHERE run_id = 1")
    assert reader == "0"
    after = json.loads(rows(archive, "SELECT record FROM versions")[0][0])
    was = after | json.loads(said)
    del was["paragraphs"], was["reader_version"]
    wanted = before.to_dict()
    del wanted["paragraphs"], wanted["reader_version"]
    assert was == wanted
    assert [hit.title for hit in archive.search("right")] == ["Right"]
    assert archive.search("furniture") == []


def test_a_correction_is_no_new_version(archive: Archive, make_article: Any, make_capture: Any) -> None:
    for day in range(3):
        archive.store(make_capture(day), [make_article("Wrong", reader_version="0")])
    reread(archive, [[make_article("Right", reader_version="1")]] * 3)
    assert rows(archive, "SELECT number, title, substr(last_seen, 9, 2) FROM versions") == [
        (1, "Right", "03")
    ]
    assert rows(archive, "SELECT versions, reader_version FROM articles") == [(1, "1")]


def test_another_address_keeps_the_number(archive: Archive, make_article: Any, make_capture: Any) -> None:
    old, new = "https://www.iom.int/node/7", "https://www.iom.int/news/right"
    for day in range(3):
        archive.store(make_capture(day, url=old), [make_article(url=old)])
    reread(archive, [[make_article(url=new)]] * 3)
    for url in (old, new):
        record = archive.article(url)
        assert record is not None
        assert (record["id"], record["url"]) == (1, new)


def test_what_cannot_be_read_any_more_stays(archive: Archive, make_article: Any, make_capture: Any) -> None:
    archive.store(make_capture(0), [make_article()])
    before = content(archive)
    problem = Problem("too-deep", "It is.")
    assert correct(archive.db, 1, [], problem, None, Moving()).outcome == "unreadable"
    assert content(archive)[:-1] == before[:-1]
    assert rows(archive, "SELECT capture_id, reason FROM problems") == [(1, "too-deep")]
    reread(archive, [[make_article()]])
    assert content(archive) == before


def test_an_article_that_no_page_shows_is_kept_as_a_correction(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    page = "https://www.iom.int/list"
    items = [make_article(title, url=f"{page}#{title}") for title in ("one", "two", "menu")]
    archive.store(make_capture(0, url=page), items)
    [found] = reread(archive, [items[:2]])
    assert [change.kind for change in found.changes] == ["gone"]
    assert rows(archive, "SELECT title FROM articles") == [("one",), ("two",)]
    [(kind, said)] = rows(archive, "SELECT kind, said FROM corrections")
    assert (kind, json.loads(said)["title"]) == ("gone", "menu")


def test_captures_are_chosen_with_all_others_of_their_articles(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    other = "https://www.iom.int/other"
    archive.store(make_capture(0), [make_article("A", reader_version="0")])
    archive.store(make_capture(1, b"B"), [make_article("B", reader_version="1")])
    archive.store(make_capture(0, b"C", url=other), [make_article("C", url=other, lang="fr", design="cms")])
    archive.store(make_capture(5, b"D", url=other), [], problem=NOTHING)

    def chosen(**wishes: Any) -> set[int]:
        choice = Choice(**wishes)
        found = [number for page in pages(archive.db, choice) for number, _ in page.captures]
        assert len(found) == count(archive.db, choice)
        return set(found)

    assert chosen() == {1, 2, 3, 4}
    assert chosen(outdated="1") == {1, 2}
    assert chosen(filters=Filters(lang="fr")) == chosen(design="cms") == {3}
    assert chosen(problem="no-article") == chosen(problem="any") == {4}
    assert chosen(where="title = 'B'") == {1, 2}
    with pytest.raises(QueryError, match="cannot be asked"):
        count(archive.db, Choice(where="nonsense = ("))


def test_the_same_bytes_are_read_once(archive: Archive, make_article: Any, make_capture: Any) -> None:
    from archive import WarcPlace
    from archive.content import digest_of

    digest = digest_of(make_capture().body)
    archive.store(make_capture(0), [make_article()], place=WarcPlace("a.warc.gz", 7, 9, digest))
    archive.store(
        make_capture(1), [make_article()], place=WarcPlace("a.warc.gz", 90, 9, digest, revisit=True)
    )
    archive.seen_unchanged(make_capture().url, make_capture(2).fetched_at)
    url = make_capture().url
    assert list(pages(archive.db, Choice())) == [("a.warc.gz", 7, digest, ((1, url), (2, url), (3, url)))]


def test_blocks_that_changed_are_shown_once(archive: Archive, make_article: Any, make_capture: Any) -> None:
    archive.store(make_capture(0), [make_article()])
    found = compare(archive.db, 1, tell([make_article(blocks=(Block(text="Else."),))]), None)
    assert set(found.changes[0].fields) == {"blocks"}
