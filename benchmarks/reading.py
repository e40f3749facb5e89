"""How fast pages are read, beside their yardsticks, all in one run.

    python benchmarks/reading.py [--pages DIR …] [--repeat N]

Yardsticks: a bare libxml2 parse (what any reader must pay), trafilatura with metadata (the general
extractor), resiliparse (the fastest general one; left out where it is not installed). Each known design is
measured by itself, too, beside the parse alone. Pages: those of every folder given (``*.html``,
``*.html.gz``), or else the golden pages of ``tests/pages``, filled up with styles and menus to the size of
real pages. Figures are ratios of one run on one machine; each page's time is the best of its repeats.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import lxml.html

from iomscrape import UnreadablePage, extract

GOLDEN = Path(__file__).parent.parent / "tests" / "pages"
GROWN = {
    "an Arabic article with its contacts": GOLDEN / "drupal9" / "arabic.html",
    "an article of little but contacts": GOLDEN / "drupal9" / "agency-before-name.html",
}
"""Small pages that are repeated to see how time and memory grow."""
REAL_SIZE = range(45_000, 150_000)
"""Bytes of a real page of the site since 2021."""

Run = Callable[[bytes], object]


def libxml2(raw: bytes) -> object:
    """Parse and nothing else."""
    return lxml.html.document_fromstring(raw, parser=lxml.html.HTMLParser(encoding="utf-8"))


def iomscrape(raw: bytes) -> object:
    """Read the whole record."""
    try:
        return extract(raw)
    except UnreadablePage:
        return None


def trafilatura(raw: bytes) -> object:
    """Text and metadata by the general extractor."""
    import trafilatura as library

    return library.bare_extraction(raw, with_metadata=True, include_comments=False)


def peers() -> dict[str, Run]:
    """What is measured, by name; the parse first."""
    found: dict[str, Run] = {"libxml2 parse": libxml2, "iomscrape": iomscrape, "trafilatura": trafilatura}
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        return found
    found["resiliparse"] = lambda raw: extract_plain_text(raw.decode("utf-8", "replace"), main_content=True)
    return found


def load(folders: list[Path]) -> list[bytes]:
    """The pages of the folders, or the golden ones at their real size."""
    if not folders:
        return [filled(path.read_bytes()) for path in sorted(GOLDEN.rglob("*.html"))]
    paths = sorted(path for folder in folders for path in folder.rglob("*.htm*") if path.is_file())
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths
    ]


def filled(raw: bytes, size: int = 80_000) -> bytes:
    """A small page with as much style (a third) and menu (the rest) as a real one has.

    The menu is no ``<nav>``, as on Drupal 7: the dearer case, since a ``<nav>`` is left out before parsing.
    """
    rule = b".tb-megamenu .nav > li > a{padding:.5rem 1rem;color:#0033a0}@media (min-width:992px){.region{display:grid}}\n"
    entry = b'<li class="leaf menu-item"><a href="/countries/some-country" class="nav-link">Some country</a></li>\n'
    missing = max(0, size - len(raw))
    head, head_end, rest = raw.partition(b"</head>")
    body, body_end, behind = rest.partition(b"</body>")
    style = b"<style>" + rule * (missing // 3 // len(rule)) + b"</style>"
    menu = b'<div id="menu"><ul class="menu">' + entry * (missing * 2 // 3 // len(entry)) + b"</ul></div>"
    return head + style + head_end + body + menu + body_end + behind


def read_by(raw: bytes) -> str:
    """The name of the design that reads a page; ``unknown`` where there is no article."""
    try:
        return extract(raw).design
    except UnreadablePage:
        return "unknown"


def best(run: Run, raw: bytes, repeat: int) -> float:
    """Seconds, the best of so many."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        run(raw)
        times.append(time.perf_counter() - start)
    return min(times)


