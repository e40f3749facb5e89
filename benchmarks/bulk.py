"""How fast large WARC files come into an archive, and in how much memory, beside two yardsticks, in one run.

    python -m benchmarks.bulk [--pages N] [--yardstick-pages N] [--jobs N] [--only NAME …]

The file is made of invented pages of 60 to 100 kB (``benchmarks/madewarc.py``) and kept in the temporary folder.
Measured are:

* ``cores``: ``iomscrape import`` with one process and with one a processor;
* ``trafilatura``: the same loop in one process, read by trafilatura and stored page by page with sqlite-utils;
* ``libxml2``: what two processes reach that only decode the records and parse the pages;
* ``memory``: the peak of all processes of an import of the first 20,000 pages, and of all.

Pages a second are of the clock, starting and ending included, and mean little where other programs want the
processors, too; the milliseconds of processor time a page, of all processes together, mean more there. The
trafilatura loop is measured over the first pages only, since each page costs it the same.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import lxml.html
from warcio.archiveiterator import ArchiveIterator

from benchmarks.madewarc import FILE_PAGES, files
from spiders.parts import Part, beginning

ROOT = Path(__file__).parent.parent


class Measured(NamedTuple):
    """What one program took."""

    pages: int
    seconds: float
    processor: float
    """Seconds of processor time of all its processes."""
    peak: int
    """Bytes of memory of all its processes at once, at the most."""

    def said(self, name: str) -> str:
        """A line of the table."""
        return (
            f"{name:<34}{self.pages:>8}{self.seconds:>9.1f} s{self.rate:>8.0f} /s"
            f"{1000 * self.processor / self.pages:>9.2f} ms{self.peak / 1e6:>8.0f} MB"
        )

    @property
    def rate(self) -> float:
        """Pages a second of the clock."""
        return self.pages / self.seconds


def measured(command: list[str], pages: int) -> Measured:
    """Run a program and watch all its processes."""
    before, began = os.times(), time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        watch = Memory(child.pid)
        watch.start()
        out, _ = child.communicate()
        watch.is_over = True
    seconds, after = time.perf_counter() - began, os.times()
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}: {out[-2000:]!r}")
    processor = sum(after[2:4]) - sum(before[2:4])
    return Measured(pages, seconds, processor, watch.peak)


class Memory(threading.Thread):
    """Adds up the memory of a process and all that it started, now and then. Linux only; elsewhere 0."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.peak = 0
        self.is_over = False

    def run(self) -> None:
        """Until it is over."""
        while not self.is_over:
            self.peak = max(self.peak, sum(_proportional(one) for one in _family(self.process)))
            time.sleep(0.25)


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _proportional(process: int) -> int:
    """Bytes of a process, what it shares with others counted in parts."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


# What is measured ----------------------------------------------------------------------------------


def bring(paths: list[Path], pages: int, jobs: int) -> Measured:
    """``iomscrape import`` as a user starts it, into a new archive."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder, "iom.db")
        command = [sys.executable, "-m", "iomscrape", "import", *map(str, paths), "--db", str(db)]
        found = measured([*command, "--jobs", str(jobs), "--json"], pages)
        query = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM articles'))"
        counted = subprocess.run(
            [sys.executable, "-c", query, str(db)], capture_output=True, check=True, text=True
        )
        if counted.stdout.strip() != f"({pages},)":
            sys.exit(f"{pages} articles should have come, {counted.stdout} came")
    return found


def alone(name: str, path: Path, pages: int) -> Measured:
    """One of the yardsticks, in a process of its own."""
    return measured(
        [sys.executable, "-m", "benchmarks.bulk", "--yardstick", name, str(path), str(pages)], pages
    )


def bodies(
    stream: io.BufferedIOBase | io.BufferedReader, end: int | None = None
) -> Iterator[tuple[str, bytes]]:
    """Address and page of each answer, as warcio decodes them, of records that begin before ``end``."""
    records = ArchiveIterator(stream)
    for record in records:
        kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI")
        body = record.content_stream().read()
        if end is not None and records.get_record_offset() >= end:  # which reads the record to its end
            return
        if kind == "response":
            yield url, body


