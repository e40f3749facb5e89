"""What stands around an article is in no field of its record; the same page gives the same record."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests import golden

PAGES = golden.pages()
FURNITURE: dict[str, list[str]] = tomllib.loads((golden.PAGES / "furniture.toml").read_text(encoding="utf-8"))


def test_every_page_has_its_furniture_listed() -> None:
    assert set(FURNITURE) == {golden.name(page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=golden.name)
def test_every_listed_phrase_stands_on_the_page(page: Path) -> None:
    source = golden.decoded(page)
    assert [phrase for phrase in FURNITURE[golden.name(page)] if phrase not in source] == []


@pytest.mark.parametrize("page", PAGES, ids=golden.name)
def test_no_furniture_in_any_field(page: Path) -> None:
    for record in golden.read(page):
        del record["repairs"]  # these tell what the page held
        texts = list(golden.texts(record))
        assert [
            phrase for phrase in FURNITURE[golden.name(page)] if any(phrase in text for text in texts)
        ] == []


@pytest.mark.parametrize("page", PAGES, ids=golden.name)
def test_the_same_page_gives_the_same_record(page: Path) -> None:
    first, second = golden.read(page), golden.read(page)
    assert json.dumps(first, ensure_ascii=False) == json.dumps(second, ensure_ascii=False)
