"""Archives joined: as one archive that got everything, in whatever order, and twice without harm."""

from __future__ import annotations

import gzip
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archive import (
    Archive,
    ArchiveError,
    MissingArchive,
    NotAnArchive,
    Problem,
    StorageError,
    WarcWriter,
    warc_folder,
)
from archive.content import content_digest
from archive.imports import Taken
from archive.merging import merge, wants_stories
from archive.rawpages import find_raw
from iomscrape.records import Block
from tests.archive.conftest import FIRST, _article, _capture
from tests.archive.merging.plain import plain
from tests.website import ROOT

KEPT = ROOT / "tests" / "archive" / "kept"

SITES = ("https://www.iom.int/news/bridge", "https://www.iom.int/news/well", "https://tl.iom.int/news/road")
WORDS = ("The bridge is open.", "The bridge is closed again.", "Boats cross until the bridge is mended.")


@dataclass(frozen=True)
class Event:
    """One capture that one of the archives got."""

    archive: int
    site: int
    hour: int
    words: int | None
    """What the page said; None: it could not be read."""
    body: str = ""
    """Of the page; made of the words where it is left out."""


def build(path: Path, empty: Path, events: list[Event], *, run: bool = True) -> None:
    """An archive of these captures, each in a run of its site."""
    shutil.copyfile(empty, path)
    with Archive.open(path) as archive:
        number = archive.start_run("crawl", {"sites": [path.stem]}, version="1") if run else None
        for event in events:
            url = SITES[event.site]
            body = (event.body or f"{event.words}").encode()
            capture = _capture(body=body, url=url, fetched_at=FIRST + timedelta(hours=event.hour))
            if event.words is None:
                archive.store(capture, [], run_id=number, problem=Problem("no-article", "Nothing."))
            else:
                article = _article(
                    f"Words {event.words}",
                    url=url,
                    blocks=(Block(text=WORDS[event.words]),),
                )
                archive.store(capture, [article], run_id=number)
        if number is not None:
            archive.finish_run(number, outcome="done", exit_code=0, counts={"new": len(events)})


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without anything, to copy."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    Archive.open(path).close()
    return path


def joined(sources: list[Path], into: Path, empty: Path, **how: Any) -> dict[str, list[Any]]:
    for beside in into.parent.glob(f"{into.name}-*"):
        beside.unlink()
    shutil.copyfile(empty, into)
    list(merge(sources, into, **how))
    return plain(into)