def by_trafilatura(path: Path, pages: int) -> None:
    """Read by trafilatura, stored by sqlite-utils."""
    import trafilatura
    from sqlite_utils import Database

    with tempfile.TemporaryDirectory() as folder, path.open("rb") as stream:
        table = Database(Path(folder, "plain.db"))["articles"]
        for url, body in islice(bodies(stream), pages):
            found = trafilatura.bare_extraction(body, url=url, with_metadata=True)
            if found is not None:
                row = {"url": url, "title": found.title, "date": found.date, "text": found.text}
                table.insert(row, pk="url", replace=True)


def by_libxml2(path: Path, pages: int) -> None:  # noqa: ARG001  # all of the file is read
    """Decode and parse and nothing else, by two processes with half of the file each."""
    half = path.stat().st_size // 2
    with path.open("rb") as stream:
        middle = beginning(stream, Part(half, is_known=False)) or half
    parts = [(path, 0, middle), (path, middle, None)]
    processes = [multiprocessing.Process(target=_parse, args=part) for part in parts]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    sys.exit(any(process.exitcode for process in processes))


def _parse(path: Path, start: int, end: int | None) -> None:
    with path.open("rb") as stream:
        stream.seek(start)
        for _, body in bodies(stream, None if end is None else end - start):
            lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))


YARDSTICKS: dict[str, Callable[[Path, int], None]] = {"trafilatura": by_trafilatura, "libxml2": by_libxml2}


def main() -> None:
    """Measure and print."""
    described = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    described.add_argument("--pages", type=int, default=FILE_PAGES)
    described.add_argument("--yardstick-pages", type=int, default=1000, help="pages of the trafilatura loop")
    described.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    described.add_argument("--only", nargs="*", default=["cores", "trafilatura", "libxml2", "memory"])
    described.add_argument("--json", action="store_true", help="print the figures as JSON, too")
    described.add_argument("--yardstick", nargs=3, help=argparse.SUPPRESS)
    chosen = described.parse_args()
    logging.disable(logging.CRITICAL)
    if chosen.yardstick:
        name, path, pages = chosen.yardstick
        YARDSTICKS[name](Path(path), int(pages))
        return
    paths = files(chosen.pages)
    pages = min(chosen.pages, FILE_PAGES)
    print(f"{'':<34}{'pages':>8}{'clock':>11}{'':>11}{'processor':>12}{'memory':>11}")
    found: dict[str, Measured] = {}

    def note(name: str, what: Measured) -> None:
        found[name] = what
        print(what.said(name), flush=True)

    if "cores" in chosen.only:
        note("import, 1 process", bring(paths[:1], pages, 1))
    if "cores" in chosen.only or "memory" in chosen.only:
        note(f"import, {chosen.jobs} processes", bring(paths[:1], pages, chosen.jobs))
    if "trafilatura" in chosen.only:
        some = min(pages, chosen.yardstick_pages)
        note("trafilatura and sqlite-utils", alone("trafilatura", paths[0], some))
    if "libxml2" in chosen.only:
        note("decoded and parsed, 2 processes", alone("libxml2", paths[0], pages))
    if "memory" in chosen.only and len(paths) > 1:
        note(f"import, {chosen.jobs} processes, all", bring(paths, chosen.pages, chosen.jobs))
    compare(found, chosen.jobs)
    if chosen.json:
        print(json.dumps({name: what._asdict() for name, what in found.items()}))


def compare(found: dict[str, Measured], jobs: int) -> None:
    """What was to be reached, by the clock and, where that says something, by processor time."""
    ours = found.get(f"import, {jobs} processes")
    if ours is None:
        return
    for name, said in {
        "import, 1 process": "one process (to reach on two cores: 1.7)",
        "trafilatura and sqlite-utils": "trafilatura in one process (to reach on two cores: 10)",
        "decoded and parsed, 2 processes": "decoded and parsed (to reach: 0.33)",
    }.items():
        if other := found.get(name):
            work = (other.processor / other.pages) / (ours.processor / ours.pages)
            print(f"{ours.rate / other.rate:.2f} times the pages a second of {said}; ", end="")
            print(f"{work:.2f} times the pages a second of processor time")
    if whole := found.get(f"import, {jobs} processes, all"):
        print(
            f"memory of {whole.pages} pages / of {ours.pages}: {whole.peak / ours.peak:.2f} (to stay: about 1)"
        )


if __name__ == "__main__":
    main()
