"""What an archive answers: the half of :class:`archive.Archive` that only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Unpack

from sqlite_utils import Database

from archive import articles, rawpages, search
from archive.errors import storage
from archive.facets import Facets
from archive.facets import facets as count_facets
from archive.filters import Filters, Narrowing
from archive.search import Hit
from iomscrape.records import Capture

# Each method imports what only its question needs: a search or a crawl would otherwise wait for all of them.
if TYPE_CHECKING:
    from archive.coverage import Coverage
    from archive.history import Compared, Version
    from archive.release import Frozen


class Answers:
    """Questions; each goes to the module that knows. See :class:`archive.Archive`."""

    path: Path
    db: Database

    def search(
        self,
        query: str = "",
        *,
        sort: str = "relevance",
        limit: int = 20,
        offset: int = 0,
        **filters: Unpack[Narrowing],
    ) -> list[Hit]:
        """Articles that match a person's words, best first; see :mod:`archive.question` for the syntax.

        ``sort``: ``relevance`` or ``date`` (the latest first). Without a query the filters alone decide and
        the latest come first. Dates: ``2016``, ``2016-05``, ``2016-05-03``. Raises QueryError for a bad
        date or if nothing is asked.
        """
        narrowed = Filters(**filters)
        with storage(self.path):
            return search.search(self.db, query, narrowed, limit, offset, sort)

    def facets(self, query: str = "", **filters: Unpack[Narrowing]) -> Facets:
        """How many articles fit, by year, country, kind, language and theme; of all if nothing is asked."""
        narrowed = Filters(**filters)
        with storage(self.path):
            return count_facets(self.db, query, narrowed)

    def article(self, key: int | str) -> dict[str, Any] | None:
        """One article by number or by any address it was seen under; None if there is none.

        Keys are those of ``Article.to_dict()`` and ``id``, ``site``, ``first_seen``, ``last_seen``,
        ``versions``, ``captures``.
        """
        with storage(self.path):
            return articles.article(self.db, key)

    def history(self, key: int | str) -> list[Version]:
        """All versions of an article, oldest first, each with what changed; empty if there is no article."""
        from archive import history

        with storage(self.path):
            article_id = articles.find_article(self.db, key)
            return [] if article_id is None else history.history(self.db, article_id)

    def as_of(self, key: int | str, when: str | date) -> dict[str, Any] | None:
        """The record of an article as it had last been seen at that time: what it said then.

        ``when``: ``2016``, ``2016-05``, ``2016-05-03`` (each to its end), ``2016-05-03 12:30`` (UTC), a date
        or a datetime. Beside the record stand ``id``, ``site``, ``version`` and ``versions``. None if there
        is no such article, or if it had not been seen by then. Raises QueryError for what is no date.
        """
        from archive import history

        with storage(self.path):
            article_id = articles.find_article(self.db, key)
            return None if article_id is None else history.as_of(self.db, article_id, when)

    def diff(
        self, key: int | str, before: int | str | date | None = None, after: int | str | date | None = None
    ) -> Compared | None:
        """Two versions of an article compared, word by word; None if there is no such article.

        ``before`` and ``after``: numbers of versions, or times as in :meth:`as_of`. By default the last two;
        with ``before`` alone, that and the latest. Raises QueryError if there is no such version.
        """
        from archive import history

        with storage(self.path):
            article_id = articles.find_article(self.db, key)
            return None if article_id is None else history.diff(self.db, article_id, before, after)

    def people(self, query: str | None = None, *, limit: int = 50) -> list[dict[str, Any]]:
        """People and desks, those named in most articles first; see :func:`archive.people.asking.people`."""
        from archive import people

        with storage(self.path):
            return people.people(self.db, query, limit)

    def similar(self, key: int | str, *, limit: int = 10) -> list[dict[str, Any]] | None:
        """Articles that share the most telling words of one, best first; None if there is no such article.

        See :func:`archive.similar.similar`.
        """
        from archive import similar

        with storage(self.path):
            article_id = articles.find_article(self.db, key)
            return None if article_id is None else similar.similar(self.db, article_id, limit)

    def story(self, key: int | str) -> dict[str, Any] | None:
        """The copies and translations of an article, each link with its reason; None if there are none.

        See :func:`archive.stories.asking.story_of`; :meth:`build_stories` finds them.
        """
        from archive.stories import asking

        with storage(self.path):
            article_id = articles.find_article(self.db, key)
            return None if article_id is None else asking.story_of(self.db, article_id)

    def stories(self, *, limit: int = 20, offset: int = 0) -> list[dict[str, Any]]:
        """The stories, the latest first; see the view ``stories`` in docs/schema.md."""
        from archive.stories import asking

        with storage(self.path):
            return asking.stories(self.db, limit, offset)

    def count(self) -> int:
        """How many articles there are."""
        with storage(self.path):
            number: int = self.db.conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        return number

    def stats(self) -> dict[str, Any]:
        """What the archive holds, counted; see :func:`archive.stats.stats`."""
        from archive import stats

        with storage(self.path):
            return stats.stats(self.db, self.path)

    def coverage(self) -> Coverage:
        """What the archive covers: months, sites, languages, gaps, and how often each field is filled."""
        from archive.coverage import coverage

        with storage(self.path):
            return coverage(self.db)

    def draw(self, target: Path | str, *, coverage: Coverage | None = None, force: bool = False) -> None:
        """The same as a picture: a PNG, SVG or PDF file. See :func:`archive.picture.draw` for what it raises.

        ``coverage``: if it has been counted already.
        """
        from archive import picture

        picture.draw(coverage or self.coverage(), Path(target), force=force)

    def export(
        self, query: str | None = None, *, without_contacts: bool = False, **filters: Unpack[Narrowing]
    ) -> Iterator[dict[str, Any]]:
        """The full records of all articles that pass, one at a time, in the order of their numbers.

        Filters as in :meth:`search`. ``without_contacts`` leaves people out: see :mod:`archive.privacy`.
        """
        narrowed = Filters(**filters)
        with storage(self.path):
            records = articles.export(self.db, query, narrowed, with_contacts=not without_contacts)
        return self._guarded(records)

    def export_file(
        self,
        target: Path | str,
        form: str | None = None,
        query: str | None = None,
        *,
        without_contacts: bool = False,
        force: bool = False,
        step: Callable[[], object] = lambda: None,
        **filters: Unpack[Narrowing],
    ) -> int:
        """Write the articles that pass to a file or folder, all of them or nothing; returns how many.

        ``form``: one of :data:`archive.export.FORMS`, by default what the name's ending means. ``force``
        replaces an earlier export; ``step`` is called for each article. Raises TargetExists,
        StorageError, QueryError, MissingExtra.
        """
        from archive import export

        target, narrowed = Path(target), Filters(**filters)
        with storage(self.path):
            return export.export_file(
                self.db,
                self.path,
                target,
                form or export.form_of(target),
                query,
                narrowed,
                with_contacts=not without_contacts,
                force=force,
                step=step,
            )

    def export_stream(
        self,
        sink: IO[bytes],
        form: str = "csv",
        query: str | None = None,
        *,
        without_contacts: bool = False,
        step: Callable[[], object] = lambda: None,
        **filters: Unpack[Narrowing],
    ) -> int:
        """The same to an open binary stream, article by article; an OSError of the stream is passed on."""
        from archive import export

        with_contacts, narrowed = not without_contacts, Filters(**filters)
        return export.export_stream(
            self.db, sink, form, query, narrowed, with_contacts=with_contacts, step=step
        )

    def freeze(
        self,
        folder: Path | str,
        query: str | None = None,
        *,
        version: str,
        title: str | None = None,
        without_contacts: bool = False,
        force: bool = False,
        step: Callable[[], object] = lambda: None,
        **filters: Unpack[Narrowing],
    ) -> Frozen:
        """Make a dataset release in ``folder``; see :mod:`archive.release`. The same archive gives the same bytes.

        ``version``: that of the program. Raises TargetExists, StorageError, QueryError, MissingExtra.
        """
        from archive import release

        narrowed = Filters(**filters)
        with storage(self.path):
            return release.freeze(
                self.db,
                Path(folder),
                query,
                narrowed,
                program_version=version,
                title=title or release.TITLE,
                with_contacts=not without_contacts,
                force=force,
                step=step,
            )

    def raw(self, capture_id: int, *, folder: Path | None = None) -> Capture | None:
        """The raw page of a capture, read back from its WARC file.

        ``folder``: where the WARC files lie, by default ``NAME-warc`` beside ``NAME.db``. None if the
        archive has no such capture or no raw page of it; StorageError if the file is missing or damaged.
        """
        with storage(self.path):
            return rawpages.find_raw(self.db, capture_id, folder or rawpages.warc_folder(self.path))

    def _guarded(self, records: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        with storage(self.path):
            yield from records
