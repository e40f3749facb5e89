"""The program's front door."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from iomscrape.cli import COMMANDS, main
from iomscrape.cli.output import Failure, print_json, print_table, safe
from iomscrape.version import __version__
from tests.website import Ended


def test_help_lists_every_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name}\s+{re.escape(line)}$", result.output, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"Usage: main {name} ")
    assert "--help" in result.output


def test_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"iomscrape, version {__version__}\n"


def test_mistyped_command_is_guessed() -> None:
    result = CliRunner().invoke(main, ["serach", "x"])
    assert result.exit_code == 2
    assert "Did you mean search?" in result.output
    assert CliRunner().invoke(main, ["\x1b[31mx"]).exit_code == 2
    assert "\x1b" not in CliRunner().invoke(main, ["\x1b[31mx"]).output


def test_no_command_shows_help() -> None:
    assert "Examples:" in CliRunner().invoke(main, []).output


def test_failure_is_one_line_with_its_code() -> None:
    @click.command()
    def fails() -> None:
        raise Failure("It\nbroke \x1b[2J", exit_code=6)

    result = CliRunner().invoke(fails)
    assert result.exit_code == 6
    assert result.output == "Error: It broke \N{REPLACEMENT CHARACTER}[2J\n"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain\ttext\nالهجرة œuvre", "plain\ttext\nالهجرة œuvre"),
        ("\x1b]0;title\x07", "\ufffd]0;title\ufffd"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\x9b31m\x7f", "\ufffd31m\ufffd"),
        ("line\r\nline\rover", "line\nline\ufffdover"),
    ],
)
def test_what_pages_say_cannot_steer_the_terminal(said: str, shown: str) -> None:
    assert safe(said) == shown


def test_table_is_not_cut_and_markup_stays_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["title", "n"], [["[red]" + "x" * 300, 3], ["\x1b[31m", 20]])
    out = capsys.readouterr().out
    assert "[red]" + "x" * 300 in out
    assert "\x1b" not in out


def test_json_keeps_its_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": "الهجرة"})
    assert capsys.readouterr().out == '{\n  "title": "الهجرة"\n}\n'


def test_terminal_that_knows_no_arabic(iomscrape: Callable[..., Ended], tmp_path: Path) -> None:
    page = (
        "<html><body><article><h1>الهجرة الدولية</h1>"
        + "<p>وصلت العائلات إلى المدينة قبل بداية الشتاء.</p>" * 6
    )
    (tmp_path / "page.html").write_text(page + "</article></body></html>", encoding="utf-8")
    ended = iomscrape("read", "page.html", env={"PYTHONIOENCODING": "ascii"})
    assert ended.code == 0, ended.err
    assert "\\u0627" in ended.out
