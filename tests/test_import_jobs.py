"""An import by several processes: the same archive as by one, also where some of them are killed."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

import pytest

from archive import Archive, WarcWriter
from iomscrape.filework import FileWork, Told
from iomscrape.importing import Import, sources
from iomscrape.importtally import Tally
from iomscrape.records import Capture
from iomscrape.workerprocess import SAID
from iomscrape.workers import Workers
from spiders.files import Source
from spiders.passed import Item
from tests.spiders.warcfiles import SITE, answer, packed, page, page_record, record, sha1, wacz
from tests.website import article

PART = 10_000
TABLES = (
    "articles", "captures", "earlier_versions", "sightings", "problems", "imports", "contacts", "emails", "phones",
    "links", "themes", "repairs", "other_addresses", "translations",
)  # fmt: skip
TIMES = {"problems": "at", "imports": "finished_at"}


def revisit(number: int, day: int) -> bytes:
    url, body = page(number)
    digest = sha1(body)
    at = f"2014-05-{day:02}T00:00:00Z"
    return record("revisit", url, answer(b""), WARC_Payload_Digest=digest, WARC_Date=at)


@pytest.fixture(autouse=True)
def place_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the processes find the classes of this file."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Of all that can be imported, some of it damaged, some of it twice."""
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    records = [packed([page_record(number)]) for number in range(75)]
    records[40] = records[40][:60] + b"\0\0\0" + records[40][63:]
    # The same bytes a day later: a revisit of ours; in another file, and beside each other.
    again = [page_record(number, WARC_Date="2013-01-01T00:00:00Z") for number in range(20)]
    Path("large.warc.gz").write_bytes(
        packed([revisit(number, 3) for number in range(5)]) + b"".join(records) + packed(again)
    )
    Path("holds-another.warc.gz").write_bytes(
        gzip.compress(record("response", f"{SITE}/file.warc.gz", answer(b"".join(records[:20]))), 0)
        + b"".join(records[65:75])
    )
    Path("plain.warc").write_bytes(b"".join(page_record(number) for number in range(60, 90)))
    Path("whole.warc.gz").write_bytes(gzip.compress(b"".join(page_record(n) for n in range(85, 105))))
    Path("copy.warc").write_bytes(Path("plain.warc").read_bytes())
    Path("broken.warc.gz").write_bytes(b"\x1f\x8b\x08broken")
    Path("saved").mkdir()
    for number in range(12):
        Path(f"saved/page-{number}.html").write_text(article(f"saved-page-{number % 9}"), encoding="utf-8")
    Path("saved/empty.html").touch()
    lines = [{"url": f"{SITE}/line-{number}", "html": article(f"line-{number}")} for number in range(20)]
    Path("dump.jsonl").write_text("\n".join(json.dumps(line) for line in lines) + "\nno JSON\n")
    wacz(Path("a.wacz"), {"archive/a.warc.gz": packed([revisit(200, 4), page_record(200), page_record(3)])})
    monkeypatch.chdir(tmp_path)
    return [Path("in")]


def bring(
    name: str,
    paths: list[Path],
    jobs: int,
    *,
    then: Callable[[Import], None] = lambda _: None,
    work: FileWork | None = None,
) -> Tally:
    with (
        Archive.open(f"{name}.db") as archive,
        WarcWriter(Path(f"{name}-warc"), run="1", software="t") as raw,
        Import(archive, raw, archive.start_run("import", {}, version="1"), jobs=jobs, part_size=PART) as bringing,
    ):  # fmt: skip
        if work is not None:
            bringing._workers.close()
            bringing._workers = Workers(jobs, work)
        bringing.watch = lambda: then(bringing)
        found = sources(paths)
        bringing.take_all([item for item in found if isinstance(item, Source)])
        for item in found:
            if not isinstance(item, Source):
                bringing.note(item)
        bringing.end()
        return bringing.tally


