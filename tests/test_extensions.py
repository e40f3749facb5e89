"""Pauses that sites ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Response

from iomscrape.extensions import retry_after


def answer(value: str | None) -> Response:
    return Response(
        "https://www.iom.int/", status=503, headers={} if value is None else {"Retry-After": value}
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), (" 5 ", 5.0), ("0", 0.0), (None, None), ("soon", None), ("-5", None), ("9" * 40, None)],
)
def test_retry_after_in_seconds(value: str | None, seconds: float | None) -> None:
    assert retry_after(answer(value)) == seconds


def test_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    waited = retry_after(answer(later))
    assert waited is not None
    assert 85 < waited <= 90
    assert retry_after(answer("Wed, 01 Jan 2020 00:00:00 GMT")) == 0.0
