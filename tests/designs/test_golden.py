"""Every golden page, found by pattern: its record, its design; and that no design is without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from iomscrape.designs import DESIGNS, recognise
from iomscrape.designs.design import Design
from iomscrape.page import Page
from tests import golden

PAGES = golden.pages()

WRONG: dict[str, str] = {
    "aggregator/fields-run-together.html": "a relative time is read by today's clock",
    "drupal9/russian-statement.html": "a dateline whose date ends in «г.» is not found",
    "textdump/ukrainian-story.txt": "a dateline whose date ends in «року» is not found",
    "unknown/portuguese-no-h1.html": "the label Telefone is not known",
}
"""Pages whose kept record is right and today's reading is not, and what is wrong."""


def _cases() -> list[object]:
    marks = {page: [pytest.mark.xfail(strict=True, reason=reason)] for page, reason in WRONG.items()}
    return [
        pytest.param(page, id=golden.name(page), marks=marks.get(golden.name(page), [])) for page in PAGES
    ]


@pytest.mark.parametrize("page", _cases())
def test_the_record_is_the_one_that_is_kept(page: Path) -> None:
    kept = golden.kept(page)
    assert kept, (
        f"{golden.name(page)} has no record: python -m tests.golden tests/pages/{golden.name(page)} --write"
    )
    found = golden.differences(kept, golden.read(page))
    assert not found, f"{golden.name(page)} (- kept, + read today)\n" + "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=golden.name)
def test_a_page_is_recognised_as_the_design_whose_folder_it_lies_in(page: Path) -> None:
    design = recognise(Page(page.read_bytes(), url=golden.address(page)))
    assert design.name == page.parent.name


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_no_design_is_without_golden_pages(design: Design) -> None:
    assert [page for page in PAGES if page.parent.name == design.name], (
        f"tests/pages/{design.name}/ holds no page"
    )


def test_no_folder_is_without_a_design_and_no_record_without_a_page() -> None:
    assert {page.parent.name for page in PAGES} <= {design.name for design in DESIGNS}
    records = set(golden.PAGES.rglob("*.json"))
    assert records == {golden.record_path(page) for page in PAGES}
