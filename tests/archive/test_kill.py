"""``kill -9`` while pages are written: what was stored is there, and the archive is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive, read_capture, warc_folder

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archive import Archive, WarcWriter, warc_folder
from iomscrape.records import Article, Block, Capture, Contact

path = Path(sys.argv[1])
with Archive.open(path) as archive, WarcWriter(warc_folder(path), run="1", software="test") as warcs:
    run = archive.start_run("crawl", {"sites": ["iom.int"]}, version="0")
    for number in range(100_000):
        url = f"https://iom.int/news/{number}"
        capture = Capture(url=url, body=f"page {number} ".encode() * 500,
                          fetched_at=datetime.now(UTC), source="live")
        article = Article(url=url, title=f"Title {number}", lang="en", kind="press-release",
                          blocks=(Block(text=f"Words {number} " * 100),), design="drupal9",
                          reader_version="1", confidence=1.0, contacts=(Contact(name=f"Ada {number}"),))
        place = warcs.write(capture)
        archive.store(capture, [article], run_id=run, place=place)
        print(number, flush=True)
"""


@pytest.mark.parametrize("lines", [0, 1, 7, 60])
def test_a_kill_loses_at_most_the_page_in_flight(path: Path, lines: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    stored = [int(child.stdout.readline()) for _ in range(max(lines, 1))]
    if lines == 0:
        stored = []
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()

    with Archive.open(path) as archive:
        check = archive.db.conn.execute("PRAGMA integrity_check").fetchall()
        assert check == [("ok",)]
        archive.db.conn.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        assert archive.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        for number in stored:
            found = archive.article(f"https://iom.int/news/{number}")
            assert found is not None, f"page {number} was stored and is lost"
            assert found["contacts"][0]["name"] == f"Ada {number}"
        count = archive.stats()["articles"]
        assert len(archive.search("words", limit=10_000)) == count
        places = archive.db.conn.execute("SELECT warc_file, warc_offset, url FROM captures").fetchall()
        assert len(places) == count
        for file, offset, url in places:
            assert read_capture(warc_folder(path), file, offset).url == url
        assert archive.stats()["latest_runs"][0]["ended_at"] is None
        runs = archive.unfinished("crawl", {"sites": ["iom.int"]})
        assert {row["run_id"] for row in archive.db.query("SELECT DISTINCT run_id FROM captures")} <= runs
