"""Opening an archive: is it ours, is it too new, can it be used. Nothing is written before that is known."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from archive.errors import MissingArchive, NewerArchive, NotAnArchive, StorageError, storage
from archive.folding import FOLD_WORDS, lent
from archive.schema import APPLICATION_ID, SCHEMA_VERSION, is_current, lend_views, upgrade

P = ParamSpec("P")
R = TypeVar("R")

BUSY_SECONDS = 10.0
"""How long to wait for another program's write to end before giving up."""

PAGE_SIZE = 2048
"""Bytes of a page of a new archive.

A transaction writes every page that it touches whole, and one with a single article touches about sixty, of
which most get a few bytes. Pages of half the size would waste less room yet, but index long addresses badly.
"""
_CACHE_KIB = 16 * 1024
"""Room for the pages that a large transaction touches.

Not more: at the end of a transaction in which a tree of the full-text index grew a page, SQLite walks
through all the pages that it holds.
"""
_LOG_BYTES = 32 * 1024 * 1024
"""Of SQLite's log of writes, before it is copied into the file. Pages that most transactions touch are copied once."""

# POSIX drops all locks that a process has on a file where any part of it closes that file. Then another
# program would think itself alone with the archive and take SQLite's log of writes away under our feet. So
# a file that this process has opened as an archive is never again opened otherwise to look into its head.
_OPENING = Lock()
_OPENED: set[tuple[int, int]] = set()

_MAGIC = b"SQLite format 3\x00"
_JOURNAL = re.compile(rb"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7.{8}\x00{4}", re.DOTALL)
"""How SQLite's journal of a file begins that was empty before (section 3 of the same page)."""
_HEADER_LENGTH = 100  # https://www.sqlite.org/fileformat2.html#the_database_header
_USER_VERSION_AT = slice(60, 64)
_APPLICATION_ID_AT = slice(68, 72)


def open_database(
    path: Path, *, create: bool, readonly: bool, busy_seconds: float = BUSY_SECONDS
) -> Database:
    """Open the archive at ``path``, make it where ``create`` allows, take it to the newest schema.

    Raises NotAnArchive, NewerArchive or StorageError, each before anything was written.
    """
    conn, fresh = _opened(path, busy_seconds, create=create and not readonly, readonly=readonly)
    with storage(path):
        try:
            version = conn.execute("PRAGMA user_version").fetchone()[0]
            _check_version(path, version)
            if readonly and version < SCHEMA_VERSION:
                raise StorageError(
                    f"{path} was written by an older iomscrape; run any command that writes to it "
                    "(crawl, import) once to bring it up to date"
                )
            return _prepared(
                conn, busy_seconds, readonly=readonly, outdated=fresh or version < SCHEMA_VERSION
            )
        except BaseException:
            conn.close()
            raise


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """One transaction that holds the write lock from its start: all of it is stored, or nothing.

    ``db.atomic()`` takes the lock at the first write only; a write by another program in between
    would make it fail at once instead of waiting. Inside another one it is part of that: what is
    stored there is stored when the outer one ends.
    """
    if db.conn.in_transaction:
        yield db
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """What is read in this context is as it was at the first question, whatever others write meanwhile.

    It keeps nobody from writing.
    """
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()


