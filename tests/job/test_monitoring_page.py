"""docs/monitoring.md leaves nothing out."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from archive.watch.finding import KINDS
from archive.watch.pages import FIELDS
from iomscrape.cli import main
from iomscrape.job.keys import SECTIONS
from iomscrape.job.metrics import HELP

PAGE = (Path(__file__).parent.parent.parent / "docs" / "monitoring.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*KINDS, *HELP])
def test_kinds_and_metrics(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("field", FIELDS)
def test_fields(field: str) -> None:
    assert field in PAGE


@pytest.mark.parametrize("section", ["watch", "mail", "webhook"])
def test_keys_of_the_profile(section: str) -> None:
    for key in SECTIONS[section][1]:
        assert key.name in PAGE, key.name


def test_options_of_the_command() -> None:
    command = main.get_command(click.Context(main), "watch")
    assert command is not None
    for option in command.params:
        if option.name not in ("db", "help"):
            assert f"`{option.opts[0]}" in PAGE, option.opts