@pytest.mark.parametrize("seed", range(3))
def test_joined_is_as_if_one_archive_had_got_all(empty: Path, tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    pages = [(site, hour) for site in range(len(SITES)) for hour in range(8)]
    told = [
        Event(chance.randrange(3), site, hour, chance.choice([0, 0, 1, 1, 2, None]))
        for site, hour in chance.sample(pages, 16)
    ]
    sources = [tmp_path / f"{number}.db" for number in range(3)]
    for number, source in enumerate(sources):
        build(source, empty, [event for event in told if event.archive == number])
    build(tmp_path / "undivided.db", empty, told, run=False)
    found = joined(chance.sample(sources, 3), tmp_path / "joined.db", empty)
    whole = plain(tmp_path / "undivided.db")
    for table in ("articles", "versions", "addresses", "sightings", "facets"):
        assert found[table] == whole[table], table
    # Runs, and what was new to an archive at its time, are its own; problems are noted when they are met.
    for table, same in (("captures", -2), ("problems", 2), ("frontier", -2)):
        assert [row[:same] for row in found[table]] == [row[:same] for row in whole[table]], table


@pytest.mark.parametrize("seed", range(3))
def test_any_order_gives_the_same_and_twice_is_once(empty: Path, tmp_path: Path, seed: int) -> None:
    """Also where the archives have the same captures and read them differently."""
    chance = Random(seed)
    sources = [tmp_path / f"{number}.db" for number in range(3)]
    for number, source in enumerate(sources):
        told = {
            (site, hour): Event(*(number, site, hour, chance.choice([0, 1, 2, None])), body="same")
            for site in range(2)
            for hour in chance.sample(range(4), 3)
        }
        build(source, empty, list(told.values()))
    orders = [sources, sources[::-1], [sources[number] for number in (1, 2, 0)]]
    found = [joined(order, tmp_path / f"joined{number}.db", empty) for number, order in enumerate(orders)]
    shown = {tuple(row) for source in sources for row in plain(source)["sightings"]}
    for one in found:
        # No reading is lost: what does not hold is told.
        corrected = {(row[2], row[1], content_digest(row[6])) for row in one["corrections"]}
        assert corrected >= {
            (row[0], row[1], row[3]) for row in shown - {tuple(row) for row in one["sightings"]}
        }
    for one in found[1:]:
        assert one | {"corrections": []} == found[0] | {"corrections": []}
    again = list(merge(sources, tmp_path / "joined0.db"))
    assert not any(merged.is_news for merged in again)
    assert plain(tmp_path / "joined0.db") == found[0]


def test_archives_of_every_form_are_joined_and_not_touched(tmp_path: Path) -> None:
    forms = sorted(KEPT.glob("version-*.db.gz"))
    assert len(forms) > 4
    sources = []
    for form in forms:
        source = tmp_path / f"{form.name.partition('.')[0]}.db"
        source.write_bytes(gzip.decompress(form.read_bytes()))
        sources.append(source)
    before = [source.read_bytes() for source in sources]
    merged = list(merge(sources, tmp_path / "joined.db"))
    assert [source.read_bytes() for source in sources] == before
    assert merged[0].captures == 5
    # They were made by one script: the same captures, read alike.
    assert not any(one.captures or one.articles or one.corrections for one in merged[1:])
    found = plain(tmp_path / "joined.db")
    assert len(found["articles"]) == 2
    assert len(found["versions"]) == 3


def test_what_crawls_and_imports_remember_comes_along(tmp_path: Path) -> None:
    one, other, into = tmp_path / "one.db", tmp_path / "other.db", tmp_path / "into.db"
    taken = Taken(
        path=Path("/data/pages.warc.gz"), size=5, modified=7, digest="sha256:1", kind="warc", url=None,
        pages=3, problems=0,
    )  # fmt: skip
    later = FIRST + timedelta(days=1)
    with Archive.open(one) as archive:
        archive.start_run("crawl", {}, version="1")  # was killed
        archive.queue([SITES[0], SITES[1], SITES[2]])
        archive.mark(SITES[0], "fetched", at=FIRST, status=200, etag='"old"')
        archive.note_taken(taken)
    with Archive.open(other) as archive:
        archive.mark(SITES[0], "gone", at=later, status=404)
        archive.mark(SITES[1], "fetched", at=FIRST, status=200)
        archive.record_problem("https://www.iom.int/x", Problem("timeout", "No answer."))
        archive.note_taken(replace(taken, digest="sha256:2"))
    list(merge([other, one], into))
    with Archive.open(into) as archive:
        [gone, fetched, queued] = [archive.known(url) for url in SITES]
        assert gone is not None
        assert fetched is not None
        assert queued is not None
        assert (gone.state, gone.fetched_at) == ("gone", later)
        assert (fetched.state, queued.state) == ("fetched", "queued")
        assert [entry.url for entry in archive.waiting()] == [SITES[2]]
        for digest in ("sha256:1", "sha256:2"):
            assert archive.taken_elsewhere(digest, ["warc"])
    found = plain(into)
    assert [row[3] for row in found["problems"]] == ["timeout"]
    assert [row[5] for row in found["runs"]] == [None]
    # The run ends after it was joined: its end comes the next time.
    with Archive.open(one) as archive:
        archive.finish_run(1, outcome="done", exit_code=0, counts={})
    [merged] = merge([one], into)
    assert merged.runs == 1
    assert [row[5] for row in plain(into)["runs"]] == ["done"]


def with_raw_pages(path: Path, slug: str, file: str | None = None) -> Path:
    """An archive of one page with its WARC file, under a name of one's own."""
    with Archive.open(path) as archive, WarcWriter(warc_folder(path), run="1", software="t") as writer:
        capture = _capture(body=f"<p>{slug}</p>".encode(), url=f"https://www.iom.int/news/{slug}", status=200)
        place = writer.write(capture)
        archive.store(
            capture, [_article(slug, url=capture.url)], place=replace(place, file=file or place.file)
        )
    if file:
        (warc_folder(path) / place.file).rename(warc_folder(path) / file)
    return path


def raw_of(path: Path) -> dict[str, bytes]:
    """The raw pages of all captures, found by way of the database."""
    with Archive.open(path) as archive:
        numbers = [row["id"] for row in archive.db.query("SELECT id FROM captures")]
        found = [find_raw(archive.db, number, warc_folder(path)) for number in numbers]
    return {capture.url: capture.body for capture in found if capture}


def test_raw_pages_are_linked_and_found(tmp_path: Path) -> None:
    sources = [with_raw_pages(tmp_path / f"{slug}.db", slug) for slug in ("well", "road")]
    into = tmp_path / "into.db"
    merged = list(merge(sources, into))
    assert [(one.linked, one.copied) for one in merged] == [(1, 0), (1, 0)]
    assert {url.rpartition("/")[2]: body for url, body in raw_of(into).items()} == {
        "well": b"<p>well</p>", "road": b"<p>road</p>",
    }  # fmt: skip
    for file in warc_folder(into).iterdir():
        assert file.stat().st_nlink == 2
    assert [(one.linked, one.copied, one.is_news) for one in merge(sources, into)] == [(0, 0, False)] * 2


def test_raw_pages_can_be_copied_or_left(tmp_path: Path) -> None:
    source = with_raw_pages(tmp_path / "well.db", "well")
    [merged] = merge([source], tmp_path / "copied.db", link=False)
    assert (merged.linked, merged.copied) == (0, 1)
    [file] = warc_folder(tmp_path / "copied.db").iterdir()
    assert file.stat().st_nlink == 1
    list(merge([source], tmp_path / "without.db", without_raw_pages=True))
    assert not warc_folder(tmp_path / "without.db").exists()
    assert plain(tmp_path / "without.db") == plain(tmp_path / "copied.db")


def test_two_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    sources = [
        with_raw_pages(tmp_path / f"{slug}.db", slug, "pages.warc.gz") for slug in ("well", "road", "river")
    ]
    # A copy of the second archive, as of a backup: its file is the one that is there.
    shutil.copytree(warc_folder(sources[1]), warc_folder(tmp_path / "copy.db"))
    shutil.copyfile(sources[1], tmp_path / "copy.db")
    into = tmp_path / "into.db"
    list(merge([*sources, tmp_path / "copy.db"], into))
    assert len(list(warc_folder(into).iterdir())) == 3
    assert sorted(raw_of(into).values()) == [b"<p>river</p>", b"<p>road</p>", b"<p>well</p>"]
    before = plain(into)
    assert not any(one.is_news for one in merge(sources[::-1], into))
    assert plain(into) == before


def test_a_file_that_has_grown_is_brought_again(tmp_path: Path) -> None:
    source, into = tmp_path / "well.db", tmp_path / "into.db"
    with Archive.open(source) as archive, WarcWriter(warc_folder(source), run="1", software="t") as writer:
        for number in range(2):
            capture = _capture(body=b"%d" % number, url=f"https://www.iom.int/news/{number}", status=200)
            archive.store(capture, [_article(url=capture.url)], place=writer.write(capture))
            [merged] = merge([source], into, link=False)
            assert (merged.captures, merged.copied) == (1, 1)
    assert len(raw_of(into)) == 2


@pytest.mark.parametrize("case", ["itself", "no archive", "another's", "raw pages gone", "outside"])
def test_what_cannot_be_joined_is_told_before_anything_is_written(tmp_path: Path, case: str) -> None:
    good, into = with_raw_pages(tmp_path / "good.db", "well"), tmp_path / "into.db"
    bad, error = tmp_path / "bad.db", ArchiveError
    if case == "itself":
        bad = into = with_raw_pages(tmp_path / "into.db", "road")
    elif case == "no archive":
        error = MissingArchive
    elif case == "another's":
        error = NotAnArchive
        with closing(sqlite3.connect(bad)) as conn:
            conn.execute("CREATE TABLE theirs (id)")
    else:
        error = StorageError
        with_raw_pages(bad, "road")
        if case == "raw pages gone":
            shutil.rmtree(warc_folder(bad))
        else:
            with closing(sqlite3.connect(bad)) as conn, conn:
                conn.execute("UPDATE captures SET warc_file = '../good-warc/x'")
    before = into.read_bytes() if into.exists() else None
    with pytest.raises(error):
        list(merge([good, bad], into))
    assert (into.read_bytes() if into.exists() else None) == before


_KILLED = """
import os, signal, sys
from pathlib import Path
from archive.merging import merge, work
last = work.join_frontier
def join_frontier(db, source, captures):
    done = last(db, source, captures)
    if source.conn.execute("SELECT 1 FROM articles WHERE title = 'road'").fetchone():
        os.kill(os.getpid(), signal.SIGKILL)
    return done
work.join_frontier = join_frontier
list(merge([Path(name) for name in sys.argv[2:]], Path(sys.argv[1])))
"""


def test_after_a_kill_each_source_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    sources = [with_raw_pages(tmp_path / f"{slug}.db", slug) for slug in ("well", "road", "river")]
    killed, whole = tmp_path / "killed.db", tmp_path / "whole.db"
    code = subprocess.run([sys.executable, "-c", _KILLED, killed, *sources], cwd=ROOT, check=False).returncode
    assert code == -signal.SIGKILL
    list(merge(sources[:1], whole))
    assert plain(killed) == plain(whole)
    list(merge(sources, killed))
    list(merge(sources, whole))
    assert plain(killed) == plain(whole)
    assert len(raw_of(killed)) == 3


def test_stories_are_wanted_where_a_source_has_some(tmp_path: Path, empty: Path) -> None:
    events = [Event(0, site, 0, 1) for site in range(3)]
    for number, source in enumerate((tmp_path / "one.db", tmp_path / "other.db")):
        build(source, empty, events[number : number + 2])
    with Archive.open(tmp_path / "one.db") as archive:
        archive.build_stories()
    list(merge([tmp_path / "other.db"], tmp_path / "into.db"))
    with Archive.open(tmp_path / "into.db") as archive:
        assert not wants_stories(archive.db)
    list(merge([tmp_path / "one.db"], tmp_path / "into.db"))
    with Archive.open(tmp_path / "into.db") as archive:
        assert wants_stories(archive.db)
        assert archive.build_stories().compared == 3
