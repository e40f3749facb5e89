"""How an archive bears size: how fast it takes articles in, how large it gets, how fast it answers.

    python -m benchmarks.archive [--articles N] [--db FILE] [--stored N] [--only NAME …]

Measured are, on invented articles of 3 kB (``benchmarks/invented.py``):

* ``storing``: whole records (capture, article, contacts, index) beside a bare sqlite-utils ``upsert`` with FTS
  of the same text, in turns: one at a time and a hundred together, where the yardstick is lent the archive's
  WAL mode, and one at a time with sqlite-utils as it comes. All with the same care for power cuts;
* ``size``: bytes of the database beside the bytes of the texts and titles in it;
* ``search``: the first page of hits with snippets, for ordinary words, the most common ones, and pairs;
* ``facets``: the counts beside the hits; ``page``: all that one article's page shows;
* ``readers``: searches while another process writes.

An archive that is there (``--db``) is asked as it is and kept; otherwise one is made and thrown away. Run it
alone: ``nice`` does not help against a neighbour who fills the cache of the disk.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import track
from sqlite_utils import Database

from archive import Archive, WarcPlace
from benchmarks.invented import Invention, capture
from iomscrape.records import Article

TOGETHER = 100
console = Console()


def place(number: int) -> WarcPlace:
    """Where the raw page would lie."""
    name = f"iomscrape-20260701000000-{number // 100_000:05}-k3j9x.warc.gz"
    return WarcPlace(
        name, number % 100_000 * 9_000, 9_000, f"sha256:{random.Random(number).randbytes(32).hex()}"
    )


def said(title: str, value: float, unit: str, target: str = "") -> None:
    """Print one figure."""
    console.print(f"{title:<58}{value:>10.2f} {unit:<4} {target}", highlight=False, soft_wrap=True)


# Storing --------------------------------------------------------------------------------------------


def bare(path: Path, *, write_ahead: bool) -> Database:
    """The yardstick: one table with its text indexed. ``write_ahead``: not with the journal that SQLite begins with."""
    db = Database(path)
    if write_ahead:
        db.enable_wal()
    db.execute("PRAGMA synchronous = FULL")
    db.table("articles").create({"url": str, "title": str, "text": str}, pk="url")
    db.table("articles").enable_fts(
        ["title", "text"], create_triggers=True, tokenize="unicode61 remove_diacritics 2"
    )
    return db


def storing(articles: Sequence[Article], folder: Path) -> None:
    """Rates of both beside each yardstick."""
    for name, together, write_ahead in (
        ("one at a time", 1, True),
        (f"{TOGETHER} together", TOGETHER, True),
        ("one at a time, as it comes", 1, False),
    ):
        with Archive.open(folder / f"{name}.db") as archive:
            plain = bare(folder / f"bare, {name}.db", write_ahead=write_ahead)
            rates = _rates(archive, plain, articles, together)
            plain.close()
        for program, rate in zip(("ours", "bare"), rates, strict=True):
            said(f"storing, {name}: {program}", rate, "/s")
        said(f"storing, {name}: ours beside bare", rates[0] / rates[1], "x", "at least 0.7")


def _rates(
    archive: Archive, plain: Database, articles: Sequence[Article], together: int
) -> tuple[float, float]:
    """Articles a second, in turns of a hundred; the first fifth warms up and does not count."""
    ours, bare = [], []
    for turn, first in enumerate(range(0, len(articles), TOGETHER)):
        some = articles[first : first + TOGETHER]
        if turn % 2:
            ours.append(_stored(archive, some, first, together))
        bare.append(_upserted(plain, some, together))
        if not turn % 2:
            ours.append(_stored(archive, some, first, together))
    warm = len(ours) // 5
    counted = (len(ours) - warm) * TOGETHER
    return counted / sum(ours[warm:]), counted / sum(bare[warm:])


def _stored(archive: Archive, articles: Sequence[Article], first: int, together: int) -> float:
    """Seconds for storing these; what a crawl would bring is made beforehand."""
    captures = [capture(article, number) for number, article in enumerate(articles, first)]
    places = [place(number) for number in range(first, first + len(articles))]
    start = perf_counter()
    for at in range(0, len(articles), together):
        with archive.together():
            for number in range(at, min(at + together, len(articles))):
                archive.store(captures[number], [articles[number]], place=places[number])
    return perf_counter() - start


def _upserted(db: Database, articles: Sequence[Article], together: int) -> float:
    """The same of the yardstick: one ``upsert`` an article."""
    made = [{"url": article.url, "title": article.title, "text": article.text} for article in articles]
    start = perf_counter()
    for at in range(0, len(articles), together):
        with db.atomic():
            for row in made[at : at + together]:
                db.table("articles").upsert(row, pk="url")
    return perf_counter() - start


# A large archive ------------------------------------------------------------------------------------


def fill(path: Path, articles: Iterator[Article], number: int) -> None:
    """Store so many articles, without waiting for the disk."""
    with Archive.open(path) as archive:
        archive.db.execute("PRAGMA synchronous = OFF")
        steps = range(0, number, 1000)
        for first in track(steps, "Storing", console=Console(stderr=True), transient=True):
            some = list(islice(articles, min(1000, number - first)))
            _stored(archive, some, first, len(some))
        archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# Column to what a repeated article has there; all others are as they were. ``:by`` is added to every number.
_REPEATED = {
    "captures": {"id": "id + :by", "url": "url || '-' || :by", "identity": "identity || '-' || :by",
                 "digest": "'sha256:' || lower(hex(randomblob(32)))"},
    "articles": {"id": "id + :by", "url": "url || '-' || :by", "identity": "identity || '-' || :by",
                 "capture_id": "capture_id + :by"},
    "sightings": {"article_id": "article_id + :by", "capture_id": "capture_id + :by"},
    "contacts": {"id": "id + :rows", "article_id": "article_id + :by"},
    "emails": {"id": "NULL", "contact_id": "contact_id + :rows"},
    "phones": {"id": "NULL", "contact_id": "contact_id + :rows"},
    "themes": {"article_id": "article_id + :by"},
    "links": {"id": "NULL", "article_id": "article_id + :by"},
}  # fmt: skip
_OF = {
    "captures": "id > :first AND id <= :last",
    "articles": "id > :first AND id <= :last",
    "emails": "contact_id IN (SELECT id FROM contacts WHERE article_id > :first AND article_id <= :last)",
    "phones": "contact_id IN (SELECT id FROM contacts WHERE article_id > :first AND article_id <= :last)",
}


def repeat(path: Path, number: int) -> None:
    """Bring an archive to so many articles by repeating those that are there, at other addresses.

    SQLite and the archive's triggers do this in a third of the time that storing takes; everything is indexed
    as if it were new, only that the same texts come several times.
    """
    with Archive.open(path) as archive:
        conn = archive.db.conn
        conn.execute("PRAGMA synchronous = OFF")
        (there,) = conn.execute("SELECT max(id) FROM articles").fetchone()
        (contacts,) = conn.execute("SELECT max(id) FROM contacts").fetchone()
        places = range(there, number, 2000)
        for at in track(places, "Repeating", console=Console(stderr=True), transient=True):
            round_, first = divmod(at, there)
            last = min(first + 2000, there, first + number - at)
            values = {"by": round_ * there, "rows": round_ * contacts, "first": first, "last": last}
            with archive.together():
                for table, changes in _REPEATED.items():
                    names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
                    what = ", ".join(changes.get(name, name) for name in names)
                    of = _OF.get(table, "article_id > :first AND article_id <= :last")
                    conn.execute(
                        f"INSERT INTO {table} ({', '.join(names)}) SELECT {what} FROM {table} WHERE {of}",
                        values,
                    )
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def size(path: Path) -> None:
    """Bytes of the file for each byte of text; all versions' texts count, once each."""
    conn = sqlite3.connect(path)
    (texts,) = conn.execute(
        "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
    ).fetchone()
    earlier = conn.execute(
        "SELECT title, text FROM versions WHERE number < (SELECT versions FROM articles WHERE id = article_id)"
    )
    texts += sum(len(title.encode()) + len(text.encode()) for title, text in earlier)
    conn.close()
    said("database, bytes for each byte of text", path.stat().st_size / texts, "x", "below 2.2")


