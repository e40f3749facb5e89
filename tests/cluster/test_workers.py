"""An import by a cluster gives the rows of an import by one process, also if workers are lost on the way."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from archive import StorageError
from iomscrape.cluster import parts
from iomscrape.filework import FileWork, Some, Task
from spiders.files import Source
from tests.cluster.conftest import Dask
from tests.test_import_jobs import bring, files, rows
from tests.website import ROOT, run

__all__ = ["files"]  # a fixture


def by_cluster(
    cluster: Dask, folder: Path, kill: int, *, shared: str = "", forgives: int = -1
) -> dict[str, Any]:
    """Import ``in`` into cluster.db; ``kill``: this process, when some pages have come."""
    ended = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", str(ROOT / "tests" / "cluster" / "importing.py")),
            *(str(cluster.scheduler), "cluster", shared, str(kill), str(forgives)),
        ],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    assert told["killed"] == [kill]
    return told


def test_workers_that_are_killed_cost_nothing(dask: Dask, files: list[Path], tmp_path: Path) -> None:
    first, second, third = dask.workers
    tally = bring("one", files, 1)
    told = by_cluster(dask, tmp_path, first.pid, shared=str(tmp_path / "shared"))
    assert first.wait(10) == -9
    assert told["counts"] == tally.counts()
    assert told["counts"]["new"] > 100
    assert rows("cluster") == rows("one")
    assert list((tmp_path / "shared").iterdir()) == []
    # The scheduler gives the task up on which the second one dies: then it is done here.
    for path in tmp_path.glob("cluster*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    told = by_cluster(dask, tmp_path, second.pid, forgives=0)
    assert second.wait(10) == -9
    assert third.poll() is None
    assert told["counts"] == tally.counts()
    assert rows("cluster") == rows("one")


@pytest.mark.proof
def test_the_command_says_and_stores_the_same(dask: Dask, files: list[Path], tmp_path: Path) -> None:
    told = []
    for name, more in (("one", ("--jobs", "1")), ("cluster", ("--cluster", str(dask.scheduler)))):
        ended = run("import", *map(str, files), "--db", f"{name}.db", "--json", *more, cwd=tmp_path)
        assert ended.code == 0, ended.err
        told.append(
            {key: value for key, value in json.loads(ended.out).items() if key not in ("db", "seconds")}
        )
    assert told[0] == told[1]
    assert told[0]["new"] > 100
    assert rows("cluster") == rows("one")
    [arguments] = {row[0] for row in _arguments(tmp_path / "one.db") + _arguments(tmp_path / "cluster.db")}
    assert "cluster" not in arguments


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("in", "--cluster", "tcp://127.0.0.1:9"), 1, "no Dask scheduler answers at tcp://127.0.0.1:9"),
        (("-", "--cluster", "tcp://127.0.0.1:9"), 2, "leave --jobs and - out"),
        (("in", "--parts", "parts"), 2, "give --cluster ADDRESS"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    (tmp_path / "in").mkdir()
    ended = run("import", *arguments, cwd=tmp_path)
    assert ended.code == code
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "iom.db").exists()


def _arguments(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute("SELECT arguments FROM runs").fetchall()


def messages(files: list[Path]) -> list[Any]:
    source = Source(files[0] / "large.warc.gz")
    return list(FileWork(None)(Task((source,))))


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_part_gives_what_was_put_in(files: list[Path], tmp_path: Path, is_shared: bool) -> None:
    told = messages(files)
    part = parts.write(iter(told), str(tmp_path / "shared") if is_shared else None)
    assert (part.data is None) == is_shared
    found = list(parts.read(part))
    assert found == told
    assert sum(len(one.items) for one in found if isinstance(one, Some)) > 80
    # Tools of others read it, too.
    (tmp_path / "part.parquet").write_bytes(part.data or Path(str(part.place)).read_bytes())
    table = pq.read_table(tmp_path / "part.parquet")
    assert table.num_rows == part.rows
    assert sum(title is not None for title in table["title"].to_pylist()) > 60


def test_a_part_that_is_not_what_was_written_is_refused(files: list[Path], tmp_path: Path) -> None:
    part = parts.write(iter(messages(files)), str(tmp_path))
    place = Path(str(part.place))
    good = place.read_bytes()
    for bad in (good[:-100], good.replace(b"response", b"RESPONSE", 1)[:-1] + b"\0", b""):
        place.write_bytes(bad)
        with pytest.raises(StorageError, match="not what its worker wrote"):
            list(parts.read(part))
    place.write_bytes(good)
    with pytest.raises(StorageError, match="rows in place of"):
        list(parts.read(part._replace(rows=part.rows + 1)))
    parts.remove(str(place))
    with pytest.raises(StorageError, match="cannot be read here"):
        list(parts.read(part))
