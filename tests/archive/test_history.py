"""What an article said at any time is what the captures up to then showed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, QueryError


@pytest.fixture
def told(archive: Archive, make_article: Any, make_capture: Any) -> Archive:
    """Seen on 1 and 2 March as A, on 10 March as B, on 1 April as A again."""
    for day, title in ((0, "A"), (1, "A"), (9, "B"), (31, "A")):
        archive.store(make_capture(day, str(day).encode()), [make_article(title, f"Text {title}.")])
    return archive


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("2026-03-01", 1),
        ("2026-03-05", 1),
        ("2026-03-10", 2),
        ("2026-03", 2),
        ("2026", 3),
        ("2026-03-10 09:29", 1),
        ("2026-03-10T09:30", 2),
        (date(2026, 3, 31), 2),
        (datetime(2026, 3, 10, 9, 30, tzinfo=UTC), 2),
        (datetime(2026, 3, 10, 11, 29, tzinfo=timezone(timedelta(hours=2))), 1),
        ("2099", 3),
    ],
)
def test_as_of(told: Archive, when: Any, number: int) -> None:
    record = told.as_of("iom.int/news/bridge-school-reopens", when)
    assert record is not None
    assert record["version"]["number"] == number
    assert record["title"] == "ABA"[number - 1]
    assert record["paragraphs"] == [f"Text {record['title']}."]
    assert record["contacts"][0]["name"] == "Ada Moreno"
    assert (record["id"], record["site"], record["versions"]) == (1, "iom.int", 3)


def test_before_the_first_capture_nothing_is_known(told: Archive) -> None:
    assert told.as_of(1, "2026-02-28") is None
    assert told.as_of(99, "2026") is None
    for wrong in ("March", "2026-13", "2026-03-10 25:00"):
        with pytest.raises(QueryError, match=r"no date|no time"):
            told.as_of(1, wrong)


def test_history_says_what_changed(told: Archive) -> None:
    versions = told.history(1)
    assert [(v.number, v.title, v.captures, v.changed) for v in versions] == [
        (1, "A", 2, ()),
        (2, "B", 1, ("title", "text")),
        (3, "A", 1, ("title", "text")),
    ]
    assert [(v.added_words, v.removed_words) for v in versions] == [(0, 0), (1, 1), (1, 1)]
    assert [(v.last_seen[5:10], v.next_seen and v.next_seen[5:10]) for v in versions] == [
        ("03-02", "03-10"),
        ("03-10", "04-01"),
        ("04-01", None),
    ]
    assert told.history("https://iom.int/none") == []


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ((), (2, 3)),
        ((1,), (1, 3)),
        (("1",), (1, 3)),
        ((1, 2), (1, 2)),
        ((3, 1), (3, 1)),
        (("2026-03-05", "2026-03"), (1, 2)),
        ((date(2026, 3, 1), 2), (1, 2)),
        ((2, 2), (2, 2)),
    ],
)
def test_diff_takes_numbers_and_dates(
    told: Archive, asked: tuple[Any, ...], numbers: tuple[int, int]
) -> None:
    compared = told.diff(1, *asked)
    assert compared is not None
    assert (compared.before.number, compared.after.number) == numbers
    is_same = compared.before.title == compared.after.title
    assert compared.difference.changed == (() if is_same else ("title", "text"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ((4,), "no version 4; the article has 3"),
        ((0,), "no version 0"),
        (("2026-02",), "first seen on 2026-03-01, not by 2026-02"),
        (("x",), "'x' is no date"),
    ],
)
def test_what_cannot_be_compared(told: Archive, asked: tuple[Any, ...], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        told.diff(1, *asked)


def test_one_version_has_nothing_to_be_compared_with(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(), [make_article()])
    with pytest.raises(QueryError, match="only one version"):
        archive.diff(1)
    assert archive.diff(99) is None
    same = archive.diff(1, 1, 1)
    assert same is not None
    assert same.difference.changed == ()


@settings(deadline=None, max_examples=20)
@given(
    days=st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from("AB")), min_size=1, max_size=6, unique_by=lambda d: d[0]
    ),
    asked=st.integers(-1, 31),
)
def test_as_of_is_the_latest_capture_up_to_then(
    make_article: Any, make_capture: Any, days: list[tuple[int, str]], asked: int
) -> None:
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "iom.db") as archive:
        for day, title in days:
            archive.store(make_capture(day, str(day).encode()), [make_article(title)])
        seen = [title for day, title in sorted(days) if day <= asked]
        record = archive.as_of(1, date(2026, 3, 1) + timedelta(days=asked))
        assert (record and record["title"]) == (seen[-1] if seen else None)
        # From one version to the next something always differs.
        assert all(version.changed for version in archive.history(1)[1:])
