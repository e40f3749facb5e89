from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import Result

from archive import Archive
from iomscrape.records import Article, Capture

Run = Callable[..., Result]


def test_totals_and_tables(run: Run) -> None:
    result = run("stats")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "3 articles (1 changed over time), published 2021-05-03 to 2021-05-03"
    assert lines[1] == "2 contacts with 1 telephone numbers and 2 e-mail addresses; 1 repairs"
    assert lines[2].startswith("4 captures in 1 runs; 1 problems; ")
    rows = (
        *("fr +1", "press-release +2", "timeout +1", r"2021 +1 +1 +0", r"\(none\) +2 +1 +1"),
        *(r"iom.int +2 +2021-05 +2021-05 +0", r"subtitle +2 +67%", r"contacts with a number +1 +33%"),
    )
    for row in rows:
        assert re.search(rf"^ *{row} *$", result.stdout, re.MULTILINE), row
    assert re.search(r"1 +crawl +2\d{3}-.* done +0 +3 new", result.stdout)


def test_json(run: Run) -> None:
    counted = json.loads(run("stats", "--json").stdout)
    assert counted["by_lang"] == {"en": 2, "fr": 1}
    assert counted["latest_runs"][0]["counts"] == {"new": 3}
    assert counted["coverage"]["whole"]["years"] == {"2021": 1}
    assert counted["coverage"]["filled"]["country"] == {"articles": 2, "share": 0.6667}


def test_a_plot_in_the_terminal(run: Run) -> None:
    result = run("stats", "--plot")
    assert result.stdout.splitlines() == [
        "      JFMAMJJASOND",
        f"2021      █         {'█' * 40} 1",
        "a month: ▁ few to █ 1 articles, · none; blank is before the first or after the last",
    ]


def test_a_plot_in_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "coverage.svg"
    result = run("stats", "--plot", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Wrote" in result.stderr
    drawn = target.read_text(encoding="utf-8")
    assert drawn.startswith("<?xml")
    again = run("stats", "--plot", str(target))
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert run("stats", "--plot", str(target), "--force").exit_code == 0
    assert run("stats", "--plot", str(tmp_path / "a.txt")).exit_code == 2


def test_gaps_are_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "gaps.db"
    when = datetime(2026, 3, 1, tzinfo=UTC)
    with Archive.open(path) as archive, archive.together():
        for month in (1, 2, 6, 12):
            url = f"https://iom.int/{month}"
            article = Article(
                url=url,
                title="A",
                lang="en",
                kind="feature",
                blocks=(),
                design="unknown",
                reader_version="1",
                confidence=1.0,
                published=date(2020, month, 1),
            )
            archive.store(Capture(url=url, body=url.encode(), fetched_at=when, source="html"), [article])
    lines = run("stats", db=path).stdout.splitlines()
    assert lines[3] == "No article in 8 of 12 months: 2020-03 to 2020-05, 2020-07 to 2020-11"
    assert run("stats", "--plot", db=path).stdout.splitlines()[1].startswith("2020  ██···█·····█  ██")


def test_long_tables_are_summed_up_and_open_runs_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    from archive import Problem

    with Archive.open(path) as archive:
        archive.start_run("import", {}, version="1")
        for number in range(20):
            archive.record_problem("https://iom.int/", Problem(f"reason-{number:02}", "x"))
    text = run("stats", db=path).stdout
    assert re.search(r"\(5 more\) +5", text)
    assert "running or killed" in text
    assert "published ? to ?" in text
