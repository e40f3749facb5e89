"""``iomscrape wayback`` against a real pywb that replays WARC files made of the sample sites."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from archive.captures import WarcWriter
from archive.rawpages import read_capture
from iomscrape.demo.pages import Site
from iomscrape.demo.server import NAMES, SampleSites
from iomscrape.demo.site import Answers
from iomscrape.demo.stories import load
from iomscrape.records import Capture
from tests.website import Ended, program, run

WELLS = "cleaned-wells-bring-families-back-mannar-villages"
RADIO = "radio-classroom-opens-displaced-teenagers-putumayo"
FERRY = "ferry-carries-1150-bicycles-home-across-lake-tanganyika"
LOST = "widowed-carpenters-teach-new-trade-aceh-besar"
MALIANA = "grandmothers-correct-flood-map-maliana"
QUICK = (
    *("--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=False"),
    *("-s", "IOMSCRAPE_CDX_PER_MINUTE=6000", "-s", "IOMSCRAPE_BACKOFF=0.05"),
)

EARLIER = """
The first six wells of the district have been emptied by hand, and the seventh will be emptied on Monday if the rope holds.

People who watched say that the water was brown for an hour and then clear. Nobody has drunk of it yet.
"""
LATER = """
Ninety wells of the district are open, and the men who emptied them have asked for a second pump and for longer ropes.

People who watched say that the water is clear. The first families have drunk of it and have stayed the night.
"""


@dataclass(frozen=True)
class Kept:
    """What pywb replays, and the living sites that it was made of."""

    server: str
    sites: SampleSites
    wells: str
    """The address of a story that was kept four times, in two texts, neither of them today's."""
    log: Path

    def asked(self, sign: str = "id_/") -> int:
        return self.log.read_text().count(sign)


def wayback_program(name: str) -> str:
    beside = Path(sys.prefix) / "pywb" / "bin" / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip("pywb is not installed; `make .venv/pywb/ready` does it")
    return found


def state(base: str, **edits: str) -> Answers:
    answers = Answers(Site("headquarters", base, NAMES["headquarters"], load("headquarters")))
    for slug, body in edits.items():
        answers.edit(slug.replace("_", "-"), body=body)
    return answers


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T10:30:05+00:00").astimezone(UTC)


def kept(answers: Answers, path: str, when: str, *, packed: bool = False) -> Capture:
    answer = answers.answer(path, {})
    wire = gzip.compress(answer.body) if packed else None
    coding = {"Content-Encoding": "gzip"} if packed else {}
    headers = tuple({**answer.headers, **coding}.items())
    url = answers.site.base + path
    return Capture(
        url=url,
        body=answer.body,
        fetched_at=day(when),
        source="live",
        status=answer.status,
        headers=headers,
        wire=wire,
    )


