"""Versions are those of the order of time, whatever order captures come in."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive


def versions(archive: Archive) -> list[tuple[Any, ...]]:
    return archive.db.conn.execute(
        "SELECT number, substr(first_seen, 9, 2), substr(last_seen, 9, 2), title FROM versions ORDER BY number"
    ).fetchall()


def test_an_older_capture_never_overwrites_a_newer(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(5, b"new"), [make_article("New words")])
    assert archive.store(make_capture(1, b"old"), [make_article("Old words")]).outcome == "changed"
    assert versions(archive) == [(1, "02", "02", "Old words"), (2, "06", "06", "New words")]
    record = archive.article(1)
    assert record is not None
    assert record["title"] == "New words"
    assert (record["first_seen"][8:10], record["last_seen"][8:10]) == ("02", "06")
    assert [hit.title for hit in archive.search("new")] == ["New words"]
    assert archive.search("old") == []


def test_what_comes_between_splits(archive: Archive, make_article: Any, make_capture: Any) -> None:
    archive.store(make_capture(0), [make_article("A")])
    archive.store(make_capture(4), [make_article("A")])
    archive.store(make_capture(2), [make_article("B")])
    assert versions(archive) == [(1, "01", "01", "A"), (2, "03", "03", "B"), (3, "05", "05", "A")]


@settings(deadline=None, max_examples=30)
@given(
    story=st.lists(st.sampled_from("ABC"), min_size=1, max_size=6),
    data=st.data(),
)
def test_any_order_gives_the_same_archive(
    make_article: Any, make_capture: Any, story: list[str], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(story))))
    results = []
    with TemporaryDirectory() as folder:
        for name, days in (("sorted", range(len(story))), ("shuffled", order)):
            with Archive.open(Path(folder) / f"{name}.db") as archive:
                for day in days:
                    archive.store(make_capture(day), [make_article(story[day])])
                article = archive.db.conn.execute(
                    "SELECT title, first_seen, last_seen FROM articles"
                ).fetchone()
                contents = [
                    (digest, json.loads(record))
                    for digest, record in archive.db.conn.execute(
                        "SELECT digest, record FROM versions ORDER BY number"
                    )
                ]
                details = archive.db.conn.execute("SELECT name, position FROM contacts").fetchall()
                results.append((versions(archive), article, contents, details))
    assert results[0] == results[1]
    assert results[0][1][0] == story[-1]
