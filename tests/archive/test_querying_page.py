"""Every example on docs/querying.md runs, and finds something."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import Archive, Problem
from iomscrape.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "querying.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(path: Path, make_article: Any, make_capture: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    with Archive.open(path) as archive:
        archive.store(make_capture(0), [make_article("Bridge school will reopen")])
        archive.store(make_capture(1), [make_article()])
        url = "https://www.iom.int/news/clinic"
        archive.store(make_capture(url=url), [make_article("A border clinic opens", url=url)])
        archive.record_problem("https://www.iom.int/x", Problem("timeout", "No answer."))
    monkeypatch.chdir(path.parent)
    return path


@pytest.mark.parametrize("sql", blocks("sql"))
def test_sql(here: Path, sql: str) -> None:
    with Archive.open(here, readonly=True) as archive:
        assert list(archive.db.query(sql))


@pytest.mark.parametrize("line", "".join(blocks("sh")).splitlines())
def test_commands(here: Path, line: str) -> None:
    result = CliRunner().invoke(main, shlex.split(line)[1:], env={"IOMSCRAPE_DB": str(here)})
    assert result.exit_code == 0, result.output
    assert len(result.stdout) > 80
    assert result.stderr == ""


@pytest.mark.parametrize("program", blocks("python"))
def test_python(here: Path, program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.parent == Path.cwd()
    exec(compile(program, "querying.md", "exec"), {})
    out = capsys.readouterr().out
    assert "Bridge school will reopen" in out
    assert "['amoreno@iom.int']" in out
    assert len(out.splitlines()) >= 10