def timed(title: str, ask: Callable[[Any], object], things: Sequence[Any], target: str) -> None:
    """The 95th percentile over all things, each asked once, after one that does not count."""
    ask(things[0])
    spent = []
    for thing in things:
        start = perf_counter()
        ask(thing)
        spent.append(1000 * (perf_counter() - start))
    said(f"{title}: median", statistics.median(spent), "ms")
    said(f"{title}: 95 of 100 below", statistics.quantiles(spent, n=20)[-1], "ms", target)


def words(path: Path, chance: random.Random) -> tuple[list[str], list[str]]:
    """Ordinary words (in 5 to 20,000 articles of a million) and the most common ones, with their languages mixed."""
    conn = sqlite3.connect(path)
    conn.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, articles_fts, row)")
    (articles,) = conn.execute("SELECT count(*) FROM articles").fetchone()
    common = [term for (term,) in conn.execute("SELECT term FROM vocabulary ORDER BY doc DESC LIMIT 40")]
    ordinary = [
        term
        for (term,) in conn.execute(
            "SELECT term FROM vocabulary WHERE doc BETWEEN 5 AND ? ORDER BY term", (max(20, articles // 50),)
        )
    ]
    conn.close()
    return chance.sample(ordinary, min(200, len(ordinary))), common


def asking(path: Path, only: set[str]) -> None:
    """Searches, facets, pages of single articles."""
    chance = random.Random(7)
    ordinary, common = words(path, chance)
    pairs = [" ".join(chance.sample(common, 2)) for _ in range(20)]
    phrases = [f'"{first} {second}"' for first, second in pairwise(common[:21])]
    with Archive.open(path, readonly=True) as archive:
        if "search" in only:
            timed("search, ordinary words", archive.search, ordinary, "below 50")
            timed("search, the most common words", archive.search, common, "below 300")
            timed("search, two of the most common", archive.search, pairs, "below 300")
            timed("search, two of the most common side by side", archive.search, phrases, "")
            timed(
                "search, common word in one country",
                lambda word: archive.search(word, country="TL"),
                common,
                "",
            )
        if "facets" in only:
            timed("facets, ordinary words", archive.facets, ordinary, "below 500")
            timed("facets, the most common words", archive.facets, common, "below 500")
        if "page" in only:
            (last,) = archive.db.conn.execute("SELECT max(id) FROM articles").fetchone()
            numbers = [chance.randint(1, last) for _ in range(200)]
            timed("one article with all that is known of it", archive.article, numbers, "below 100")


def _write(path: Path, first: int, stop: Any, told: Any) -> None:
    """A crawl's writing: one transaction a page."""
    number = first
    with Archive.open(path) as archive:
        for article in Invention(seed=2).articles(10**9):
            if stop.is_set():
                break
            _stored(archive, [article], number, 1)
            number += 1
            if number == first + 1:
                told.send("writing")
    told.send(number - first)


def readers(path: Path) -> None:
    """Ordinary searches while a process writes as fast as it can."""
    ordinary, _ = words(path, random.Random(8))
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    stop = context.Event()
    writer = context.Process(target=_write, args=(path, 10**8, stop, theirs))
    writer.start()
    theirs.close()  # so that a writer that fails is noticed here
    ours.recv()
    start = perf_counter()
    with Archive.open(path, readonly=True) as archive:
        timed("search, ordinary words, while another writes", archive.search, ordinary, "below 50")
    spent = perf_counter() - start
    stop.set()
    said("pages written meanwhile", ours.recv() / spent, "/s")
    writer.join()


def main() -> None:
    """Measure and print."""
    names = ("storing", "size", "search", "facets", "page", "readers")
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--articles", type=int, default=100_000, help="of the large archive")
    arguments.add_argument(
        "--distinct", type=int, default=250_000, help="of them with texts of their own; the rest repeat those"
    )
    arguments.add_argument("--stored", type=int, default=3_000, help="articles of the storing test")
    arguments.add_argument(
        "--db", type=Path, help="make the large archive here and keep it, or use the one there"
    )
    arguments.add_argument("--only", nargs="*", choices=names, default=names)
    chosen = arguments.parse_args()
    only = set(chosen.only)
    with tempfile.TemporaryDirectory(prefix="iomscrape-") as temporary:
        folder = Path(temporary)
        invention = Invention()
        if "storing" in only:
            storing(list(invention.articles(chosen.stored)), folder)
        if only == {"storing"}:
            return
        path = chosen.db or folder / "large.db"
        if not path.exists():
            if not path.absolute().parent.is_dir():
                sys.exit(f"there is no folder {path.absolute().parent}")
            start = perf_counter()
            distinct = min(chosen.articles, chosen.distinct)
            fill(path, invention.articles(distinct), distinct)
            repeat(path, chosen.articles)
            said(
                f"filling with {chosen.articles:,} articles", chosen.articles / (perf_counter() - start), "/s"
            )
        if "size" in only:
            size(path)
        asking(path, only)
        if "readers" in only:
            readers(path)


if __name__ == "__main__":
    main()
