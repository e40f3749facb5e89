from __future__ import annotations

from collections import Counter

import phonenumbers
import pytest

from iomscrape.demo.stories import (
    HARD_BREAKS_BEFORE,
    PAGE_TRAITS,
    SECTIONS,
    STORY_TRAITS,
    Person,
    Story,
    load,
)
from iomscrape.demo.tags import TAGS, tag_name
from iomscrape.demo.wounds import WOUNDS, hide, mail_link

ALL = [*load("headquarters"), *load("office")]


def people(story: Story) -> list[Person]:
    return [person for text in story.texts.values() for person in text.people]


def test_there_are_at_least_eighty_article_pages() -> None:
    assert Counter(lang for story in load("headquarters") for lang in story.texts) == {
        "en": 22,
        "es": 22,
        "fr": 22,
    }
    assert Counter(lang for story in load("office") for lang in story.texts) == {"en": 10, "pt": 10}


def test_kinds_years_and_old_texts_are_mixed() -> None:
    assert {story.kind for story in ALL} == set(SECTIONS)
    assert min(story.day.year for story in ALL) == 2003
    assert max(story.day.year for story in ALL) == 2026
    assert sum(story.day < HARD_BREAKS_BEFORE for story in ALL) >= 10


def test_numbers_and_addresses_are_unique() -> None:
    for site, first in (("headquarters", "en"), ("office", "en")):
        stories = load(site)
        assert len({story.node for story in stories}) == len(stories)
        paths = [story.path(lang, first) for story in stories for lang in story.texts]
        assert len(set(paths)) == len(paths)
        assert all(path.isascii() and path == path.lower() for path in paths)


@pytest.mark.parametrize("story", ALL, ids=lambda story: str(story.node))
def test_a_story_is_whole_in_every_language(story: Story) -> None:
    first, *others = story.texts.values()
    for text in others:
        # A translation has the same shape: no paragraph is lost, no line added.
        assert [block.element for block in text.blocks] == [block.element for block in first.blocks]
        assert (text.subtitle is None, text.dateline is None, text.caption is None) == (
            first.subtitle is None,
            first.dateline is None,
            first.caption is None,
        )
        assert {block.text for block in text.blocks}.isdisjoint(block.text for block in first.blocks)
    for lang in story.texts:
        assert all(tag_name(key, lang) for key in story.tags)
    assert story.traits <= STORY_TRAITS.keys()


def test_people_are_invented() -> None:
    everybody = [person for story in ALL for person in people(story)]
    assert all(person.mail.endswith("@iom.int") and person.mail.islower() for person in everybody)
    # 555 is what films use: no number of the stories may ring at somebody's home.
    assert all("555" in person.phone.replace(" ", "") for person in everybody if person.phone)
    for person in everybody:
        assert person.phone is None or phonenumbers.is_possible_number(phonenumbers.parse(person.phone))


def test_every_wound_and_every_trait_is_somewhere() -> None:
    assert {person.wound for story in ALL for person in people(story)} == set(WOUNDS)
    assert {trait for story in ALL for trait in story.traits} == set(STORY_TRAITS)
    pages = [text for story in ALL for text in story.texts.values()]
    assert sorted(trait for text in pages for trait in text.traits) == sorted(PAGE_TRAITS)


def test_every_tag_is_used() -> None:
    assert {key for story in ALL for key in story.tags} == set(TAGS)


def test_the_wound_of_the_line_breaks() -> None:
    assert mail_link("a@iom.int", "break-in-tag") == '<a href=<br />\n"mailto:a@iom.int">a@iom.int</a>'


def test_a_hidden_address_can_be_read_back() -> None:
    hidden = bytes.fromhex(hide("asherwood@iom.int"))
    assert bytes(byte ^ hidden[0] for byte in hidden[1:]).decode() == "asherwood@iom.int"
