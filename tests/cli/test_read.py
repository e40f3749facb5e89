"""``iomscrape read``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from iomscrape.cli import main
from tests.website import article

CONTACT = (
    "<p>For more information please contact:</p>"
    "<p>Amara Example, Public Information Officer, IOM Dili, Tel: +670 723 1576, Email: "
    '<a href="mailto:aexample@iom.int">aexample@iom.int</a></p>'
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(
        article("harbour-meeting").replace("</article>", CONTACT + "</article>"), encoding="utf-8"
    )
    return file


def test_record_for_people(page: Path) -> None:
    result = CliRunner().invoke(
        main, ["read", str(page), "--url", "https://www.iom.int/news/harbour-meeting"]
    )
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Harbour Meeting\n")
    assert "https://www.iom.int/news/harbour-meeting" in result.output
    assert "Paragraph number 3" in result.output
    assert "aexample@iom.int" in result.output


def test_record_for_programs(page: Path) -> None:
    result = CliRunner().invoke(main, ["read", str(page), "--json"])
    record = json.loads(result.stdout)
    assert record["title"] == "Harbour Meeting"
    assert [contact["emails"] for contact in record["contacts"]] == [["aexample@iom.int"]]


def test_stdin(page: Path) -> None:
    result = CliRunner().invoke(main, ["read", "-"], input=page.read_bytes())
    assert result.exit_code == 0
    assert "Harbour Meeting" in result.output


def test_page_cannot_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(article("harbour-meeting", words="Ring \x1b]0;owned\x07 the [bold]bell[/bold] \x9b31m."))
    out = CliRunner().invoke(main, ["read", str(file)]).output
    assert not set(out) & {"\x1b", "\x07", "\x9b"}
    assert "[bold]bell[/bold]" in out


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(2000)], ids=["empty", "binary"])
def test_what_is_no_page_is_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(content)
    result = CliRunner().invoke(main, ["read", str(file)])
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {file} cannot be read: ")
    assert len(result.output.splitlines()) == 1


def test_missing_file_and_folder(tmp_path: Path) -> None:
    missing = CliRunner().invoke(main, ["read", str(tmp_path / "nowhere.html")])
    assert missing.exit_code == 2
    assert "nowhere.html" in missing.output
    folder = CliRunner().invoke(main, ["read", str(tmp_path)])
    assert folder.exit_code == 2
    assert "iomscrape import" in folder.output
