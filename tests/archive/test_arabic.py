"""One Arabic word is found in all the forms in which it is joined to others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.arabic import forms

LETTERS = st.text(alphabet="ابتجحدرسصعفقكلمنهوي", min_size=1, max_size=9)


def test_the_forms_of_a_word() -> None:
    assert forms("الهجره")[:3] == ("الهجره", "هجره", "والهجره")
    assert {"للهجره", "بالهجره", "وهجره"} <= set(forms("هجره"))
    assert set(forms("للهجره")) == set(forms("هجره")) == set(forms("وبالهجره"))


@pytest.mark.parametrize("word", ["من", "iom", "2021", "הגירה", "миграция", "a-b", ""])
def test_what_is_no_arabic_word_of_three_letters_stays(word: str) -> None:
    assert forms(word) == (word,)


@given(LETTERS)
def test_a_word_is_its_first_form_and_each_form_once(word: str) -> None:
    found = forms(word)
    assert found[0] == word
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("asked", ["الهجرة", "للهجرة", "هجرة", "والهجرة", "بالهجره"])
def test_each_form_finds_the_others(
    archive: Archive, make_article: Any, make_capture: Any, asked: str
) -> None:
    for number, text in enumerate(["المنظمة الدولية للهجرة", "الهجرة اليوم", "عن هجرة وعودة", "مهاجر"]):
        url = f"https://www.iom.int/{number}"
        archive.store(make_capture(url=url), [make_article("A title", text, url=url)])
    assert {hit.id for hit in archive.search(asked)} == {1, 2, 3}
    in_quotes = {"الهجرة": [2], "للهجرة": [1], "هجرة": [3]}
    assert [hit.id for hit in archive.search(f'"{asked}"')] == in_quotes.get(asked, [])
