from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from archive import Archive
from tests.archive.stories.labelled import fill, samples

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic at four addresses and in French; the stories are not made yet."""
    path = Path(tmp_path_factory.mktemp("stories")) / "clinic.db"
    with Archive.open(path) as archive:
        fill(
            archive,
            [sample for sample in samples("practice") if sample.story in ("clinic", "bees", "nets-other")],
        )
    return path


@pytest.fixture(scope="module")
def built(clinic: Path) -> Path:
    with Archive.open(clinic) as archive:
        archive.build_stories()
    return clinic


def test_building_says_what_it_did(run: Run, clinic: Path) -> None:
    first = run("stories", db=clinic)
    assert first.exit_code == 0
    assert first.stdout == f"8 articles compared: 7 articles in 2 stories, 9 links -> {clinic}\n"
    again = run("stories", "--json", db=clinic)
    assert json.loads(again.stdout) == {"compared": 0, "stories": 2, "articles": 7, "links": 9}
    assert json.loads(run("stories", "--again", "--json", db=clinic).stdout)["compared"] == 8


def test_an_article_shows_its_story_with_reasons(run: Run, built: Path) -> None:
    result = run(
        "stories", "https://www.iom.int/news/floating-clinic-reaches-river-islands-cut-floods", db=built
    )
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert (
        lines[0].startswith("3 · first · en · 2013-09-17 · Floating Clinic") or " · first · en · " in lines[0]
    )
    assert any(" · translation · fr · 2013-09-17 · Une clinique flottante" in line for line in lines)
    assert any(" · near-copy · 0.9" in line for line in lines)
    assert any(" · same-facts · 0." in line for line in lines)
    assert any(line.startswith("    numbers: 1846, 385000") for line in lines)
    story = json.loads(run("stories", "4", "--json", db=built).stdout)
    assert {row["relation"] for row in story["articles"]} == {"first", "copy", "translation"}


def test_show_names_the_others(run: Run, built: Path) -> None:
    story = json.loads(run("show", "4", "--json", db=built).stdout)["story"]
    text = run("show", "4", db=built).stdout
    assert "The same item\n" in text
    assert "Why: iomscrape stories 4\n" in text
    for row in story["articles"]:
        assert (f"{row['id']} · {row['relation']} · " in text) == (row["id"] != 4)


def test_the_list(run: Run, built: Path) -> None:
    result = run("stories", "--list", "1", db=built)
    assert "Floating Clinic Reaches River Islands Cut Off by Floods\n" in result.stdout
    assert "5 articles · en, fr\n" in result.stdout
    assert "Beekeeping" not in result.stdout
    assert len(json.loads(run("stories", "--list", "9", "--json", db=built).stdout)) == 2


def test_one_that_stands_alone(run: Run, built: Path, db: Path) -> None:
    alone = "https://mozambique.iom.int/news/seeds-pemba"
    result = run("stories", alone, db=built)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("It stands alone: ")
    assert run("stories", alone, "--json", db=built).stdout == "null\n"
    assert run("stories", "--list", "1", db=db).stderr.startswith("There are no stories yet; ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("99",), 3, "There is no article 99"),
        (("4", "--again"), 2, "give only one of"),
        (("--list", "2", "--again"), 2, "give only one of"),
        (("--list", "0"), 2, "0 is not in the range"),
    ],
)
def test_wrong_use(run: Run, built: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run("stories", *arguments, db=built)
    assert result.exit_code == code
    assert said in result.stderr


def test_no_archive_and_no_library(
    run: Run, tmp_path: Path, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "none.db"
    assert run("stories", db=missing).exit_code == 2
    assert not missing.exists()
    monkeypatch.setitem(sys.modules, "rensa", None)
    result = run("stories", db=clinic)
    assert result.exit_code == 2
    assert "pip install 'iomscrape[stories]'" in result.stderr
