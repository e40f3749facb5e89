from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from iomscrape.records import Contact, Phone

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


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, make_article: Any, make_capture: Any
) -> Iterator[Archive]:
    with Archive.open(Path(tmp_path_factory.mktemp("people")) / "iom.db") as archive:
        for number, contacts in enumerate(((ADA, PRESS), (ADA_LATER,), (ADA, BASE), (PRESS, PRESS))):
            url = f"https://iom.int/{number}"
            article = make_article(
                f"Item {number}",
                url=url,
                contacts=contacts,
                published=date(2010 + number, 6, 1) if number else None,
            )
            archive.store(make_capture(url=url), [article])
        yield archive


def test_one_row_for_a_person_at_an_office(filled: Archive) -> None:
    rows = filled.contacts()
    assert [(row["name"], row["articles"]) for row in rows] == [
        ("Ada MORENO", 3),
        (None, 2),
        ("Benoît Été", 1),
    ]
    ada = rows[0]
    assert ada["roles"] == ["Head of Office", "Officer"]
    assert ada["emails"] == ["ada@iom.int", "amoreno@iom.int"]
    assert ada["phones"] == ["+6707230000"]
    assert (ada["first"], ada["last"]) == ("2011-06-01", "2026-03-01")
    assert ada["article_ids"] == [2, 3, 1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("dili", ["Ada MORENO"]),
        ("benoit ete", ["Benoît Été"]),
        ("ABIDJAN benoît", ["Benoît Été"]),
        ("officer dili", ["Ada MORENO"]),
        ("press@", [None]),
        ("7230000", ["Ada MORENO"]),
        ("+670 723 0000", ["Ada MORENO"]),
        ("22528200", ["Benoît Été"]),
        ("(225) 2252", ["Benoît Été"]),
        ("nobody", []),
        ("100%_", []),
    ],
)
def test_finding(filled: Archive, query: str, names: list[str | None]) -> None:
    assert [
        row["name"] and row["name"].replace("Moreno", "MORENO") for row in filled.contacts(query)
    ] == names


def test_limit(filled: Archive) -> None:
    assert len(filled.contacts(limit=1)) == 1
    assert filled.contacts(limit=0) == []
