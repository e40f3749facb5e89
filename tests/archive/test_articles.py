from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from archive import Archive, QueryError


def fill(archive: Archive, make_article: Any, make_capture: Any) -> None:
    for number, (lang, day) in enumerate((("en", 1), ("fr", 2), ("en", 3))):
        url = f"https://www.iom.int/news/{number}"
        article = make_article(f"Item {number}", url=url, lang=lang, published=date(2020, 1, day))
        archive.store(make_capture(url=url), [article])


def test_a_record_is_the_article_and_what_the_archive_knows(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    article = make_article(published=datetime(2021, 5, 3, 8, tzinfo=UTC))
    archive.store(make_capture(0), [make_article("Before")])
    archive.store(make_capture(1), [article])
    record = archive.article(1)
    assert record is not None
    said = article.to_dict()
    assert {key: record[key] for key in said} == said
    assert [(v["number"], v["title"]) for v in record["versions"]] == [(1, "Before"), (2, article.title)]
    assert [c["fetched_at"][:10] for c in record["captures"]] == ["2026-03-01", "2026-03-02"]
    assert (record["id"], record["site"]) == (1, "iom.int")


def test_one_article_is_found_without_reading_the_others(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    fill(archive, make_article, make_capture)
    asked: list[str] = []
    archive.db.conn.set_trace_callback(asked.append)
    assert archive.article(2)
    archive.db.conn.set_trace_callback(None)
    for sql in asked:
        if sql.startswith("SELECT"):
            plan = [row[3] for row in archive.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
            assert not [
                step for step in plan if re.match(r"SCAN (articles|earlier_versions|captures)", step)
            ], sql


@pytest.mark.parametrize("key", [0, -1, 10**30, "", "https://iom.int/no", "\udce9", "no such thing"])
def test_what_is_not_there_is_none(
    archive: Archive, make_article: Any, make_capture: Any, key: int | str
) -> None:
    archive.store(make_capture(), [make_article()])
    assert archive.article(key) is None


def test_export_gives_records_in_order(archive: Archive, make_article: Any, make_capture: Any) -> None:
    fill(archive, make_article, make_capture)
    assert [record["title"] for record in archive.export()] == ["Item 0", "Item 1", "Item 2"]
    assert [record["id"] for record in archive.export(lang="en", since="2020-01-02")] == [3]
    assert [record["id"] for record in archive.export("item 1")] == [2]
    first = next(archive.export())
    assert first["contacts"][0]["phones"][0]["e164"] == "+6707230000"
    assert "versions" not in first


def test_export_refuses_before_the_first_record(archive: Archive) -> None:
    with pytest.raises(QueryError):
        archive.export(since="yesterday")
    with pytest.raises(QueryError):
        archive.export("?")


def test_export_shows_one_moment_though_writing_goes_on(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    fill(archive, make_article, make_capture)
    with Archive.open(archive.path, readonly=True) as reader:
        records = reader.export()
        assert next(records)["title"] == "Item 0"
        url = "https://www.iom.int/news/2"
        archive.store(make_capture(1, url=url), [make_article("Changed", url=url)])
        assert [record["title"] for record in records] == ["Item 1", "Item 2"]
