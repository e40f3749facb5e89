"""Every golden page, found by pattern: its record, its design; and that no design is without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from iomscrape.designs import DESIGNS, recognise
from iomscrape.designs.design import Design
from iomscrape.page import Page
from tests import golden

PAGES = golden.pages()

WRONG: dict[str, str] = {}
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


# --- the command that keeps records -----------------------------------------------------------


def _command(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(golden.main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    source = golden.PAGES / "drupal9" / "narrow-content.html"
    page = tmp_path / source.name
    page.write_bytes(source.read_bytes())
    return page


def test_a_new_page_is_shown_whole_and_written_when_told(copied: Path) -> None:
    code, told = _command(copied)
    assert (code, golden.record_path(copied).exists()) == (1, False)
    assert '"title": "Mangrove Nursery Gives Typhoon Families a Crop and a Coast"' in told
    assert _command(copied, "--write")[0] == 0
    assert golden.kept(copied) == golden.read(copied)
    assert _command(copied) == (0, f"{copied}: as kept\n")


def test_what_differs_is_told_field_by_field_with_both_sides(copied: Path) -> None:
    record = golden.read(copied)[0]
    record["contacts"] = []
    record["paragraphs"][1] = "Another one."
    golden.write(copied, [record])
    code, told = _command(copied)
    assert code == 1
    assert "paragraphs\n" in told
    assert "  - Another one.\n  + The nursery belongs to" in told
    assert "contacts\n" in told
    assert "blocks" not in told, "the same difference a second time"


def test_a_page_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    page = tmp_path / "empty.html"
    page.write_bytes(b"")
    code, told = _command(page)
    assert (code, told) == (2, f"{page} cannot be read: the page is empty (empty)\n")


def test_the_address_of_a_page_is_the_one_that_the_browser_wrote(copied: Path) -> None:
    assert (
        golden.address(copied)
        == "https://www.iom.int/news/mangrove-nursery-gives-typhoon-families-crop-and-coast"
    )
