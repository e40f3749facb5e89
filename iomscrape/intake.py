"""The one way from a capture to rows: raw page first, then what it says, then all of it in one go.

Crawling and importing both come through here, so a page gives the same rows wherever it came from.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from archive import Archive, Problem, Stored, WarcPlace
from archive.captures import WarcWriter
from iomscrape.reader import extract_all
from iomscrape.records import Article, Capture, UnreadablePage
from spiders.unfetched import Unfetched, reason_of_status

logger = logging.getLogger(__name__)

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
"""Content types that may hold an article. An answer without a type is read, too."""


class Said(NamedTuple):
    """A capture and what it says: articles, or the problem that it is."""

    capture: Capture
    articles: Sequence[Article] = ()
    problem: Problem | None = None


class Intake:
    """Takes captures in: WARC record, reading, rows."""

    def __init__(
        self,
        archive: Archive,
        warcs: WarcWriter,
        *,
        run_id: int | None = None,
        on_problem: Callable[[str], None] | None = None,
    ) -> None:
        """``run_id``: the run that brings the captures, as ``Archive.start_run`` gave it.

        ``on_problem`` is called with the reason of each problem that was written down.
        """
        self.archive = archive
        self.warcs = warcs
        self.run_id = run_id
        self._on_problem = on_problem or (lambda _: None)

    def take(self, capture: Capture) -> Stored:
        """Store one capture with the articles read from it, or with the problem that it is.

        The WARC record lies on the disk before the rows are written; a page that cannot be read keeps
        its capture. A 304 moves what is known of the page to this day. Raises StorageError.
        """
        return self.store([said(capture)])[0]

    def store(self, pages: Sequence[Said]) -> list[Stored]:
        """Store several captures in one transaction: after a kill all of them are there, or none.

        Those of their WARC records that were written by then stay behind and do no harm. Raises
        StorageError.
        """
        fresh = {
            (c.url, c.fetched_at, c.body): c
            for c, _, _ in pages
            if c.status != 304 and not self.archive.has(c)
        }
        # Bytes that came before, as of a page that was asked for again, need no second record.
        originals = {
            place: original
            for place, capture in enumerate(fresh.values())
            if (original := self.archive.original_of(capture, self.warcs.folder))
        }
        written = self.warcs.write_all(fresh.values(), originals) if fresh else []
        places = dict(zip(fresh, written, strict=True))
        with self.archive.together():
            stored = [self._store(*page, places) for page in pages]
        for page in pages:
            if page.problem:
                self._on_problem(page.problem.reason)
        return stored

    def _store(
        self,
        capture: Capture,
        articles: Sequence[Article],
        problem: Problem | None,
        places: Mapping[tuple[str, datetime, bytes], WarcPlace],
    ) -> Stored:
        if capture.status == 304:
            seen = self.archive.seen_unchanged(capture.url, capture.fetched_at, self.run_id)
            return Stored(0, seen, "unchanged")
        place = places.get((capture.url, capture.fetched_at, capture.body))
        return self.archive.store(capture, articles, run_id=self.run_id, place=place, problem=problem)

    def note(self, unfetched: Unfetched) -> None:
        """Write down what brought no capture. Raises StorageError."""
        problem = Problem(unfetched.reason, unfetched.detail)
        self.archive.record_problem(unfetched.url, problem, run_id=self.run_id)
        self._on_problem(unfetched.reason)


def said(capture: Capture) -> Said:
    """A capture with what it says; a 304 says nothing itself."""
    return Said(capture) if capture.status == 304 else Said(capture, *read(capture))


def read(capture: Capture) -> tuple[Sequence[Article], Problem | None]:
    """The articles of a capture, or why there are none. Never raises: a bad page costs one page."""
    headers = {name.lower(): value for name, value in capture.headers}
    refused = reason_of_status(capture.status or 200, headers, capture.body)
    if refused:
        return [], Problem(*refused)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in PAGE_TYPES:
        return [], Problem("not-a-page", f"It is {kind[:80]}, not a page of text.")
    try:
        articles = extract_all(capture.body, url=capture.url, headers=dict(capture.headers))
    except UnreadablePage as unreadable:
        return [], Problem(unreadable.reason, unreadable.detail)
    except Exception as error:  # whatever the reader meets, the page must not be lost
        logger.debug("The reader failed on %s", capture.url, exc_info=True)
        return [], Problem("reader-error", f"{type(error).__name__}: {error}"[:500])
    if not articles:
        return [], Problem("no-article", "The page holds no article.")
    return articles, None
