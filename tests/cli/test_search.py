"""``iomscrape search``, and what all commands that ask the archive have in common."""

from __future__ import annotations

import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
ASKING = (
    *(["search", "school"], ["show", "3"], ["history", "3"], ["diff", "1"]),
    *(["people"], ["stats"], ["export"]),
)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def on_a_terminal(db: Path, *arguments: str, columns: int = 120) -> str:
    """What the command writes to a real (pseudo) terminal."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", "IOMSCRAPE_DB": str(db)}
    environment.pop("NO_COLOR", None)
    program = [sys.executable, "-c", "from iomscrape.cli import main; main()", *arguments]
    child = subprocess.Popen(program, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    written = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        written += part
    os.close(master)
    assert child.wait() == 0, written.decode()
    return written.decode()


def test_hits_are_plain_lines(run: Run) -> None:
    result = run("search", "bridge", "school")
    assert result.exit_code == 0
    assert result.stdout == (
        "1  **Bridge** **School** Reopens\n"
        "    2021-05-03 · Dili · press-release · en · TL · iom.int\n"
        "    The **school** by the **bridge** has opened again. What comes next More desks\n"
        "    https://www.iom.int/news/bridge-school\n"
        "\n"
    )


def test_filters_reach_the_archive(run: Run) -> None:
    for arguments, ids in (
        (["--lang", "fr"], [2]),
        (["--theme", "education"], [1]),
        (["contact:moreno"], [1]),
        (["title:rentrée OR subtitle:lessons"], [2, 1]),
        (["NEAR(school"], []),
        (["--", "-- DROP"], []),
        (["--country", "ci", "eleves"], [2]),
        (["--kind", "statement"], [2]),
        (["--site", "www.iom.int", "--since", "2021-05", "--until", "2021"], [1]),
        (["--site", "iom.int", "--limit", "1"], [1]),
        (["--site", "iom.int", "--limit", "1", "--offset", "1"], [3]),
    ):
        result = run("search", "--json", *arguments)
        assert [hit["id"] for hit in json.loads(result.stdout)] == ids, arguments


def test_json_is_the_hit(run: Run) -> None:
    (hit,) = json.loads(run("search", "rentree", "--json").stdout)
    assert hit["title"] == "La rentrée"
    assert set(hit) == {
        *(
            "id",
            "url",
            "title",
            "site",
            "lang",
            "kind",
            "country",
            "published",
            "dateline",
            "snippet",
            "score",
        )
    }


def test_nothing_found_is_no_failure(run: Run) -> None:
    result = run("search", "zeppelin")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("Nothing found.")
    assert run("search", "zeppelin", "--json").stdout == "[]\n"


def test_facets_are_counted(run: Run) -> None:
    result = run("search", "school", "--facets")
    assert result.stdout.endswith(
        "1 article\n"
        "    year: 2021 1\n"
        "    country: TL 1\n"
        "    kind: press-release 1\n"
        "    lang: en 1\n"
        "    theme: Education 1\n"
    )
    found = json.loads(run("search", "--site", "iom.int", "--facets", "--json", "--limit", "1").stdout)
    assert found["total"] == 2
    assert found["facets"]["year"] == {"2021": 1, "": 1}
    assert [hit["id"] for hit in found["hits"]] == [1]
    assert json.loads(run("search", "zeppelin", "--facets", "--json").stdout)["total"] == 0


def test_sorting(run: Run) -> None:
    found = json.loads(run("search", "markup OR school", "--sort", "date", "--json").stdout)
    assert [hit["id"] for hit in found] == [1, 3]
    assert run("search", "school", "--sort", "size").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no word in the query"),
        (['"'], "no word in the query"),
        (["*"], "no word in the query"),
        (["🌍"], "no word in the query"),
        (["school"] * 10_000, "10000 words; 64 is the most"),
        (["school OR contact:ada"], "contact: narrows the whole query"),
        (["?!"], "no word in the query"),
        (["--", "-school"], "only excludes"),
        (["school", "--since", "May"], "'May' is no date; give 2016, 2016-05 or 2016-05-03"),
        (["school", "--limit", "0"], "0 is not in the range"),
    ],
)
def test_wrong_questions_are_one_line(run: Run, arguments: list[str], message: str) -> None:
    result = run("search", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ASKING)
def test_a_missing_archive_says_how_to_make_one(run: Run, tmp_path: Path, command: list[str]) -> None:
    result = run(*command, db=tmp_path / "none.db")
    assert result.exit_code == 2
    assert re.fullmatch(
        r"Error: there is no archive .*none\.db; make one with `iomscrape crawl.*\n", result.stderr
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ASKING)
def test_somebody_elses_database_is_refused(run: Run, tmp_path: Path, command: list[str]) -> None:
    other = tmp_path / "other.db"
    conn = sqlite3.connect(other)
    conn.execute("CREATE TABLE articles (id)")
    conn.close()
    before = other.read_bytes()
    result = run(*command, db=other)
    assert result.exit_code == 2
    assert "is a database of another program" in result.stderr
    assert result.stderr.count("\n") == 1
    assert other.read_bytes() == before


@pytest.mark.parametrize("command", ASKING)
def test_a_damaged_archive_is_a_storage_failure(
    run: Run, db: Path, tmp_path: Path, command: list[str]
) -> None:
    damaged = tmp_path / "damaged.db"
    data = db.read_bytes()
    damaged.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    result = run(*command, db=damaged)
    assert result.exit_code == 6
    assert "is damaged; `iomscrape check` says where" in result.stderr


@pytest.mark.parametrize(
    "command", [["search", "storm"], *ASKING[1:], *([*each, "--json"] for each in ASKING[:-1])]
)
def test_pages_cannot_speak_to_the_terminal(db: Path, command: list[str]) -> None:
    shown = on_a_terminal(db, *command)
    own = re.sub(r"\x1b\[[0-9;]*m|\r\n", "", shown)  # our own colours and line ends
    assert not CONTROLS.search(own), own
    assert "\x1b[31mred" not in shown
    if command[0] == "show" and "--json" not in command:
        assert "[bold]markup[/bold]" in own


def test_a_terminal_gets_colours_and_wrapped_lines(db: Path) -> None:
    shown = on_a_terminal(db, "search", "bridge", columns=40)
    assert "\x1b[1;33mbridge\x1b[0m" in shown
    assert "**" not in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(len(line) for line in plain.splitlines() if "https://" not in line) <= 40


@pytest.mark.parametrize(
    "command", [["search", "--site", "iom.int"], ["export"], ["export", "--format", "jsonl"]]
)
def test_a_reader_that_has_had_enough_ends_it_quietly(db: Path, command: list[str]) -> None:
    program = [sys.executable, "-c", "from iomscrape.cli import main; main()", *command]
    environment = {**os.environ, "IOMSCRAPE_DB": str(db), "PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    said = child.stderr.read()
    child.stderr.close()
    assert (child.wait(), said) == (0, b"")


@pytest.mark.parametrize("command", ["search", "show", "history", "diff", "people", "stats", "export"])
def test_help_has_examples(run: Run, command: str) -> None:
    text = run(command, "--help").stdout
    assert len(re.findall(rf"^ +iomscrape {command}", text, re.MULTILINE)) >= 2


def test_asking_loads_no_crawler(db: Path) -> None:
    program = (
        "import sys\nfrom iomscrape.cli import main\n"
        "try: main(['search', 'school'])\nexcept SystemExit as end: assert end.code == 0\n"
        "heavy = {'scrapy', 'twisted', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    environment = {**os.environ, "IOMSCRAPE_DB": str(db)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.DEVNULL)
