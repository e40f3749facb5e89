"""``iomscrape serve`` as a user starts and stops it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy
from time import sleep

import httpx
import pytest
from click.testing import CliRunner

from archive import Archive
from iomscrape.cli import main
from tests.website import program, served


@pytest.fixture
def own(db: Path, tmp_path: Path) -> Path:
    """A copy of the sample archive, alone in its folder."""
    return Path(copy(db, tmp_path / "iom.db"))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_and_stops_in_good_order(own: Path, sign: signal.Signals) -> None:
    with program("serve", "--db", own.name, "--port", "0", cwd=own.parent) as running:
        assert running.stdout
        line = running.stdout.readline()
        assert line.startswith("iom.db is at http://127.0.0.1:")
        assert line.endswith("/ (Ctrl-C ends it)\n")
        # A browser that keeps its connection open must not keep the program alive.
        with httpx.Client() as client:
            assert client.get(line.split()[3]).status_code == 200
            assert client.get(line.split()[3] + "archive/articles").status_code == 200
            running.send_signal(sign)
            rest, complaints = running.communicate(timeout=15)
    assert (running.returncode, rest, complaints) == (7, "", "")
    assert [path.name for path in own.parent.iterdir()] == ["iom.db"]


def test_a_crawl_may_write_meanwhile(own: Path) -> None:
    with served(own) as address, httpx.Client(base_url=address) as client:
        assert "3 articles" in client.get("/").text.replace("</strong>", "").replace("<strong>", "")
        with Archive.open(own, busy_seconds=0.1) as archive, archive.together():
            archive.start_run("crawl", {}, version="0.1.0")
            archive.db.conn.execute("UPDATE articles SET title = 'A Bridge Too Many' WHERE id = 1")
            assert "Bridge School Reopens" in client.get("/article/1").text
            assert "Bridge School Reopens" in client.get("/archive/articles/1").text
        assert "A Bridge Too Many" in client.get("/article/1").text
        assert "A <mark>Bridge</mark> Too Many" in client.get("/search?q=bridge").text


def test_what_other_programs_write_one_after_the_other_is_seen_by_every_thread(own: Path) -> None:
    write = (
        "import sys; from archive import Archive\n"
        "with Archive.open(sys.argv[1]) as archive, archive.together():\n"
        "    archive.db.conn.execute('UPDATE articles SET title = ? WHERE id = 1', [sys.argv[2]])"
    )
    with served(own) as address, httpx.Client(base_url=address) as client, ThreadPoolExecutor(8) as threads:
        for number in range(2):
            subprocess.run([sys.executable, "-c", write, str(own), f"Title {number}"], check=True, timeout=60)
            answers = list(threads.map(client.get, ["/article/1", "/archive/articles/1"] * 8))
            assert [f"Title {number}" in answer.text for answer in answers] == [True] * 16
            assert own.with_name("iom.db-wal").exists()


def test_no_page_keeps_the_log_of_writes_from_being_cleared(own: Path) -> None:
    """A page that left a question open would make the file beside the archive grow as long as it is served."""
    with served(own) as address, httpx.Client(base_url=address) as client, Archive.open(own) as archive:
        for path in (
            "/",
            "/search?q=bridge",
            "/article/1",
            "/article/4711",
            "/versions/1",
            "/months",
            "/people",
            "/person?name=Ada+Moreno",
            "/archive/articles",
            "/archive/articles/1",
            "/archive/articles.csv?_stream=1",
            "/archive?sql=select+*+from+versions",
        ):
            client.get(path)
            archive.start_run("crawl", {}, version="0.1.0")
            blocked, left, _ = archive.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert (blocked, left) == (0, 0), path


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--db", "none.db"], 2, "there is no archive none.db"),
        (["--port", "70000"], 2, "70000"),
        (["--host", "192.0.2.1"], 1, "Cannot listen on 192.0.2.1, port 8001"),
        (["--host", "no such host"], 1, "Cannot listen on no such host"),
    ],
)
def test_what_is_wrong_is_one_line(own: Path, arguments: list[str], code: int, words: str) -> None:
    given = arguments if "--db" in arguments else ["--db", str(own), *arguments]
    result = CliRunner().invoke(main, ["serve", *given])
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_port_that_is_taken_is_one_line(own: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--db", str(own), "--port", str(port)])
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert f"port {port}: Address already in use; choose another with --port" in result.stderr


def test_without_the_extra_it_says_what_to_install(own: Path) -> None:
    script = "import sys; sys.modules['datasette'] = None; from iomscrape.cli import main; main(prog_name='iomscrape')"
    ended = subprocess.run(
        [sys.executable, "-c", script, "serve", "--db", str(own)], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == (
        "Error: serve needs the package datasette; install it with: pip install 'iomscrape[browse]'"
    )


def test_another_version_of_the_extra_is_one_line(own: Path) -> None:
    script = "import datasette; del datasette.Forbidden; from iomscrape.cli import main; main(prog_name='iomscrape')"
    ended = subprocess.run(
        [sys.executable, "-c", script, "serve", "--db", str(own)], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("Error: serve needs another version of datasette; ")


def test_it_opens_the_browser(own: Path) -> None:
    opened = own.with_name("opened")
    browser = own.with_name("browser")
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\nsleep 5\n')
    browser.chmod(0o755)
    with program(
        "serve", "--db", str(own), "--port", "0", "--open", cwd=own.parent, env={"BROWSER": str(browser)}
    ) as running:
        assert running.stdout
        address = running.stdout.readline().split()[3]
        for _ in range(100):
            if opened.exists():
                break
            sleep(0.05)
        assert opened.read_text().strip() == address
        assert httpx.get(address).status_code == 200
        running.terminate()
        running.wait(timeout=15)


def test_listening_to_everybody_is_warned_of(own: Path) -> None:
    with program("serve", "--db", str(own), "--port", "0", "--host", "0.0.0.0", cwd=own.parent) as running:
        assert running.stdout
        assert "is at http://127.0.0.1:" in running.stdout.readline()
        running.terminate()
        _, complaints = running.communicate(timeout=15)
    assert complaints.startswith("Warning: everybody who can reach 0.0.0.0 can read this archive")
    assert "contacts included" in complaints
