from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.stories.facts import Facts, file_names, names, numbers, packed, paragraph, unpacked, weight
from archive.stories.words import containment, jaccard, shingles, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,846 patients", ["1846"]),
        ("1 846 patients", ["1846"]),
        ("1\u202f846 patients", ["1846"]),
        ("3.228 familias", ["3228"]),
        ("١٬٨٤٦ مريضاً", ["1846"]),
        ("٤٣,٥٠٠ دولار", ["43500"]),
        ("7.2 magnitude, 7,2 also, ٧٫٢ too", ["7.2", "7.2", "7.2"]),
        ("2.50 and 2.0", ["2.5", "2"]),
        ("USD 1,234,567", ["1234567"]),
        ("on 28 January 2005 in 36 cities", ["28", "2005", "36"]),
        ("1046个电话", ["1046"]),
        ("no number", []),
        ("9" * 40, ["9" * 18]),
    ],
)
def test_numbers_are_the_same_in_all_languages(text: str, found: list[str]) -> None:
    assert numbers(text) == found


def test_names_are_words_with_a_capital_inside_a_sentence() -> None:
    assert names(
        "The clinic of Kurigram and the Brahmaputra. People say: Doctor Karim came from Íslamabad."
    ) == {
        "kuri",
        "brah",
        "kari",
        "isla",
    }
    assert names("") == names("all small letters 12 times") == set()


def test_the_more_digits_the_more_telling() -> None:
    values = [weight(number) for number in ("7", "24", "64", "500", "1500", "1846", "18932")]
    assert values == sorted(values)
    assert weight("2015") == weight("7") < weight("64") < weight("7.2")


def test_words_fold_and_part_unspaced_scripts() -> None:
    assert words("Les Déplacés, d'Haïti – 1 061!") == ["les", "deplaces", "d", "haiti", "1", "061"]
    assert words("云南 hotline") == ["云", "南", "hotline"]


def test_file_names_stand_for_pictures_wherever_they_lie() -> None:
    assert file_names(["https://a/x/Photo%20One.jpg?s=1"]) == file_names(["http://b/photo one.jpg"])
    assert file_names(["https://a/", "https://a/page", "nothing"]) == frozenset()


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.lists(st.sampled_from("abcdef"), max_size=30))
def test_shares_are_shares(one: list[str], other: list[str]) -> None:
    some, others = shingles(one), shingles(other)
    assert 0 <= jaccard(some, others) == jaccard(others, some) <= 1
    assert jaccard(some, others) <= containment(some, others) <= 1 or not some
    assert jaccard(some, some) == (1 if some else 0)


@given(st.text(max_size=200))
def test_facts_survive_being_kept(text: str) -> None:
    facts = Facts(3, "en", "TL", None, True, (paragraph(text),), frozenset({"ab"}), frozenset())
    kept = json.loads(json.dumps(packed(facts)))
    assert unpacked(kept, {"article_id": 3, "lang": "en", "country": "TL", "day": None}) == facts
