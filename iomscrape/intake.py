"""The one way from a capture to rows: raw page first, then what it says, then all of it in one go.

Crawling and importing both come through here, so a page gives the same rows wherever it came from.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from archive import Archive, Problem, Stored, WarcPlace
from archive.addresses import identity
from archive.captures import WarcWriter
from archive.packed import Packed, packed
from archive.prepared import Prepared, prepare
from archive.revisits import as_original
from iomscrape.records import Article, Capture, UnreadablePage
from spiders.unfetched import Unfetched, reason_of_status

logger = logging.getLogger(__name__)

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
"""Content types that may hold an article. An answer without a type is read, too."""


_UNASKED = Problem("http-304", "The site answered 304, though the page was never here.")


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
        [stored] = self.store([said(capture)])
        assert stored is not None  # noqa: S101  # of a capture
        return stored

    def store(self, items: Sequence[Prepared | Unfetched]) -> list[Stored | None]:
        """Store several captures in one transaction: after a kill all of them are there, or none.

        What brought no capture is written down between them; None comes back for it.

        Those of their WARC records that were written by then stay behind and do no harm. What is stored is
        the same whichever pages are stored together. Raises StorageError.
        """
        pages = [item for item in items if isinstance(item, Prepared)]
        places = self._write(pages)
        unasked = {id(page) for page in pages if self._is_unasked(page)}
        with self.archive.together():
            stored = [
                self._refuse(item) if id(item) in unasked else self._store(item, places) for item in items
            ]
        for item in items:
            if not isinstance(item, Prepared):
                self._on_problem(item.reason)
            elif item.problem or id(item) in unasked:
                self._on_problem(item.problem.reason if item.problem else _UNASKED.reason)
        return stored

    def _is_unasked(self, page: Prepared) -> bool:
        """Whether it is a 304 for a page that was never here, so that nobody asked for its changes."""
        if page.capture.status != 304:
            return False
        known = self.archive.known(page.capture.url)
        return known is None or known.fetched_at is None

    def _refuse(self, item: Prepared | Unfetched) -> Stored:
        url = item.url if isinstance(item, Unfetched) else item.capture.url
        self.archive.record_problem(url, _UNASKED, run_id=self.run_id)
        return Stored(0, (), "problem")

    def _write(self, pages: Sequence[Prepared]) -> dict[Name, WarcPlace]:
        """Write the records of those that the archive does not have, each once."""
        records: dict[Name, Packed] = {}
        latest: dict[tuple[str, int | None, str], Prepared] = {}
        for page in pages:
            name, kind = name_of(page), (identity(page.capture.url), page.capture.status, page.digest)
            if page.record is None or name in records or self._is_known(page):
                continue
            # Bytes that came before, as of a page that was asked for again, need no second record.
            before = latest.get(kind)
            original = (
                as_original(before, page) if before else self.archive.original_of(page, self.warcs.folder)
            )
            if original is None:
                latest[kind] = page
                records[name] = page.record
            else:
                records[name] = packed(page.whole(), original)
        return dict(zip(records, self.warcs.append_all(records.values()), strict=True)) if records else {}

    def _is_known(self, page: Prepared) -> bool:
        return self.archive.outcome_of(page.capture, page.digest) is not None

    def _store(self, page: Prepared | Unfetched, places: Mapping[Name, WarcPlace]) -> Stored | None:
        if isinstance(page, Unfetched):
            problem = Problem(page.reason, page.detail)
            self.archive.record_problem(page.url, problem, run_id=self.run_id)
            return None
        capture = page.capture
        if capture.status == 304:
            seen = self.archive.seen_unchanged(capture.url, capture.fetched_at, self.run_id)
            return Stored(0, seen, "unchanged")
        return self.archive.store_prepared(page, run_id=self.run_id, place=places.get(name_of(page)))

    def note(self, unfetched: Unfetched) -> None:
        """Write down what brought no capture. Raises StorageError."""
        self.store([unfetched])


Name = tuple[str, datetime, str]


def name_of(page: Prepared) -> Name:
    """Address, time and page."""
    return page.capture.url, page.capture.fetched_at, page.digest


def said(capture: Capture) -> Prepared:
    """A capture with what it says, ready to be stored; a 304 says nothing itself. Asks no archive."""
    if capture.status == 304:
        return prepare(capture, with_record=False)
    return prepare(capture, *read(capture))


def read(capture: Capture) -> tuple[Sequence[Article], Problem | None]:
    """The articles of a capture, or why there are none. Never raises: a bad page costs one page."""
    headers = {name.lower(): value for name, value in capture.headers}
    refused = reason_of_status(capture.status or 200, headers, capture.body)
    if refused:
        return [], Problem(*refused)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in PAGE_TYPES:
        return [], Problem("not-a-page", f"It is {kind[:80]}, not a page of text.")
    # With the first page: where other processes read, this one does without the reader.
    from iomscrape.reader import extract_all

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
