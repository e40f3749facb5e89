"""The archive as one object: opens the database and hands each wish to the module that knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlite_utils import Database

from archive import frontier, imports, rawpages, runs, store
from archive.answers import Answers
from archive.database import BUSY_SECONDS, open_database, writing
from archive.errors import storage
from archive.frontier import FrontierEntry, Known
from archive.imports import Taken
from archive.labelling import label_new
from archive.redirects import note_redirects
from archive.searchindex import enter_new
from archive.store import Problem, Stored, WarcPlace
from iomscrape.records import Article, Capture

# What packs and compares pages, and what finds stories, is imported where it is used: most commands only ask.
if TYPE_CHECKING:
    from archive.packed import Original
    from archive.prepared import Prepared
    from archive.stories.build import Built, Watch


class Archive(Answers):
    """One SQLite file. Use as a context manager, or call :meth:`close`.

    Every method raises StorageError when the disk or the database refuses. ``db`` is there for
    questions of one's own: ``archive.db.query("SELECT …")``.
    """

    def __init__(self, path: Path, db: Database) -> None:
        """Use :meth:`open`."""
        self.path = path
        self.db = db

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool = True,
        readonly: bool = False,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """Open the archive at ``path``; with ``create`` make it if there is none.

        ``busy_seconds``: how long to wait for another program that is writing.
        Raises MissingArchive, NotAnArchive, NewerArchive, StorageError; other people's databases and
        newer archives are not touched.
        """
        path = Path(path)
        return cls(path, open_database(path, create=create, readonly=readonly, busy_seconds=busy_seconds))

    def close(self) -> None:
        """Close the database. What was stored stays stored whether or not this is called."""
        self.db.close()

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    # Writing -----------------------------------------------------------------------------------

    def start_run(self, command: str, arguments: Mapping[str, object], *, version: str) -> int:
        """Note that a command begins; returns the run's number."""
        with storage(self.path):
            return runs.start_run(self.db, command, arguments, version)

    def finish_run(self, run_id: int, *, outcome: str, exit_code: int, counts: Mapping[str, int]) -> None:
        """Note how it ended: ``done``, ``failed``, ``interrupted``, ``refused`` or ``nothing``."""
        with storage(self.path):
            runs.finish_run(self.db, run_id, outcome, exit_code, counts)

    def unfinished(
        self, command: str, arguments: Mapping[str, object], *, before: int | None = None
    ) -> frozenset[int]:
        """The runs whose unfinished work a run with these arguments should go on with.

        See :func:`archive.runs.unfinished`; pass the own run's number as ``before``.
        """
        with storage(self.path):
            return runs.unfinished(self.db, command, arguments, before)

    def last_fetched(self) -> datetime | None:
        """When the page was fetched that a crawl stored last; None where none did."""
        with storage(self.path):
            return runs.last_fetched(self.db)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written in this context is stored in one transaction: all of it, or nothing.

        Other programs cannot write meanwhile, so it should be short. Searches find what is new when it ends.
        """
        if self.db.conn.in_transaction:
            yield
            return
        with storage(self.path), writing(self.db):
            yield
            enter_new(self.db)
            label_new(self.db)

    def store(
        self,
        capture: Capture,
        articles: Sequence[Article],
        *,
        run_id: int | None = None,
        place: WarcPlace | None = None,
        problem: Problem | None = None,
    ) -> Stored:
        """Write a capture with the articles read from it, or with its problem, in one transaction.

        Twice the same capture changes nothing; a changed article becomes a new version; captures may
        come in any order, ``articles`` shows the latest. Live captures are noted in the frontier.
        """
        from archive.prepared import prepare

        with self.together():
            return store.store(self.db, prepare(capture, articles, problem, with_record=False), run_id, place)

    def store_prepared(
        self, page: Prepared, *, run_id: int | None = None, place: WarcPlace | None = None
    ) -> Stored:
        """The same for a capture of which everything was made before; see :mod:`archive.prepared`."""
        with self.together():
            return store.store(self.db, page, run_id, place)

    def has(self, capture: Capture) -> bool:
        """True if this very capture (address, time, bytes) is stored, so that its raw page is, too."""
        return self.outcome_of(capture) is not None

    def original_of(self, page: Prepared, folder: Path | None = None) -> Original | None:
        """An earlier record with the same bytes of the same address, for ``WarcWriter.write``; or None."""
        from archive import revisits

        with storage(self.path):
            return revisits.find_original(self.db, page, folder or rawpages.warc_folder(self.path))

    def has_captures(self) -> bool:
        """Whether anything was ever stored."""
        with storage(self.path):
            return self.db.conn.execute("SELECT 1 FROM captures LIMIT 1").fetchone() is not None

    def outcome_of(self, capture: Capture, digest: str | None = None) -> str | None:
        """What came of this very capture (address, time, bytes) when it was stored; None if it was not.

        ``digest``: that of its page, ``sha256:…``; without it that of its body is made.
        """
        with storage(self.path):
            return store.outcome_of(self.db, capture, digest)

    def seen_unchanged(self, url: str, at: datetime, run_id: int | None = None) -> tuple[int, ...]:
        """The site answered 304 (not modified): moves ``last_seen``; returns the articles' numbers."""
        with self.together():
            return store.seen_unchanged(self.db, url, at, run_id)

    def record_problem(self, url: str, problem: Problem, *, run_id: int | None = None) -> None:
        """Write down what could not be fetched at all; the frontier counts the failure."""
        with storage(self.path), writing(self.db) as db:
            store.note_problem(db, url, problem, run_id)

    def note_redirects(
        self, redirects: Iterable[tuple[str, str]], at: datetime, *, run_id: int | None = None
    ) -> list[tuple[str, str]]:
        """Write down addresses that only led to pages which are here; returns those that did not.

        See :mod:`archive.redirects`.
        """
        with storage(self.path), writing(self.db) as db:
            return note_redirects(db, redirects, at, run_id)

    # Imported files ------------------------------------------------------------------------------

    def taken(self, path: Path, size: int, modified: int, *, url: str | None = None) -> Taken | None:
        """What is known of the file that lies there, with that size and time, if it was taken in whole.

        ``modified``: nanoseconds since 1970. ``url``: what was given with ``--url``.
        """
        with storage(self.path):
            return imports.by_place(self.db, path, size, modified, url)

    def taken_elsewhere(self, digest: str, kinds: Iterable[str], *, url: str | None = None) -> Taken | None:
        """The same for a file of these kinds with these very bytes, wherever it lay."""
        with storage(self.path):
            return imports.by_digest(self.db, digest, kinds, url)

    def note_taken(self, taken: Taken, run_id: int | None = None) -> None:
        """Note that all of a file is in the archive."""
        with storage(self.path), writing(self.db) as db:
            imports.note(db, taken, run_id)

    # Crawl memory ------------------------------------------------------------------------------

    def known(self, url: str) -> Known | None:
        """What is known of an address, however it is written; None if nothing."""
        with storage(self.path):
            return frontier.known(self.db, url)

    def is_refused_alone(self, url: str) -> bool:
        """Whether the site refused this page when it was last asked for it, and gave others after that."""
        with storage(self.path):
            return frontier.is_refused_alone(self.db, url)

    def queue(self, entries: Iterable[FrontierEntry | str], run_id: int | None = None) -> int:
        """Note addresses as still to be fetched; returns how many."""
        with storage(self.path), writing(self.db) as db:
            return frontier.queue(db, entries, run_id)

    def waiting(self) -> list[FrontierEntry]:
        """The addresses that are queued and were never answered."""
        with storage(self.path):
            return list(frontier.waiting(self.db))

    def mark(
        self,
        url: str,
        state: str,
        *,
        at: datetime,
        status: int | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        digest: str | None = None,
        run_id: int | None = None,
    ) -> None:
        """Note what came of asking for an address that gave no capture (``failed``, ``gone``, a listing).

        ``state``: fetched, failed or gone.
        """
        with storage(self.path), writing(self.db) as db:
            frontier.mark(
                db,
                url,
                state,
                at=at,
                status=status,
                etag=etag,
                last_modified=last_modified,
                digest=digest,
                run_id=run_id,
            )

    # Stories -----------------------------------------------------------------------------------

    def build_stories(self, *, again: bool = False, watch: Watch | None = None) -> Built:
        """Find which articles are one item; only what is new or has changed is compared.

        ``again``: compare all anew. ``watch`` is told how far it is. Raises MissingExtra if the library for
        it is not installed.
        """
        from archive.stories.build import build

        with storage(self.path):
            return build(self.db, again=again, watch=watch)
