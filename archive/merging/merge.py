"""Joining archives: each source in one transaction, behind its raw pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from archive.archive import Archive
from archive.database import plain_connection
from archive.errors import ArchiveError, StorageError
from archive.merging import raw, work
from archive.merging.articles import join_articles
from archive.merging.captures import join_captures, join_runs
from archive.merging.sources import opened
from archive.rawpages import warc_folder

Watch = Callable[[str, int, int], None]
"""Told of each step: what is joined, how much of it is done, how much there is."""

_OFTEN = 200


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one archive. All but ``known`` and ``linked`` is 0 where it had been joined before."""

    source: Path
    runs: int
    captures: int
    known: int
    """Captures that were here already."""
    corrected: int
    """Of these, those that are taken from the source now, or read as there."""
    articles: int
    woven: int
    """Articles that were here already and say, or show, more now."""
    problems: int
    frontier: int
    imports: int
    corrections: int
    linked: int = 0
    """WARC files that were linked …"""
    copied: int = 0
    """… and copied."""

    @property
    def is_news(self) -> bool:
        """Whether the archive is not what it was."""
        numbers = (self.runs, self.captures, self.corrected, self.articles, self.woven)
        return any((*numbers, self.problems, self.frontier, self.imports, self.corrections))


def merge(
    sources: Sequence[Path],
    into: Path,
    *,
    raw_pages: Path | None = None,
    without_raw_pages: bool = False,
    link: bool = True,
    watch: Watch | None = None,
) -> Iterable[Merged]:
    """Join archives into ``into``, which is made if it is not there; gives what came of each as it is done.

    All sources are looked at before the first is joined. Each is stored as a whole or, after a kill or an
    error, not at all; then the same call goes on. ``raw_pages``: the folder for WARC files, if not that beside
    ``into``; those of a source lie beside it. ``link``: hard-link them where the disk can, else copy.

    Raises ArchiveError for a source that is none, that is ``into`` itself, or whose raw pages are missing.
    """
    tell = watch or (lambda *_: None)
    chosen = list({_same(path): path for path in sources}.values())
    folder = raw_pages or warc_folder(into)
    for path in chosen:
        _check(path, into, with_raw_pages=not without_raw_pages)
    with Archive.open(into) as archive:
        for path in chosen:
            yield _join(archive, path, folder, not without_raw_pages, link, tell)


def _same(path: Path) -> object:
    """What two names of one file have in common."""
    try:
        told = path.stat()
    except OSError:
        return path
    return told.st_dev, told.st_ino


def _check(path: Path, into: Path, *, with_raw_pages: bool) -> None:
    conn = plain_connection(path)
    try:
        if into.exists() and path.samefile(into):
            raise ArchiveError(f"{path} cannot be joined into itself; name another archive with --into")
        lost = raw.missing(raw.files_of(conn), warc_folder(path)) if with_raw_pages else []
    finally:
        conn.close()
    if lost:
        raise StorageError(
            f"{path} has raw pages in {warc_folder(path) / lost[0]}"
            + (f" and {len(lost) - 1} more files" if len(lost) > 1 else "")
            + ", which is not there; bring it there, or join without raw pages (--without-warc)"
        )


def _join(archive: Archive, path: Path, folder: Path, with_raw: bool, link: bool, tell: Watch) -> Merged:
    with opened(path, archive.path.absolute(), tell) as source:
        brought = raw.Brought({})
        if with_raw:
            brought = raw.bring(raw.files_of(source.conn), warc_folder(path), folder, link=link, watch=tell)
        db = archive.db
        with archive.together():
            runs, new_runs = join_runs(db, source)
            captures = join_captures(db, source, runs, brought.names, _steps(source, "captures", tell))
            articles = join_articles(db, source, captures, _steps(source, "articles", tell))
            work.join_story_method(db, source)
            merged = Merged(
                source=path,
                runs=new_runs,
                captures=captures.new,
                known=len(captures.known),
                corrected=captures.changed,
                articles=articles.new,
                woven=articles.woven,
                problems=work.join_problems(db, source, captures),
                frontier=work.join_frontier(db, source, captures),
                imports=work.join_imports(db, source, captures),
                corrections=work.join_corrections(db, source, captures, articles.numbers),
            )
    return replace(merged, linked=brought.linked, copied=brought.copied)


def _steps(source: Database, table: str, tell: Watch) -> Callable[[], None]:
    (total,) = source.conn.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  # our names
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % _OFTEN == 0 or done == total:
            tell(table, done, total)

    return step
