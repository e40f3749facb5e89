from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive import Archive, FrontierEntry, Problem

URL = "https://www.iom.int/news/bridge-school-reopens"


def test_a_live_capture_is_remembered_with_its_validators(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    capture = make_capture(
        headers=(("ETag", '"v1"'), ("Last-Modified", "Tue, 04 May 2021 10:00:00 GMT")),
        redirected_from=("http://iom.int/old",),
    )
    archive.store(capture, [make_article()])
    known = archive.known(URL)
    assert known is not None
    assert (known.etag, known.last_modified) == ('"v1"', "Tue, 04 May 2021 10:00:00 GMT")
    assert (known.fetched_at, known.status, known.state) == (capture.fetched_at, 200, "fetched")
    assert known.digest is not None
    assert archive.known("http://iom.int/news/bridge-school-reopens/") == known
    old = archive.known("http://iom.int/old")
    assert old is not None
    assert old.etag is None, "the validators belong to the address that answered"
    assert archive.known("https://iom.int/other") is None


def test_imports_do_not_touch_the_frontier(archive: Archive, make_article: Any, make_capture: Any) -> None:
    archive.store(make_capture(source="warc"), [make_article()])
    assert archive.known(URL) is None


def test_queue_keeps_what_is_known(archive: Archive, make_article: Any, make_capture: Any) -> None:
    archive.store(make_capture(), [make_article()])
    assert archive.queue([FrontierEntry(URL, "2021-05-04"), "https://iom.int/b"]) == 2
    known = archive.known(URL)
    assert known is not None
    assert (known.state, known.etag, known.lastmod) == ("queued", '"v1"', "2021-05-04")
    assert {entry.url for entry in archive.waiting()} == {URL, "https://iom.int/b"}
    archive.store(make_capture(1), [make_article()])
    assert [entry.url for entry in archive.waiting()] == ["https://iom.int/b"]
    again = archive.known(URL)
    assert again is not None
    assert again.lastmod == "2021-05-04"


def test_failures_are_counted_and_keep_the_validators(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(), [make_article()])
    for day in (1, 2):
        archive.mark(URL, "failed", at=make_capture(day).fetched_at, status=500)
    known = archive.known(URL)
    assert known is not None
    assert (known.state, known.tries, known.status, known.etag) == ("failed", 2, 500, '"v1"')
    archive.store(make_capture(3), [make_article()])
    known = archive.known(URL)
    assert known is not None
    assert (known.state, known.tries) == ("fetched", 0)


def test_the_status_decides(archive: Archive, make_capture: Any) -> None:
    for status, state in ((200, "fetched"), (404, "gone"), (410, "gone"), (403, "failed"), (503, "failed")):
        url = f"https://iom.int/{status}"
        archive.store(make_capture(url=url, status=status), [])
        known = archive.known(url)
        assert known is not None
        assert known.state == state


def test_memory_never_goes_back_in_time(archive: Archive, make_capture: Any) -> None:
    archive.mark(URL, "fetched", at=make_capture(5).fetched_at, status=200, etag='"new"')
    archive.mark(URL, "gone", at=make_capture(1).fetched_at, status=404)
    known = archive.known(URL)
    assert known is not None
    assert (known.state, known.etag) == ("fetched", '"new"')


def test_a_304_keeps_the_validators_under_any_spelling(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(), [make_article()])
    archive.seen_unchanged(URL.replace("www.", ""), make_capture(2).fetched_at)
    for spelling in (URL, URL.replace("www.", "")):
        known = archive.known(spelling)
        assert known is not None
        assert known.etag == '"v1"'


def test_an_unknown_state_is_a_mistake(archive: Archive, make_capture: Any) -> None:
    with pytest.raises(ValueError, match="not 'lost'"):
        archive.mark(URL, "lost", at=make_capture().fetched_at)


def test_what_cannot_be_reached_is_a_failure(archive: Archive) -> None:
    for _ in range(2):
        archive.record_problem(URL, Problem("timeout", "No answer."))
    archive.record_problem("pages/broken.html", Problem("empty", "The file is empty."))
    known = archive.known(URL)
    assert known is not None
    assert (known.state, known.tries, known.status) == ("failed", 2, None)
    assert archive.stats()["problems"] == 3
    assert archive.stats()["by_frontier"] == {"failed": 1}


def test_a_memory_from_the_time_to_come_gives_way(archive: Archive) -> None:
    archive.mark(URL, "failed", at=datetime.now(UTC) + timedelta(days=400), status=500)
    archive.mark(URL, "fetched", at=datetime.now(UTC), status=200)
    known = archive.known(URL)
    assert known is not None
    assert (known.state, known.tries) == ("fetched", 0)
