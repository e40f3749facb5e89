"""``iomscrape wayback``: what is wrong before the first request, and what its help and document say."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from iomscrape.cli import main
from iomscrape.cli.wayback import command
from spiders.unfetched import REASONS
from spiders.wayback import WaybackSpider
from tests.website import ROOT

DOCUMENT = (ROOT / "docs/wayback.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ftp://iom.int"], "ftp://iom.int"),
        (["www.iom.int", "--from", "yesterday"], "yesterday"),
        (["www.iom.int", "--from", "2007", "--to", "2003"], "2007"),
        (["www.iom.int", "--latest", "--per", "year"], "exclude"),
        (["www.iom.int", "--per", "week"], "week"),
        (["www.iom.int", "--limit", "0"], "0"),
        (["www.iom.int", "--server", "no server"], "no server"),
        (["www.iom.int"], "--contact"),
        ([], "SITE"),
    ],
)
def test_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOMSCRAPE_CONTACT", raising=False)
    ended = CliRunner().invoke(main, ["wayback", *arguments], prog_name="iomscrape")
    assert ended.exit_code == 2, ended.output
    assert said in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_has_examples() -> None:
    said = CliRunner().invoke(main, ["wayback", "--help"], prog_name="iomscrape").output
    assert "iomscrape wayback www.iom.int --from 2003 --to 2007 --contact you@example.org" in said
    assert "resumed by the same command" in said


def test_every_option_and_setting_is_documented() -> None:
    options = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name != "--help"
    }
    settings = {name for name in WaybackSpider.custom_settings or {} if name.startswith("IOMSCRAPE")}
    assert {name for name in options | settings if f"`{name}" not in DOCUMENT} == set()


def test_reasons_of_archives_are_documented() -> None:
    for reason in ("no-captures", "bad-list", "not-replayable", "other-capture"):
        assert reason in REASONS
        assert f"| `{reason}` |" in DOCUMENT


def test_manners_cannot_be_lost_by_accident() -> None:
    settings = WaybackSpider.custom_settings or {}
    assert 0 < settings["IOMSCRAPE_CDX_PER_MINUTE"] <= 30
    assert not {"DOWNLOAD_DELAY", "CONCURRENT_REQUESTS_PER_DOMAIN"} & settings.keys()
