"""Copies of an archive that can take its place: made while a crawl writes, proved whole, limited in number.

A backup folder holds one database a backup, ``iom-20261125T141500Z.db``, and the WARC files of them all in
``iom-warc``: those are only ever added to, so that one copy of each serves every backup.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from archive.database import plain_connection
from archive.errors import MissingArchive, StorageError, TargetExists, storage
from archive.export.targets import whole_file
from archive.rawpages import warc_folder

PAGES_A_STEP = 2048
"""Pages of a database that are copied at a time; between two steps the progress is told."""

Watch = Callable[[str, int, int], None]
"""Told of each step: what is copied (``database``, ``raw pages``), how much of it is done, how much there is."""

_NAME = re.compile(r"(?P<stem>.+)-(?P<at>\d{8}T\d{6}Z)\.db")


class Backup(NamedTuple):
    """One backup of an archive."""

    path: Path
    made_at: datetime
    size: int
    """Bytes of the database."""


class Made(NamedTuple):
    """What a backup did."""

    backup: Backup
    articles: int
    captures: int
    warc_files: int
    """WARC files that were copied, the others were there already."""
    removed: tuple[Path, ...]
    """Older backups beyond the number that is kept."""


def backups(folder: Path, stem: str | None = None) -> list[Backup]:
    """The backups in a folder, the latest first; of the archive ``stem.db`` alone, or of all."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        named = _NAME.fullmatch(path.name)
        if named and (stem is None or named["stem"] == stem):
            made_at = datetime.strptime(named["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Backup(path, made_at, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def back_up(
    db: Path,
    folder: Path,
    *,
    keep: int,
    raw_pages: Path | None = None,
    without_raw_pages: bool = False,
    watch: Watch | None = None,
) -> Made:
    """Copy the archive ``db`` as it is at this moment, prove the copy whole, remove backups beyond ``keep``.

    Nobody is kept from writing meanwhile. The database comes first and the WARC files after it, so that every
    record that the copy knows is in them. Raises StorageError where the disk refuses or the copy is damaged;
    then no backup is left and none removed.
    """
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    made_at, target = _named(folder, db.stem, backups(folder, db.stem))
    with storage(db), closing(plain_connection(db)) as source, whole_file(target, force=False) as part:
        source.execute("BEGIN")  # all that follows is of one moment, and keeps nobody from writing
        counts = _counts(source)
        copy_database(source, part, watch)
        if check_whole(part) != counts:
            raise StorageError(f"the copy of {db} is not whole; look at the disk of {folder}")
    copied = 0
    if not without_raw_pages:
        copied = copy_raw_pages(raw_pages or warc_folder(db), warc_folder(folder / db.name), watch)
    backup = Backup(target, made_at, target.stat().st_size)
    return Made(backup, *counts, copied, tuple(_rotated(folder, db.stem, keep)))


def restore(
    source: Path, db: Path, *, force: bool = False, watch: Watch | None = None
) -> tuple[Backup, Path | None]:
    """Put a backup in the place of the archive ``db``; returns which, and where the database before lies now.

    ``source``: a backup, or a folder of them, of which the latest is taken. Nothing is lost: with ``force``
    what lies at ``db`` is moved aside. Raises MissingArchive where there is no backup, TargetExists where
    there is an archive, StorageError where the backup is damaged or the archive in use.
    """
    backup = _chosen(source, db)
    check_whole(backup.path)
    if os.path.lexists(db) and not force:
        raise TargetExists(f"{db} exists; restore to another name, or move it aside with --force")
    with storage(db):
        aside = _moved_aside(db) if os.path.lexists(db) else None
        with whole_file(db, force=False) as part:
            shutil.copyfile(backup.path, part)
    named = _NAME.fullmatch(backup.path.name)
    kept = warc_folder(backup.path.with_name(f"{named['stem'] if named else backup.path.stem}.db"))
    copy_raw_pages(kept, warc_folder(db), watch)
    return backup, aside


def check_whole(path: Path) -> tuple[int, int]:
    """How many articles and captures a database holds; StorageError unless it is whole.

    NotAnArchive, MissingArchive or NewerArchive where it is none that can be used.
    """
    with storage(path), closing(plain_connection(path)) as conn:
        [(said,)] = conn.execute("PRAGMA integrity_check(1)").fetchall()
        if said != "ok" or conn.execute("PRAGMA foreign_key_check").fetchone():
            raise StorageError(f"{path} is damaged: {said[:200]}")
        return _counts(conn)


def copy_raw_pages(source: Path, target: Path, watch: Watch | None = None) -> int:
    """Bring WARC files that ``target`` lacks, or has a shorter beginning of; returns how many."""
    with storage(source):
        wanted = [path for path in _warcs(source) if _is_shorter(target / path.relative_to(source), path)]
    for number, path in enumerate(wanted):
        if watch:
            watch("raw pages", number, len(wanted))
        place = target / path.relative_to(source)
        with storage(place):
            place.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(place, force=True) as part:
            shutil.copyfile(path, part)
    if watch and wanted:
        watch("raw pages", len(wanted), len(wanted))
    return len(wanted)


def _named(folder: Path, stem: str, there: Sequence[Backup]) -> tuple[datetime, Path]:
    """The time and the place of a new backup: later than those that are there, also after a clock was set back.

    By their times they are removed, and the latest is restored.
    """
    made_at = datetime.now(UTC).replace(microsecond=0)
    if there:
        made_at = max(made_at, there[0].made_at + timedelta(seconds=1))
    while os.path.lexists(target := folder / f"{stem}-{made_at:%Y%m%dT%H%M%SZ}.db"):
        made_at += timedelta(seconds=1)
    return made_at, target


def copy_database(source: sqlite3.Connection, part: Path, watch: Watch | None) -> None:
    """Copy a database to a new file; with ``source`` in a transaction, as it was when that began."""

    def told(_status: int, remaining: int, total: int) -> None:
        if watch:
            watch("database", total - remaining, total)

    with closing(sqlite3.connect(part)) as copy:
        # Within the transaction of the caller: a crawl that writes meanwhile does not make it begin anew.
        source.backup(copy, pages=PAGES_A_STEP, progress=told)
        # One file alone, without others beside it, until it is opened as an archive again.
        copy.execute("PRAGMA journal_mode = DELETE")


def _counts(conn: sqlite3.Connection) -> tuple[int, int]:
    articles, captures = conn.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM captures)"
    ).fetchone()
    return articles, captures


