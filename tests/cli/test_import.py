"""``iomscrape import``."""

from __future__ import annotations

import gzip
import json
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive import Archive, WarcWriter
from archive.rawpages import read_capture
from iomscrape import importing
from iomscrape.cli import main
from iomscrape.importing import Import, sources
from iomscrape.version import __version__
from spiders.files import Source
from tests.spiders.warcfiles import SITE, answer, packed, page, page_record, record, sha1, wacz
from tests.website import Ended, article, program

KEPT = ("articles", "captures", "versions", "sightings", "problems", "imports")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOMSCRAPE_DB", raising=False)
    monkeypatch.delenv("IOMSCRAPE_WARC_DIR", raising=False)
    return tmp_path


def bring(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["import", *arguments], input=given)


def counts(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bring(*arguments, "--json").stdout)
    return found


def rows(query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect("iom.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(f"SELECT * FROM {table}") for table in KEPT}


def save(name: str, head: str = "") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(article(Path(name).stem, head=head), encoding="utf-8")


def test_folder_of_saved_pages(folder: Path) -> None:
    save(
        "saved/harbour-meeting.html", '<link rel="canonical" href="https://www.iom.int/news/harbour-meeting">'
    )
    save("saved/deep/island-school.html")
    Path("saved/empty.html").touch()
    Path("saved/picture.png").write_bytes(b"\x89PNG")
    result = bring("saved", "--json")
    assert result.exit_code == 4, result.output
    found = json.loads(result.stdout)
    assert (found["new"], found["problems"], found["problem_reasons"]) == (2, 1, {"empty": 1})
    assert found["left_out_reasons"] == {"asset": 1}
    assert rows("SELECT url FROM articles ORDER BY url") == [
        ((folder / "saved/deep/island-school.html").as_uri(),),
        ("https://www.iom.int/news/harbour-meeting",),
    ]
    assert rows("SELECT command, outcome, exit_code FROM runs") == [("import", "done", 4)]
    assert rows("SELECT count(*) FROM captures WHERE warc_file IS NOT NULL") == [(2,)]


def test_the_same_again_changes_nothing() -> None:
    save("saved/harbour-meeting.html")
    Path("pages.warc.gz").write_bytes(packed([page_record(0), page_record(1)]))
    assert bring("saved", "pages.warc.gz").exit_code == 0
    before = everything()
    second = bring("saved", "pages.warc.gz")
    assert second.exit_code == 0
    assert "from 0 files (2 more taken in before)" in second.output
    assert everything() == before
    third = bring("saved", "pages.warc.gz", "--again")
    assert third.exit_code == 0
    assert "0 new, 0 changed, 3 unchanged" in third.output
    after = everything()
    assert {table: after[table] for table in KEPT if table != "imports"} == {
        table: before[table] for table in KEPT if table != "imports"
    }
    assert len(after["imports"]) == 2


def test_a_file_is_known_under_another_name_and_read_when_it_changed() -> None:
    Path("pages.warc.gz").write_bytes(packed([page_record(0)]))
    assert counts("pages.warc.gz")["new"] == 1
    Path("pages.warc.gz").rename("moved.warc.gz")
    assert counts("moved.warc.gz")["files_known"] == 1
    with Path("moved.warc.gz").open("ab") as file:
        file.write(packed([page_record(1)]))
    found = counts("moved.warc.gz")
    assert (found["new"], found["known"], found["files"], found["files_known"]) == (1, 1, 1, 0)


def test_pages_that_are_there_are_not_written_again() -> None:
    Path("a.warc.gz").write_bytes(packed([page_record(0), page_record(1)]))
    assert bring("a.warc.gz").exit_code == 0
    before = [file.stat().st_size for file in Path("iom-warc").iterdir()]
    Path("b.warc").write_bytes(page_record(1) + page_record(0))
    assert counts("b.warc")["known"] == 2
    assert [file.stat().st_size for file in Path("iom-warc").iterdir()] == before


def test_address_is_given() -> None:
    save("page.html")
    assert bring("page.html", "--url", "https://www.iom.int/news/given").exit_code == 0
    assert rows("SELECT url FROM articles") == [("https://www.iom.int/news/given",)]
    assert bring("page.html", "--url", "https://www.iom.int/news/another").exit_code == 0
    assert rows("SELECT count(*) FROM articles") == [(2,)]


def test_what_a_crawl_kept_can_be_brought_in_again() -> None:
    save("harbour-meeting.html", '<link rel="canonical" href="https://www.iom.int/news/harbour-meeting">')
    assert bring("harbour-meeting.html", "--db", "first.db").exit_code == 0
    assert bring("first-warc").exit_code == 0
    assert rows("SELECT url, title FROM articles") == [
        ("https://www.iom.int/news/harbour-meeting", "Harbour Meeting")
    ]


def test_an_archive_stands_without_the_files_it_came_from() -> None:
    Path("pages.warc.gz").write_bytes(packed([page_record(0)]))
    assert bring("pages.warc.gz").exit_code == 0
    Path("pages.warc.gz").unlink()
    [(file, offset)] = rows("SELECT warc_file, warc_offset FROM captures")
    kept = read_capture(Path("iom-warc"), file, offset)
    assert (kept.url, kept.body) == page(0)
    assert kept.origin == "pages.warc.gz:0"


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"url": page(0)[0], "html": page(0)[1].decode()}).encode(),
        gzip.compress(json.dumps([{"url": page(0)[0], "html": page(0)[1].decode()}]).encode(), mtime=0),
        page_record(0),
        packed([page_record(0)]),
    ],
)
def test_stdin(data: bytes) -> None:
    assert bring("-", given=data).exit_code == 0
    assert rows("SELECT url FROM articles") == [(page(0)[0],)]
    assert rows("SELECT count(*) FROM imports") == [(0,)]


