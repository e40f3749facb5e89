"""Opening what is to be joined: archives of any age, as they are at this moment, without writing to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from archive.backups import copy_database
from archive.database import open_database, plain_connection, snapshot
from archive.errors import storage
from archive.schema import SCHEMA_VERSION


@contextmanager
def opened(path: Path, beside: Path, watch: Callable[[str, int, int], None]) -> Iterator[Database]:
    """The archive at ``path``, to be read. One of an older form is copied into a folder beside ``beside`` first
    and brought up to date there.

    Raises MissingArchive, NotAnArchive, NewerArchive or StorageError.
    """
    with (
        storage(path),
        closing(plain_connection(path)) as conn,
        TemporaryDirectory(prefix=".iomscrape-", dir=beside.parent) as folder,
    ):
        readable = path
        if conn.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
            readable = Path(folder) / path.name
            conn.execute("BEGIN")
            copy_database(conn, readable, watch)
            conn.execute("ROLLBACK")
            open_database(readable, create=False, readonly=False).close()
        db = open_database(readable, create=False, readonly=True)
        try:
            with snapshot(db):
                yield db
        finally:
            db.close()