def write(folder: Path, name: str, captures: list[Capture]) -> Path:
    with WarcWriter(folder / name, run=name, software="tests") as writer:
        places = [writer.write(capture) for capture in captures]
    return folder / name / places[0].file


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """pywb with a collection; the sites are up, too."""
    wayback, manager = wayback_program("wayback"), wayback_program("wb-manager")
    folder = tmp_path_factory.mktemp("pywb")
    with SampleSites() as sites:
        base, office = sites.headquarters, Answers(sites.site("office"))
        first, second = (
            state(base, **{WELLS.replace("-", "_"): EARLIER}),
            state(base, **{WELLS.replace("-", "_"): LATER}),
        )
        today = state(base)
        wells = f"/news/{WELLS}"
        captures = [
            kept(first, wells, "2003-10-01"),
            kept(first, wells, "2003-11-01"),  # the same bytes: no version of its own
            kept(second, wells, "2005-02-01"),
            kept(first, wells, "2007-02-01"),  # somebody took the change back
            kept(today, f"/es/news/{load('headquarters')[-1].texts['es'].slug}", "2005-02-02"),
            kept(today, f"/news/{RADIO}", "2005-03-01", packed=True),
            kept(today, f"/news/{FERRY}", "2008-03-01"),
            kept(today, "/news", "2008-03-01"),
            kept(today, "/news/never-was-there", "2008-03-01"),
            kept(office, f"/news/{MALIANA}", "2025-11-01"),
        ]
        lost = [kept(today, f"/news/{LOST}", "2006-03-01")]
        files = [write(folder, "held", captures), write(folder, "lost", lost)]
        for arguments in (["init", "iom"], ["add", "iom", *map(str, files)]):
            subprocess.run([manager, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)
        (folder / "collections/iom/archive" / files[1].name).unlink()  # listed, and gone
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        log = folder / "log.txt"
        with log.open("wb") as out:
            running = subprocess.Popen(
                [wayback, "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=out, stderr=out
            )
        try:
            server = f"http://127.0.0.1:{port}"
            wait_for(server, running)
            yield Kept(f"{server}/iom", sites, base + wells, log)
        finally:
            running.terminate()
            running.wait(10)


def wait_for(server: str, running: subprocess.Popen[bytes]) -> None:
    until = monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(server, timeout=5):
                return
        except OSError:
            assert running.poll() is None, "pywb ended"
            assert monotonic() < until, "pywb does not answer"
            sleep(0.1)


@dataclass(frozen=True)
class Walked:
    """A run over the whole site that is over, for many tests to look at."""

    folder: Path
    ended: Ended


@pytest.fixture(scope="module")
def walked(archive: Kept, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    folder = tmp_path_factory.mktemp("walked")
    return Walked(folder, ask(archive, folder, archive.sites.headquarters, "--from", "2002", "--json"))


def ask(archive: Kept, folder: Path, *arguments: str) -> Ended:
    """``iomscrape wayback`` without pauses."""
    return run("wayback", "--server", archive.server, *QUICK, *arguments, cwd=folder)


def rows(folder: Path, query: str, db: str = "iom.db") -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / db)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:  # the tables are just being made
        return []
    finally:
        connection.close()


CAPTURES = "SELECT url, fetched_at, source, status, origin, digest FROM captures ORDER BY url, fetched_at"
VERSIONS = (
    "SELECT substr(versions.first_seen, 1, 10), substr(versions.text, 1, 20) FROM versions "
    f"JOIN articles ON articles.id = article_id WHERE articles.url LIKE '%{WELLS}' ORDER BY number"
)


def test_a_whole_site(walked: Walked, archive: Kept) -> None:
    assert walked.ended.code == 0, walked.ended.err
    said = json.loads(walked.ended.out)
    assert (said["addresses"], said["listed"], said["fetched"], said["gaps"]) == (5, 8, 6, 1)
    assert (said["new"], said["changed"], said["problem_reasons"]) == (4, 2, {"http-503": 1})
    assert said["years_without_captures"] == 2
    assert any(remark.endswith("in 2002, 2004.") for remark in said["remarks"])
    [(command, counts, outcome)] = rows(walked.folder, "SELECT command, counts, outcome FROM runs")
    assert (command, outcome) == ("wayback", "done")
    assert json.loads(counts)["gaps"] == 1

    found = [row for row in rows(walked.folder, CAPTURES) if row[0] == archive.wells]
    assert [row[1] for row in found] == [
        "2003-10-01T10:30:05+00:00",
        "2005-02-01T10:30:05+00:00",
        "2007-02-01T10:30:05+00:00",
    ]
    assert {row[2:4] for row in found} == {("wayback", 200)}
    assert found[0][4] == f"{archive.server}/20031001103005id_/{archive.wells}"
    assert [start for start, _ in rows(walked.folder, VERSIONS)] == ["2003-10-01", "2005-02-01", "2007-02-01"]
    [(url,)] = rows(walked.folder, "SELECT url FROM problems")
    assert url.endswith(f"/20060301103005id_/{archive.sites.headquarters}/news/{LOST}")


def test_original_bytes_and_headers(walked: Walked, archive: Kept) -> None:
    [(file, offset)] = rows(
        walked.folder, f"SELECT warc_file, warc_offset FROM captures WHERE url LIKE '%{RADIO}'"
    )
    capture = read_capture(walked.folder / "iom-warc", file, offset)
    sent = state(archive.sites.headquarters).answer(f"/news/{RADIO}", {})
    assert capture.body == sent.body
    headers = {name.lower(): value for name, value in capture.headers}
    for name in ("ETag", "Last-Modified", "Content-Type", "X-Generator"):
        assert headers[name.lower()] == sent.headers[name]
    assert not {name for name in headers if "archive" in name or name in ("memento-datetime", "link")}


def test_with_scrapys_own_command(walked: Walked, archive: Kept, tmp_path: Path) -> None:
    arguments = [f"url={archive.sites.headquarters}", "from=2002", f"server={archive.server}"]
    given = [part for argument in arguments for part in ("-a", argument)]
    given += [*QUICK[2:], "-s", "DOWNLOAD_DELAY=0"]
    start = "import sys; from scrapy.cmdline import execute; execute(sys.argv)"
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", start, "crawl", "wayback", *given],
        cwd=tmp_path,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "iomscrape.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    for query in (CAPTURES, VERSIONS, "SELECT command, arguments FROM runs"):
        assert rows(tmp_path, query) == rows(walked.folder, query)


def test_dry_run_and_second_run_fetch_nothing_that_is_there(archive: Kept, tmp_path: Path) -> None:
    assert ask(archive, tmp_path, archive.wells, "--limit", "2").code == 0
    assert len(rows(tmp_path, CAPTURES)) == 2
    asked, there = archive.asked(), rows(tmp_path, CAPTURES)
    dry = json.loads(ask(archive, tmp_path, archive.sites.headquarters, "--dry-run", "--json").out)
    assert dry["host"] in archive.server
    assert (dry["chosen"], dry["in_archive"], dry["to_fetch"]) == (7, 2, 5)
    again = ask(archive, tmp_path, archive.wells, "--to", "2005", "--json")
    assert again.code == 0
    assert json.loads(again.out)["skipped"] == 2
    assert archive.asked() == asked
    assert rows(tmp_path, CAPTURES) == there
    assert len(rows(tmp_path, "SELECT 1 FROM runs")) == 2  # a dry run is none


@pytest.mark.parametrize(
    ("options", "days"),
    [
        (["--latest"], ["2007-02-01"]),
        (["--per", "month", "--from", "2003-10-02", "--to", "2005-02-01"], ["2003-11-01", "2005-02-01"]),
    ],
)
def test_choices(archive: Kept, tmp_path: Path, options: list[str], days: list[str]) -> None:
    assert ask(archive, tmp_path, archive.wells, *options).code == 0
    assert [row[1][:10] for row in rows(tmp_path, CAPTURES)] == days


def test_live_and_kept_are_versions_of_one_article_in_either_order(archive: Kept, tmp_path: Path) -> None:
    live = ("crawl", archive.wells, "--max-pages", "1", "--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=False")
    assert run(*live, "--db", "live-first.db", cwd=tmp_path).code == 0
    assert ask(archive, tmp_path, archive.wells, "--db", "live-first.db").code == 0
    assert ask(archive, tmp_path, archive.wells, "--db", "kept-first.db").code == 0
    assert run(*live, "--db", "kept-first.db", cwd=tmp_path).code == 0
    found = [rows(tmp_path, VERSIONS, db) for db in ("live-first.db", "kept-first.db")]
    today = datetime.now(UTC).date().isoformat()
    assert found[0] == found[1]
    assert [start for start, _ in found[0]] == ["2003-10-01", "2005-02-01", "2007-02-01", today]
    assert [text[:5] for _, text in found[0]] == ["The f", "Ninet", "The f", "Well-"]
    for db in ("live-first.db", "kept-first.db"):
        [(number, text)] = rows(
            tmp_path, f"SELECT count(*), text FROM articles WHERE url LIKE '%{WELLS}'", db
        )
        assert (number, text[:5]) == (1, "Well-")
        sources = rows(tmp_path, "SELECT source FROM captures ORDER BY fetched_at", db)
        assert sources == [("wayback",)] * 3 + [("live",)]


def test_killed_and_resumed(archive: Kept, tmp_path: Path) -> None:
    slow = ("wayback", archive.sites.headquarters, "--server", archive.server, *QUICK[2:], "--delay", "0.4")
    with program(*slow, cwd=tmp_path) as running:
        until = monotonic() + 30
        while monotonic() < until:
            sleep(0.05)
            if (tmp_path / "iom.db").exists() and len(rows(tmp_path, "SELECT 1 FROM captures")) >= 2:
                break
        running.kill()
        running.wait()
    there = len(rows(tmp_path, "SELECT 1 FROM captures"))
    assert 2 <= there < 6
    before = archive.asked()
    ended = ask(archive, tmp_path, archive.sites.headquarters, "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["skipped"] == there
    assert len(rows(tmp_path, "SELECT 1 FROM captures")) == 6
    # One more is listed and gone: pywb answers 503, so it is asked for again.
    assert archive.asked() - before == 6 - there + 3


def test_targets_with_and_without_captures(archive: Kept, tmp_path: Path) -> None:
    office = archive.sites.office
    assert ask(archive, tmp_path, f"{office}/news", f"{office}/en").code == 4
    assert [row[0] for row in rows(tmp_path, CAPTURES)] == [f"{office}/news/{MALIANA}"]
    assert rows(tmp_path, "SELECT url, reason FROM problems") == [(f"{office}/en", "no-captures")]


def test_collection_that_is_not_there(archive: Kept, tmp_path: Path) -> None:
    ended = ask(archive, tmp_path, archive.wells, "--server", archive.server.replace("/iom", "/none"))
    assert ended.code == 3
    assert "Traceback" not in ended.err
