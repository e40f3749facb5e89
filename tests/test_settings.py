"""What the settings say and what the documentation says is the same."""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType

import click
import pytest
from scrapy.settings import Settings

from iomscrape.cli.crawl import command
from spiders.unfetched import REASONS
from tests.website import ROOT

DOCUMENT = (ROOT / "docs/crawling.md").read_text(encoding="utf-8")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in ("IOMSCRAPE_DB", "IOMSCRAPE_WARC_DIR", "IOMSCRAPE_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    return import_module("iomscrape.settings")


def test_every_setting_is_documented_with_its_default(settings: ModuleType) -> None:
    documented = dict(re.findall(r"^\| `(IOMSCRAPE_\w+)`(?: †)? \| `?([^|`]+)`? \|", DOCUMENT, re.MULTILINE))
    own = {name: value for name, value in vars(settings).items() if name.startswith("IOMSCRAPE_")}
    assert documented == {name: "none" if value is None else str(value) for name, value in own.items()}


def test_every_option_is_documented() -> None:
    options = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name != "--help"
    }
    assert {name for name in options if f"`{name}" not in DOCUMENT} == set()


def test_every_reason_is_documented() -> None:
    # "http" stands for http-404 and its sisters.
    assert {reason for reason in REASONS if f"`{reason}`" not in DOCUMENT} <= {"http"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROBOTSTXT_OBEY", True),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("AUTOTHROTTLE_ENABLED", True),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
    ],
)
def test_what_must_not_be_lost(settings: ModuleType, name: str, value: object) -> None:
    assert vars(settings)[name] == value


def test_names_are_scrapys_own(settings: ModuleType) -> None:
    known = set(Settings())
    used = {name for name in vars(settings) if name.isupper() and not name.startswith("IOMSCRAPE_")}
    assert used - known == set()
