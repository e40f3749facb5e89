"""How fast and how sparing a crawl is, beside its yardsticks, all in one run on loopback.

    python -m benchmarks.crawling [--pages N] [--speed-pages N] [--repeat N] [--frontier N] [--only NAME …]

A site is made of the sample articles and served by a process of its own, without delays. Measured are:

* ``speed``: pages a second of the whole pipeline (fetch, WARC, read, store, index) beside a Scrapy spider
  with an empty callback, and one that reads with trafilatura and commits each item to SQLite;
* ``lastmod``: requests of a second run over the unchanged site, whose sitemap has lastmod, as a share of the
  first run's;
* ``etags``: bytes of a second run over the same site without lastmod, where pages have ETags only;
* ``memory``: the peak of a crawl that has so many addresses before it.

Figures are ratios of one run on one machine. The speed test wants two cores for itself: the whole pipeline is
two processes, and the site a third.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.loopback import serve

ROOT = Path(__file__).parent.parent
NO_DELAYS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "LOG_LEVEL": "ERROR",
}


# The yardsticks -----------------------------------------------------------------------------------


def yardstick(name: str, base: str, pages: int, folder: Path) -> dict[str, Any]:
    """Run one of the two plain spiders in this process; seconds and pages."""
    import sqlite3

    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Plain(scrapy.Spider):
        name = "plain"

        async def start(self):  # type: ignore[no-untyped-def]
            for number in range(pages):
                yield scrapy.Request(f"{base}/news/page-{number}")

        def parse(self, response):  # type: ignore[no-untyped-def]
            if name == "empty":
                return
            import trafilatura

            found = trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)
            if found is not None:
                yield {"url": response.url, "title": found.title, "date": found.date, "text": found.text}

    class IntoSqlite:
        def open_spider(self) -> None:
            self.db = sqlite3.connect(folder / "plain.db")
            self.db.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, date TEXT, text TEXT)")

        def process_item(self, item):  # type: ignore[no-untyped-def]
            self.db.execute("INSERT INTO articles VALUES (:url, :title, :date, :text)", item)
            self.db.commit()
            return item

    pipelines = {IntoSqlite: 100} if name == "trafilatura" else {}
    process = AsyncCrawlerProcess(NO_DELAYS | {"ITEM_PIPELINES": pipelines, "TELNETCONSOLE_ENABLED": False})
    crawler = process.create_crawler(Plain)
    process.crawl(crawler)
    process.start()
    stats = crawler.stats.get_stats()
    return {"seconds": stats["elapsed_time_seconds"], "pages": stats["response_received_count"]}


# Our crawl, as a user starts it --------------------------------------------------------------------

_PEAK = """
import atexit, resource, sys
atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=open(sys.argv.pop(1), "w")))
from iomscrape.cli import main
main(prog_name="iomscrape")
"""


def crawl(base: str, folder: Path, *more: str) -> dict[str, Any]:
    """``iomscrape crawl`` in a process of its own: its counts, with the peak of its memory in MB."""
    peak = folder / "peak"
    settings = [part for name, value in NO_DELAYS.items() for part in ("-s", f"{name}={value}")]
    code = _PEAK.replace("sys.argv.pop(1)", repr(str(peak)))
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "crawl",
            base,
            "--db",
            str(folder / "iom.db"),
            "--json",
            *settings,
            *more,
        ],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("IOMSCRAPE_")},
    )
    if ended.returncode:
        sys.exit(f"The crawl ended with {ended.returncode}: {ended.stderr[-2000:]}")
    return json.loads(ended.stdout) | {"peak": int(peak.read_text()) / 1024}


@contextmanager
def site(pages: int, **traits: Any) -> Iterator[tuple[str, Connection]]:
    """A served site: its address, and the line on which it tells requests and bytes since last asked."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs, pages, traits), daemon=True)
    server.start()
    try:
        yield ours.recv(), ours
    finally:
        server.kill()
        server.join()


def told(line: Connection) -> tuple[int, int]:
    """Requests and bytes that the site answered since this was last asked."""
    line.send("count")
    requests, size = line.recv()
    return int(requests), int(size)


