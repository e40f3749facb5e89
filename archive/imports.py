"""Which files were taken in whole, so that the same command goes on where a run before it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from archive.addresses import readable
from archive.runs import now, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that was taken in to its end."""

    path: Path
    """Absolute."""
    size: int
    modified: int
    """Nanoseconds since 1970."""
    digest: str
    """Of the file as it lies on the disk, ``sha256:…``."""
    kind: str
    url: str | None
    """The address that was given for it."""
    pages: int
    problems: int


_COLUMNS = "path, size, modified, digest, kind, url, pages, problems"


def by_place(db: Database, path: Path, size: int, modified: int, url: str | None) -> Taken | None:
    """The last time that a file was taken in that lay there, as large and as old as that."""
    return _found(
        db,
        "path = ? AND size = ? AND modified = ? AND url IS ?",
        (readable(str(path)), size, _seconds(modified), url),
    )


def by_digest(db: Database, digest: str, kinds: Iterable[str], url: str | None) -> Taken | None:
    """The last time that these very bytes were taken in as a file of one of these kinds."""
    wanted = list(kinds)
    places = ", ".join("?" * len(wanted))
    return _found(db, f"digest = ? AND url IS ? AND kind IN ({places})", (digest, url, *wanted))


def note(db: Database, taken: Taken, run_id: int | None) -> None:
    """Write down that it was taken in. Needs a transaction."""
    path = readable(str(taken.path))
    db.conn.execute("DELETE FROM imports WHERE path = ? AND url IS ?", (path, taken.url))
    db.conn.execute(
        f"INSERT INTO imports ({_COLUMNS}, finished_at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # our names
        (
            path,
            taken.size,
            _seconds(taken.modified),
            taken.digest,
            taken.kind,
            taken.url,
            taken.pages,
            taken.problems,
            stamp(now()),
            run_id,
        ),
    )


def _found(db: Database, condition: str, values: tuple[object, ...]) -> Taken | None:
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM imports WHERE {condition} ORDER BY id DESC LIMIT 1",  # noqa: S608  # our conditions
        values,
    ).fetchone()
    if row is None:
        return None
    path, size, modified, digest, kind, url, pages, problems = row
    seconds, _, rest = modified.partition(".")
    return Taken(
        path=Path(path),
        size=size,
        modified=int(seconds + rest),
        digest=digest,
        kind=kind,
        url=url,
        pages=pages,
        problems=problems,
    )


def _seconds(nanoseconds: int) -> str:
    """As text: SQLite's numbers with a fraction have too few digits."""
    return f"{nanoseconds // 10**9}.{nanoseconds % 10**9:09}"
