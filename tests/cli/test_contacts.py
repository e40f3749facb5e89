from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def test_people_are_plain_lines(run: Run) -> None:
    result = run("contacts", "dili", "moreno")
    assert result.exit_code == 0
    assert result.stdout == (
        "Ada Moreno, Programme Officer, IOM Dili\n"
        "    +6707230000 · amoreno@iom.int\n"
        "    1 article · 2021-05-03 to 2021-05-03 · show 1\n"
        "\n"
    )


def test_a_number_finds_its_person(run: Run) -> None:
    (row,) = json.loads(run("contacts", "723 0000", "--json").stdout)
    assert (row["name"], row["roles"], row["articles"]) == ("Ada Moreno", ["Programme Officer"], 1)


def test_all_of_them_and_a_limit(run: Run) -> None:
    assert len(json.loads(run("contacts", "--json").stdout)) == 2
    assert len(json.loads(run("contacts", "--json", "--limit", "1").stdout)) == 1


def test_nobody_is_no_failure(run: Run) -> None:
    result = run("contacts", "nobody")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No such contact.\n")
    assert run("contacts", "nobody", "--json").stdout == "[]\n"
