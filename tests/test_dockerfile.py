"""What can be known of the Dockerfile without Docker: what it copies, as whom it runs, what hadolint says."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parent.parent
HADOLINT = Path(sys.executable).with_name("hadolint")


@pytest.fixture
def steps() -> list[tuple[str, str]]:
    parsed = DockerfileParser(fileobj=io.BytesIO((ROOT / "Dockerfile").read_bytes()))
    return [(step["instruction"], step["value"]) for step in parsed.structure]


def test_hadolint_has_nothing_to_say() -> None:
    said = subprocess.run([HADOLINT, "Dockerfile"], cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "")


def test_what_is_copied_is_there_and_not_ignored(steps: list[tuple[str, str]]) -> None:
    copied = [
        name
        for kind, value in steps
        if kind == "COPY" and "--from" not in value
        for name in value.split()[:-1]
    ]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_nothing_runs_as_root_and_versions_are_fixed(steps: list[tuple[str, str]]) -> None:
    users = [value for kind, value in steps if kind == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    assert all(":" in value.split()[0] and "latest" not in value for kind, value in steps if kind == "FROM")
    assert any("--require-hashes" in value for kind, value in steps if kind == "RUN")


def test_the_command_is_one_of_the_program(steps: list[tuple[str, str]]) -> None:
    [health] = [value for kind, value in steps if kind == "HEALTHCHECK"]
    assert '["iomscrape", "--version"]' in health
    for words in (["--version"], ["run", "--help"]):
        ran = subprocess.run([sys.executable, "-m", "iomscrape", *words], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