def rows(name: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row; without times of the clock, and places in WARC files from the first record on."""
    with sqlite3.connect(f"{name}.db") as conn:
        [(first,)] = conn.execute("SELECT min(warc_offset) FROM captures").fetchall()
        found = {}
        for table in TABLES:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
            left_out = {TIMES.get(table), "warc_file"}
            shown = ", ".join(
                f"warc_offset - {first}" if column == "warc_offset" else column
                for column in columns
                if column not in left_out
            )
            found[table] = conn.execute(f"SELECT {shown} FROM {table}").fetchall()
    conn.close()
    return found


def raw_pages(name: str) -> bytes:
    """All WARC records but the first, which tells of the file itself."""
    data = b"".join(path.read_bytes() for path in sorted(Path(f"{name}-warc").iterdir()))
    first = zlib.decompressobj(wbits=31)
    first.decompress(data)
    return first.unused_data


def test_any_number_of_processes_makes_the_same_archive(files: list[Path]) -> None:
    one, three = bring("one", files, 1), bring("three", files, 3)
    assert one.counts() == three.counts()
    assert (one.problems, one.apart) == (three.problems, three.apart)
    assert one.pages["new"] > 110
    assert one.files_known == 1, "plain.warc, of which copy.warc is a copy"
    alone, together = rows("one"), rows("three")
    for table in TABLES:
        assert alone[table] == together[table], table
    assert len(alone["captures"]) > 130
    assert raw_pages("one") == raw_pages("three")
    with sqlite3.connect("one.db") as conn:
        assert conn.execute("SELECT count(*) FROM captures WHERE revisit").fetchone()[0] >= 20
    conn.close()
    # And once more, which finds everything in place.
    again = bring("three", files, 2)
    assert again.pages.total() == again.pages["known"]
    assert rows("three")["captures"] == together["captures"]

    # And where processes are killed on the way, nothing is lost.
    killed: list[int] = []

    def kill(bringing: Import) -> None:
        workers = bringing._workers
        assert isinstance(workers, Workers)
        at = bringing.tally.files + len(bringing._batch)
        if len(killed) < 3 and at > 20 * len(killed) and workers._workers:
            victim = workers._workers[len(killed) % len(workers._workers)].process
            if victim.pid is not None and victim.pid not in killed:
                os.kill(victim.pid, signal.SIGKILL)
                killed.append(victim.pid)

    bring("killed", files, 2, then=kill)
    assert len(killed) == 3
    assert rows("killed") == alone
    assert raw_pages("killed") == raw_pages("one")


class Deadly(FileWork):
    """Dies of one page, as of one that takes all the memory."""

    def told(self, item: Item) -> Told:
        if isinstance(item, Capture) and item.url.endswith(("harbour-meeting-50", "saved-page-4")):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().told(item)


def test_a_page_that_kills_its_reader_is_told_and_left_out(files: list[Path]) -> None:
    found = bring("deadly", [files[0] / "large.warc.gz", files[0] / "plain.warc"], 2, work=Deadly(None))
    bring("one", [files[0] / "large.warc.gz", files[0] / "plain.warc"], 1)
    assert found.problems["reader-killed"] == 1
    dead, whole = rows("deadly"), rows("one")
    urls = {row[1] for row in whole["captures"]}
    assert urls - {row[1] for row in dead["captures"]} == {f"{SITE}/harbour-meeting-50"}
    [(place,)] = [(row[1],) for row in dead["problems"] if "reader-killed" in row]
    assert place.startswith("in/large.warc.gz:")
    # The file is tried again the next time, and gives what was missing.
    assert len(dead["imports"]) == 1
    after = bring("deadly", [files[0] / "large.warc.gz", files[0] / "plain.warc"], 2)
    assert after.pages["new"] == 1
    assert {row[1] for row in rows("deadly")["captures"]} == urls


class Unlucky(FileWork):
    """Dies of three pages, each time of another one, as where something else takes the memory."""

    def told(self, item: Item) -> Told:
        if isinstance(item, Capture) and item.url.endswith(("harbour-meeting-61", "-70", "-71")):
            with contextlib.suppress(FileExistsError):
                Path("died-of-" + item.url.rpartition("/")[2]).touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
        return super().told(item)


def test_who_dies_of_a_page_only_once_costs_nothing(files: list[Path]) -> None:
    found = bring("unlucky", [files[0] / "plain.warc"], 2, work=Unlucky(None))
    bring("one", [files[0] / "plain.warc"], 1)
    assert len(list(Path().glob("died-of-*"))) == 3
    assert not found.problems["reader-killed"]
    assert rows("unlucky") == rows("one")


def test_workers_do_not_run_away() -> None:
    with Workers[int, bytes](2, Large(), room=1_000_000) as workers:
        jobs = [workers.start(number) for number in range(4)]
        first = workers.messages(jobs[0])
        assert next(first)[:1] == b"\0"
        # Whoever waits for the first one lets the others go on no further than there is room.
        for _ in first:
            assert workers._waiting_bytes < 1_000_000 + 2 * Large.SIZE
        assert [sum(1 for _ in workers.messages(job)) for job in jobs[1:]] == [200, 200, 200]


class Large:
    """Tells much more than there is room for."""

    SIZE = 50_000

    def __call__(self, task: int) -> Iterator[bytes]:
        for _ in range(200):
            yield bytes([task]) * self.SIZE


class Step(NamedTuple):
    """A task."""

    folder: Path
    is_careful: bool


class Stepping:
    """Leaves a file when it begins to make a message; they are too large for a pipe."""

    def __call__(self, task: Step) -> Iterator[bytes]:
        for number in range(SAID + 5):
            (task.folder / str(number)).touch()
            yield bytes([number]) * 2_000_000


@pytest.mark.parametrize(("is_careful", "made"), [(True, 1), (False, SAID + 2)])
def test_workers_go_on_a_little_while_nobody_listens(is_careful: bool, made: int, tmp_path: Path) -> None:
    with Workers[Step, bytes](1, Stepping()) as workers:
        job = workers.start(Step(tmp_path, is_careful))
        until = monotonic() + 60
        while len(list(tmp_path.iterdir())) < made and monotonic() < until:
            sleep(0.01)
        sleep(0.3)
        assert sorted(path.name for path in tmp_path.iterdir()) == [str(number) for number in range(made)]
        assert [message[0] for message in workers.messages(job)] == list(range(SAID + 5))


class Failing:
    """Raises what nobody foresaw."""

    def __call__(self, task: int) -> Iterator[int]:
        yield task
        raise ZeroDivisionError("task by zero")


def test_an_error_in_a_worker_is_raised_here() -> None:
    with Workers[int, int](1, Failing()) as workers:
        told = workers.messages(workers.start(7))
        assert next(told) == 7
        with pytest.raises(ZeroDivisionError, match="task by zero"):
            next(told)
