"""``iomscrape split`` and ``optimize``, and a search over the parts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from iomscrape.cli import main
from tests.cli.conftest import Run


@pytest.fixture
def own(db: Path, tmp_path: Path) -> Path:
    """A copy of the sample archive; its raw pages never were."""
    return Path(shutil.copyfile(db, tmp_path / "iom.db"))


def test_the_parts_are_searched_as_one(run: Run, own: Path, tmp_path: Path) -> None:
    made = run("split", str(tmp_path / "years"), "--json", db=own)
    assert made.exit_code == 0, made.output
    rows = json.loads(made.stdout)
    assert [(row["year"], row["articles"]) for row in rows] == [("undated", 2), ("2021", 1)]
    pattern = str(tmp_path / "years" / "*.db")
    whole = json.loads(run("search", "school OR rentrée", "--facets", "--json", db=own).stdout)
    found = CliRunner().invoke(
        main, ["search", "school OR rentrée", "--facets", "--json", "--db", pattern], prog_name="iomscrape"
    )
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert (told["total"], told["facets"]) == (whole["total"], whole["facets"])
    assert {hit["url"]: hit["score"] for hit in told["hits"]} == {
        hit["url"]: hit["score"] for hit in whole["hits"]
    }
    assert {Path(hit["archive"]).name for hit in told["hits"]} == {"iom-2021.db", "iom-undated.db"}


def test_each_hit_is_shown_with_its_archive(run: Run, own: Path, tmp_path: Path) -> None:
    run("split", str(tmp_path / "years"), db=own)
    names = [str(tmp_path / "years" / f"iom-{year}.db") for year in ("2021", "undated")]
    found = CliRunner().invoke(main, ["search", "school", "--db", names[0], "--db", names[1]])
    assert f"1 in {names[0]}  Bridge **School** Reopens" in found.stdout


def test_a_pattern_that_fits_nothing(tmp_path: Path) -> None:
    found = CliRunner().invoke(main, ["search", "school", "--db", str(tmp_path / "*.db")])
    assert found.exit_code == 2
    assert "No file fits" in found.output


def test_one_that_is_no_archive_among_several(own: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("notes")
    found = CliRunner().invoke(main, ["search", "school", "--db", str(tmp_path / "*.db")])
    assert found.exit_code == 2
    assert "notes.db is not an SQLite database" in found.output
    assert own.exists()


def test_a_split_replaces_nothing_by_itself(run: Run, own: Path, tmp_path: Path) -> None:
    years = str(tmp_path / "years")
    assert run("split", years, db=own).exit_code == 0
    again = run("split", years, db=own)
    assert again.exit_code == 2
    assert "--force" in again.output
    assert run("split", years, "--force", db=own).exit_code == 0


def test_an_archive_is_put_in_order(run: Run, own: Path) -> None:
    before = run("search", "school", "--json", db=own).stdout
    done = run("optimize", "--vacuum", "--json", db=own)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["bytes_after"] == own.stat().st_size
    assert run("search", "school", "--json", db=own).stdout == before
    assert "MB now" in run("optimize", db=own).stdout
    assert run("optimize", db=own.with_name("none.db")).exit_code == 2
    assert not own.with_name("none.db").exists()
