"""Text that shows its own tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iomscrape import extract
from iomscrape.parts.fragments import MOST_TAGS, unescaped


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        ("<strong>Note to editors</strong>", "Note to editors"),
        (
            "The boat <em>Aurora</em> is late.<br />It has no clock.",
            "The boat Aurora is late.\nIt has no clock.",
        ),
        ("<p>One paragraph.</p><p>Another", "\nOne paragraph.\nAnother"),
        ('<a href="/news/boats" target="_blank">All boats</a> sail.', "All boats sail."),
        ("An unclosed <b>word", "An unclosed word"),
    ],
)
def test_tags_that_are_shown_are_taken_out(shown: str, wanted: str) -> None:
    assert unescaped(shown) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "children < 5 years and > 2",
        "a<7 and c>d",
        "write to <info@iom.int>",
        "2 <3 4",
        "",
        "<table of figures>",
    ],
)
def test_other_angles_stay(text: str) -> None:
    assert unescaped(text) == text


@given(st.text(alphabet="<>/abp =\"'\n", max_size=300))
def test_never_raises_and_ends_without_the_tags_it_knows(text: str) -> None:
    shown = unescaped(text)
    assert len(shown) <= 2 * len(text) + 1


def test_a_text_of_nothing_but_tags_is_left_alone() -> None:
    text = "<b>x</b>" * MOST_TAGS
    assert unescaped(text) == text


def test_the_reader_tells_it() -> None:
    page = (
        '<html><head><meta name="Generator" content="Drupal 10"></head><body><main><h1>The Boat Is Late</h1>'
        '<article class="node node--type-news node--view-mode-full">'
        '<div class="field--name-body field--type-text-with-summary">'
        "<p>&lt;strong&gt;The boat is late again,&lt;/strong&gt; says the ferryman, who has been waiting "
        "since Monday at the pier.</p>"
        "</div></article></main></body></html>"
    )
    article = extract(page)
    assert article.blocks[0].text == (
        "The boat is late again, says the ferryman, who has been waiting since Monday at the pier."
    )
    assert [(repair.kind, repair.where) for repair in article.repairs] == [("escaped-markup", "body")]
