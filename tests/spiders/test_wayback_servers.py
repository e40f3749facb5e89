"""``iomscrape wayback`` and servers that answer in the Internet Archive's way, badly, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from archive.rawpages import read_capture
from tests.website import LATE, Asked, Ended, Reply, Web, article, program, run

QUICK = (
    *("--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "IOMSCRAPE_CDX_PER_MINUTE=60000"),
    *("-s", "RETRY_TIMES=1", "-s", "IOMSCRAPE_BACKOFF=0.05"),
)
NAMES = ["timestamp", "original", "mimetype", "statuscode", "digest"]
SITE = "http://www.iom.int:80"
Query = dict[str, str]


def row(timestamp: str, slug: str, digest: str = "") -> list[str]:
    return [timestamp, f"{SITE}/news/{slug}", "text/html", "200", digest or f"{slug}{timestamp}"]


def memento(when: str, slug: str, **headers: str) -> Reply:
    """A capture as the Internet Archive replays it."""
    return Reply(
        article(slug),
        headers={
            "Memento-Datetime": when,
            "Link": f'<{SITE}/news/{slug}>; rel="original", <http://x/>; rel="timegate"',
            "X-Archive-Src": "crawl.warc.gz",
            "X-Archive-Orig-Server": "Apache",
            "X-Archive-Orig-Content-Encoding": "gzip",
            **headers,
        },
    )


class Kept(Web):
    """``/cdx/search/cdx`` answers what ``lists`` makes of the query, ``/web/…`` what ``captures`` has."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.captures: dict[str, Reply] = {}
        self.lists: Callable[[Query], Reply] = self.whole
        self.place = "/cdx/search/cdx"

    def whole(self, query: Query) -> Reply:
        """All rows, or as many as are asked for with a key to the rest."""
        first = int(query.get("resumeKey", "at 0").removeprefix("at "))
        part = self.rows[first : first + int(query["limit"])]
        following = first + len(part)
        more: list[Any] = [[], [quote(f"at {following}")]] if following < len(self.rows) else []
        return Reply(json.dumps([NAMES, *part, *more] if part else []))

    def keep(self, timestamp: str, slug: str, reply: Reply, *, listed: bool = True) -> None:
        self.captures[f"/web/{timestamp}id_/{SITE.removesuffix(':80')}/news/{slug}"] = reply
        if listed:
            self.rows.append(row(timestamp, slug))

    def fill(self, number: int) -> None:
        for n in range(number):
            self.keep(
                f"2004010100000{n}",
                f"boat-number-{n}",
                memento(f"Thu, 01 Jan 2004 00:00:0{n} GMT", f"boat-number-{n}"),
            )

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        if parts.path == self.place:
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            self.pages[request.path] = self.lists(query)
        elif request.path in self.captures:
            self.pages[request.path] = self.captures[request.path]
        super().answer(request)

    def listings(self) -> list[Asked]:
        return [asked for asked in self.log if asked.path.startswith(self.place + "?")]


@pytest.fixture
def kept() -> Iterator[Kept]:
    server = Kept()
    yield server
    server.close()


def ask(kept: Kept, folder: Path, *arguments: str) -> Ended:
    return run("wayback", "www.iom.int", "--server", kept.base, "--json", *QUICK, *arguments, cwd=folder)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / "iom.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def reasons(folder: Path) -> dict[str, str]:
    """Reason by the last part of the address."""
    return {
        url.rpartition("/")[2]: reason for url, reason in rows(folder, "SELECT url, reason FROM problems")
    }


def test_parts_with_resume_keys_at_a_gentle_pace(kept: Kept, tmp_path: Path) -> None:
    kept.fill(3)
    whole = kept.lists
    kept.lists = lambda query: whole({**query, "limit": "1"})
    ended = ask(kept, tmp_path, "-s", "IOMSCRAPE_CDX_PER_MINUTE=120")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["fetched"] == 3
    listings = kept.listings()
    assert len(listings) == 3
    assert all(later.time - earlier.time >= 0.5 - LATE for earlier, later in pairwise(listings))
    asked = parse_qs(urlsplit(listings[0].path).query)
    assert asked["matchType"] == ["host"]
    assert asked["showResumeKey"] == ["true"]
    assert rows(tmp_path, "SELECT DISTINCT substr(url, 1, 27) FROM captures") == [
        ("http://www.iom.int/news/boa",)
    ]
    assert {asked.headers["user-agent"].partition("/")[0] for asked in kept.log} == {"iomscrape"}


