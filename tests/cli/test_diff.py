"""``iomscrape diff``, ``history`` and ``show --as-of``: one article over time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.test_search import on_a_terminal

Run = Callable[..., Result]
URL = "https://www.iom.int/news/bridge-school"


def test_a_difference_is_marked_as_wdiff_does(run: Run) -> None:
    result = run("diff", "1")
    assert result.exit_code == 0
    assert result.stdout == (
        "Bridge School Reopens\n"
        "https://www.iom.int/news/bridge-school\n"
        "version 1 · seen 2026-03-01 09:30 to 2026-03-01 09:30\n"
        "version 2 · seen 2026-03-02 09:30 to 2026-03-02 09:30\n"
        "\n"
        "title: Bridge School [-Opens-]{+Reopens+}\n"
        "\n"
        "subtitle: {+Lessons resume+}\n"
        "\n"
        "published: {+2021-05-03+}\n"
        "\n"
        "dateline: {+Dili+}\n"
        "\n"
        "country: {+TL+}\n"
        "\n"
        "themes: {+Education+}\n"
        "\n"
        "documents: {+https://www.iom.int/a.pdf · Report+}\n"
        "\n"
        "translations: {+es https://www.iom.int/es/news/reabre+}\n"
        "\n"
        "[-Soon.-]\n"
        "\n"
        "{+The school by the bridge has opened again.+}\n"
        "\n"
        "{+What comes next+}\n"
        "\n"
        "{+More desks+}\n"
        "\n"
        "contact: {+Ada Moreno, Programme Officer, IOM Dili · +6707230000 · amoreno@iom.int · @iom_tl+}\n"
    )


def test_the_other_way_round_and_by_date(run: Run) -> None:
    assert "title: Bridge School [-Reopens-]{+Opens+}" in run("diff", URL, "2", "2026-03-01").stdout
    assert run("diff", "1", "2", "2").stdout.endswith("\n\nNothing is different.\n")


def test_a_terminal_gets_colours(db: Path) -> None:
    shown = on_a_terminal(db, "diff", "1")
    assert "\x1b[9;31mOpens\x1b[0m\x1b[4;32mReopens\x1b[0m" in shown
    assert not re.search(r"\[-|\{\+", re.sub(r"\x1b\[[0-9;]*m", "", shown))


def test_json_is_everything(run: Run) -> None:
    found = json.loads(run("diff", "1", "--json").stdout)
    assert (found["id"], found["before"]["number"], found["after"]["number"]) == (1, 1, 2)
    assert found["changed"][-2:] == ["text", "contacts"]
    assert found["fields"][0]["pieces"][-1] == {"what": "added", "text": "Reopens"}
    assert found["text"][0] == [{"what": "removed", "text": "Soon."}]
    assert found["contacts"][0]["after"]["name"] == "Ada Moreno"
    assert (found["added_words"], found["removed_words"]) == (13, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["2"], 2, "only one version of the article was ever seen"),
        (["1", "3"], 2, "no version 3; the article has 2"),
        (["1", "2020"], 2, "first seen on 2026-03-01, not by 2020"),
        (["1", "soon"], 2, "'soon' is no date"),
        (["1", "1", "2", "3"], 2, "at most two versions"),
        (["99"], 3, "There is no article 99"),
    ],
)
def test_what_cannot_be_compared_is_one_line(run: Run, arguments: list[str], code: int, message: str) -> None:
    result = run("diff", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr.splitlines()[-1]


def test_history(run: Run) -> None:
    assert run("history", URL).stdout == (
        "1 · Bridge School Opens\n"
        "    seen 2026-03-01 09:30 to 2026-03-01 09:30 · 1 capture\n"
        "2 · Bridge School Reopens\n"
        "    seen 2026-03-02 09:30 to 2026-03-02 09:30 · 1 capture\n"
        "    changed: title, subtitle, published, dateline, country, themes, documents, translations, text, "
        "contacts · 13 words new · 1 word gone\n"
    )
    told = json.loads(run("history", "1", "--json").stdout)
    assert [version["removed_words"] for version in told] == [0, 1]
    assert run("history", "99").exit_code == 3


def test_show_as_of(run: Run) -> None:
    assert run("show", "1", "--as-of", "2026-03-01").stdout == (
        "Bridge School Opens\n"
        "press-release · en\n"
        "https://www.iom.int/news/bridge-school\n"
        "\n"
        "Soon.\n"
        "\n"
        "Version 1 of 2 · seen 2026-03-01 09:30 to 2026-03-01 09:30\n"
        "Seen changed on 2026-03-02 09:30\n"
    )
    assert run("show", URL, "--as-of", "2026").stdout.startswith("Bridge School Reopens\n")
    assert (
        json.loads(run("show", "1", "--as-of", "2026-03", "--contacts", "--json").stdout)[0]["name"]
        == "Ada Moreno"
    )
    early = run("show", "1", "--as-of", "2016-05-01")
    assert early.exit_code == 3
    assert early.stderr == (
        "Error: Article 1 was first seen on 2026-03-01; what it said on 2016-05-01 is not known.\n"
    )
    assert run("show", "1", "--as-of", "May").exit_code == 2
