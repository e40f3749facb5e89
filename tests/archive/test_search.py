"""A person's words never become a syntax error, and find what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, QueryError
from archive.filters import Filters
from archive.search import HIT_END, HIT_START, match_expression

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
        ("هجرة", []),
        ("COVID-19", [5]),
        ("O'Neill", [5]),
        ("counter-trafficking", [5]),
        ("50%", [5]),
        ("C++", [5]),
        ("(clinic) AND: {border} ^nurses", []),
        ("title:clinic", []),
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
    ],
)
def test_filters_narrow_and_stand_alone(filled: Archive, filters: dict[str, Any], ids: list[int]) -> None:
    assert sorted(hit.id for hit in filled.search(**filters)) == ids
    found = {hit.id for hit in filled.search("clinic OR familles OR 50 OR العودة", **filters)}
    assert found == set(ids)


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


@settings(max_examples=400)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                [
                    '"',
                    "-",
                    "*",
                    "OR",
                    "AND",
                    "NOT",
                    "NEAR",
                    "(",
                    ")",
                    "{",
                    ":",
                    "^",
                    "+",
                    "title:",
                    "clinic",
                    " ",
                    "'",
                ]
            ),
            max_size=14,
        ).map("".join),
        st.lists(
            st.sampled_from(['"', "-", "*", "OR", "NOT", "(", "clinic", "a*", '"b c"']), max_size=14
        ).map(" ".join),
    )
)
def test_no_text_is_a_syntax_error(filled: Archive, query: str) -> None:
    for ask in (
        lambda: filled.search(query, limit=1),
        lambda: filled.search(query, lang="en", limit=1),
        lambda: list(filled.export(query)),
    ):
        # QueryError is an answer; an error of SQLite's would come through.
        with suppress(QueryError):
            ask()


def test_the_expression_is_as_documented() -> None:
    assert match_expression('a "b c" d* -e OR f') == '(("a" AND "b c" AND "d*"*) OR ("f")) NOT ("e")'
    assert match_expression("...") is None


def test_filters_know_whether_anything_is_asked() -> None:
    assert not Filters()
    assert Filters(lang="en")
