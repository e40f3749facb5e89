from __future__ import annotations

import csv
import io
import json
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest
from click.testing import Result

from archive.export import FORMS

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


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_one_line_and_leaves_no_half(form: str, db: Path, tmp_path: Path) -> None:
    # Files of this process cannot grow beyond 200 bytes: to the program that is a full disk. An archive
    # whose journal is no write-ahead log can be read without a file beside it.
    still = tmp_path / "still.db"
    with closing(sqlite3.connect(still)) as conn, closing(sqlite3.connect(db)) as source:
        source.backup(conn)
        conn.execute("PRAGMA journal_mode = DELETE")
    result = limited(["--db", str(still), "--format", form, "-o", str(tmp_path / "out")], 200)
    assert result.returncode == 6, result.stderr
    assert str(tmp_path / "out") in result.stderr
    assert "cannot be written" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [still]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_real_full_disk(form: str, db: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        (disk / "old.csv").write_bytes(b"x" * 3000)
        result = limited(["--db", str(db), "--format", form, "-o", str(disk / "old.csv"), "--force"])
        assert result.returncode == 6, result.stderr
        assert "No space left on device" in result.stderr
        assert [path.name for path in disk.iterdir()] == ["old.csv"]
        assert (disk / "old.csv").read_bytes() == b"x" * 3000
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_stdout_on_a_full_disk(form: str, db: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        result = limited(["--db", str(db), "--format", form], stdout=full)
    assert result.returncode == 6
    assert result.stderr == (
        "Error: The output cannot be written: No space left on device; what was written so far is not whole.\n"
    )


def test_what_needs_a_place_says_so(run: Run) -> None:
    for form in ("sqlite", "text"):
        result = run("export", "--format", form)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"the form {form} needs a place of its own; name it with -o" in result.stderr


def test_without_pyarrow_the_line_to_install_it(db: Path, tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['pyarrow'] = None; from iomscrape.cli import main; "
        f"main(['export', '--db', {str(db)!r}, '-o', {str(tmp_path / 'a.parquet')!r}])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert (
        result.stderr == "Error: Parquet needs pyarrow; install it with: pip install 'iomscrape[parquet]'\n"
    )
    assert list(tmp_path.iterdir()) == []


def limited(
    arguments: list[str], most: int | None = None, stdout: IO[bytes] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """``iomscrape export`` in a process whose files hold at most ``most`` bytes."""

    def limit() -> None:
        if most is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [str(Path(sys.executable).with_name("iomscrape")), "export", *arguments]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, preexec_fn=limit, check=False, timeout=60
    )


def test_a_place_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    result = run("export", "-o", str(tmp_path / "none" / "a.csv"))
    assert result.exit_code == 6
    assert "cannot be written: No such file or directory; choose another place" in result.stderr
