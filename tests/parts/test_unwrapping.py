from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.parts.unwrapping import unwrap, unwrap_breaks, wrap_width

WIDTH = 66
FERRY = (
    "The ferry left Kupang at dawn with two hundred people on board, most of them seasonal workers who had waited "
    "eleven days for the wind to drop. Nurses met them on the quay with water and blankets."
)
MARKET = (
    "In the market of Atambua traders have opened a second row of stalls, and the price of rice has fallen by a "
    "fifth since the road was cleared. Nobody expects it to stay there, says the head of the village council."
)
SCHOOL = (
    "Lessons go on in tents. The school had nine rooms and now has two, so that the youngest come in the morning and "
    "the others after noon, when it is hottest and the water of the well has to be fetched from the river."
)


def wrapped(*paragraphs: str, width: int = WIDTH) -> list[str]:
    return [line for text in paragraphs for line in textwrap.wrap(text, width, break_on_hyphens=False)]


def test_a_paragraph_ends_where_the_next_word_would_have_fitted() -> None:
    assert unwrap(wrapped(FERRY, MARKET, SCHOOL)) == [FERRY, MARKET, SCHOOL]


def test_what_is_not_wrapped_stays_one_a_line() -> None:
    lines = [FERRY, "Next steps", MARKET, SCHOOL]
    assert wrap_width(lines) == 0
    assert unwrap(lines) == lines


def full(lines: int, width: int = WIDTH) -> list[str]:
    """A paragraph of so many lines, one sentence a line but for the first two; its last line is full, too."""
    words = "Rain fell on the hills above the town and the river rose again".split()
    first = textwrap.wrap(" ".join(words * 6), width)[: lines - 1]
    last = "x" * (width - 1) + "."
    return [*(line.ljust(width, "y") for line in first), last]


def test_two_paragraphs_of_usual_length_are_told_apart_at_the_margin() -> None:
    text = [*wrapped(FERRY, MARKET), *full(4), *full(4), *wrapped(SCHOOL)]
    assert [len(paragraph) // WIDTH for paragraph in unwrap(text)[2:4]] == [4, 4]
    assert len(unwrap(text)) == 5


def test_a_sentence_at_the_margin_of_a_short_paragraph_does_not_end_it() -> None:
    rest = wrapped("Two lines more follow it and then it ends, as it did before. So.")
    text = [*wrapped(FERRY, MARKET), *full(2), *rest, *wrapped(SCHOOL)]
    assert len(unwrap(text)) == 4


@pytest.mark.parametrize(
    "items",
    [
        ["a contact at the office for foreigners in each town", "Language courses in the afternoon and not before noon"],
        ["Vaccines against eight diseases, and tests for malaria", "Filters for eleven hundred homes along the rivers"],
    ],
)  # fmt: skip
def test_items_without_a_full_stop_stay_apart(items: list[str]) -> None:
    text = [*wrapped(MARKET), "What the towns ask for:", *items, *wrapped(FERRY, SCHOOL)]
    assert unwrap(text) == [MARKET, "What the towns ask for:", *items, FERRY, SCHOOL]


def test_a_line_that_lost_a_few_letters_goes_on() -> None:
    lines = wrapped(MARKET, SCHOOL, FERRY)
    lines[1] = lines[1][:-6] + " Oe"  # a link that the dump made shorter
    assert len(unwrap(lines)) == 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("ab .“»A,\n", max_size=300), max_size=12), st.integers(45, 99))
def test_no_word_is_lost(texts: list[str], width: int) -> None:
    lines = [line.strip() for line in wrapped(*texts, width=width)]
    assert " ".join(unwrap(lines)).split() == " ".join(lines).split()


def test_thousands_of_full_lines_are_parted_in_time() -> None:
    lines = [("Word " * 12 + "end.").ljust(65, ".") for _ in range(20_000)]
    begun = time.process_time()
    assert len(unwrap(lines)) > 1000
    assert time.process_time() - begun < 10


def test_breaks_at_a_margin_hold_paragraphs_apart_only_where_one_shows_its_end() -> None:
    assert unwrap_breaks(wrapped(MARKET, SCHOOL, FERRY)) == [MARKET, SCHOOL, FERRY]
    assert unwrap_breaks(full(8)) == [" ".join(full(8))]
    verse = [
        "Rain on the roof.",
        "Rain on the road, and",
        "Nobody comes.",
        "Nobody goes at night.",
        "So it is.",
    ]
    assert unwrap_breaks(verse) == [" ".join(verse)]
