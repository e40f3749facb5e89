"""Captures that an archive lists, the time they are of, and which of them are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

FIRST_YEAR = 1996
"""Nothing was archived before."""

SHORTEST_SPAN = timedelta(days=32)
"""What cannot be listed is asked for in halves of time, down to this."""


class Listed(NamedTuple):
    """One capture in the list."""

    timestamp: str
    """14 digits, UTC."""
    original: str
    """The address it was made of, without the scheme's own port."""
    digest: str
    """SHA-1 of the bytes in base 32, as the archive gives it; empty if it does not."""

    @property
    def moment(self) -> datetime:
        """The timestamp as a time in UTC."""
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


class Span(NamedTuple):
    """From when to when, both included; None for open."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, listed: Listed) -> bool:
        """Whether a capture is of that time."""
        moment = listed.moment
        return (self.start is None or moment >= self.start) and (self.end is None or moment <= self.end)

    def halves(self) -> tuple[Span, Span] | None:
        """Earlier and later half; None where the span is too short to be cut."""
        start = self.start or datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
        end = self.end or datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
        if end - start < SHORTEST_SPAN:
            return None
        middle = start + (end - start) // 2
        middle = middle.replace(microsecond=0)
        return Span(start, middle), Span(middle + timedelta(seconds=1), end)


def span_of(start: str, end: str) -> Span:
    """The span between two dates as people write them: ``2003``, ``2003-05``, ``2003-05-17``.

    Raises ValueError with a line for the person.
    """
    span = Span(_moment(start, last=False), _moment(end, last=True))
    if span.start and span.end and span.start > span.end:
        raise ValueError(f"{start} comes after {end}; nothing lies between them")
    return span


def _moment(text: str, *, last: bool) -> datetime | None:
    """The first or last second of a year, month or day."""
    if not text.strip():
        return None
    found = re.fullmatch(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?", text.strip())
    try:
        if not found:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        begin = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
        if not last:
            return begin
        if day:
            following = begin + timedelta(days=1)
        elif month:
            following = (begin + timedelta(days=31)).replace(day=1)
        else:
            following = begin.replace(year=begin.year + 1)
        return following - timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no date; write 2003, 2003-05 or 2003-05-17") from None


PICKS = {"version": 14, "latest": 0, "year": 4, "month": 6}
"""What can be chosen of an address: each version, the latest, or the first of each year or month."""


def chosen(captures: set[Listed], pick: str) -> Iterator[Listed]:
    """The captures of one address that are wanted, in order of time.

    ``version`` leaves out those with the digest of the one before, as ``collapse=digest`` does: what
    was A, then B, then A again is three versions.
    """
    ordered = sorted(captures)
    if pick == "latest":
        yield from ordered[-1:]
        return
    last: str | None = None
    for capture in ordered:
        if pick == "version":
            mark = capture.digest or f"{capture.timestamp}{capture.original}"
        else:
            mark = capture.timestamp[: PICKS[pick]]
        if mark != last:
            yield capture
        last = mark


def years_without(years: set[int], span: Span) -> list[int]:
    """The years of the span that have no capture; an open span is as long as the captures."""
    if not years:
        return []
    first = span.start.year if span.start else min(years)
    last = min(span.end.year if span.end else max(years), datetime.now(UTC).year)
    return [year for year in range(first, last + 1) if year not in years]
