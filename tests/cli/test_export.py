from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from archive import Archive

Run = Callable[..., Result]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_is_one_row_an_article(run: Run) -> None:
    rows = table(run("export").stdout)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    first = rows[0]
    assert first["text"] == "The school by the bridge has opened again.\n\nWhat comes next\n\nMore desks"
    assert first["contacts"] == "Ada Moreno, Programme Officer, IOM Dili"
    assert (first["emails"], first["phones"]) == ("amoreno@iom.int", "'+6707230000")
    assert first["translations"] == "es https://www.iom.int/es/news/reabre"
    assert first["repairs"] == "break-in-tag: <a href="
    assert rows[1]["published"] == ""


def test_no_cell_is_a_formula(run: Run) -> None:
    hostile = table(run("export").stdout)[2]
    assert hostile["text"].startswith("'=cmd()")
    assert hostile["dateline"] == "'=HYPERLINK(1)"
    assert hostile["subtitle"] == "'@SUM(1)"
    for row in table(run("export").stdout):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_jsonl_is_the_full_record_a_line(run: Run) -> None:
    lines = run("export", "--format", "jsonl").stdout.splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["id"] for record in records] == [1, 2, 3]
    assert records[0]["contacts"][0]["phones"][0]["printed"] == "+670.723.0000"
    assert "La rentrée" in lines[1]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_without_contacts_there_is_nobody_in_it(run: Run, form: str) -> None:
    text = run("export", "--format", form, "--without-contacts").stdout
    assert "Bridge School Reopens" in text
    for trace in (
        "Moreno",
        "amoreno@iom.int",
        "6707230000",
        "723.0000",
        "break-in-tag",
        "emails",
        "contacts",
    ):
        assert trace not in text, trace


def test_filters_and_words(run: Run) -> None:
    assert [row["id"] for row in table(run("export", "--lang", "fr").stdout)] == ["2"]
    assert [row["id"] for row in table(run("export", "--query", "bridge", "--since", "2021").stdout)] == ["1"]
    nothing = run("export", "--lang", "xx")
    assert (nothing.exit_code, table(nothing.stdout), nothing.stderr) == (
        0,
        [],
        "No article passes the filters.\n",
    )
    assert run("export", "--since", "soon").exit_code == 2


def test_a_file_is_written_whole_and_not_over_another(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "articles.csv"
    result = run("export", "-o", str(target))
    assert result.exit_code == 0
    assert (result.stdout, result.stderr) == ("", f"3 articles written to {target}\n")
    assert len(table(target.read_text(encoding="utf-8"))) == 3
    again = run("export", "-o", str(target), "--lang", "fr")
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert len(table(target.read_text(encoding="utf-8"))) == 3
    assert run("export", "-o", str(target), "--lang", "fr", "--force").exit_code == 0
    assert len(table(target.read_text(encoding="utf-8"))) == 1
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_nothing_half_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import StorageError

    def broken(*_: object, **__: object) -> object:
        yield {"paragraphs": [], "themes": []}
        raise StorageError("the archive went away")

    monkeypatch.setattr(Archive, "export", broken)
    target = tmp_path / "articles.jsonl"
    target.write_text("before")
    result = run("export", "--format", "jsonl", "-o", str(target), "--force")
    assert result.exit_code == 6
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    result = run("export", "-o", str(tmp_path / "none" / "a.csv"))
    assert result.exit_code == 6
    assert "cannot be written: No such file or directory; choose another place" in result.stderr
