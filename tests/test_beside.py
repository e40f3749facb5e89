"""The process beside the crawl: it stores what was sent to it, whatever becomes of the crawl."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from archive import Archive, warc_folder
from iomscrape.beside import Became, Beside, Pace, Place
from iomscrape.records import Capture
from spiders.unfetched import Unfetched
from tests.website import article

Item = Capture | Unfetched


def capture(slug: str, body: str | None = None) -> Capture:
    return Capture(
        url=f"https://www.iom.int/news/{slug}",
        body=(article(slug) if body is None else body).encode(),
        fetched_at=datetime.now(UTC),
        source="live",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    path = tmp_path / "iom.db"
    with Archive.open(path) as archive:
        run = archive.start_run("crawl", {}, version="0")
    return Place(path, warc_folder(path), run)


def send(
    place: Place,
    items: list[Item],
    before: Callable[[], object] = lambda: None,
    meanwhile: Callable[[int], object] = lambda _: None,
) -> tuple[list[Became], list[str]]:
    became: list[Became] = []
    troubles: list[str] = []

    async def whole() -> None:
        beside = await Beside.start(place, lambda _, one: became.append(one), troubles.append)
        before()
        for number, item in enumerate(items):
            beside.send(item)
            await beside.room()
            meanwhile(number)
        await beside.close()

    asyncio.run(whole())
    return became, troubles


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_item_is_told_of_in_its_order(place: Place, jobs: int) -> None:
    place = replace(place, jobs=jobs)
    away = Unfetched(url="https://www.iom.int/news/away", reason="dns", detail="No such host.")
    items: list[Item] = [capture(f"ferry-{n}") for n in range(60)]
    items[7:7] = [capture("nothing-on-it", ""), away]
    became, troubles = send(place, items)
    assert troubles == []
    expected = [Became("new", None)] * 60
    expected[7:7] = [Became("problem", "empty"), Became(None, "dns")]
    assert became == expected
    with Archive.open(place.db) as archive:
        assert archive.stats()["articles"] == 60
        assert archive.stats()["by_problem"] == {"dns": 1, "empty": 1}
        raw = archive.raw(1)
    assert raw is not None
    assert raw.body == article("ferry-0").encode()


def test_readers_that_are_killed_cost_nothing(place: Place) -> None:
    killed: list[int] = []

    def kill(number: int) -> None:
        end = monotonic() + 30
        while number == 40 and not killed and monotonic() < end:
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if "spawn_main" in " ".join(process.cmdline()):
                        process.kill()
                        killed.append(process.pid)

    became, troubles = send(
        replace(place, jobs=2), [capture(f"ferry-{n}") for n in range(80)], meanwhile=kill
    )
    assert troubles == []
    assert killed
    assert became == [Became("new", None)] * 80
    with Archive.open(place.db) as archive:
        assert archive.stats()["articles"] == 80


def test_storage_that_fails_is_told_once(place: Place) -> None:
    place.folder.write_text("a file where the folder should be")
    _, troubles = send(place, [capture(f"ferry-{n}") for n in range(5)])
    [trouble] = troubles
    assert str(place.folder) in trouble


CRAWL = """
import asyncio, sys
from pathlib import Path
from iomscrape.beside import Beside, Place
from tests.test_beside import capture

async def main():
    beside = await Beside.start(Place(Path(sys.argv[1]), Path(sys.argv[2]), 1), lambda *_: None, print)
    for number in range(40):
        beside.send(capture(f"ferry-{number}"))
    await beside.room()
    while beside._process.stdin.transport.get_write_buffer_size():
        await asyncio.sleep(0.01)
    print("sent", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_what_was_sent_is_stored_though_the_crawl_is_killed(place: Place, stop: signal.Signals) -> None:
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CRAWL, str(place.db), str(place.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "sent\n"
    child.send_signal(stop)
    child.wait()
    child.stdout.close()
    end = monotonic() + 60
    count = 0
    while count < 40 and monotonic() < end:
        sleep(0.05)
        connection = sqlite3.connect(place.db)
        count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        connection.close()
    assert count == 40
    with Archive.open(place.db) as archive:
        assert archive.db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert all(archive.raw(number) for number in range(1, 41))


def test_pace() -> None:
    fast, slow = Pace(1.0), Pace(1e12)
    assert [fast.is_fast() for _ in range(20)] == [False] * 19 + [True]
    assert not any(slow.is_fast() for _ in range(40))
