"""What stands around an article is in no field of its record; the same page gives the same record."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


READ_ALL = (
    "import json; from tests import golden; print(json.dumps([golden.read(page) for page in golden.pages()]))"
)


def test_the_same_pages_give_the_same_records_in_every_process() -> None:
    """Not by luck of the order of sets, nor of the day: the hash seed, the time zone and the locale differ."""
    said = []
    for seed, zone, locale in (("0", "UTC", "C.UTF-8"), ("1", "Pacific/Auckland", "ar_EG.UTF-8")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}
        command = [sys.executable, "-c", READ_ALL]
        ran = subprocess.run(
            command, env=env, cwd=golden.PAGES.parent.parent, capture_output=True, text=True, check=True
        )
        said.append(json.loads(ran.stdout))
    assert said[0] == said[1]
    assert said[0] == [golden.read(page) for page in PAGES], "nor does it matter what was read before"
