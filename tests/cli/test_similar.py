from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from archive import Archive
from tests.archive.stories.labelled import fill, samples

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def fires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(tmp_path_factory.mktemp("similar")) / "fires.db"
    with Archive.open(path) as archive:
        fill(archive, samples("practice"))
    return path


def test_similar_articles_say_what_they_share(run: Run, fires: Path) -> None:
    address = "https://www.iom.int/news/iom-responds-massive-fire-coxs-bazar-camp"
    result = run("similar", address, "--limit", "2", db=fires)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].endswith("Cox's Bazar Fire: Death Toll Rises, Rebuilding Begins")
    assert lines[1] == "    2021-03-25 · press-release · en · BD · iom.int"
    assert lines[2].startswith("    Both have: ")
    assert "fire" in lines[2]
    assert lines[3] == "    https://www.iom.int/news/cox-bazar-fire-death-toll-rises"
    rows = json.loads(run("similar", address, "--json", db=fires).stdout)
    assert f"{rows[0]['id']} · {rows[0]['title']}" == lines[0]


def test_none_and_nothing(run: Run, db: Path) -> None:
    result = run("similar", "2", db=db)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "No other article has its telling words.\n"
    assert run("similar", "2", "--json", db=db).stdout == "[]\n"
    result = run("similar", "99", db=db)
    assert result.exit_code == 3
    assert "There is no article 99" in result.stderr
