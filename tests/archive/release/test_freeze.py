"""A release: whole, valid, exact, the same wherever it is made, and nobody in it who was to be left out."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars
import pytest
import yaml
from frictionless import Package

from archive import Archive, StorageError, TargetExists
from archive.export.lines import FORMULA_STARTS
from archive.release.freeze import _unnamed
from tests.archive.people import traces_in

PROGRAM = Path(sys.executable).with_name("iomscrape")


@pytest.fixture
def archive(peopled: Path) -> Iterator[Archive]:
    with Archive.open(peopled, readonly=True) as opened:
        yield opened


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "without-contacts"])
def release(request: pytest.FixtureRequest, peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("release")) / "out"
    with Archive.open(peopled, readonly=True) as archive:
        archive.freeze(folder, version="0.1.0", without_contacts=request.param)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_frictionless_finds_it_valid(release: Path) -> None:
    report = Package(str(release / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "note"])
    assert report.stats["tasks"] == len(list(release.glob("*/*")))


def test_the_checksums_are_of_all_files(release: Path) -> None:
    lines = (release / "SHA256SUMS").read_text().splitlines()
    listed = {path: digest for digest, path in (line.split("  ") for line in lines)}
    files = bytes_of(release)
    del files["SHA256SUMS"]
    assert listed == {path: sha256(content).hexdigest() for path, content in files.items()}
    assert list(listed) == sorted(listed)


def test_csv_and_parquet_hold_the_same(release: Path) -> None:
    names = sorted(path.stem for path in (release / "csv").iterdir())
    assert names == sorted(path.stem for path in (release / "parquet").iterdir())
    for name in names:
        frame = polars.read_parquet(release / "parquet" / f"{name}.parquet")
        with (release / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == frame.columns
        for cells, values in zip(rows[1:], frame.iter_rows(), strict=True):
            for cell, value in zip(cells, values, strict=True):
                if isinstance(value, str):
                    assert not cell.startswith(FORMULA_STARTS) or cell.startswith("'")
                    assert value == cell.removeprefix("'")
                else:
                    assert cell == ("" if value is None else str(value))


def test_the_tables_are_those_of_the_archive(archive: Archive, tmp_path: Path) -> None:
    frozen = archive.freeze(tmp_path / "out", version="0.1.0")
    assert frozen.version == "2026.03.08"
    for table, number in frozen.tables.items():
        rows = [tuple(row.values()) for row in archive.db.query(f"SELECT * FROM {table}")]
        assert len(rows) == number
        assert sorted(
            map(repr, polars.read_parquet(tmp_path / f"out/parquet/{table}.parquet").iter_rows())
        ) == (sorted(map(repr, rows)))
    assert {"articles", "contacts", "versions", "captures", "runs", "problems"} < frozen.tables.keys()


def test_the_citation_and_the_pages_name_what_they_must(release: Path) -> None:
    cited = yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["authors"] == [{"name": "International Organization for Migration"}]
    assert (cited["version"], cited["date-released"]) == ("2026.03.08", "2026-03-08")
    assert cited["message"]
    assert cited["title"]
    readme = (release / "README.md").read_text(encoding="utf-8")
    assert "reader 1 (3)" in readme
    assert cited["identifiers"][0]["value"] in readme
    schema = (release / "schema.md").read_text(encoding="utf-8")
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    assert package["iomscrape"]["readers"] == [{"version": "1", "articles": 3}]
    for resource in package["resources"]:
        if resource["format"] == "csv":
            assert f"\n## {resource['name']}\n" in schema
            for field in resource["schema"]["fields"]:
                assert f"| `{field['name']}` | " in schema
                assert field["description"]


def test_nobody_is_in_it_who_was_left_out(archive: Archive, tmp_path: Path) -> None:
    archive.freeze(tmp_path / "out", version="0.1.0", without_contacts=True)
    archive.freeze(tmp_path / "whole", version="0.1.0")
    assert traces_in(tmp_path / "out") == []
    assert "quispe" in traces_in(tmp_path / "whole")
    for path in (tmp_path / "out" / "parquet").iterdir():  # packed: look at what is in them
        assert "uispe" not in str(polars.read_parquet(path).to_dicts()).lower(), path
    assert not [name for name in bytes_of(tmp_path / "out") if "contacts" in name or "between" in name]


def test_a_query_for_a_person_is_not_published_without_contacts(archive: Archive, tmp_path: Path) -> None:
    query = 'bridge contact:"Jo Doe" quispe@x.org'
    archive.freeze(tmp_path / "out", 'contact:"Jo Doe" bridge', version="0.1.0", without_contacts=True)
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["iomscrape"]["filters"] == "query contact:[name] bridge"
    assert traces_in(tmp_path / "out") == []
    assert _unnamed(query) == "bridge contact:[name] [e-mail address]"


def test_filters_narrow_it(archive: Archive, tmp_path: Path) -> None:
    frozen = archive.freeze(tmp_path / "out", version="0.1.0", lang="fr", title="In French: =1+1")
    assert frozen.tables["articles"] == frozen.tables["captures"] == 1
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["iomscrape"]["filters"], package["title"]) == ("lang fr", "In French: =1+1")
    assert (
        yaml.safe_load((tmp_path / "out" / "CITATION.cff").read_text(encoding="utf-8"))["title"]
        == package["title"]
    )
    assert Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


@pytest.mark.parametrize("arguments", [[], ["--without-contacts"]], ids=["whole", "without-contacts"])
def test_the_same_archive_gives_the_same_bytes(peopled: Path, tmp_path: Path, arguments: list[str]) -> None:
    elsewhere = tmp_path / "elsewhere" / "other.db"
    elsewhere.parent.mkdir()
    shutil.copy(peopled, elsewhere)
    made = []
    for number, (db, environment) in enumerate(
        [
            (peopled, {"PYTHONHASHSEED": "1", "TZ": "Asia/Dili", "LC_ALL": "C"}),
            (elsewhere, {"PYTHONHASHSEED": "2", "TZ": "America/Bogota", "LC_ALL": "C.UTF-8"}),
        ]
    ):
        out = tmp_path / f"out{number}"
        command: list[Any] = [PROGRAM, "freeze", out, "--db", db, "--json", *arguments]
        done = subprocess.run(
            command, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        made.append((bytes_of(out), json.loads(done.stdout)["fingerprint"]))
    assert made[0] == made[1]


def test_another_archive_has_another_fingerprint(archive: Archive, tmp_path: Path) -> None:
    made = (
        archive.freeze(tmp_path / "whole", version="0.1.0"),
        archive.freeze(tmp_path / "without", version="0.1.0", without_contacts=True),
        archive.freeze(tmp_path / "french", version="0.1.0", lang="fr"),
    )
    prints = {frozen.fingerprint for frozen in made}
    assert len(prints) == 3


def test_an_empty_archive_can_be_frozen(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "empty.db") as empty:
        assert empty.freeze(tmp_path / "out", version="0.1.0").version == "0"
    assert Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


def test_only_an_earlier_release_is_replaced(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "out"
    archive.freeze(out, version="0.1.0")
    with pytest.raises(TargetExists, match="--force"):
        archive.freeze(out, version="0.1.0")
    archive.freeze(out, version="0.1.0", lang="fr", force=True)
    (out / "notes.md").write_text("mine")
    before = bytes_of(out)
    with pytest.raises(TargetExists, match=r"notes\.md"):
        archive.freeze(out, version="0.1.0", force=True)
    (out / "notes.md").unlink()

    def fail() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left on device"):
        archive.freeze(out, version="0.1.0", force=True, step=fail)
    del before["notes.md"]
    assert bytes_of(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command(peopled: Path, tmp_path: Path) -> None:
    command: list[Any] = [PROGRAM, "freeze", tmp_path / "out", "--db", peopled, "--lang", "fr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "articles" in done.stdout
    assert "sha256:" in done.stdout
    assert (
        done.stderr
        == f"A release was written to {tmp_path / 'out'}; look at its README.md before you publish it.\n"
    )
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (2, "")
    assert "exists already" in again.stderr
