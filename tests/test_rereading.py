"""From WARC files to corrected rows: in one process or several, all of it or nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Problem, WarcWriter
from archive.prepared import Prepared, prepare
from archive.recaptures import Choice, Page
from iomscrape import rereading
from iomscrape.intake import Intake, read
from iomscrape.records import Article, Capture
from iomscrape.rereading import Reading, Rereading
from iomscrape.workers import Workers
from tests.website import article

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
SLUGS = [f"harbour-meeting-{number}" for number in range(6)]


def misread(capture: Capture) -> Prepared:
    """What a reader of an earlier version might have made of it."""
    return prepare(capture, *misreading(capture))


def misreading(capture: Capture) -> tuple[list[Article], Problem | None]:
    articles, problem = read(capture)
    earlier = [
        replace(said, title=f"{said.title} | IOM", blocks=said.blocks[:-1], reader_version="0")
        for said in articles
    ]
    return earlier, problem


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Six pages as an earlier reader read them, one of them twice, and one that is no article."""
    path = tmp_path / "iom.db"
    captures = [
        Capture(
            url=f"https://www.iom.int/news/{slug}",
            body=article(slug).encode(),
            fetched_at=NOON + timedelta(hours=number),
            source="wayback",
            headers=(("Content-Type", "text/html; charset=utf-8"),),
        )
        for number, slug in enumerate(SLUGS)
    ]
    captures.append(replace(captures[0], fetched_at=NOON + timedelta(days=1)))
    captures.append(replace(captures[0], url="https://www.iom.int/empty", body=b""))
    with Archive.open(path) as archive, WarcWriter(tmp_path / "iom-warc", run="1", software="tests") as warcs:
        Intake(archive, warcs).store([misread(capture) for capture in captures])
    return path


def dump(path: Path) -> list[str]:
    conn = sqlite3.connect(path)
    lines = [line for line in conn.iterdump() if '"runs"' not in line]
    conn.close()
    return lines


def titles(archive: Archive) -> list[str]:
    return [
        title
        for (title,) in archive.db.conn.execute("SELECT title FROM versions ORDER BY article_id, number")
    ]


@pytest.fixture
def again(db: Path) -> Iterator[Rereading]:
    with Archive.open(db) as archive, Rereading(archive, db.with_name("iom-warc")) as rereading:
        yield rereading


def test_records_become_todays(again: Rereading) -> None:
    assert all(title.endswith(" | IOM") for title in titles(again.archive))
    again.compare(Choice())
    assert all(title.endswith(" | IOM") for title in titles(again.archive)), "comparing stores nothing"
    assert again.tally.captures == {"changed": 7, "unread": 1}
    assert again.tally.fields == {"title": 7, "blocks": 7}
    again.store(again.archive.start_run("reread", {}, version="0"))
    assert len(titles(again.archive)) == len(SLUGS)
    assert not [title for title in titles(again.archive) if title.endswith(" | IOM")]
    with Rereading(again.archive, again.folder) as once_more:
        once_more.compare(Choice())
        assert once_more.tally.captures == {"same": 7, "unread": 1}


def test_processes_find_the_same(db: Path) -> None:
    found: list[Any] = []
    for jobs in (1, 2):
        with Archive.open(db) as archive, Rereading(archive, db.with_name("iom-warc"), jobs=jobs) as again:
            changes: list[Any] = []
            again.on_change = changes.append
            again.compare(Choice())
            found.append((changes, again.tally))
    assert found[0] == found[1]


def test_processes_that_are_killed_cost_nothing(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "TOGETHER", 1)
    killed: list[int | None] = []

    def kill(_: Any) -> None:
        for victim in [] if killed else multiprocessing.active_children():
            victim.kill()
            victim.join()
            killed.append(victim.pid)

    with Archive.open(db) as archive, Rereading(archive, db.with_name("iom-warc"), jobs=2) as again:
        again.on_change = kill
        again.compare(Choice())
        assert again.tally.captures == {"changed": 7, "unread": 1}
    assert killed


def tells_and_dies(pages: list[Page]) -> Iterator[list[Reading]]:
    """A reader that is killed between its last word and its end."""
    yield [Reading(number) for page in pages for number, _ in page.captures]
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_was_told_before_a_death_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent))  # where the process finds what it does
    pages = [Page("a.warc.gz", number, "", ((number, "https://www.iom.int/"),)) for number in range(3)]
    with Workers(1, tells_and_dies) as workers:
        came = list(rereading._what_came(workers, workers.start(pages)))
    assert came == [Reading(number) for number in range(3)]


def dies_now_and_then(pages: list[Page]) -> Iterator[list[Reading]]:
    """A reader that is killed twice: at all pages together, and again at one of them."""
    mark = Path(pages[0].digest, str(len(pages)))
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    yield [Reading(number) for page in pages for number, _ in page.captures]


def test_a_page_at_which_a_reader_dies_once_is_read_by_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent))
    pages = [
        Page("a.warc.gz", number, str(tmp_path), ((number, "https://www.iom.int/"),)) for number in range(3)
    ]
    with Workers(1, dies_now_and_then) as workers:
        came = list(rereading._what_came(workers, workers.start(pages)))
    assert came == [Reading(number) for number in range(3)]
    assert {path.name for path in tmp_path.iterdir()} == {"3", "1"}


def test_what_has_no_raw_page_is_left_alone(again: Rereading) -> None:
    [file] = again.folder.iterdir()
    whole = file.read_bytes()
    third, fourth = (
        offset
        for (offset,) in again.archive.db.conn.execute(
            "SELECT warc_offset FROM captures WHERE id IN (3, 4) ORDER BY id"
        )
    )
    # The fourth page's record takes the third one's place: whole, but another page.
    file.write_bytes(whole[:third] + whole[fourth:])
    lost: dict[int, str] = {}
    again.on_lost = lost.__setitem__
    again.compare(Choice())
    assert "holds another page" in lost[3]
    file.unlink()
    with Rereading(again.archive, again.folder) as later:
        later.compare(Choice())
        assert later.tally.captures == {"lost": 8}
        assert later.waiting == 0


_KILLED = """
import os, sys
from pathlib import Path
from archive import Archive
from archive.recaptures import Choice
from iomscrape.rereading import Rereading

if __name__ == "__main__":
    db = Path(sys.argv[1])
    with Archive.open(db) as archive, Rereading(archive, db.with_name("iom-warc")) as again:
        again.compare(Choice())
        stored = []
        again.watch = lambda: stored.append(1) or len(stored) < 4 or os._exit(9)
        again.store(archive.start_run("reread", {}, version="0"))
"""


def test_a_kill_leaves_the_old_state_whole(db: Path) -> None:
    before = dump(db)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(db)], check=False)
    assert killed.returncode == 9
    assert dump(db) == before
    conn = sqlite3.connect(db)
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()


def test_a_crawl_may_write_meanwhile(again: Rereading, db: Path, tmp_path: Path) -> None:
    again.compare(Choice())
    came = Capture(
        url=f"https://www.iom.int/news/{SLUGS[1]}",
        body=article(SLUGS[1]).encode(),
        fetched_at=NOON + timedelta(days=9),
        source="wayback",
    )
    with Archive.open(db) as other, WarcWriter(tmp_path / "iom-warc", run="2", software="tests") as warcs:
        assert Intake(other, warcs).take(came).outcome == "changed"
    again.store(again.archive.start_run("reread", {}, version="0"))
    record = again.archive.article(came.url)
    assert record is not None
    assert len(record["versions"]) == 1, "today's reader says the same of both captures"