def at_once(ask: Callable[Concatenate[Database, P], R]) -> Callable[Concatenate[Database, P], R]:
    """Let a question that asks the database several times have one :func:`snapshot` for all of them."""

    @wraps(ask)
    def asked(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with snapshot(db):
            return ask(db, *args, **kwargs)

    return asked


class _WithoutMarks(dict[int, int | None]):
    """For ``str.translate``: combining marks go, all else stays. Asked once for each sign there is."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = None if unicodedata.combining(chr(sign)) else sign
        return self[sign]


_WITHOUT_MARKS = _WithoutMarks()


def fold(text: str | None) -> str:
    """Lower case without accents, for comparing names: ``Général`` and ``general`` agree."""
    text = text or ""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKD", text).translate(_WITHOUT_MARKS).casefold()


def plain_connection(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection to an archive of any age as it lies there: nothing is brought up to date, nothing written.

    Raises MissingArchive, NotAnArchive, NewerArchive or StorageError, before the file was opened.
    """
    return _opened(path, busy_seconds, create=False, readonly=True)[0]


def _opened(
    path: Path, busy_seconds: float, *, create: bool, readonly: bool
) -> tuple[sqlite3.Connection, bool]:
    """A connection to what is an archive, or to a new file; and whether it is new."""
    with _OPENING:
        fresh = _is_new(path, create=create)
        with storage(path):
            conn = _connect(path, busy_seconds, readonly=readonly)
            try:
                fresh = fresh or not _is_ours(conn, path, create=create)
                _OPENED.add(_place(path))
            except BaseException:
                conn.close()
                raise
    return conn, fresh


def _is_ours(conn: sqlite3.Connection, path: Path, *, create: bool) -> bool:
    """Whether it is an archive; False for what is still empty and may become one. Else NotAnArchive."""
    try:
        if conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
            return True
        is_empty = conn.execute("PRAGMA page_count").fetchone()[0] == 0
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise _foreign(path) from error
        raise
    if not is_empty:
        raise _foreign(path)
    if not create:
        raise _empty(path)
    return False


def _place(path: Path) -> tuple[int, int]:
    """What the system knows a file by, whatever its name."""
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def _foreign(path: Path) -> NotAnArchive:
    return NotAnArchive(
        f"{path} is a database of another program; it was not touched, choose another with --db"
    )


def _empty(path: Path) -> NotAnArchive:
    return NotAnArchive(f"{path} is an empty file, not an archive")


def _is_unborn(path: Path) -> bool:
    """Whether power was lost while the file was made: SQLite makes it empty again when it opens it."""
    journal = path.with_name(f"{path.name}-journal")
    if not journal.exists():
        return False
    with journal.open("rb") as file:
        return _JOURNAL.match(file.read(_HEADER_LENGTH)) is not None


def _is_new(path: Path, *, create: bool) -> bool:
    """True if there is nothing at ``path`` yet. Reads the file's head, never opens it as a database.

    Even a read-only connection may leave files beside somebody else's database.
    """
    with storage(path):
        if path.is_dir():
            raise NotAnArchive(f"{path} is a folder; name a database file")
        if not path.exists():
            if create and not path.parent.is_dir():
                raise StorageError(f"the folder {path.parent} does not exist; make it first, then try again")
            if not create:
                raise MissingArchive(
                    f"there is no archive {path}; make one with `iomscrape crawl SITE --db {path}` or "
                    f"`iomscrape import FILE --db {path}`"
                )
            return True
        if _place(path) in _OPENED:
            return False
        with path.open("rb") as file:
            head = file.read(_HEADER_LENGTH)
        is_unborn = not head or _is_unborn(path)
    if is_unborn:
        if create:
            return True
        raise _empty(path)
    if not head.startswith(_MAGIC):
        raise NotAnArchive(f"{path} is not an SQLite database; it was not touched, choose another with --db")
    if int.from_bytes(head[_APPLICATION_ID_AT], "big") != APPLICATION_ID:
        raise _foreign(path)
    # The head may lag behind the files beside it; the version is checked once more when all is open.
    _check_version(path, int.from_bytes(head[_USER_VERSION_AT], "big"))
    return False


def _check_version(path: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise NewerArchive(
            f"{path} was written by a newer iomscrape (its schema {version}, this program's "
            f"{SCHEMA_VERSION}); it was not touched, update iomscrape to use it"
        )


def _connect(path: Path, busy_seconds: float, *, readonly: bool) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    if not readonly:
        return _connection(f"{address}?mode=rwc", busy_seconds)
    # Not mode=ro: such a connection cannot clear away the files that SQLite keeps beside a database
    # in WAL mode, and leaves them behind.
    conn = _connection(f"{address}?mode=rw", busy_seconds)
    try:
        conn.execute("PRAGMA query_only = ON")
        conn.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        # In a folder that nobody can write to (a CD, a shared snapshot) those files cannot be made;
        # there the database can be read as what it is: unchanging.
        conn.close()
        said = str(error)
        is_refused = "unable to open" in said or "readonly" in said
        if not is_refused or path.with_name(path.name + "-wal").exists():
            raise
        conn = _connection(f"{address}?mode=ro&immutable=1", busy_seconds)
    return conn


def _connection(uri: str, busy_seconds: float) -> sqlite3.Connection:
    # isolation_level None: transactions begin and end where we say so, nowhere else.
    return sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None)


def _prepared(conn: sqlite3.Connection, busy_seconds: float, *, readonly: bool, outdated: bool) -> Database:
    db = Database(conn, execute_plugins=False)
    conn.create_function("fold", 1, fold, deterministic=True)
    if readonly:
        lend_views(db)
        return db
    conn.create_function(FOLD_WORDS, 1, lent, deterministic=True)
    # So large that a new archive is written at its commit and not before: until then the file is empty.
    conn.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if outdated or not is_current(db):
        # For a file that is still empty.
        conn.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        # Steps may make tables anew; foreign keys that are enforced would empty those that point at them.
        conn.execute("PRAGMA foreign_keys = OFF")
        # Made while the journal is SQLite's classic one: either the whole schema with our
        # application_id is in the file afterwards, or the file is still empty.
        with writing(db):
            upgrade(db)
    conn.execute("PRAGMA foreign_keys = ON")
    _write_ahead(conn, busy_seconds)
    # Once more: SQLite reckons how many pages that are when it is told, and by now it knows how large they are.
    # Before, it took them for 4 KiB, and would have kept eight times as much.
    conn.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    (page_size,) = conn.execute("PRAGMA page_size").fetchone()
    conn.execute(f"PRAGMA wal_autocheckpoint = {_LOG_BYTES // page_size}")
    # FAST: what is deleted is written over where the page is written anyhow. Some systems' SQLite, Debian's for
    # one, would also write over all that the merges of the full-text indexes leave free, the words of public texts.
    conn.execute("PRAGMA secure_delete = FAST")
    # FULL: a page whose transaction has ended survives a power cut, too. A page costs a second of
    # politeness on the network and a few milliseconds here.
    conn.execute("PRAGMA synchronous = FULL")
    return db


def _write_ahead(conn: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to WAL. Here SQLite does not wait by itself while another program opens the same file."""
    deadline = monotonic() + busy_seconds
    while conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > deadline:
                raise
            sleep(0.02)