def _rotated(folder: Path, stem: str, keep: int) -> Iterator[Path]:
    """Remove the oldest backups beyond ``keep``, which is 1 at least: the one just made stays."""
    for backup in backups(folder, stem)[max(keep, 1) :]:
        with storage(backup.path):
            backup.path.unlink(missing_ok=True)
        yield backup.path


def _chosen(source: Path, db: Path) -> Backup:
    if source.is_dir():
        found = backups(source, db.stem) or backups(source)
        if not found:
            raise MissingArchive(f"{source} holds no backup; `iomscrape backup {source}` makes one")
        return found[0]
    if not source.is_file():
        raise MissingArchive(f"there is no backup {source}")
    with storage(source):
        told = source.stat()
    return Backup(source, datetime.fromtimestamp(told.st_mtime, UTC), told.st_size)


def _moved_aside(db: Path) -> Path:
    """Give the database another name, with what SQLite keeps beside it, if nobody uses it."""
    try:
        with closing(sqlite3.connect(db, timeout=1)) as conn:
            # Fails as long as another program has it open; what waits beside it comes into it.
            conn.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise StorageError(f"{db} is in use by another program; wait until that has ended") from error
    moment = datetime.now(UTC)
    while (aside := db.with_name(f"{db.name}.before-{moment:%Y%m%dT%H%M%SZ}")).exists():
        moment += timedelta(seconds=1)
    for ending in ("-wal", "-shm", "-journal", ""):
        beside = db.with_name(db.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside


def _warcs(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.warc*")) if path.is_file())


def _is_shorter(copy: Path, path: Path) -> bool:
    return not copy.is_file() or copy.stat().st_size < path.stat().st_size
