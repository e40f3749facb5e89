"""Every command on docs/exporting.md runs and writes what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from iomscrape.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "exporting.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_there_are_commands() -> None:
    assert len(LINES) >= 8


@pytest.mark.parametrize("line", LINES)
def test_command(peopled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(tmp_path)
    command, _, redirected = line.partition(" > ")
    result = CliRunner().invoke(main, shlex.split(command)[1:], env={"IOMSCRAPE_DB": str(peopled)})
    assert result.exit_code == 0, result.output
    assert bool(list(tmp_path.iterdir())) != bool(redirected)
    assert len(result.stdout) > 20 or not redirected
