"""Coverage tells what is there and what is missing, and draws it the same way each time."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, MissingExtra, QueryError, StorageError, TargetExists
from archive.coverage import _all_months, _gaps

ITEMS = (
    ("https://www.iom.int/a", {"published": date(2019, 11, 30)}),
    ("https://www.iom.int/b", {"published": datetime(2020, 2, 1, 10, tzinfo=UTC), "lang": "fr"}),
    ("https://www.iom.int/c", {"published": date(2020, 2, 28), "subtitle": None, "contacts": ()}),
    ("https://timor-leste.iom.int/d", {"published": date(2020, 6, 1), "themes": ()}),
    ("https://timor-leste.iom.int/e", {"published": None, "lang": None, "country": None}),
)


@pytest.fixture
def filled(archive: Archive, make_article: Any, make_capture: Any) -> Archive:
    for url, changes in ITEMS:
        archive.store(make_capture(url=url), [make_article(url=url, **changes)])
    return archive


def test_months_years_gaps_and_languages(filled: Archive) -> None:
    found = filled.coverage()
    whole = found.whole
    assert (whole.articles, whole.undated, whole.first, whole.last) == (5, 1, "2019-11", "2020-06")
    assert whole.months == {
        **dict.fromkeys(("2019-11", "2020-06"), 1),
        **dict.fromkeys(("2019-12", "2020-01", "2020-03", "2020-04", "2020-05"), 0),
        "2020-02": 2,
    }
    assert list(whole.months) == sorted(whole.months)
    assert whole.gaps == [("2019-12", "2020-01"), ("2020-03", "2020-05")]
    assert (whole.empty_months, whole.years) == (5, {"2019": 1, "2020": 3})
    assert whole.languages == {"en": 3, "": 1, "fr": 1}
    assert found.year_languages == {"2019": {"en": 1}, "2020": {"en": 2, "fr": 1}, "": {"": 1}}
    assert list(found.sites) == ["iom.int", "timor-leste.iom.int"]
    assert found.sites["timor-leste.iom.int"].gaps == []
    assert found.sites["timor-leste.iom.int"].undated == 1


def test_fields_that_are_filled(filled: Archive) -> None:
    found = filled.coverage()
    assert {name: found.filled[name] for name in ("subtitle", "lang", "published", "country", "region")} == {
        "subtitle": 4,
        "lang": 4,
        "published": 4,
        "country": 4,
        "region": 0,
    }
    assert (found.filled["themes"], found.filled["contacts"], found.filled["contacts with a number"]) == (
        4,
        4,
        4,
    )
    assert found.share("subtitle") == 0.8
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["filled"]["subtitle"] == {"articles": 4, "share": 0.8}
    assert plain["whole"]["gaps"][0] == ["2019-12", "2020-01"]


def test_an_empty_archive_covers_nothing(archive: Archive, tmp_path: Path) -> None:
    found = archive.coverage()
    assert (found.whole.articles, found.whole.months, found.whole.first, found.sites) == (0, {}, None, {})
    assert found.share("lang") == 0.0
    archive.draw(tmp_path / "empty.svg")


@given(st.lists(st.tuples(st.integers(1990, 2030), st.integers(1, 12)), min_size=1, max_size=6))
def test_gaps_are_what_lies_between(dates: list[tuple[int, int]]) -> None:
    there = {f"{year}-{month:02}" for year, month in dates}
    months = _all_months(there)
    assert (months[0], months[-1]) == (min(there), max(there))
    assert set(there) <= set(months)
    assert months == sorted(set(months))
    missing = [
        month
        for first, last in _gaps({m: int(m in there) for m in months})
        for month in _all_months([first, last])
    ]
    assert missing == [month for month in months if month not in there]


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_same_archive_gives_the_same_picture(
    filled: Archive, tmp_path: Path, form: str, start: bytes
) -> None:
    targets = [tmp_path / f"{name}.{form}" for name in "ab"]
    for target in targets:
        filled.draw(target)
    drawn = [target.read_bytes() for target in targets]
    assert drawn[0] == drawn[1]
    assert drawn[0].startswith(start)
    assert len(drawn[0]) > 5000
    with pytest.raises(TargetExists, match="exists already"):
        filled.draw(targets[0])
    filled.draw(targets[0], force=True)


def test_what_cannot_be_drawn_is_one_line(
    filled: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(QueryError, match=r"name it \.png, \.svg or \.pdf"):
        filled.draw(tmp_path / "a.txt")
    with pytest.raises(StorageError, match="cannot be written"):
        filled.draw(tmp_path / "nowhere" / "a.png")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"pip install 'iomscrape\[plots\]'"):
        filled.draw(tmp_path / "a.png")
    assert {file.suffix for file in tmp_path.iterdir()} <= {".db", ".db-wal", ".db-shm"}
