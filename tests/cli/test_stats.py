from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from archive import Archive

Run = Callable[..., Result]


def test_totals_and_tables(run: Run) -> None:
    result = run("stats")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "3 articles (1 changed over time), published 2021-05-03 to 2021-05-03"
    assert lines[1] == "2 contacts with 1 telephone numbers and 2 e-mail addresses; 1 repairs"
    assert lines[2].startswith("4 captures in 1 runs; 1 problems; ")
    for row in ("iom.int +2", "fr +1", "press-release +2", "2021 +1", "timeout +1"):
        assert re.search(rf"^ *{row} *$", result.stdout, re.MULTILINE), row
    assert re.search(r"1 +crawl +2\d{3}-.* done +0 +3 new", result.stdout)


def test_json(run: Run) -> None:
    counted = json.loads(run("stats", "--json").stdout)
    assert counted["by_lang"] == {"en": 2, "fr": 1}
    assert counted["latest_runs"][0]["counts"] == {"new": 3}


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
