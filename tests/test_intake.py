"""From a capture to rows, whatever the reader makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.captures import WarcWriter
from archive.rawpages import read_capture
from iomscrape import reader
from iomscrape.intake import Intake
from iomscrape.records import Capture
from spiders.unfetched import Unfetched
from tests.website import article

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "iom.db") as opened:
        yield opened


@pytest.fixture
def warcs(tmp_path: Path) -> Iterator[WarcWriter]:
    with WarcWriter(tmp_path / "warc", run="1", software="tests") as writer:
        yield writer


def capture(body: str | bytes = "", **changes: Any) -> Capture:
    given: dict[str, Any] = {
        "url": "https://www.iom.int/news/harbour-meeting",
        "body": body.encode() if isinstance(body, str) else body,
        "fetched_at": NOON,
        "source": "live",
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
    }
    return Capture(**(given | changes))


def problems(archive: Archive) -> list[tuple[str, str]]:
    return archive.db.execute("SELECT url, reason FROM problems ORDER BY id").fetchall()


def test_page_becomes_article_and_raw_page(archive: Archive, warcs: WarcWriter, tmp_path: Path) -> None:
    came = capture(article("harbour-meeting"))
    stored = Intake(archive, warcs).take(came)
    assert stored.outcome == "new"
    [(file, offset)] = archive.db.execute("SELECT warc_file, warc_offset FROM captures").fetchall()
    assert read_capture(tmp_path / "warc", file, offset).body == came.body


def test_same_page_later_and_same_capture_again(archive: Archive, warcs: WarcWriter) -> None:
    taking = Intake(archive, warcs)
    first = capture(article("harbour-meeting"))
    taking.take(first)
    size = sum(file.stat().st_size for file in warcs.folder.iterdir())
    assert taking.take(first).outcome == "unchanged"
    assert sum(file.stat().st_size for file in warcs.folder.iterdir()) == size
    assert taking.take(capture(first.body, fetched_at=NOON + timedelta(days=1))).outcome == "unchanged"
    assert taking.take(capture(status=304, fetched_at=NOON + timedelta(days=2))).outcome == "unchanged"
    [(seen,)] = archive.db.execute("SELECT last_seen FROM articles").fetchall()
    assert seen == (NOON + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        (capture("gone", status=404), "http-404"),
        (capture("no", status=403), "forbidden"),
        (capture("<title>Just a moment...</title>", status=503), "challenge"),
        (capture(b"%PDF", headers=(("Content-Type", "application/pdf"),)), "not-a-page"),
        (capture(""), "empty"),
    ],
)
def test_what_is_no_article_keeps_its_capture(
    archive: Archive, warcs: WarcWriter, came: Capture, reason: str
) -> None:
    counted: list[str] = []
    stored = Intake(archive, warcs, on_problem=counted.append).take(came)
    assert stored.outcome == "problem"
    assert problems(archive) == [(came.url, reason)]
    assert counted == [reason]
    assert archive.db.execute("SELECT count(*) FROM captures WHERE warc_file IS NOT NULL").fetchone() == (1,)
    assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_fault_of_the_reader_costs_no_page(
    archive: Archive, warcs: WarcWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(reader, "extract_all", fails)
    Intake(archive, warcs).take(capture(article("harbour-meeting")))
    assert problems(archive) == [("https://www.iom.int/news/harbour-meeting", "reader-error")]
    monkeypatch.undo()
    assert Intake(archive, warcs).take(capture(article("harbour-meeting"))).outcome == "new"
    assert problems(archive) == []


def test_what_was_not_fetched_is_noted(archive: Archive, warcs: WarcWriter) -> None:
    Intake(archive, warcs).note(Unfetched(url="https://www.iom.int/", reason="dns", detail="No such host."))
    assert problems(archive) == [("https://www.iom.int/", "dns")]
