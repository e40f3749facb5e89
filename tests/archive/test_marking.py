"""Marks change nothing but where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.marking import HIT_END, HIT_START, marked, window
from archive.question import read_question

TEXTS = st.text(alphabet="移民组织返乡 IOMiomé，Łł\n", max_size=200)
QUERIES = st.lists(
    st.sampled_from(["移民", "移", "iom", "返乡 移民", "é", "ł", '"组织 返"']), min_size=1, max_size=3
)


def plain(text: str) -> str:
    return text.replace(HIT_START, "").replace(HIT_END, "")


@given(TEXTS, QUERIES)
def test_without_its_marks_a_text_is_itself(text: str, words: list[str]) -> None:
    match = read_question(" ".join(words)).match or ""
    with_marks = marked(text, match)
    assert plain(with_marks) == text
    assert with_marks.count(HIT_START) == with_marks.count(HIT_END)
    shown = window(with_marks)
    assert plain(shown).removeprefix("… ").removesuffix(" …") in text
    assert shown.count(HIT_START) == shown.count(HIT_END)
    assert (HIT_START in shown) == (HIT_START in with_marks)


def test_every_place_is_marked() -> None:
    match = read_question("移民 iom -返乡").match or ""
    assert plain(marked("移民 IOM 返乡 移民", match)).count("移") == 2
    assert marked("移民 IOM 返乡 移民", match) == (
        f"{HIT_START}移民{HIT_END} {HIT_START}IOM{HIT_END} 返乡 {HIT_START}移民{HIT_END}"
    )