def table(title: str, pages: list[bytes], repeat: int, *, alone: bool = False) -> None:
    """Measure all peers on these pages, or the reader ``alone``, and print them against the parse."""
    if not pages:
        return
    size = statistics.mean(map(len, pages)) / 1000
    print(f"\n{title}: {len(pages)} pages, mean {size:.0f} kB\n{'':<16}{'ms a page':>10}{'x parse':>9}")
    base = None
    for name, run in list(peers().items())[: 2 if alone else None]:
        run(pages[0])
        milliseconds = 1000 * statistics.mean(best(run, raw, repeat) for raw in pages)
        base = base or milliseconds
        print(f"{name:<16}{milliseconds:>10.2f}{milliseconds / base:>9.1f}", flush=True)


def growth(name: str, raw: bytes) -> None:
    """Time and memory of one page whose paragraphs are repeated up to 10 MB: both must grow with the size."""
    opening = raw.find(b"<p>", raw.find(b"<main"))
    closing = raw.rfind(b"</p>", 0, raw.rfind(b"</article>")) + 4
    body = raw[opening:closing]
    print(f"\nGrowth of {name}\n{'size':>10}{'ms':>10}{'us/kB':>9}{'peak, x page':>14}")
    for size in (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000):
        page = raw[:opening] + body * max(1, size // len(body)) + raw[closing:]
        seconds, peak = in_child(page, raw)
        kilobytes = len(page) / 1000
        print(
            f"{kilobytes / 1000:>8.1f}MB{seconds * 1e3:>10.1f}{seconds * 1e6 / kilobytes:>9.1f}{peak:>14.1f}"
        )


def in_child(page: bytes, first: bytes) -> tuple[float, float]:
    """Seconds for one page in a process of its own, and its peak of memory beyond the start, as multiples of the page.

    ``first`` is read before, so that what a process loads once is not counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("first", "page")]
        for path, raw in zip(paths, (first, page), strict=True):
            path.write_bytes(raw)
        command = [sys.executable, __file__, "--alone", *map(str, paths)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = told.stdout.split()
    return float(seconds), float(peak)


def alone(first: Path, path: Path) -> None:
    """What :func:`in_child` starts: read two pages, print seconds and peak of the second."""
    iomscrape(first.read_bytes())
    page = path.read_bytes()
    before = peak_memory()
    start = time.perf_counter()
    iomscrape(page)
    seconds = time.perf_counter() - start
    print(seconds, (peak_memory() - before) / len(page))


def peak_memory() -> int:
    """The most memory this process has had, in bytes.

    Linux tells it in ``/proc``; what ``getrusage`` tells begins with the peak of the process that started this one.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument(
        "--pages", type=Path, nargs="*", default=[], help="folders with *.html or *.html.gz"
    )
    arguments.add_argument("--repeat", type=int, default=5)
    arguments.add_argument("--alone", type=Path, nargs=2, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.alone:
        alone(*chosen.alone)
        return
    logging.disable(logging.CRITICAL)
    pages = load(chosen.pages)
    if not pages:
        sys.exit("No pages there.")
    designs: defaultdict[str, list[bytes]] = defaultdict(list)
    for raw in pages:
        # By the design that read the page in the end: other sites made with Drupal look like ours at first.
        designs[read_by(raw)].append(raw)
    unknown = designs.pop("unknown", [])
    real = {name: [raw for raw in those if len(raw) in REAL_SIZE] for name, those in designs.items()}
    known = [raw for those in designs.values() for raw in those]
    table("Known designs, real size", [raw for those in real.values() for raw in those], chosen.repeat)
    for name, those in sorted(real.items()):
        table(f"Of these, {name}", those, chosen.repeat, alone=True)
    table("Known designs, other sizes", [raw for raw in known if len(raw) not in REAL_SIZE], chosen.repeat)
    table("Unknown designs", unknown, chosen.repeat)
    for name, path in GROWN.items():
        growth(name, path.read_bytes())


if __name__ == "__main__":
    main()
