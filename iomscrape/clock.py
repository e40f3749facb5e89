"""The clock of a crawl: what is fetched later gets a later time, whatever happens to the machine's clock.

A clock that is set back by minutes or hours is waited for: meanwhile pages get times just after that of the
last one, so that versions stay in the order in which the site showed them. A clock that is wrong by more than
IOMSCRAPE_MAX_CLOCK_ERROR ends the crawl before it fills the archive with wrong times. Two witnesses tell: the
last page that was fetched before, and the sites, whose answers say when they were sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.http import Response

from iomscrape.records import Capture

WITNESSES = 3
"""So many answers in a row have to agree that the clock is wrong: one site's own may be, or an old cache's."""

_ADVICE = "Set the clock; or take it as it is with -s IOMSCRAPE_MAX_CLOCK_ERROR=0"


class WrongClock(ValueError):
    """The machine's clock is wrong; the message says by what it is known and what to do."""


class Clock:
    """The times of one crawl."""

    def __init__(self, last_fetched: datetime | None, max_error: float) -> None:
        """``last_fetched``: of the archive. ``max_error``: seconds; 0 takes the machine's clock as it is.

        Raises WrongClock where the last page would have been fetched that much later than now.
        """
        self.max_error = timedelta(seconds=max_error)
        self._last = last_fetched if max_error else None
        self._against = 0
        now = datetime.now(UTC)
        if self._last is not None and self._last - now > self.max_error:
            raise WrongClock(
                f"The clock of this machine says {_said(now)}, but the last page of the archive was fetched on "
                f"{_said(self._last)}: it is wrong, or was. {_ADVICE}"
            )

    def timed(self, capture: Capture) -> Capture:
        """The capture, later than all before it."""
        if not self.max_error or capture.source != "live":
            return capture
        if self._last is not None and capture.fetched_at < self._last:
            capture = replace(capture, fetched_at=self._last + timedelta(microseconds=1))
        self._last = capture.fetched_at
        return capture

    def now(self) -> datetime:
        """This moment, which is not before the last page."""
        return max(filter(None, (datetime.now(UTC), self._last)))

    def compare(self, sent_at: datetime, site: str) -> None:
        """Take an answer as a witness. Raises WrongClock at the last one that is needed."""
        now = datetime.now(UTC)
        if not self.max_error or abs(now - sent_at) <= self.max_error:
            self._against = 0
            return
        self._against += 1
        if self._against >= WITNESSES:
            raise WrongClock(
                f"The clock of this machine says {_said(now)}, but {site} says {_said(sent_at)}. {_ADVICE}"
            )


def sent_at(response: Response) -> datetime | None:
    """When the site says that it sent an answer (RFC 9110, 6.6.1), with what it lay in caches; or None."""
    try:
        sent = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
        age = (response.headers.get("Age") or b"").strip()
        return sent + timedelta(seconds=int(age) if age.isdigit() else 0)
    except (ValueError, TypeError, OverflowError):
        return None


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
