"""What can go wrong with an archive, each as one line for the person at the keyboard."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ArchiveError(Exception):
    """Something an archive could not do; the message is one line that says what to do about it."""


class NotAnArchive(ArchiveError):
    """The file is no SQLite database, or a database of another program. It was not touched."""


class MissingArchive(NotAnArchive):
    """There is no file of that name, and none was to be made."""


class NewerArchive(ArchiveError):
    """The archive was written by a newer version of this program. It was not touched."""


class StorageError(ArchiveError):
    """The disk or the database refuses: missing folder, full, locked, read-only, damaged."""


class QueryError(ArchiveError, ValueError):
    """A question that cannot be asked: a date that is none, a query without a word in it."""


class TargetExists(ArchiveError):
    """Something of that name is there, and it was not to be replaced. It was not touched."""


class MissingExtra(ArchiveError):
    """A library is needed that the plain installation does not have; the message says how to get it."""


# What SQLite says, and what it means for the person who reads it. Tried in this order.
_MEANINGS = (
    ("locked", "is in use by another program; wait until that has ended and try again"),
    ("busy", "is in use by another program; wait until that has ended and try again"),
    ("readonly", "cannot be written; make the file and its folder writable or choose another with --db"),
    ("read-only", "cannot be written; make the file and its folder writable or choose another with --db"),
    ("full", "has no room left on its disk; make room and start again, what was stored is safe"),
    ("unable to open", "cannot be opened; look at the rights of the file and its folder"),
    ("disk i/o error", "cannot be read or written: the disk reports an error; look at the disk"),
    ("malformed", "is damaged; `iomscrape check` says where, `iomscrape recover` saves what can be saved"),
    ("not a database", "is damaged; restore a backup, or save what can be saved with `iomscrape recover`"),
)


@contextmanager
def storage(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk report about ``path`` into StorageError.

    Programming errors (a broken constraint, a closed database) stay what they are.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        said = str(error).lower()
        meaning = next((text for sign, text in _MEANINGS if sign in said), None)
        # A failed statement that no disk is to blame for is a mistake in this program: show it.
        if meaning is None and isinstance(error, sqlite3.OperationalError) and "error" in said:
            raise
        raise StorageError(f"{path} {meaning or f'cannot be used: {error}'}") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be used: {error.strerror or error}") from error
