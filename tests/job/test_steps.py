"""The commands that a profile means are commands that exist, with options that they have."""

from __future__ import annotations

import re
from pathlib import Path

import click

from iomscrape.cli import main
from iomscrape.job.example import example
from iomscrape.job.profile import parse
from iomscrape.job.steps import steps


def test_every_argument_is_understood_by_its_command(tmp_path: Path) -> None:
    source = re.sub(r"^# (?=\[|[a-z_]+ = )", "", example(contact="me@example.org"), flags=re.M)
    for step in steps(parse(source, tmp_path / "iom.toml")):
        name, *arguments = step.arguments
        command = main.get_command(click.Context(main), name)
        assert command is not None
        given = command.make_context(name, list(arguments)).params
        assert given["as_json"] is True
        assert given["db"] == str(tmp_path / "iom.db")
        assert dict(step.environment) == {"IOMSCRAPE_WARC_DIR": str(tmp_path / "iom-warc")}


def test_values_arrive(tmp_path: Path) -> None:
    source = '[crawl]\nsites = ["a.int"]\noffices = ["tl"]\nlanguages = ["es"]\nsince = 2025-01-31\nsettings = { A = 1 }\n'
    [crawl] = steps(parse(source, tmp_path / "iom.toml"))
    assert crawl.arguments[:-3] == (
        "crawl", "--site", "a.int", "--office", "tl", "--lang", "es", "--since", "2025-01-31", "-s", "A=1",
    )  # fmt: skip
