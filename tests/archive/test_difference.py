"""Differences can be undone in both directions, and say what a person would say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.difference import ADDED, REMOVED, SAME, Passage, compare, words
from iomscrape.records import Block, Contact, Phone, Role

TEXTS = st.lists(
    st.sampled_from(["the", "well", "opened", "wells", " ", ", ", "“", "移民", "مُحمد", "हिन्दी", "\n", "."]),
    max_size=12,
).map("".join)
BODIES = st.lists(TEXTS.filter(bool), max_size=5)


def side(passages: Sequence[Passage], what: str) -> list[str]:
    """The paragraphs of the one side, put together from the pieces."""
    parts = [[piece.text for piece in passage if piece.what in (SAME, what)] for passage in passages]
    return ["".join(part) for part in parts if part]


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_the_pieces_of_two_texts_are_the_texts(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.what != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.what != REMOVED) == after
    assert all(piece.text for piece in pieces)
    if before == after:
        assert {piece.what for piece in pieces} <= {SAME}


@settings(deadline=None, max_examples=60)
@given(BODIES, BODIES)
def test_the_passages_of_two_bodies_are_the_bodies(
    make_article: Any, before: list[str], after: list[str]
) -> None:
    records = [
        make_article(blocks=tuple(Block(text=text) for text in texts)).to_dict() for texts in (before, after)
    ]
    difference = compare(*records)
    assert side(difference.passages, REMOVED) == before
    assert side(difference.passages, ADDED) == after
    assert ("text" in difference.changed) == (before != after)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Eighty children came.", "Ninety children came.", "[-Eighty-]{+Ninety+} children came."),
        ("The old school opened.", "The school opened.", "The [-old -]school opened."),
        ("It opened on Monday.", "It will open soon.", "It [-opened on Monday-]{+will open soon+}."),
        ("It opened.", "It opened!", "It opened[-.-]{+!+}"),
        ("国际移民组织", "国际难民组织", "国际[-移-]{+难+}民组织"),
        ("مُحمد هنا", "محمود هنا", "[-مُحمد-]{+محمود+} هنا"),
    ],
)
def test_words_are_the_units(before: str, after: str, shown: str) -> None:
    marks = {SAME: "{}", REMOVED: "[-{}-]", ADDED: "{{+{}+}}"}
    assert "".join(marks[piece.what].format(piece.text) for piece in words(before, after)) == shown


ADA = Contact(name="Ada Moreno", role="Officer", office="IOM Dili", emails=("a@iom.int",))
BEN = Contact(name="Ben", office="IOM Dili", position=1)


def contacts(make_article: Any, *sides: tuple[Contact, ...]) -> list[tuple[Any, ...]]:
    difference = compare(*(make_article(contacts=side).to_dict() for side in sides))
    return [
        (
            contact.before and contact.before["name"],
            contact.after and contact.after["name"],
            [change.name for change in contact.fields],
        )
        for contact in difference.contacts
    ]


def test_contacts_are_followed_by_name_or_address(make_article: Any) -> None:
    promoted = Contact(name="ADA MORENO", role="Head", office="IOM Dili", emails=("a@iom.int",))
    renamed = Contact(name="Ada Sousa", role="Officer", office="IOM Dili", emails=("a@iom.int",), position=3)
    called = Contact(name="Ben", office="IOM Dili", phones=(Phone(printed="1"),))
    assert contacts(make_article, (ADA,), (ADA,)) == []
    assert contacts(make_article, (ADA, BEN), (BEN, promoted)) == [
        ("Ada Moreno", "ADA MORENO", ["name", "role"])
    ]
    assert contacts(make_article, (ADA,), (renamed,)) == [("Ada Moreno", "Ada Sousa", ["name"])]
    assert contacts(make_article, (ADA, BEN), (called,)) == [
        ("Ben", "Ben", ["phones"]),
        ("Ada Moreno", None, []),
    ]
    assert contacts(make_article, (), (BEN,)) == [(None, "Ben", [])]


def test_every_field_that_a_reader_sees_counts(make_article: Any) -> None:
    before = make_article().to_dict()
    after = make_article(
        "Bridge School Reopened", kind="feature", themes=("Shelter",), node_id=None
    ).to_dict()
    difference = compare(before, after)
    assert difference.changed == ("title", "kind", "themes", "node_id")
    title = difference.fields[0]
    assert title.pieces[-2:] == ((REMOVED, "Reopens"), (ADDED, "Reopened"))
    unseen = make_article(design="jahia", reader_version="9", confidence=0.1, warnings=("odd",), repairs=())
    assert compare(before, unseen.to_dict()).changed == ()


def test_a_paragraph_that_became_a_heading_is_named(make_article: Any) -> None:
    blocks = (Block(text="What comes next"), Block(text="More desks."))
    before = make_article(blocks=blocks).to_dict()
    after = make_article(blocks=(Block(text="What comes next", role=Role.HEADING), blocks[1])).to_dict()
    difference = compare(before, after)
    assert difference.changed == ("roles",)
    assert difference.roles == (("What comes next", "paragraph", "heading"),)


def test_changed_paragraphs_find_their_counterparts(make_article: Any) -> None:
    before = ("The school by the bridge has opened.", "Eighty children came.", "Rain fell all day long.")
    after = (
        "Something else altogether: a festival!",
        "The school by the bridge opened.",
        "Ninety children came.",
    )
    passages = compare(make_article("A", *before).to_dict(), make_article("A", *after).to_dict()).passages
    assert [tuple(piece.what for piece in passage) for passage in passages] == [
        (ADDED,),
        (SAME, REMOVED, SAME),
        (REMOVED, ADDED, SAME),
        (REMOVED,),
    ]


def test_long_texts_are_compared_in_time(make_article: Any) -> None:
    texts = [" ".join(f"word{(i * j) % 97}" for i in range(60)) for j in range(200)]
    before = make_article(blocks=tuple(Block(text=text) for text in texts)).to_dict()
    after = make_article(blocks=tuple(Block(text=f"{text} more") for text in texts)).to_dict()
    difference = compare(before, after)
    assert difference.added_words - difference.removed_words == 200
