"""``iomscrape crawl``: what is wrong before the first request, and the whole way over the sample sites."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from iomscrape.demo.server import SampleSites
from tests.website import Ended


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ftp://iom.int"], "ftp://iom.int"),
        (["localhost", "--since", "yesterday"], "yesterday"),
        (["localhost", "--max-pages", "0"], "0"),
        (["localhost", "-s", "nonsense"], "NAME=VALUE"),
        (["www.iom.int", "--contact", "nobody"], "nobody"),
        ([], "SITE"),
    ],
)
def test_wrong_use(iomscrape: Callable[..., Ended], tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = iomscrape("crawl", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_both_sample_sites_the_whole_way(iomscrape: Callable[..., Ended], tmp_path: Path) -> None:
    with SampleSites() as sites:
        given = (sites.headquarters, sites.office, "--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=False")
        ended = iomscrape("crawl", *given, "--json")
        assert ended.code == 0, ended.err
        expected = sum(1 for key in ("headquarters", "office") for _ in sites.site(key).stories)
        agents = {request.user_agent for request in sites.requests}
    counts = json.loads(ended.out)
    assert counts["new"] >= 80
    assert counts["new"] >= expected
    assert set(counts["problem_reasons"]) <= {"http-404"}
    assert all(agent.startswith("iomscrape/") for agent in agents)
    connection = sqlite3.connect(tmp_path / "iom.db")
    langs = {lang for (lang,) in connection.execute("SELECT DISTINCT lang FROM articles")}
    emails = connection.execute("SELECT count(*) FROM emails").fetchone()[0]
    found = connection.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'IOM'").fetchone()[
        0
    ]
    connection.close()
    assert langs == {"en", "es", "fr", "pt"}
    assert emails > 20
    assert found > 10
