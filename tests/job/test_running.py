"""Jobs that are run, stopped, killed and limited: with real processes."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from iomscrape.job import running
from iomscrape.job.logs import LOGGER
from iomscrape.job.running import Busy, Ended, Job, only_one, verdict
from iomscrape.job.steps import Step

HOLDER = """
import sys, time
from pathlib import Path
from iomscrape.job.running import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def ended(code: int, *, out_of_time: bool = False) -> Ended:
    return Ended("crawl", code, 1.0, {}, (), out_of_time)


def wait_until_free(db: Path) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            with only_one(db):
                return
        except Busy:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_the_lock_is_held_once_and_ends_with_its_process(tmp_path: Path) -> None:
    db = tmp_path / "iom.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(db)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Busy, match=f"process {holder.pid}, since 20.*works on .*iom.db"), only_one(db):
            pass
        holder.kill()
    wait_until_free(db)


def test_a_step_that_outlives_its_job_still_holds_the_lock(tmp_path: Path) -> None:
    db = tmp_path / "iom.db"
    with only_one(db) as lock:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(lock,))
    with pytest.raises(Busy), only_one(db):
        pass
    child.kill()
    child.wait()
    wait_until_free(db)


def test_steps_run_in_order_and_say_what_they_did(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    db = str(tmp_path / "iom.db")
    (tmp_path / "page.txt").write_text("no page")
    steps = [
        Step("import", ("import", str(tmp_path / "page.txt"), "--db", db, "--json")),
        Step("backup", ("backup", str(tmp_path / "kept"), "--db", db, "--json")),
    ]
    LOGGER.setLevel(logging.INFO)
    with caplog.at_level(logging.INFO, LOGGER.name):
        LOGGER.propagate = True
        first, second = Job(steps).run()
    assert (first.step, second.step, second.exit_code) == ("import", "backup", 0)
    assert second.counts["captures"] == 1
    assert first.said


def test_wrong_settings_end_the_job(tmp_path: Path) -> None:
    steps = [Step("crawl", ("crawl", "--no-such-option")), Step("backup", ("backup", str(tmp_path)))]
    [only] = Job(steps).run()
    assert (only.exit_code, verdict([only], stopped=False)) == (2, 2)


def test_time_that_is_up_ends_the_step_well_and_keeps_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "sys", _Python(tmp_path, "import signal, sys, time\n"
                        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\ntime.sleep(60)"))  # fmt: skip
    steps = [Step("crawl", ("crawl",)), Step("import", ("import",)), Step("backup", ("sleep-not",))]
    began = time.monotonic()
    found = Job(steps[:2], hours=1.0 / 3600).run()
    assert time.monotonic() - began < 20
    assert [(one.step, one.exit_code, one.out_of_time) for one in found] == [("crawl", 7, True)]
    assert verdict(found, stopped=False) == 0


def test_a_step_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE", 0.5)
    monkeypatch.setattr(running, "sys", _Python(tmp_path, "import signal, time\n"
                        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"))  # fmt: skip
    [one] = Job([Step("crawl", ("crawl",))], hours=1.0 / 3600).run()
    assert one.exit_code == 1
    assert "killed by signal 9" in one.said[-1]


def test_a_job_that_is_stopped_asks_its_step_to_end_once(tmp_path: Path) -> None:
    out = tmp_path / "asked"
    program = (
        "import signal, sys, time\n"
        f"def asked(*_):\n    open({str(out)!r}, 'a').write('x')\n"
        "signal.signal(signal.SIGTERM, asked)\n"
        "print('ready', file=sys.stderr, flush=True)\n"
        f"end = time.monotonic() + 20\nwhile time.monotonic() < end:\n"
        f"    time.sleep(0.05)\n    if __import__('os').path.exists({str(out)!r}): time.sleep(0.5); sys.exit(7)\n"
    )
    job = (
        "import os, signal, sys, threading\nfrom pathlib import Path\n"
        "from iomscrape.job import running\nfrom iomscrape.job.running import Job, verdict\n"
        "from iomscrape.job.steps import Step\nfrom tests.job.test_running import _Python\n"
        f"running.sys = _Python(Path({str(tmp_path)!r}), {program!r})\n"
        "threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()\n"
        "threading.Timer(1.7, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()\n"
        "job = Job([Step('crawl', ('crawl',)), Step('backup', ('backup',))])\n"
        "found = job.run()\n"
        "print([one.exit_code for one in found], verdict(found, stopped=job.stopped))\n"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", job], capture_output=True, text=True, timeout=60, check=True,
                          cwd=root, env=os.environ | {"PYTHONPATH": str(root)})  # fmt: skip
    assert done.stdout.strip() == "[7] 7"
    assert out.read_text() == "x"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([], 0), ([0, 0], 0), ([3, 4], 3), ([5, 3], 5), ([4, 1], 1), ([0, 6, 2], 6), ([7], 7), ([9], 9)],
)
def test_one_exit_code_stands_for_the_job(codes: list[int], expected: int) -> None:
    assert verdict([ended(code) for code in codes], stopped=False) == expected
    assert verdict([ended(code) for code in codes], stopped=True) == 7


class _Python:
    """Stands for ``sys`` in ``running``: its executable runs a program of ours in place of ``-m iomscrape``."""

    def __init__(self, folder: Path, program: str) -> None:
        script = folder / "program.py"
        script.write_text(program)
        self.executable = str(folder / "python")
        (folder / "python").write_text(f"#!/bin/sh\nexec {sys.executable} {script}\n")
        (folder / "python").chmod(0o755)


def test_signals_are_as_before_when_a_job_is_over(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    Job([Step("backup", ("backup", str(tmp_path), "--list"))]).run()
    assert signal.getsignal(signal.SIGTERM) is before
