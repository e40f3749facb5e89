"""The documents say what the code does: the made parts are fresh, and the design that is added in the text works."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from iomscrape.designs import THRESHOLD
from iomscrape.designs.design import Design
from iomscrape.designs.layout import Layout
from iomscrape.page import Page
from iomscrape.parts.mailto import WOUNDS
from tests import golden
from tests.designs import documents

DESIGNS_MD = (documents.DOCS / "designs.md").read_text(encoding="utf-8")
READING_MD = (documents.DOCS / "reading.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("document", "part"), [part[:2] for part in documents.PARTS])
def test_what_is_made_of_the_code_is_fresh(document: str, part: str) -> None:
    made = {name: make for _, name, make in documents.PARTS}[part]
    kept = (documents.DOCS / document).read_text(encoding="utf-8")
    assert kept == documents.renewed(document, part, made()), "run: python -m tests.designs.documents --write"


@pytest.mark.parametrize("wound", WOUNDS)
def test_the_reader_tells_every_wound(wound: str) -> None:
    repair = documents.repair_of(wound)
    assert repair.where == "contact"
    assert repair.before != repair.after


def test_every_field_of_a_layout_is_explained() -> None:
    assert [field.name for field in fields(Layout) if f"| `{field.name}` |" not in DESIGNS_MD] == []


def test_every_field_of_a_record_is_explained() -> None:
    record = golden.read(golden.PAGES / "drupal9" / "narrow-content.html")[0]
    assert [field for field in (*record, "reader_version") if f"`{field}`" not in READING_MD] == []


def test_every_file_that_the_documents_name_is_there() -> None:
    invented = {
        "iomscrape/designs/officeblog.py",
        "tests/pages/officeblog/",
        "tests/pages/officeblog/tide-tables.html",
    }
    named = set(re.findall(r"`((?:iomscrape|tests|docs|archive|spiders)/[\w./-]+)`", DESIGNS_MD + READING_MD))
    root = documents.DOCS.parent
    assert [name for name in sorted(named - invented) if not (root / name).exists()] == []


# --- the design that is added in the text -----------------------------------------------------


def _block(language: str) -> str:
    """The one code block of that language that holds a whole file."""
    found = re.search(rf"^```{language}\n(.*?)^```", DESIGNS_MD, re.S | re.M)
    assert found, f"docs/designs.md has no {language} block"
    return found[1]


@pytest.fixture
def example() -> Design:
    names: dict[str, object] = {}
    exec(compile(_block("python"), "docs/designs.md", "exec"), names)
    design = names["DESIGN"]
    assert isinstance(design, Design)
    return design


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "tide-tables.html"
    path.write_text(_block("html"), encoding="utf-8")
    return path


def test_the_design_in_the_text_recognises_its_page_and_no_golden_one(example: Design, saved: Path) -> None:
    assert example.likeness(Page(saved.read_bytes()).source) == 1.0
    for page in golden.pages():
        assert example.likeness(Page(page.read_bytes()).source) < THRESHOLD


def test_the_design_in_the_text_gives_the_record_in_the_text(example: Design, saved: Path) -> None:
    page = Page(saved.read_bytes(), url=golden.address(saved))
    page.likeness[example.name] = example.likeness(page.source)
    article = example.read(page)[0].to_dict()
    wanted = json.loads(_block("json"))
    assert not golden.differences([wanted], [{field: article[field] for field in wanted}])
    phrases = tomllib.loads(_block("toml"))["officeblog/tide-tables.html"]
    texts = [text for field, value in article.items() if field != "repairs" for text in golden.texts(value)]
    assert [phrase for phrase in phrases if any(phrase in text for text in texts)] == []
    assert [phrase for phrase in phrases if phrase not in _block("html")] == []