# What is measured ----------------------------------------------------------------------------------


def speed(pages: int, repeat: int) -> None:
    """Pages a second, ours and the yardsticks', in turns; each one's best round counts."""
    rates: dict[str, float] = {}
    with site(pages) as (base, _):
        for _round in range(repeat):
            for name in ("empty", "iomscrape", "trafilatura"):
                with tempfile.TemporaryDirectory() as folder:
                    got, seconds = timed(name, base, pages, Path(folder))
                rates[name] = max(rates.get(name, 0.0), got / seconds)
                print(f"{name:<12}{got:>7} pages{seconds:>8.1f} s{got / seconds:>8.0f} pages/s", flush=True)
    print(f"iomscrape / empty callback: {rates['iomscrape'] / rates['empty']:.0%} (to reach: 60%)")
    print(f"iomscrape / trafilatura:    {rates['iomscrape'] / rates['trafilatura']:.1f} x (to reach: 3 x)")


def timed(name: str, base: str, pages: int, folder: Path) -> tuple[int, float]:
    """One crawl in a process of its own: its pages and seconds."""
    if name == "iomscrape":
        found = crawl(base, folder)
        return found["new"], found["seconds"]
    command = [sys.executable, "-m", "benchmarks.crawling", "--yardstick", name, "--base", base]
    given = ("--pages", str(pages), "--folder", str(folder))
    ended = subprocess.run([*command, *given], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found = json.loads(ended.stdout)
    return found["pages"], found["seconds"]


def lastmod(pages: int) -> None:
    """Requests of a second run where the sitemap has lastmod."""
    with site(pages, lastmod="2020-01-01T00:00:00Z") as (base, line), tempfile.TemporaryDirectory() as folder:
        crawl(base, Path(folder))
        first, _ = told(line)
        found = crawl(base, Path(folder))
        second, _ = told(line)
    print(f"lastmod: {first} requests, then {second}, {found['skipped']} pages not asked again")
    print(f"second / first: {second / first:.2%} of the requests (to stay under: 5%)")


def etags(pages: int) -> None:
    """Bytes of a second run where there are ETags only."""
    with site(pages) as (base, line), tempfile.TemporaryDirectory() as folder:
        crawl(base, Path(folder))
        _, first = told(line)
        found = crawl(base, Path(folder))
        _, second = told(line)
    print(f"etags: {first / 1e6:.1f} MB, then {second / 1e6:.2f} MB, {found['unchanged']} pages unchanged")
    print(f"second / first: {second / first:.2%} of the bytes (to stay under: 2%)")


def memory(frontier: int) -> None:
    """The peak of a crawl with many addresses before it."""
    with site(frontier) as (base, _), tempfile.TemporaryDirectory() as folder:
        found = crawl(base, Path(folder), "--max-pages", "500")
    print(f"memory: {frontier} addresses, peak {found['peak']:.0f} MB (to stay under: 400 MB)")


def main() -> None:
    """Measure and print."""
    described = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    described.add_argument("--pages", type=int, default=2000)
    described.add_argument("--speed-pages", type=int, default=4000, help="pages of the speed test")
    described.add_argument("--repeat", type=int, default=3, help="rounds of the speed test")
    described.add_argument("--frontier", type=int, default=100_000)
    described.add_argument("--only", nargs="*", default=["speed", "lastmod", "etags", "memory"])
    described.add_argument("--yardstick", help=argparse.SUPPRESS)
    described.add_argument("--base", help=argparse.SUPPRESS)
    described.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = described.parse_args()
    logging.disable(logging.WARNING)
    if chosen.yardstick:
        print(json.dumps(yardstick(chosen.yardstick, chosen.base, chosen.pages, chosen.folder)))
        return
    for name in chosen.only:
        if name == "speed":
            speed(chosen.speed_pages, chosen.repeat)
        elif name == "memory":
            memory(chosen.frontier)
        else:
            {"lastmod": lastmod, "etags": etags}[name](chosen.pages)
        print()


if __name__ == "__main__":
    main()