def test_a_whole_wacz_file_with_what_is_wrong_in_it(folder: Path) -> None:
    parts = {"archive/data.warc.gz": packed([page_record(number) for number in range(6)])}
    wacz(folder / "a.wacz", parts, digests={"archive/data.warc.gz": "sha256:" + "1" * 64})
    result = bring("a.wacz")
    assert result.exit_code == 0
    assert "6 new" in result.output
    assert "1 digest" in result.output
    assert rows("SELECT url, reason FROM problems") == [("a.wacz!archive/data.warc.gz", "digest")]


def test_what_a_crawler_met_is_no_problem_of_the_file() -> None:
    Path("site.warc").write_bytes(
        b"".join(
            [
                page_record(0),
                record("response", f"{SITE}/gone-page", answer(b"<p>none</p>", "404 Not Found")),
                record("response", f"{SITE}/moved-page", answer(b"", "302 Found")),
                record(
                    "response",
                    "https://www.iom.int/pic.png",
                    answer(b"x", headers={"Content-Type": "image/png"}),
                ),
                record(
                    "response",
                    "https://www.iom.int/about-us",
                    answer(b"<html><body><p>Menu</p></body></html>"),
                ),
                record("revisit", f"{SITE}/lost-page", answer(b""), WARC_Payload_Digest=sha1(b"?")),
            ]
        )
    )
    result = bring("site.warc", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["new"], found["problems"]) == (1, 0)
    assert found["left_out_reasons"] == {
        "http-404": 1,
        "redirect": 1,
        "not-html": 1,
        "no-article": 1,
        "revisit-alone": 1,
    }
    assert rows("SELECT reason FROM problems ORDER BY reason") == [
        ("http-404",),
        ("no-article",),
        ("revisit-alone",),
    ]


def test_revisits_find_originals_in_files_of_an_earlier_import() -> None:
    later = record(
        "revisit",
        page(0)[0],
        answer(b""),
        WARC_Payload_Digest=sha1(page(0)[1]),
        WARC_Date="2014-05-06T00:00:00Z",
    )
    Path("b.warc.gz").write_bytes(packed([page_record(0), page_record(1)]))
    assert bring("b.warc.gz").exit_code == 0
    Path("a.warc.gz").write_bytes(packed([later]))
    found = counts("a.warc.gz", "b.warc.gz")
    assert (found["unchanged"], found["problems"], found["files_known"]) == (1, 0, 1)
    assert rows("SELECT count(*), max(fetched_at) FROM captures") == [(3, "2014-05-06T00:00:00+00:00")]
    assert rows("SELECT pages, problems FROM imports ORDER BY path") == [(1, 0), (2, 0)]


