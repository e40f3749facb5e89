"""The demo as a user runs it: once for all tests, whatever process they run in."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("iomscrape")


@dataclass(frozen=True, slots=True)
class Demo:
    """A run of ``iomscrape demo`` in an empty folder."""

    folder: Path
    output: str
    errors: str
    exit_code: int
    seconds: float

    @property
    def db(self) -> Path:
        return self.folder / "demo.db"


def run_demo(folder: Path, *arguments: str, **environment: str) -> Demo:
    began = time.monotonic()
    done = subprocess.run(
        [PROGRAM, "demo", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return Demo(folder, done.stdout, done.stderr, done.returncode, time.monotonic() - began)


def shared_demo(root: Path) -> Demo:
    """The one run below ``root``, a folder that all processes of the test run share. Not to be changed."""
    place = root / "shared-demo"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = place / "demo.json"
        if not told.exists():
            folder = place / "run"
            folder.mkdir()
            # A proxy and an archive of the surroundings must not be used.
            demo = run_demo(
                folder,
                http_proxy="http://127.0.0.1:9",
                IOMSCRAPE_DB="other.db",
                IOMSCRAPE_WARC_DIR="other-warc",
            )
            told.write_text(json.dumps(asdict(demo) | {"folder": str(folder)}), encoding="utf-8")
        kept: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return Demo(**(kept | {"folder": Path(kept["folder"])}))
