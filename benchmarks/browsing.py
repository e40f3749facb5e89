"""How long the pages of ``iomscrape serve`` take, over HTTP on loopback, from a server that was really started.

    python -m benchmarks.browsing [--db FILE | --articles N] [--times N]

Without ``--db`` an archive of invented articles is made first (``benchmarks/invented.py``). Each kind of page is
asked for several times, with another article, word or person each time; what is told is the time from the
question to the last byte. The goal: an article in less than 100 ms.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import httpx

from archive import Archive
from benchmarks.invented import Invention, capture
from tests.website import served

GOAL = 0.1
"""Seconds, for an article."""


def addresses(path: Path, chance: random.Random) -> dict[str, Callable[[], str]]:
    """Kind of page -> a function that gives one address of it."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as conn:
        articles = conn.execute("SELECT max(id) FROM articles").fetchone()[0]
        names = conn.execute("SELECT DISTINCT name FROM contacts WHERE name IS NOT NULL LIMIT 500").fetchall()
        titles = conn.execute("SELECT title FROM articles LIMIT 1000").fetchall()

    def word() -> str:
        return chance.choice(chance.choice(titles)[0].split())

    return {
        "article": lambda: f"/article/{chance.randint(1, articles)}",
        "versions": lambda: f"/versions/{chance.randint(1, articles)}",
        "row of a table": lambda: f"/archive/articles/{chance.randint(1, articles)}",
        "search, one word": lambda: f"/search?{urlencode({'q': word()})}",
        "search, two words": lambda: f"/search?{urlencode({'q': f'{word()} {word()}'})}",
        "person": lambda: f"/person?{urlencode({'name': chance.choice(names)[0]})}" if names else "/people",
        "front page": lambda: "/",
        "months": lambda: "/months",
        "months by country": lambda: "/months?by=country",
        "people": lambda: "/people",
        "table": lambda: "/archive/captures",
    }


def measure(client: httpx.Client, address: Callable[[], str], times: int) -> list[float]:
    """Seconds of each question, sorted."""
    seconds = []
    for _ in range(times):
        path = address()
        start = perf_counter()
        answer = client.get(path)
        seconds.append(perf_counter() - start)
        if answer.status_code != 200:
            sys.exit(f"{path} gave {answer.status_code}")
    return sorted(seconds)


@contextmanager
def archive_of(articles: int) -> Iterator[Path]:
    """An archive of so many invented articles, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invented.db"
        with Archive.open(path) as archive, archive.together():
            for number, article in enumerate(Invention().articles(articles)):
                archive.store(capture(article, number), [article])
        yield path


def report(path: Path, times: int) -> None:
    """Ask and print."""
    kinds = addresses(path, random.Random(1))
    with served(path) as base, httpx.Client(base_url=base, timeout=60) as client:
        client.get("/article/1")  # the first request starts Datasette
        print(f"{'page':<20} {'first':>8} {'median':>8} {'p95':>8}   (ms, {times} times each)")
        for name, address in kinds.items():
            first = measure(client, address, 1)[0]
            seconds = measure(client, address, times)
            p95 = seconds[int(len(seconds) * 0.95)]
            print(
                f"{name:<20} {first * 1000:>8.1f} {median(seconds) * 1000:>8.1f} {p95 * 1000:>8.1f}",
                flush=True,
            )
            if name == "article":
                print(f"{'':<20} goal: {GOAL * 1000:.0f}; {'reached' if p95 < GOAL else 'NOT reached'}")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--db", type=Path, help="an archive, instead of an invented one")
    arguments.add_argument("--articles", type=int, default=5000)
    arguments.add_argument("--times", type=int, default=40)
    chosen = arguments.parse_args()
    if chosen.db:
        report(chosen.db, chosen.times)
        return
    with archive_of(chosen.articles) as path:
        report(path, chosen.times)


if __name__ == "__main__":
    main()
