from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.mark.parametrize(
    "key", ["1", "https://www.iom.int/news/bridge-school", "iom.int/news/bridge-school/"]
)
def test_everything_known_is_shown(run: Run, key: str) -> None:
    result = run("show", key)
    assert result.exit_code == 0
    assert result.stdout == (
        "Bridge School Reopens\n"
        "Lessons resume\n"
        "2021-05-03 · press-release · en · TL\n"
        "https://www.iom.int/news/bridge-school\n"
        "Dateline: Dili\n"
        "Themes: Education\n"
        "\n"
        "The school by the bridge has opened again.\n"
        "\n"
        "What comes next\n"
        "\n"
        "• More desks\n"
        "\n"
        "Document: Report · https://www.iom.int/a.pdf\n"
        "\n"
        "Contacts\n"
        "Ada Moreno, Programme Officer, IOM Dili\n"
        "    phone +6707230000 · ext. 14 · as printed +670.723.0000 · not in today's numbering plan\n"
        "    amoreno@iom.int\n"
        "    @iom_tl\n"
        "\n"
        "Repairs\n"
        "break-in-tag (contact): <a href=<br /> → <a href=\n"
        "\n"
        "Versions\n"
        "1 · 2026-03-01 09:30 to 2026-03-01 09:30 · Bridge School Opens\n"
        "2 · 2026-03-02 09:30 to 2026-03-02 09:30 · Bridge School Reopens\n"
        "\n"
        "Captures\n"
        "2026-03-01 09:30 · live · 200 · new\n"
        "2026-03-02 09:30 · live · 200 · changed · pages.warc.gz at 360\n"
        "\n"
        "Seen 2026-03-01 09:30 to 2026-03-02 09:30 · design drupal9 · confidence 0.90\n"
    )


def test_contacts_only(run: Run) -> None:
    assert run("show", "1", "--contacts").stdout.splitlines()[1:3] == [
        "Contacts",
        "Ada Moreno, Programme Officer, IOM Dili",
    ]
    assert run("show", "2", "--contacts").stdout == ""
    (contact,) = json.loads(run("show", "1", "--contacts", "--json").stdout)
    assert contact["emails"] == ["amoreno@iom.int"]


def test_json_is_the_record(run: Run) -> None:
    record = json.loads(run("show", "1", "--json").stdout)
    assert record["paragraphs"][0] == "The school by the bridge has opened again."
    assert [version["number"] for version in record["versions"]] == [1, 2]
    assert len(record["captures"]) == 2


@pytest.mark.parametrize("key", ["99", "https://www.iom.int/none", "99999999999999999999999", "²"])
def test_what_is_not_there_is_one_line(run: Run, key: str) -> None:
    result = run("show", key)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"Error: There is no article {key} in ")
    assert result.stderr.count("\n") == 1