def test_list_cut_once_and_list_cut_always(kept: Kept, tmp_path: Path) -> None:
    kept.fill(4)
    whole = kept.lists
    body = str(whole({"limit": "99"}).body)
    second_row = body.index("boat-number-2") - 40
    answers = iter([Reply(body[:second_row]), Reply(body)])
    kept.lists = lambda _: next(answers)
    assert ask(kept, tmp_path, "--db", "healed.db").code == 0

    kept.lists = lambda _: Reply(body[:second_row])
    ended = ask(kept, tmp_path)
    assert ended.code == 4, ended.err
    assert json.loads(ended.out)["new"] == 2  # what stands before the cut
    assert reasons(tmp_path) == {"": "cut-off"}
    assert len(kept.listings()) < 2 + 20  # asked again in shorter spans, but not for ever
    assert any("from=" in asked.path for asked in kept.listings())


def test_list_shorter_than_announced(kept: Kept, tmp_path: Path) -> None:
    kept.fill(2)
    whole = kept.lists

    def half(query: Query) -> Reply:
        body = str(whole(query).body)
        return Reply(
            body[: len(body) // 2], headers={"Content-Length": str(len(body)), "Connection": "close"}
        )

    answers = iter([half, whole])
    kept.lists = lambda query: next(answers)(query)
    ended = ask(kept, tmp_path)
    assert (ended.code, json.loads(ended.out)["new"]) == (0, 2)


def test_list_longer_than_we_take_is_asked_for_in_parts_of_time(kept: Kept, tmp_path: Path) -> None:
    kept.fill(2)
    whole = kept.lists
    kept.lists = lambda query: whole(query) if "from" in query else Reply("[" + " " * 40_000)
    ended = ask(kept, tmp_path, "-s", "DOWNLOAD_MAXSIZE=30000")
    assert (ended.code, json.loads(ended.out)["new"]) == (0, 2)


REFUSING = {
    "a page in place of the list": (Reply("<!doctype html><h1>Be right back</h1>"), "bad-list", 3),
    "an error": (Reply("oops", 500), "http-500", 3),
    "a locked site": (Reply("Blocked Site Error", 403), "forbidden", 5),
    "too many requests": (Reply("slow down", 429), "rate-limited", 5),
    "a pause that is too long": (Reply("busy", 503, {"Retry-After": "9000"}), "rate-limited", 5),
    "no answer": (Reply("[]", wait=5), "timeout", 3),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, Ended]]]:
    """A run against each of these, all at the same time."""
    servers = {name: Kept() for name in REFUSING}
    folders = {name: tmp_path_factory.mktemp("refused") for name in REFUSING}
    begun = {}
    for name, (reply, _, _) in REFUSING.items():
        servers[name].lists = lambda _, reply=reply: reply  # type: ignore[misc]
        patience = ("-s", "DOWNLOAD_TIMEOUT=1") if reply.wait else ()
        given = ("www.iom.int", "--server", servers[name].base, *QUICK, *patience)
        begun[name] = program("wayback", *given, cwd=folders[name])
    ended = {}
    for name, running in begun.items():
        out, err = running.communicate(timeout=60)
        ended[name] = (folders[name], Ended(running.returncode, out, err))
    yield ended
    for server in servers.values():
        server.close()


@pytest.mark.parametrize("name", list(REFUSING))
def test_no_list(refused: dict[str, tuple[Path, Ended]], name: str) -> None:
    folder, ended = refused[name]
    _, reason, code = REFUSING[name]
    assert ended.code == code, ended.err
    assert {found for (found,) in rows(folder, "SELECT reason FROM problems")} == {reason}
    assert "Traceback" not in ended.err


def test_server_that_never_comes_to_an_end(kept: Kept, tmp_path: Path) -> None:
    kept.fill(1)
    numbers = iter(range(10_000))
    kept.lists = lambda _: Reply(json.dumps([NAMES, *kept.rows, [], [f"key {next(numbers)}"]]))
    ended = ask(kept, tmp_path)
    assert ended.code == 4
    assert reasons(tmp_path) == {"": "bad-list"}
    assert len(kept.listings()) == 2
    assert json.loads(ended.out)["new"] == 1


def test_pause_that_is_asked_for_is_kept(kept: Kept, tmp_path: Path) -> None:
    kept.fill(1)
    answers = iter([Reply("slow down", 429, {"Retry-After": "1"})])
    whole = kept.lists
    kept.lists = lambda query: next(answers, None) or whole(query)
    assert ask(kept, tmp_path).code == 0
    first, second = kept.listings()
    assert second.time - first.time >= 1


