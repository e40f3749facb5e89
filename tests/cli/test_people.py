from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from click.testing import Result

from archive import Archive
from tests.archive.stories.labelled import fill, samples

Run = Callable[..., Result]


def test_a_person_is_told_in_full(run: Run) -> None:
    result = run("people", "dili", "moreno")
    assert result.exit_code == 0
    assert result.stdout == (
        "Ada Moreno, Programme Officer, IOM Dili\n"
        "    +6707230000 · amoreno@iom.int\n"
        "    1 article · 2021-05-03 to 2021-05-03 · show 1\n"
        "    On: press-release 1, Education 1\n"
        "        1 · 2021-05-03 · Bridge School Reopens\n"
        "\n"
    )


def test_why_spellings_were_put_together(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with Archive.open(path) as archive:
        fill(
            archive,
            [
                replace(sample, contacts=(contact,))
                for sample, contact in zip(
                    samples("practice"),
                    (
                        "Ada Moreno | IOM Dili | amoreno@iom.int | +6707230000",
                        "A. MORENO | IOM Geneva | amoreno@iom.int | +41227179111",
                        "Ada Moreno | IOM Manila | other@iom.int | +6328481260",
                    ),
                    strict=False,
                )
            ],
        )
    lines = run("people", "geneva", db=path).stdout.splitlines()
    assert "    Printed: A. MORENO (1), Ada Moreno (1)" in lines
    assert "        A. MORENO = Ada Moreno: initials that fit, amoreno@iom.int" in lines
    assert "    Perhaps another person of that name: iom manila" in lines
    assert [line for line in lines if line.startswith("    IOM")] == [
        "    IOM Geneva: 1 article, 2019-02-08 to 2019-02-08",
        "    IOM Dili: 1 article, 2019-02-08 to 2019-02-08",
    ]


def test_a_number_finds_its_person(run: Run) -> None:
    (row,) = json.loads(run("people", "723 0000", "--json").stdout)
    assert (row["name"], row["roles"], row["articles"]) == ("Ada Moreno", ["Programme Officer"], 1)


def test_all_of_them_and_a_limit(run: Run) -> None:
    assert len(json.loads(run("people", "--json").stdout)) == 2
    assert len(json.loads(run("people", "--json", "--limit", "1").stdout)) == 1


def test_nobody_is_no_failure(run: Run) -> None:
    result = run("people", "nobody")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "",
        "Nobody of that name, office, address or number is named.\n",
    )
    assert run("people", "nobody", "--json").stdout == "[]\n"