def test_nothing_in_it() -> None:
    Path("nothing").mkdir()
    result = bring("nothing")
    assert result.exit_code == 3
    assert "No article was found" in result.output
    assert rows("SELECT outcome FROM runs") == [("nothing",)]


def test_damaged_file_is_written_down() -> None:
    Path("broken.warc.gz").write_bytes(b"\x1f\x8b\x08broken")
    result = bring("broken.warc.gz")
    assert result.exit_code == 3
    assert rows("SELECT url, reason FROM problems") == [("broken.warc.gz:0", "damaged")]


def test_a_damaged_record_is_told_with_its_place() -> None:
    records = [packed([page_record(number)]) for number in range(9)]
    damaged = bytearray(records[4])
    damaged[100] ^= 0xFF
    Path("pages.warc.gz").write_bytes(b"".join([*records[:4], bytes(damaged), *records[5:]]))
    result = bring("pages.warc.gz")
    assert result.exit_code == 0
    assert "8 new" in result.output
    assert rows("SELECT url, reason FROM problems") == [
        (f"pages.warc.gz:{sum(map(len, records[:4]))}", "damaged")
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.html"], "nowhere.html does not exist"),
        (["a.html", "b.html", "--url", "https://www.iom.int/news/x"], "one file"),
        (["a.html", "--url", "nonsense"], "nonsense"),
    ],
)
def test_wrong_use(arguments: list[str], said: str) -> None:
    save("a.html")
    save("b.html")
    result = bring(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert not Path("iom.db").exists()


def test_archive_that_is_none() -> None:
    save("a.html")
    Path("iom.db").write_text("dear diary")
    assert bring("a.html").exit_code == 2
    assert bring("a.html", "--db", "no/such/iom.db").exit_code == 6
    Path("b-warc").write_text("in the way")
    blocked = bring("a.html", "--db", "b.db")
    assert blocked.exit_code == 6
    assert "b-warc" in blocked.output


# Stopped, killed, resumed ----------------------------------------------------------------------------


def pages_file(name: str, number: int) -> None:
    Path(name).write_bytes(packed([page_record(n) for n in range(number)]))


def _when_some_are_stored(running: subprocess.Popen[str], number: int, *, files: int = 0) -> None:
    """So many pages, and so many files noted as taken in; a file is noted right after its last page is stored."""
    deadline = monotonic() + 90
    while monotonic() < deadline and running.poll() is None:
        try:
            counts = rows("SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM imports)")
            if counts[0][0] >= number and counts[0][1] >= files:
                return
        except sqlite3.OperationalError:
            pass
        sleep(0.01)
    raise AssertionError(f"ended before it was stopped: {running.returncode}")


@pytest.mark.parametrize(
    "sign",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGINT, marks=pytest.mark.proof),
        pytest.param(signal.SIGTERM, marks=pytest.mark.proof),
    ],
)
def test_the_same_command_goes_on(
    folder: Path, sign: signal.Signals, iomscrape: Callable[..., Ended]
) -> None:
    for letter in "abc":
        slugs = [f"{letter}-{number}-meeting" for number in range(250)]
        Path(f"{letter}.warc.gz").write_bytes(
            packed([record("response", f"{SITE}/{slug}", answer(article(slug).encode())) for slug in slugs])
        )
    files = ("a.warc.gz", "b.warc.gz", "c.warc.gz")
    with program("import", *files, cwd=folder) as running:
        _when_some_are_stored(running, 300, files=1)
        running.send_signal(sign)
        running.communicate(timeout=15)
    assert running.returncode == (-9 if sign == signal.SIGKILL else 7)
    [(stored,)] = rows("SELECT count(*) FROM captures")
    assert 300 <= stored < 750
    for file, offset, url in rows("SELECT warc_file, warc_offset, url FROM captures"):
        assert read_capture(folder / "iom-warc", file, offset).url == url
    ended = iomscrape("import", *files, "--json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert found["new"] == 750 - stored
    assert found["known"] + 250 * found["files_known"] == stored
    assert found["files_known"] >= 1
    assert rows("SELECT count(*), count(DISTINCT url) FROM captures") == [(750, 750)]
    assert rows("SELECT count(*) FROM articles") == [(750,)]
    assert rows("PRAGMA integrity_check") == [("ok",)]


def test_a_batch_is_stored_as_a_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_file("pages.warc.gz", 10)
    monkeypatch.setattr(importing, "BATCH_PAGES", 4)
    with Archive.open("iom.db") as archive, WarcWriter(folder / "w", run="1", software="t") as raw:
        run = archive.start_run("import", {}, version=__version__)
        bringing = Import(archive, raw, run)
        calls = 0

        def fail(*_: object) -> object:
            nonlocal calls
            calls += 1
            if calls == 7:
                raise KeyboardInterrupt
            return store(*_)

        from archive import store as room

        store: Any = room.store
        monkeypatch.setattr(room, "store", fail)
        [source] = sources([Path("pages.warc.gz")])
        assert isinstance(source, Source)
        with pytest.raises(KeyboardInterrupt):
            bringing.take(source)
        assert archive.db.execute("SELECT count(*) FROM captures").fetchone() == (4,)
        bringing.store()  # as the command does when it was stopped
        assert archive.db.execute("SELECT count(*) FROM captures").fetchone() == (8,)
        assert bringing.tally.pages["new"] == 8
        for file, offset, url in archive.db.execute("SELECT warc_file, warc_offset, url FROM captures"):
            assert read_capture(folder / "w", file, offset).url == url


# What is shown ---------------------------------------------------------------------------------------


def test_help_has_examples() -> None:
    said = bring("--help").output
    assert "iomscrape import pages.warc.gz" in said
    assert "--again" in said
    assert "docs/importing.md" in said


def test_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from iomscrape.cli import importprogress

    pages_file("pages.warc.gz", 3)
    moments = iter(range(0, 100_000, 20))
    monkeypatch.setattr(importprogress, "monotonic", lambda: next(moments))
    result = bring("pages.warc.gz")
    assert "pages.warc.gz: file 1 of 1" in result.stderr
    assert "a second" in result.stderr
    assert "%" in result.stderr


def test_a_bar_on_a_terminal(folder: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from iomscrape.cli.importprogress import ImportProgress

    pages_file("pages.warc.gz", 3)
    console = Console(file=StringIO(), force_terminal=True, width=150)
    with Archive.open("iom.db") as archive, WarcWriter(folder / "w", run="1", software="t") as raw:
        bringing = Import(archive, raw, archive.start_run("import", {}, version="1"))
        [source] = [item for item in sources([Path("pages.warc.gz")]) if isinstance(item, Source)]
        with ImportProgress(bringing, [source], console) as shown:
            bringing.take(source)
            assert 0 < shown.done() <= source.path.stat().st_size
            shown._shown = 0
            shown.show()
            bringing.end()
    written = console.file
    assert isinstance(written, StringIO)
    assert "pages.warc.gz: file 1 of 1" in written.getvalue()


def test_names_cannot_speak_to_the_terminal() -> None:
    name = "a\x1b[31m.html"
    Path(name).write_bytes(b"")
    assert "\x1b" not in bring(name).output


def test_the_folder_of_raw_pages_may_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    pages_file("pages.warc.gz", 1)
    monkeypatch.setenv("IOMSCRAPE_WARC_DIR", "raw")
    assert bring("pages.warc.gz").exit_code == 0
    assert [file.suffix for file in Path("raw").iterdir()] == [".gz"]


def test_several_thousand_files_are_passed_over_at_once() -> None:
    for number in range(2_000):
        Path("many").mkdir(exist_ok=True)
        Path(f"many/{number:04}.warc").write_bytes(page_record(number % 3))
    assert counts("many")["files"] + counts("many")["files_known"] >= 2_000
    started = monotonic()
    found = counts("many")
    assert (found["files"], found["files_known"]) == (0, 2_000)
    assert monotonic() - started < 10