def test_where_the_list_lies_is_found_out(kept: Kept, tmp_path: Path) -> None:
    kept.fill(1)
    kept.place = "/web/cdx"
    kept.lists = lambda query: (
        kept.whole(query) if query["fl"].startswith("timestamp,url") else Reply("no", 404)
    )
    ended = ask(kept, tmp_path, "--server", f"{kept.base}/web")
    assert ended.code == 0, ended.err


LATER = "Fri, 02 Jan 2004 00:00:00 GMT"


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, Path, Ended]]:
    """One run over captures each of which answers in a way of its own."""
    kept, elsewhere, folder = Kept(), Web(), tmp_path_factory.mktemp("gaps")
    when, good = "20040101000000", "Thu, 01 Jan 2004 00:00:00 GMT"
    here = f"{kept.base}/web"
    site = SITE.removesuffix(":80")

    def to(location: str, **headers: str) -> Reply:
        return Reply("", 302, {"Location": location, **headers})

    for n in range(12):
        kept.keep(when, f"plain-{n}", memento(good, f"plain-{n}"))
    kept.keep(when, "never-kept", Reply("The Wayback Machine has not archived that URL.", 404))
    kept.keep(when, "gone-then", Reply("<h1>Gone</h1>", 404, {"Memento-Datetime": good}))
    kept.keep(when, "other-time", memento(LATER, "other-time"))
    kept.keep(when, "other-page", memento(good, "quite-another"))
    kept.keep(when, "no-memento", Reply("<h1>Welcome to our archive</h1>"))
    kept.keep(when, "led-to-nearest", to(f"/web/20040102000000id_/{site}/news/led-to-nearest"))
    kept.keep("20040102000000", "led-to-nearest", memento(LATER, "led-to-nearest"), listed=False)
    kept.keep(
        when, "moved-then", to(f"{here}/20040102000000id_/{site}/news/new-home", **{"Memento-Datetime": good})
    )
    kept.keep("20040102000000", "new-home", memento(LATER, "new-home"), listed=False)
    kept.keep(when, "moved-home", to(f"{site}/", **{"Memento-Datetime": good}))
    kept.keep(when, "round-one", to(f"/web/{when}id_/{site}/news/round-two", **{"Memento-Datetime": good}))
    kept.keep(
        when,
        "round-two",
        to(f"/web/{when}id_/{site}/news/round-one", **{"Memento-Datetime": good}),
        listed=False,
    )
    kept.keep(when, "led-away", to(f"{elsewhere.base}/news/led-away"))
    kept.rows.append([when, f"{SITE}/about/not-news-at-all", "text/html", "200", "X"])
    ended = ask(kept, folder, "-s", "IOMSCRAPE_PROBLEM_SHARE=0.9")
    yield kept, folder, ended
    assert not elsewhere.log
    kept.close()
    elsewhere.close()


def test_gaps_are_named_and_counted(gaps: tuple[Kept, Path, Ended]) -> None:
    kept, folder, ended = gaps
    assert ended.code == 0, ended.err
    assert reasons(folder) == {
        "never-kept": "not-replayable",
        "gone-then": "http-404",
        "other-time": "other-capture",
        "other-page": "other-capture",
        "no-memento": "not-replayable",
        "led-to-nearest": "other-capture",
        "moved-home": "moved-away",
        "round-one": "redirect-loop",
        "led-away": "not-replayable",
    }
    assert json.loads(ended.out)["gaps"] == 8
    assert not any("not-news" in asked.path for asked in kept.log)


def test_the_time_that_came_is_the_time_that_is_stored(gaps: tuple[Kept, Path, Ended]) -> None:
    _, folder, _ = gaps
    query = "SELECT url, fetched_at, redirected_from FROM captures WHERE fetched_at LIKE '2004-01-02%'"
    found = {url.rpartition("/")[2]: json.loads(led) for url, _, led in rows(folder, query)}
    assert found == {
        "other-time": [],
        "led-to-nearest": [],
        "new-home": ["http://www.iom.int/news/moved-then"],
    }


def test_headers_are_the_sites_own(gaps: tuple[Kept, Path, Ended]) -> None:
    _, folder, _ = gaps
    [(file, offset)] = rows(folder, "SELECT warc_file, warc_offset FROM captures WHERE url LIKE '%plain-3'")
    capture = read_capture(folder / "iom-warc", file, offset)
    assert {name: value for name, value in capture.headers if name != "Content-Length"} == {
        "Content-Type": "text/html; charset=utf-8",
        "Server": "Apache",
    }
    assert capture.body.decode() == article("plain-3")
    assert capture.wire is None
