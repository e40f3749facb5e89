"""Units and crontab lines: what systemd itself says to them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iomscrape.job.profile import Profile, parse
from iomscrape.job.units import CALENDARS, cron, systemd

SOURCE = """
[import]
files = ["in"]
[archive]
database = "a/iom.db"
[backup]
folder = "b 100%"
[log]
file = "l/iom.log"
[crawl]
sites = ["a.int"]
[watch]
report = "r/r.html"
metrics = "m/i.prom"
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return parse(SOURCE, tmp_path / "my offices.toml")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("every", CALENDARS)
def test_systemd_takes_the_units(profile: Profile, tmp_path: Path, every: str) -> None:
    units = systemd(profile, Path(sys.executable), every=every, memory=2000)
    folder = tmp_path / "units"
    folder.mkdir()
    # A space in the profile's name has no place in that of a unit.
    assert all(re.fullmatch(r"iomscrape-my-offices\.(service|timer)", name) for name in units)
    for name, text in units.items():
        (folder / name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", *(str(folder / name) for name in units)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_run_may_write_where_it_has_to_and_nowhere_else(profile: Profile, tmp_path: Path) -> None:
    service = next(iter(systemd(profile, Path("/usr/bin/iomscrape"), every="daily", memory=500).values()))
    paths = re.findall(r"^ReadWritePaths=(.*)$", service, re.M)
    assert paths == [
        f"{tmp_path}/a",
        f'"{tmp_path}/b 100%%"',
        f"{tmp_path}/l",
        f"{tmp_path}/r",
        f"{tmp_path}/m",
    ]
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "MemoryMax=500M"):
        assert line in service.splitlines()


def test_a_crontab_line(profile: Profile, tmp_path: Path) -> None:
    line = cron(profile, Path("/opt/100%/iomscrape"), every="daily")
    assert line == f"17 3 * * * /opt/100\\%/iomscrape run '{tmp_path}/my offices.toml' --quiet\n"
