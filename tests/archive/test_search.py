"""A person's words never become a syntax error, and find what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, QueryError
from archive.filters import Filters
from archive.marking import HIT_END, HIT_START

ITEMS = (
    ("Clinic opens at border", "Nurses treat travellers.", "en", "TL", "press-release", "2016-05-03"),
    (
        "Floods in Baucau",
        "A clinic was flooded at the border of the town.",
        "en",
        "TL",
        "statement",
        "2016-11-30",
    ),
    (
        "Déplacés à Abidjan",
        "Les familles déplacées sont rentrées.",
        "fr",
        "CI",
        "press-release",
        "2017-01-15",
    ),
    ("عودة المهاجرين", "قالت المنظمة الدولية للهجرة إن العودة طوعية.", "ar", "YE", "press-release", None),
    (
        "COVID-19 and O'Neill",
        "Counter-trafficking: 50% of C++ migrants returned.",
        "en",
        "CO",
        "feature",
        "2020",
    ),
)


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, make_article: Any, make_capture: Any
) -> Iterator[Archive]:
    with Archive.open(Path(tmp_path_factory.mktemp("search")) / "iom.db") as archive:
        for number, (title, text, lang, country, kind, published) in enumerate(ITEMS):
            host = "www.iom.int" if number % 2 == 0 else "timor-leste.iom.int"
            url = f"https://{host}/news/{number}"
            article = make_article(
                title, text, url=url, lang=lang, country=country, kind=kind, contacts=(), published=None
            )
            archive.store(make_capture(url=url), [article])
            archive.db.execute("UPDATE articles SET published = ? WHERE url = ?", [published, url])
        yield archive


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("clinic", [1, 2]),
        ("clinic border", [1, 2]),
        ("CLINIC nurses", [1]),
        ('"border of the town"', [2]),
        ('"border of the town', [2]),
        ('"town the of"', []),
        ("flood*", [2]),
        ('"the bord"*', [2]),
        ("flood", []),
        ("clinic -nurses", [2]),
        ('clinic -"of the town"', [1]),
        ("nurses OR flooded", [1, 2]),
        ("nurses OR flooded -baucau", [1]),
        ("OR nurses OR", [1]),
        ("nurses or flooded", []),
        ("deplaces", [3]),
        ("DÉPLACÉS", [3]),
        ("المهاجرين", [4]),
        ("هجرة", [4]),
        ('"هجرة"', []),
        ("COVID-19", [5]),
        ("O'Neill", [5]),
        ("counter-trafficking", [5]),
        ("50%", [5]),
        ("C++", [5]),
        ("(clinic) AND: {border} ^nurses", []),
        ("title:clinic", [1]),
        ("NEAR(clinic border)", []),
        ("nurses \x00 travellers", [1]),
    ],
)
def test_what_words_find(filled: Archive, query: str, ids: list[int]) -> None:
    assert sorted(hit.id for hit in filled.search(query)) == ids


def test_the_title_counts_most(filled: Archive) -> None:
    assert [hit.id for hit in filled.search("clinic")] == [1, 2]
    first, second = filled.search("clinic")
    assert first.score > second.score > 0


def test_what_was_found_is_marked(filled: Archive) -> None:
    (hit,) = filled.search("town")
    assert f"{HIT_START}town{HIT_END}" in hit.snippet
    assert hit.to_dict()["snippet"] == "A clinic was flooded at the border of the [town]."
    (hit,) = filled.search("baucau")
    assert hit.marked_title == f"Floods in {HIT_START}Baucau{HIT_END}"
    assert hit.title == "Floods in Baucau"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"lang": "FR"}, [3]),
        ({"country": "tl"}, [1, 2]),
        ({"kind": "statement"}, [2]),
        ({"site": "https://www.Timor-Leste.iom.int/news"}, [2, 4]),
        ({"site": "iom.int"}, [1, 3, 5]),
        ({"since": "2017"}, [3, 5]),
        ({"until": "2016"}, [1, 2]),
        ({"since": "2016-05", "until": "2016-05"}, [1]),
        ({"since": "2016-05-04", "until": "2016-11-30"}, [2]),
        ({"lang": "en", "country": "CO"}, [5]),
        ({"lang": "xx"}, []),
        ({"theme": "Education"}, [1, 2, 3, 4, 5]),
        ({"theme": " shelter ", "lang": "fr"}, [3]),
        ({"theme": "Shel"}, []),
    ],
)
def test_filters_narrow_and_stand_alone(filled: Archive, filters: dict[str, Any], ids: list[int]) -> None:
    assert sorted(hit.id for hit in filled.search(**filters)) == ids
    words = "clinic OR familles OR 50 OR العودة"
    for sort in ("relevance", "date"):
        assert {hit.id for hit in filled.search(words, sort=sort, **filters)} == set(ids)
    assert filled.facets(words, **filters).total == filled.facets(**filters).total == len(ids)


def test_without_words_the_latest_come_first(filled: Archive) -> None:
    assert [hit.id for hit in filled.search("", country="TL")] == [2, 1]
    assert [hit.id for hit in filled.search(" !? ", country="TL", limit=1, offset=1)] == [1]
    assert filled.search("", country="TL")[0].snippet.startswith("A clinic was")


@pytest.mark.parametrize(
    ("query", "filters", "message"),
    [
        ("", {}, "no word in the query"),
        ("?! ", {}, "no word in the query"),
        ("-clinic", {}, "only excludes"),
        (" ".join(["word"] * 65), {}, "65 words"),
        ("clinic", {"since": "May 2016"}, "'May 2016' is no date"),
        ("clinic", {"until": "2016-13"}, "no date"),
        ("clinic", {"until": "2015-02-29"}, "no date"),
        ("clinic", {"since": "0000"}, "no date"),
    ],
)
def test_questions_that_cannot_be_asked(
    filled: Archive, query: str, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        filled.search(query, **filters)


def test_by_date_the_latest_come_first(filled: Archive) -> None:
    assert [hit.id for hit in filled.search("clinic", sort="date")] == [2, 1]
    assert [hit.id for hit in filled.search("clinic", sort="date", limit=1, offset=1)] == [1]
    with pytest.raises(QueryError, match="'size' is no order; give relevance or date"):
        filled.search("clinic", sort="size")


def test_of_very_many_the_latest_and_those_with_the_words_in_the_title_are_ranked(
    archive: Archive, make_article: Any, make_capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.RANKED", 3)
    with archive.together():
        for number in range(12):
            url = f"https://www.iom.int/{number}"
            title = "The well" if number == 1 else "A story"
            country = "CO" if number == 2 else "TL"
            article = make_article(title, "At the well.", url=url, country=country, contacts=())
            archive.store(make_capture(url=url), [article])
    found = archive.search("well")
    assert found[0].title == "The well"
    assert {hit.id for hit in found} == {2, 10, 11, 12}
    assert archive.facets("well").total == 12
    assert [hit.id for hit in archive.search("well", country="CO")] == [3], "filters come first"
    assert len(archive.search("story")) == 3
    assert len(archive.search("well", sort="date", limit=20)) == 12


def test_questions_go_through_the_indexes(filled: Archive) -> None:
    def plan(question: str, **filters: Any) -> list[str]:
        seen: list[str] = []
        filled.db.conn.set_trace_callback(seen.append)
        filled.search(question, **filters)
        filled.facets(question, **filters)
        filled.db.conn.set_trace_callback(None)
        asked = [sql for sql in seen if sql.startswith("SELECT") and "labels" not in sql.split("FROM")[1]]
        steps = [filled.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked]
        return [step[3] for each in steps for step in each]

    whole = [["SCAN", table] for table in ("articles", "facets", "contacts")]
    for filters in ({}, {"lang": "en"}, {"since": "2016"}, {"theme": "Education"}):
        for question in ("clinic", "clinic contact:moreno"):
            assert not [step for step in plan(question, **filters) if step.split()[:2] in whole]


def test_what_was_found_is_marked_where_no_spaces_are(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    text = "国际移民组织今天表示，" * 20 + "返乡的移民 IOM 需要帮助。"
    archive.store(make_capture(), [make_article("移民返乡", text, contacts=())])
    (hit,) = archive.search("返乡 iom -欧洲")
    assert hit.marked_title == f"移民{HIT_START}返乡{HIT_END}"
    assert f"{HIT_START}返乡{HIT_END}的移民 {HIT_START}IOM{HIT_END} 需要" in hit.snippet
    assert len(hit.snippet) < 200
    (hit,) = archive.search("移民")
    assert hit.snippet.startswith(f"国际{HIT_START}移民{HIT_END}组织今天")


def test_filters_know_whether_anything_is_asked() -> None:
    assert not Filters()
    assert Filters(lang="en")
