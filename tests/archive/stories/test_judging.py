"""The two judges, on small cases that each show one rule."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.stories import copies, translations
from archive.stories.facts import Facts, is_latin, paragraph
from archive.stories.grouping import Link, group
from archive.stories.translations import Naming

LEAD = (
    "Aid workers reached the flooded villages of the delta on Monday with boats and tents for the families."
)
REST = (
    "The boats carry food, blankets and a nurse, and come back with those who are ill. "
    "The work is paid for by several governments and will go on for as long as the water stays."
)


def text(number: int, title: str, *parts: str, published: str | None = "2020-05-04") -> copies.Text:
    return copies.prepare(number, title, "\n\n".join(parts), published)


BOATS = text(1, "Boats for the Delta", LEAD, REST)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (text(2, "Boats for the Delta", LEAD, REST), "same-text"),
        (text(2, "Delta Receives Boats", LEAD, REST, published="2020-05-06"), "same-text"),
        (text(2, "Boats for the Delta", LEAD.replace("Monday", "4 May"), REST), "near-copy"),
        (text(2, "Boats for the Delta", "REPORT", LEAD, REST.split(". ")[0]), "near-copy"),
        (text(2, "Boats for the Delta", LEAD, REST, published=None), "same-text"),
    ],
)
def test_copies(other: copies.Text, reason: str) -> None:
    likeness = copies.judge(BOATS, other)
    assert likeness is not None
    assert likeness.reason == reason
    assert copies.judge(other, BOATS) == likeness or reason == "near-copy"


PLACEHOLDER = (
    "The page that you are looking for is being moved to our new site and cannot be shown at this time. "
    "Please come back in a few days or write to the press office for a copy of it."
)
NUMBERED = "This week 4,150 tents and 37 boats were handed out, and a nurse saw 212 people in the villages."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            text(1, "Report", LEAD, NUMBERED, REST),
            text(2, "Report", LEAD, NUMBERED.replace("4,150", "2,600"), REST),
            id="another week's number",
        ),
        pytest.param(
            BOATS,
            text(
                2, "Boats for the Delta", "It is over now, and everybody has gone home again at last.", REST
            ),
            id="another beginning",
        ),
        pytest.param(
            text(1, "Judges Trained in Hawassa", f"Hawassa – {LEAD}", REST),
            text(2, "Judges Trained in Mekelle", f"Mekelle – {LEAD}", REST),
            id="each title names its own place",
        ),
        pytest.param(
            BOATS,
            text(2, "Boats for the Delta", LEAD.replace("Monday", "Friday"), REST, published="2021-05-04"),
            id="a year apart",
        ),
        pytest.param(
            text(1, "New Clinic Opens", PLACEHOLDER),
            text(2, "Forum on Remittances", PLACEHOLDER),
            id="a placeholder",
        ),
        pytest.param(text(1, "Rain", "Rain fell."), text(2, "Rain", "Rain fell."), id="too short to tell"),
    ],
)
def test_not_copies(one: copies.Text, other: copies.Text) -> None:
    assert copies.judge(one, other) is None
    assert copies.judge(other, one) is None


def facts(number: int, lang: str, *parts: str, day: int = 4, country: str | None = "BD") -> Facts:
    return Facts(
        number,
        lang,
        country,
        date(2020, 5, day),
        is_latin("".join(parts)),
        tuple(paragraph(part) for part in parts),
        frozenset(),
        frozenset(),
    )


ENGLISH = facts(
    1,
    "en",
    "Boats reach the delta",
    "In nine days the boats from Kurigram saw 1,846 patients, 412 of them children under five years.",
    "It is asking for 385,000 dollars, says Rezaul Mondal, to keep them going until the water falls.",
)
FRENCH = facts(
    2,
    "fr",
    "Des bateaux dans le delta",
    "En neuf jours, les bateaux de Kurigram ont reçu 1 846 patients, dont 412 enfants de moins de cinq ans.",
    "Il faut 385 000 dollars, dit Rezaul Mondal, pour les faire naviguer jusqu'à la décrue des eaux.",
)


def test_a_translation_is_known_by_its_facts() -> None:
    likeness = translations.judge(ENGLISH, FRENCH, Naming())
    assert likeness is not None
    assert likeness.reason == "same-facts"
    assert likeness.evidence["numbers"] == ["1846", "385000", "412"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(facts(2, "en", "Boats"), id="same language"),
        pytest.param(facts(2, "fr", "Boats", day=20), id="other days"),
        pytest.param(facts(2, "fr", "Boats", country="PK"), id="other country"),
        pytest.param(
            facts(2, "fr", "Rien", "Il pleut depuis neuf jours sur les bateaux du delta."), id="no facts"
        ),
    ],
)
def test_not_translations(other: Facts) -> None:
    assert translations.judge(ENGLISH, other, Naming()) is None


def test_the_same_facts_in_another_order_say_less() -> None:
    turned = facts(2, "fr", "Des bateaux dans le delta", *[
        "Il faut 385 000 dollars, dit Rezaul Mondal, pour les faire naviguer jusqu'à la décrue des eaux.",
        "En neuf jours, les bateaux de Kurigram ont reçu 1 846 patients, dont 412 enfants de moins de cinq ans.",
    ])  # fmt: skip
    assert translations.alignment(ENGLISH, turned) < translations.alignment(ENGLISH, FRENCH) - 0.2


def test_what_a_page_says_of_its_translation_is_believed_only_if_nothing_speaks_against_it() -> None:
    short = facts(2, "fr", "Des bateaux", "Les bateaux de Kurigram ont reçu 1 846 patients.", day=24)
    assert translations.judge(ENGLISH, short, Naming()) is None
    likeness = translations.judge(ENGLISH, short, Naming(forth=True))
    assert likeness is not None
    assert (likeness.reason, likeness.score) == ("hreflang", 0.9)
    wrong = facts(2, "fr", "Autre chose", "À Suva, 12 passagers regardent un film sur 77 frais.", day=24)
    assert translations.judge(ENGLISH, wrong, Naming(forth=True)) is None


@given(st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_the_order_of_links(random: object) -> None:
    langs = {1: "en", 2: "en", 3: "fr", 4: "fr", 5: "es", 6: None}
    links = [
        Link(1, 2, "near-copy", 0.9),
        Link(1, 3, "same-facts", 0.8),
        Link(2, 4, "same-facts", 0.7),
        Link(4, 5, "hreflang", 1.0),
        Link(2, 6, "same-text", 1.0),
    ]
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    # 4 is another French text than 3: it keeps its own Spanish one, and stays out of the story of 1.
    assert group(langs, shuffled) == [frozenset({1, 2, 3, 6}), frozenset({4, 5})]
