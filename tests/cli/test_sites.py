"""``iomscrape sites`` and the names that ``crawl`` takes."""

from __future__ import annotations

import json

from click.testing import CliRunner

from iomscrape.cli import main


def test_the_list_as_a_table_and_as_json() -> None:
    shown = CliRunner().invoke(main, ["sites", "leste"])
    assert shown.exit_code == 0
    assert "timor-leste.iom.int" in shown.output
    assert "1 site, 1 of them seen; as of 20" in shown.output
    found = json.loads(CliRunner().invoke(main, ["sites", "--json"]).output)
    assert len(found["sites"]) > 170
    assert found["sites"][0]["paths"][:2] == ["/", "/robots.txt"]


def test_a_word_that_no_site_has() -> None:
    ended = CliRunner().invoke(main, ["sites", "atlantis"])
    assert ended.exit_code == 3
    assert "'atlantis'" in ended.stderr


def test_crawl_says_what_is_wrong_with_a_name() -> None:
    for given, said in (
        (["--office", "atlantis"], "There is no office"),
        ([], "Give a SITE"),
        (["a b"], "address"),
    ):
        ended = CliRunner().invoke(main, ["crawl", *given])
        assert ended.exit_code == 2
        assert said in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
