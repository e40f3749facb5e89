"""``iomscrape backup`` and ``restore`` as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Run


def test_there_and_back(run: Run, db: Path, tmp_path: Path) -> None:
    mine = tmp_path / "iom.db"
    shutil.copyfile(db, mine)
    kept = str(tmp_path / "kept")
    made = json.loads(run("backup", kept, "--db", str(mine), "--json").stdout)
    assert (made["articles"], made["removed"]) == (3, [])
    assert Path(made["backup"]).is_file()
    assert "proved whole" in run("backup", kept, "--db", str(mine), "--keep", "1").stdout
    listed = json.loads(run("backup", kept, "--db", str(mine), "--list", "--json").stdout)
    assert len(listed) == 1
    refused = run("restore", kept, "--db", str(mine))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    back = run("restore", kept, "--db", str(mine), "--force")
    assert back.exit_code == 0
    assert "lies in" in back.stderr
    assert run("search", "bridge", "--db", str(mine)).exit_code == 0


def test_mistakes_are_one_line(run: Run, tmp_path: Path) -> None:
    for arguments in (("backup", str(tmp_path / "kept")), ("restore", str(tmp_path))):
        wrong = run(*arguments, "--db", str(tmp_path / "none.db"))
        assert wrong.exit_code == 2
        assert wrong.stderr.startswith("Error: ")
        assert wrong.stderr.count("\n") == 1
    assert run("backup", str(tmp_path), "--list", "--db", "iom.db").exit_code == 0
