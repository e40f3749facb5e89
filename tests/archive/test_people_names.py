from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.people.names import is_in_address, likeness, words_of

NAMES = st.lists(
    st.sampled_from(["Ada", "A.", "Alba", "Moreno", "Morena", "Silva", "De", "Été", "Ete", "Дамир", "M"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Ada Moreno", "ADA MORENO", "same"),
        ("Benoît Été", "Benoit Ete", "same"),
        ("Dr. Ada Moreno", "Ada Moreno", "same"),
        ("Jean-Pierre Dupont", "Jean Pierre Dupont", "same"),
        ("MORENO Ada", "Ada Moreno", "order"),
        ("A. Moreno", "Ada Moreno", "initials"),
        ("J.P. Dupont", "Jean-Pierre Dupont", "initials"),
        ("Richard M Kavuma", "Richard Kavuma", "shorter"),
        ("Ada Moreno", "Ada Moreno Silva", "shorter"),
        ("Mohammed Abdiker", "Mohamed Abdiker", "spelling"),
        ("Varvara Zhluktenko", "Varvara Zhluktenka", "spelling"),
        ("Дамир Жумабеков", "Damir Zhumabekov", "script"),
    ],
)
def test_names_that_can_be_one_person(one: str, other: str, how: str) -> None:
    assert likeness(one, other) == likeness(other, one) == how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Moreno", "Alba Moreno"),
        ("Ada Moreno", "Ada Silva"),
        ("A. Moreno", "B. Moreno"),
        ("A. Moreno", "A. Silva"),
        ("Ada", "Ada Moreno"),
        ("Moreno", "Ada Moreno"),
        ("Maria Gomez", "Mario Gomez Ruiz"),
        ("A. M.", "Ada Moreno"),
        ("Press Office", "Ada Moreno"),
        ("", "Ada Moreno"),
        ("?!", "?!"),
        ("Person 17", "Person 18"),
    ],
)
def test_names_that_cannot(one: str, other: str) -> None:
    assert likeness(one, other) is None
    assert likeness(other, one) is None


def test_maria_and_mario_are_alike_enough_to_need_evidence() -> None:
    assert likeness("Maria Gomez", "Mario Gomez") == "spelling"


@given(NAMES, NAMES)
def test_likeness_goes_both_ways_and_everybody_is_like_himself(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == "same"
    if words_of(one) == words_of(other):
        assert likeness(one, other) == "same"


@pytest.mark.parametrize(
    ("name", "email", "inside"),
    [
        ("Damir Zhumabekov", "dzhumabekov@iom.int", True),
        ("Ada Moreno Silva", "amsilva@iom.int", True),
        ("Ada Moreno", "press@iom.int", False),
        ("Ada Li", "ali@iom.int", False),
        ("Ada Moreno", "x@moreno.org", False),
    ],
)
def test_a_name_in_an_address(name: str, email: str, inside: bool) -> None:
    assert is_in_address(name, email) is inside
