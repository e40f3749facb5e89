"""Reading a damaged database around its damage: what a row-by-row walk from both ends, and into the middle, reaches.

SQLite reads a table from its root down. Where a page on the way is gone, the rows behind it are; the rows
beside it are not. So a table is read from its beginning until that fails, from its end until that fails, and
in between from ever more places.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_MAGIC = b"SQLite format 3\x00"
_PAGE_SIZES = (2048, 32768, 4096, 8192, 16384, 65536, 1024)
_FURTHEST = 40
"""Rows are looked for up to 2 ** 40 behind the last one that could be read."""

Row = tuple[Any, ...]
Twin = Callable[[int, int], Path]
"""Makes an empty archive of a form (``user_version``) with pages of a size; gives its path."""


def readable_copy(
    damaged: Path, copy: Path, newest_form: int, twin: Twin
) -> tuple[sqlite3.Connection, int] | None:
    """A connection to a copy that SQLite can at least open, and the form of that archive; None if there is no way.

    A file that was cut off is filled up; one whose beginning is gone gets that of an empty archive of the
    same form, whose tables begin at the same places if the archive was begun in that form.
    """
    shutil.copyfile(damaged, copy)
    head = _head(copy)
    if head.startswith(_MAGIC):
        _fill_up(copy, head)
        beside = damaged.with_name(f"{damaged.name}-wal")
        if beside.exists():
            shutil.copyfile(beside, copy.with_name(f"{copy.name}-wal"))
        conn = _opened(copy)
        if conn is not None:
            return conn, int.from_bytes(head[60:64], "big")
        copy.with_name(f"{copy.name}-wal").unlink(missing_ok=True)
        copy.with_name(f"{copy.name}-shm").unlink(missing_ok=True)
    size = copy.stat().st_size
    for page in _PAGE_SIZES:
        if size >= 2 * page:
            _graft(copy, twin(newest_form, page), page)
            conn = _opened(copy)
            if conn is not None and _has_rows(conn):
                return conn, newest_form
            if conn is not None:
                conn.close()
            shutil.copyfile(damaged, copy)
    return None


class _Walk:
    """Reads stretches of one table; ``reached`` is the last row number, ``is_whole`` whether the end was reached."""

    def __init__(self, conn: sqlite3.Connection, table: str, columns: list[str]) -> None:
        self._conn = conn
        self._select = f"SELECT {{}}, {', '.join(columns)} FROM {table}"  # noqa: S608  # our own names
        self.reached: int | None = None
        self.is_whole = False

    def stretch(self, after: int, before: int | None = None, *, down: bool = False) -> Iterator[Row]:
        """Rows with numbers between the two, which are left out."""
        until = "" if before is None else f" AND rowid < {before}"
        order = f"WHERE rowid > {after}{until} ORDER BY rowid{' DESC' if down else ''}"
        yield from self._read(f"{self._select.format('rowid')} {order}")

    def by_key(self, key: list[str], *, down: bool) -> Iterator[Row]:
        """All rows in the order of their key."""
        order = ", ".join(f"{name}{' DESC' if down else ''}" for name in key)
        yield from self._read(f"{self._select.format(0)} ORDER BY {order}")

    def _read(self, sql: str) -> Iterator[Row]:
        self.reached, self.is_whole = None, False
        with suppress(sqlite3.DatabaseError):
            for number, *row in self._conn.execute(sql):
                self.reached = number
                yield tuple(row)
            self.is_whole = True


def rows(conn: sqlite3.Connection, table: str, columns: list[str], unread: list[int]) -> Iterator[Row]:
    """All rows of a table with row numbers that can be reached, each once.

    ``unread`` gets how many row numbers lie where nothing could be read: at most so many rows are lost.
    """
    walk = _Walk(conn, table, columns)
    yield from walk.stretch(0)
    if walk.is_whole:
        return
    unread.append(0)
    low, gaps = walk.reached or 0, []
    while (behind := _reached(conn, table, low)) is not None:
        gaps.append((low, behind))
        yield from walk.stretch(behind - 1)
        low = walk.reached or behind
        if walk.is_whole:
            break
    else:
        yield from walk.stretch(low, down=True)
        if walk.reached is not None:
            gaps.append((low, walk.reached))
        else:
            unread[0] += 1  # the end of the table: nobody knows how many
    while gaps:
        first, last = gaps.pop()
        if last - first <= 1:
            continue
        middle = (first + last) // 2
        yield from walk.stretch(middle - 1, last)
        if not walk.is_whole:
            # Where not even the first row could be read, it is the one that is lost.
            unread[0] += walk.reached is None
            gaps.append((middle if walk.reached is None else walk.reached, last))
        yield from walk.stretch(first, middle, down=True)
        if not walk.is_whole:
            gaps.append((first, middle if walk.reached is None else walk.reached))


def rows_by_key(
    conn: sqlite3.Connection, table: str, columns: list[str], key: list[str], unread: list[int]
) -> Iterator[Row]:
    """The same for a table without row numbers, from both ends of its key; how much is lost cannot be told."""
    walk = _Walk(conn, table, columns)
    yield from walk.by_key(key, down=False)
    if not walk.is_whole:
        unread.append(1)
        yield from walk.by_key(key, down=True)


def _reached(conn: sqlite3.Connection, table: str, low: int) -> int | None:
    """The first row number that can be read a step, or two, or four … behind ``low``; None if there is none."""
    for power in range(_FURTHEST):
        with suppress(sqlite3.DatabaseError):
            row = conn.execute(
                f"SELECT rowid FROM {table} WHERE rowid > {low + 2**power} ORDER BY rowid LIMIT 1"  # noqa: S608  # our names
            ).fetchone()
            return int(row[0]) if row else None
    return None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)


def _fill_up(copy: Path, head: bytes) -> None:
    """Give a file that was cut off the length that it says it has; SQLite would refuse it whole otherwise."""
    page = int.from_bytes(head[16:18], "big") or 4096
    page = 65536 if page == 1 else page
    wanted = page * int.from_bytes(head[28:32], "big")
    size = copy.stat().st_size
    if size < wanted <= size * 1000:
        with copy.open("r+b") as file:
            file.truncate(wanted)


def _opened(copy: Path) -> sqlite3.Connection | None:
    conn = sqlite3.connect(copy, isolation_level=None)
    # What is no UTF-8 any more is text all the same; fingerprints tell where it matters.
    conn.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        conn.execute("PRAGMA writable_schema = ON")
        tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        tables = set()
    if {"articles", "captures"} <= tables:
        return conn
    conn.close()
    return None


def _has_rows(conn: sqlite3.Connection) -> bool:
    for table in ("captures", "articles", "runs"):
        with suppress(sqlite3.DatabaseError):
            if conn.execute(f"SELECT rowid FROM {table} LIMIT 1").fetchone():  # noqa: S608  # our names
                return True
    return False


def _graft(copy: Path, twin: Path, page: int) -> None:
    """Write the beginning of the twin, and all pages that describe its tables, over those of the copy."""
    numbers = _schema_pages(twin, page)
    whole = twin.read_bytes()
    pages = (copy.stat().st_size + page - 1) // page
    with copy.open("r+b") as file:
        file.truncate(pages * page)
        for number in numbers:
            file.seek((number - 1) * page)
            file.write(whole[(number - 1) * page : number * page])
        # The length, so that SQLite believes it (the counter at 92 is that at 24); no free pages.
        file.seek(28)
        file.write(pages.to_bytes(4, "big") + bytes(8))
        file.seek(92)
        file.write(whole[24:28])


def _schema_pages(twin: Path, page: int) -> list[int]:
    """The pages of the table of tables: page 1, its children, and those over which long statements flow.

    https://www.sqlite.org/fileformat2.html#b_tree_pages
    """
    whole = twin.read_bytes()
    found, waiting = [], [1]
    while waiting:
        number = waiting.pop()
        found.append(number)
        start = (number - 1) * page
        at = start + (100 if number == 1 else 0)
        is_interior = whole[at] == 5
        pointers = at + (12 if is_interior else 8)
        cells = int.from_bytes(whole[at + 3 : at + 5], "big")
        if is_interior:
            waiting.append(_number(whole, at + 8))
        for pointer in range(pointers, pointers + 2 * cells, 2):
            place = start + int.from_bytes(whole[pointer : pointer + 2], "big")
            if is_interior:
                waiting.append(_number(whole, place))
            else:
                found += _overflow(whole, place, page)
    return found


def _overflow(whole: bytes, cell: int, page: int) -> Iterator[int]:
    """The pages over which a row flows that is too long for its own."""
    size, at = _varint(whole, cell)
    _, at = _varint(whole, at)  # the row's number
    most, least = page - 35, (page - 12) * 32 // 255 - 23
    if size <= most:
        return
    here = least + (size - least) % (page - 4)
    number = _number(whole, at + (here if here <= most else least))
    while number:
        yield number
        number = _number(whole, (number - 1) * page)


def _number(whole: bytes, at: int) -> int:
    return int.from_bytes(whole[at : at + 4], "big")


def _varint(whole: bytes, at: int) -> tuple[int, int]:
    """A number of up to four bytes, seven bits each, and where the next one begins."""
    value = 0
    for place in range(at, at + 4):
        value = value << 7 | whole[place] & 0x7F
        if whole[place] < 0x80:
            return value, place + 1
    raise ValueError("no schema is that large")
