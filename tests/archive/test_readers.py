"""Who reads never keeps a crawl from writing, nor is kept by it; and reads one state of the archive."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from archive import Archive
from archive.database import snapshot

# A crawl in a process of its own. It waits for nobody: what keeps it from writing ends it at once.
CRAWL = """
import sys
from datetime import UTC, datetime, timedelta
from archive import Archive
from iomscrape.records import Article, Block, Capture

def page(number, day):
    url = f"https://www.iom.int/{number}"
    when = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day)
    capture = Capture(url=url, body=f"{number} {day}".encode(), fetched_at=when, source="live")
    word = "odd" if day % 2 else "even"
    article = Article(
        url=url, title=f"Page {word}", lang="en", kind="feature", design="unknown", reader_version="1",
        confidence=1.0, blocks=(Block(text=f"The word is {word} here."),), themes=(word,),
    )
    return capture, [article]

with Archive.open(sys.argv[1], busy_seconds=0.0) as archive:
    print("open", flush=True)
    for line in sys.stdin:
        command, number, day = line.split()
        if command == "store":
            for place in range(int(number)):
                archive.store(*page(place, int(day)))
        else:
            with archive.together():
                for place in range(int(number)):
                    archive.store(*page(place, int(day)))
                print("written", flush=True)
                sys.stdin.readline()
        print("done", flush=True)
"""


class Crawl:
    """The other process; ``tell`` gives it an order, ``heard`` waits for its word."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child

    def tell(self, order: str) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(order + "\n")
        self.child.stdin.flush()

    def heard(self) -> str:
        assert self.child.stdout is not None
        return self.child.stdout.readline().strip()


@contextmanager
def crawling(path: Path) -> Iterator[Crawl]:
    with subprocess.Popen(
        [sys.executable, "-c", CRAWL, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        crawl = Crawl(child)
        assert crawl.heard() == "open"
        yield crawl
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait() == 0


def ask_everything(archive: Archive) -> list[Any]:
    return [
        [hit.title for hit in archive.search("word", limit=100)],
        archive.facets("even").total,
        archive.article(1),
        [version.number for version in archive.history(1)],
        archive.as_of(1, "2026-03"),
        archive.stats()["articles"],
        archive.coverage().whole.articles,
        len(list(archive.export())),
    ]


def test_a_reader_sees_what_was_there_before_a_page_that_is_being_written(path: Path) -> None:
    with crawling(path) as crawl:
        crawl.tell("store 5 0")
        assert crawl.heard() == "done"
        with Archive.open(path, readonly=True, busy_seconds=0.0) as archive:
            before = ask_everything(archive)
            crawl.tell("together 5 1")
            assert crawl.heard() == "written"
            # Now the other program holds the lock, and what it wrote is not whole yet.
            started = monotonic()
            assert ask_everything(archive) == before
            with Archive.open(path, readonly=True, busy_seconds=0.0) as another:
                assert ask_everything(another) == before
            assert monotonic() - started < 5
            crawl.tell("")
            assert crawl.heard() == "done"
            assert archive.search("even") == []
            assert len(archive.search("odd")) == 5


def test_a_long_look_keeps_nobody_from_writing_and_stays_of_one_state(path: Path) -> None:
    with crawling(path) as crawl:
        crawl.tell("store 5 0")
        assert crawl.heard() == "done"
        with Archive.open(path, readonly=True, busy_seconds=0.0) as archive:
            records = archive.export()
            first = next(records)
            with snapshot(archive.db):
                assert len(archive.search("even")) == 5
                for day in (1, 2, 3):
                    crawl.tell(f"store 9 {day}")
                    assert crawl.heard() == "done"
                assert (len(archive.search("even")), archive.search("odd")) == (5, [])
            assert [first["title"], *(record["title"] for record in records)] == ["Page even"] * 5
            assert len(archive.search("odd")) == 9


@pytest.mark.parametrize("question", ["word", "even", "odd"])
def test_answers_are_whole_while_every_page_changes(path: Path, question: str) -> None:
    with crawling(path) as crawl:
        crawl.tell("store 20 0")
        assert crawl.heard() == "done"
        with Archive.open(path, readonly=True, busy_seconds=0.0) as archive:
            for day in range(1, 4):
                crawl.tell(f"store 20 {day}")
                for _ in range(8):
                    for hit in archive.search(question, limit=50):
                        # Title and snippet are of the wording that was found.
                        assert question == "word" or question in hit.title
                        assert question in hit.to_dict()["snippet"]
                    for version in archive.history(1)[1:]:
                        assert "title" in version.changed
                assert crawl.heard() == "done"
