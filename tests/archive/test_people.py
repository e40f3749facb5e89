from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from iomscrape.records import Contact, Phone
from tests.archive.stories.labelled import fill, samples

ADA = Contact(
    name="Ada Moreno",
    role="Officer",
    office="IOM Dili",
    emails=("amoreno@iom.int",),
    phones=(Phone(printed="+670.723.0000", e164="+6707230000"),),
)
ADA_LATER = Contact(name="Ada MORENO", role="Head of Office", office="OIM Díli", emails=("ada@iom.int",))
BASE = Contact(name="Benoît Été", office="OIM Abidjan", phones=(Phone(printed="(225) 22.52.82-00"),))
PRESS = Contact(emails=("press@iom.int",))


DESK = Contact(emails=("desk@iom.int",))
LATER_STILL = Contact(name="A. Moreno", office="IOM Geneva", emails=("ada@iom.int",))
NAMESAKE = Contact(name="Ada Moreno", office="IOM Manila", emails=("adamoreno@iom.int",))


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, make_article: Any, make_capture: Any
) -> Iterator[Archive]:
    with Archive.open(Path(tmp_path_factory.mktemp("people")) / "iom.db") as archive:
        for number, contacts in enumerate(
            ((ADA, PRESS), (ADA_LATER,), (ADA, BASE), (PRESS, PRESS), (LATER_STILL,), (NAMESAKE, DESK))
        ):
            url = f"https://iom.int/{number}"
            article = make_article(
                f"Item {number}",
                url=url,
                contacts=contacts,
                kind="statement" if number == 2 else "press-release",
                themes=("Health",) if number == 2 else ("Education", "Shelter"),
                published=date(2010 + number, 6, 1) if number else None,
            )
            archive.store(make_capture(url=url), [article])
        yield archive


def test_one_row_for_a_person(filled: Archive) -> None:
    rows = filled.people()
    assert [(row["name"], row["articles"]) for row in rows] == [
        ("Ada Moreno", 4),
        (None, 2),
        ("Ada Moreno", 1),
        ("Benoît Été", 1),
        (None, 1),
    ]
    ada = rows[0]
    assert ada["roles"] == ["Head of Office", "Officer"]
    assert ada["emails"] == ["ada@iom.int", "amoreno@iom.int"]
    assert ada["phones"] == ["+6707230000"]
    assert (ada["first"], ada["last"]) == ("2011-06-01", "2026-03-01")
    assert ada["article_ids"] == [2, 3, 5, 1]


def test_what_is_known_of_a_person(filled: Archive) -> None:
    ada = filled.people("Dili")[0]
    assert ada["office"] == "IOM Dili"
    assert ada["offices"] == [
        {"office": "OIM Díli", "articles": 1, "first": "2011-06-01", "last": "2011-06-01"},
        {"office": "IOM Geneva", "articles": 1, "first": "2014-06-01", "last": "2014-06-01"},
        {"office": "IOM Dili", "articles": 2, "first": "2012-06-01", "last": "2026-03-01"},
    ]
    assert [(row["name"], row["articles"]) for row in ada["spellings"]] == [
        ("Ada MORENO", 1),
        ("A. Moreno", 1),
        ("Ada Moreno", 2),
    ]
    assert ada["kinds"] == {"press-release": 3, "statement": 1}
    assert ada["themes"] == {"Education": 3, "Shelter": 3, "Health": 1}
    assert [title["title"] for title in ada["titles"]] == ["Item 0", "Item 4", "Item 2"]
    assert ada["evidence"] == [
        {
            "one": "A. Moreno",
            "other": "Ada MORENO",
            "how": "initials",
            "same_office": None,
            "shared": ["ada@iom.int"],
        },
        {
            "one": "Ada MORENO",
            "other": "Ada Moreno",
            "how": "same",
            "same_office": "iom dili",
            "shared": [],
        },
    ]
    assert ada["same_name"] == ["iom manila"]


def test_a_question_for_one_office_tells_all_of_the_person(filled: Archive) -> None:
    assert filled.people("Geneva") == filled.people("ada@iom") == filled.people("Dili")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("dili", ["Ada Moreno"]),
        ("benoit ete", ["Benoît Été"]),
        ("ABIDJAN benoît", ["Benoît Été"]),
        ("officer dili", ["Ada Moreno"]),
        ("press@", [None]),
        ("7230000", ["Ada Moreno"]),
        ("+670 723 0000", ["Ada Moreno"]),
        ("22528200", ["Benoît Été"]),
        ("(225) 2252", ["Benoît Été"]),
        ("manila", ["Ada Moreno"]),
        ("nobody", []),
        ("100%_", []),
        ('"', []),
        ("NEAR( * -- DROP", []),
        ("\N{GRINNING FACE}", []),
    ],
)
def test_finding(filled: Archive, query: str, names: list[str | None]) -> None:
    assert [row["name"] for row in filled.people(query)] == names


def test_everybody_in_a_large_archive_is_one_person(path: Path) -> None:
    """Every invented person has an address of their own; offices are named in several languages."""
    articles = [*samples("practice"), *samples("heldout")]
    with Archive.open(path) as archive:
        fill(archive, articles)
        rows = archive.people(limit=1000)
    named = Counter(
        (sample.id, contact.split(" | ")[2]) for sample in articles for contact in sample.contacts
    )
    by_address = Counter(address for _, address in named)
    assert {tuple(row["emails"]): row["articles"] for row in rows} == {
        (address,): number for address, number in by_address.items()
    }
    assert max(len(row["offices"]) for row in rows) >= 3
    assert max(len(row["spellings"]) for row in rows) == 2  # in Latin and in Cyrillic letters


def test_limit(filled: Archive) -> None:
    assert len(filled.people(limit=1)) == 1
    assert filled.people(limit=0) == []
    assert filled.people("  ", limit=1) == filled.people(limit=1)
