"""The page the project began with, as a text dump; and a page of our own with the same wounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from iomscrape import Article, Contact, extract
from tests import golden

SEED = Path(__file__).parent.parent.parent / "shared" / "000_501e78fb8c8fe451.txt"


@pytest.fixture(scope="module")
def seed() -> Article:
    if not SEED.exists():
        pytest.skip("the seed dump lies beside the checkout, not in it, and is not there")
    return extract(SEED.read_bytes())


@pytest.fixture(scope="module")
def page() -> Article:
    path = golden.PAGES / "drupal9" / "four-line-contacts.html"
    return extract(path.read_bytes(), url=golden.address(path))


def _reached(contact: Contact) -> tuple[str | None, list[str | None], tuple[str, ...]]:
    return contact.office, [phone.e164 for phone in contact.phones], contact.emails


def _assert_two_whole_persons(article: Article) -> None:
    assert len(article.contacts) == 2
    assert all(contact.name and contact.role and contact.office for contact in article.contacts)
    assert [contact.position for contact in article.contacts] == [0, 1]
    assert len(article.repairs) == 2
    for contact, repair in zip(article.contacts, article.repairs, strict=True):
        assert repair.kind == "break-in-tag"
        assert repair.where == "contact"
        assert contact.emails[0] in repair.before
        assert contact.emails[0] in repair.after


def _assert_lines_are_joined(article: Article, first: str, last: str) -> None:
    paragraphs = [block.text for block in article.blocks]
    assert len(paragraphs) == 7
    assert paragraphs[0].startswith(first)
    assert paragraphs[-1].endswith(last)
    assert all(len(paragraph) > 100 and "\n" not in paragraph for paragraph in paragraphs)
    assert all(paragraph[-1] in '.")' for paragraph in paragraphs)


def test_seed_title_and_paragraphs(seed: Article) -> None:
    assert seed.title == "First Counter-Trafficking Seminar in Timor-Leste Aims to Mobilize"
    assert (seed.lang, seed.design) == ("en", "textdump")
    _assert_lines_are_joined(seed, "A two-day seminar", "(G/TiP).")


def test_seed_contacts_and_repairs(seed: Article) -> None:
    _assert_two_whole_persons(seed)
    assert [_reached(contact) for contact in seed.contacts] == [
        ("IOM Dili", ["+6707231576"], ("asherwood@iom.int",)),
        ("IOM Dili", ["+6707230810"], ("hkomenda@iom.int",)),
    ]


def test_page_title_and_paragraphs(page: Article) -> None:
    assert page.title == "Village Theatre Warns Islanders of False Job Offers Before"
    assert (page.lang, page.design) == ("en", "drupal9")
    _assert_lines_are_joined(page, "A three-week theatre tour", "(FRSIS).")


def test_page_contacts_and_repairs(page: Article) -> None:
    _assert_two_whole_persons(page)
    assert [_reached(contact) for contact in page.contacts] == [
        ("IOM Dili", ["+6707235551"], ("rbernardes@iom.int",)),
        ("IOM Dili", ["+6707235552"], ("aweisz@iom.int",)),
    ]
