"""Hostile and broken pages and answers, thousands of them, on the way that all pages go.

    python -m tests.survival.mutations 10000 [--seed N]

Half of them are pages that the intake takes into an archive, in a process of their own; half are answers that a
raw server gives to ``iomscrape crawl`` over HTTP. Each must end as an article or as a row in ``problems``; none
may bring a process down, cost more than SECONDS, or more memory than MEGABYTES. What fails is told with its
number, from which ``tests.survival.mutated`` makes it again.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive, warc_folder
from archive.captures import WarcWriter
from iomscrape.intake import Intake
from iomscrape.records import Capture
from tests.spiders.rawserver import RawServer, whole
from tests.survival.answers import answer
from tests.survival.mutated import mutated
from tests.website import QUICK, sitemap

SECONDS = 5.0
"""Of the processor, for one page; the clock depends on what else a machine does."""
MEGABYTES = 500
HANGS = 120.0
"""Seconds by the clock after which a process is taken for dead."""
AT_ONCE = 500
"""Answers of one crawl."""


@dataclass
class Tally:
    """What became of them."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """``article``, or the reason of the problem."""
    faults: list[str] = field(default_factory=list)
    """What must not be: one line each."""
    slowest: tuple[float, str] = (0.0, "")
    """Seconds of the processor for one page, and which."""
    peak: float = 0.0
    """Megabytes."""
    crawled: float = 0.0
    """Seconds of all crawls."""


# Pages -------------------------------------------------------------------------------------------


def take_pages(seed: int, first: int, after: int, folder: Path, tally: Tally) -> None:
    """Take pages into an archive, in a process that is begun anew where one brings it down."""
    while first < after:
        command = [
            sys.executable,
            "-m",
            __spec__.name,
            "--child",
            str(seed),
            str(first),
            str(after),
            str(folder),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            for line in child.stdout:
                number, reason, seconds, peak, how = json.loads(line)
                tally.outcomes[reason] += 1
                tally.slowest = max(tally.slowest, (seconds, f"page {number} ({how})"))
                tally.peak = max(tally.peak, peak)
                if reason in ("reader-error", "nothing") or seconds > SECONDS or peak > MEGABYTES:
                    tally.faults.append(f"page {number} ({how}): {reason}, {seconds:.1f} s, {peak:.0f} MB")
                first = number + 1
        if first < after:
            _, how = mutated(seed, first)
            tally.faults.append(f"page {first} ({how}): the process ended with {child.returncode}")
            first += 1


def child(seed: int, first: int, after: int, folder: Path) -> None:
    """What :func:`take_pages` starts: a line for each page, with its number, outcome, seconds, peak, making."""
    db = folder / "pages.db"
    day = datetime(2026, 1, 1, tzinfo=UTC)
    reasons: list[str] = []
    with (
        Archive.open(db) as archive,
        WarcWriter(warc_folder(db), run=f"m{first}", software="mutations") as warcs,
    ):
        intake = Intake(archive, warcs, on_problem=reasons.append)
        for number in range(first, after):
            raw, how = mutated(seed, number)
            url = f"https://www.iom.int/news/mutated-{number}"
            capture = Capture(
                url=url, body=raw, fetched_at=day + timedelta(seconds=number), source="file", status=200
            )
            faulthandler.dump_traceback_later(HANGS, exit=True)
            _forget_peak()
            began = time.process_time()
            outcome = intake.take(capture).outcome
            seconds = time.process_time() - began
            faulthandler.cancel_dump_traceback_later()
            reason = {"problem": reasons[-1] if reasons else "nothing", "nothing": "nothing"}.get(
                outcome, "article"
            )
            print(json.dumps([number, reason, round(seconds, 3), _peak(), how]), flush=True)


def _forget_peak() -> None:
    """Let the peak of this process begin anew (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak(pid: int | str = "self") -> float:
    """The most memory that a process has had, in megabytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmHWM")), 0.0
    )


# Answers -----------------------------------------------------------------------------------------


def crawl_answers(seed: int, first: int, after: int, folder: Path, tally: Tally) -> None:
    """Crawl a site that gives these answers, and see what became of each."""
    made = {f"/news/answer-{number}": answer(seed, number) for number in range(first, after)}
    with _server() as server:
        server.pages.update({path: reply for path, (reply, _) in made.items()})
        dice = random.Random(f"sitemap {seed}/{first}")
        listed = {server.base + path: None for path in made}
        names = ["/sitemap.xml", *(f"/mutated-{n}.xml" for n in range(3))]
        server.pages["/robots.txt"] = whole("".join(f"Sitemap: {server.base}{name}\n" for name in names))
        server.pages["/sitemap.xml"] = whole(sitemap(listed), "Content-Type: text/xml")
        for name in names[1:]:
            part = dict(dice.sample(sorted(listed.items()), min(20, len(listed))))
            server.pages[name] = whole(_flipped(sitemap(part).encode(), dice), "Content-Type: text/xml")
        server.pages["/"] = whole("<main></main>")
        db = folder / f"answers-{first}.db"
        code, err = _crawl(server.base, db, tally)
        if code not in (0, 4) or "Traceback" in err:
            tally.faults.append(f"answers {first} to {after - 1}: exit code {code}\n{err[-2000:]}")
        became = _became(db, server.base)
        for path, (_, how) in made.items():
            reason = became.get(path, "nothing" if path in server.asked else "never asked")
            tally.outcomes[reason] += 1
            if reason in ("nothing", "never asked", "reader-error"):
                tally.faults.append(f"answer {path.rpartition('-')[2]} ({how}): {reason}")


@contextlib.contextmanager
def _server() -> Iterator[RawServer]:
    server = RawServer()
    try:
        yield server
    finally:
        server.close()


def _flipped(raw: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(3):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged)


def _crawl(site: str, db: Path, tally: Tally) -> tuple[int, str]:
    """Crawl; exit code and what was said on stderr."""
    settings = (
        "DOWNLOAD_TIMEOUT=5", "RETRY_TIMES=0", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "IOMSCRAPE_BACKOFF=0",
        "IOMSCRAPE_MAX_REFUSALS=1000000", "LOG_ENABLED=False",
    )  # fmt: skip
    command = [sys.executable, "-m", "iomscrape", "crawl", site, "--db", str(db), *QUICK]
    command += [word for setting in settings for word in ("-s", setting)]
    began = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, text=True) as crawl,
    ):
        while crawl.poll() is None:
            tally.peak = max([tally.peak, *map(_peak, [crawl.pid, *_children(crawl.pid)])])
            if time.monotonic() - began > HANGS * 5:
                tally.faults.append(f"the crawl into {db.name} hangs")
                crawl.kill()
            time.sleep(0.1)
        tally.crawled += time.monotonic() - began
        said.seek(0)
        return crawl.returncode, said.read()


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _became(db: Path, base: str) -> dict[str, str]:
    """By path: ``article``, or the reason of the problem."""
    if not db.exists():
        return {}
    with contextlib.closing(sqlite3.connect(db)) as conn:
        rows = [
            *conn.execute(
                "SELECT url, redirected_from, 'article' FROM captures WHERE outcome IN ('new', 'changed', 'unchanged')"
            ),
            *conn.execute("SELECT url, '[]', 'article' FROM other_addresses"),
            *conn.execute(
                "SELECT problems.url, coalesce(redirected_from, '[]'), reason FROM problems "
                "LEFT JOIN captures ON captures.id = capture_id"
            ),
        ]  # fmt: skip
    return {
        address.removeprefix(base): reason
        for url, redirected_from, reason in rows
        for address in (url, *json.loads(redirected_from))
    }


# All of them -------------------------------------------------------------------------------------


WORK = {"pages": take_pages, "answers": crawl_answers}


def survive(
    number: int, *, seed: int, folder: Path, kinds: Sequence[str] = tuple(WORK), say: bool = False
) -> Tally:
    """Send so many pages and answers on their way."""
    tally = Tally()
    half = number // len(kinds)
    for kind in kinds:
        work = WORK[kind]
        for first in range(0, half, AT_ONCE):
            work(seed, first, min(half, first + AT_ONCE), folder, tally)
            if say:
                print(
                    f"{min(half, first + AT_ONCE)} {kind}, {len(tally.faults)} faults, {tally.peak:.0f} MB",
                    flush=True,
                )
    return tally


def main() -> None:
    """From the command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("number", type=int, nargs="?", default=10_000)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments.add_argument("--kind", choices=WORK, action="append", help="pages or answers alone")
    arguments.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.child:
        seed, first, after, folder = chosen.child
        child(int(seed), int(first), int(after), Path(folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        tally = survive(
            chosen.number, seed=chosen.seed, folder=Path(folder), kinds=chosen.kind or tuple(WORK), say=True
        )
    total = sum(tally.outcomes.values())
    print(f"seed {chosen.seed}: {total} pages and answers, {tally.outcomes['article']} articles")
    for reason, times in tally.outcomes.most_common():
        print(f"  {times:>6} {reason}")
    print(f"slowest: {tally.slowest[0]:.1f} s of the processor, {tally.slowest[1]}")
    print(f"most memory of a process: {tally.peak:.0f} MB; crawls took {tally.crawled:.0f} s")
    print(*tally.faults, sep="\n")
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
