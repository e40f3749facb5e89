"""The clock of a crawl by itself; under a machine's clock that jumps: ``tests/survival/test_clock.py``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Response

from iomscrape.clock import WITNESSES, Clock, WrongClock, sent_at
from iomscrape.records import Capture

NOW = datetime.now(UTC)
DAY = 86_400.0


def fetched(at: datetime, source: str = "live") -> Capture:
    return Capture(url="https://iom.int/news/a", body=b"", fetched_at=at, source=source)


def test_time_goes_on() -> None:
    clock = Clock(NOW, DAY)
    times = [
        clock.timed(fetched(NOW + timedelta(seconds=offset))).fetched_at for offset in (1, -9, -8, -7, 2)
    ]
    assert times == sorted(set(times))
    assert times[0] == NOW + timedelta(seconds=1)
    assert times[-1] == NOW + timedelta(seconds=2)


def test_captures_of_others_keep_their_times() -> None:
    old = fetched(NOW - timedelta(days=4000), "wayback")
    assert Clock(NOW, DAY).timed(old) is old


def test_as_it_is() -> None:
    ahead = NOW + timedelta(days=4000)
    clock = Clock(ahead, 0)
    assert clock.timed(fetched(NOW)).fetched_at == NOW
    for _ in range(9):
        clock.compare(ahead, "https://iom.int")


def test_an_archive_from_the_time_to_come() -> None:
    with pytest.raises(WrongClock, match="last page of the archive"):
        Clock(NOW + timedelta(days=2), DAY)


@pytest.mark.parametrize("days", [2, -2])
def test_it_takes_several_answers_in_a_row(days: int) -> None:
    clock, wrong = Clock(None, DAY), datetime.now(UTC) + timedelta(days=days)
    for _ in range(3):
        for _ in range(WITNESSES - 1):
            clock.compare(wrong, "https://iom.int")
        clock.compare(datetime.now(UTC), "https://iom.int")
    for _ in range(WITNESSES - 1):
        clock.compare(wrong, "https://iom.int")
    with pytest.raises(WrongClock, match=r"https://iom\.int says"):
        clock.compare(wrong, "https://iom.int")


@pytest.mark.parametrize(
    ("headers", "hour"),
    [
        ({"Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, 8),
        ({"Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Age": "7200"}, 10),
        ({"Date": "Sun, 06 Nov 1994 08:49:37 -0000", "Age": "soon"}, 8),
        ({"Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Age": "9" * 30}, None),
        ({"Date": "yesterday"}, None),
        ({"Date": "Sun, 66 Nov 1994 08:49:37 GMT"}, None),
        ({}, None),
    ],
)
def test_when_an_answer_was_sent(headers: dict[str, str], hour: int | None) -> None:
    sent = sent_at(Response("https://iom.int", headers=headers))
    assert (sent and sent.hour) == hour
