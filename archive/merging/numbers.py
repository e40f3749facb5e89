"""Which number a row of one archive has in another, for millions of rows."""

from __future__ import annotations

import sqlite3
from array import array

_SPARE = 1000


class Numbers:
    """Numbers of one table: ``numbers[theirs] = ours``; 0 where nothing was said. Eight bytes each."""

    def __init__(self, source: sqlite3.Connection, table: str) -> None:
        """For the rows that ``table`` of the source has now."""
        count, lowest, highest = source.execute(
            f"SELECT count(*), coalesce(min(id), 0), coalesce(max(id), 0) FROM {table}"  # noqa: S608  # our names
        ).fetchone()
        # Numbers have few gaps; where somebody made large ones, a row of all numbers would be too long.
        is_dense = lowest >= 0 and highest <= 4 * count + _SPARE
        self._row = array("q", bytes(8 * (highest + 1))) if is_dense else None
        self._sparse: dict[int, int] = {}

    def __setitem__(self, theirs: int, ours: int) -> None:
        """Note our number of their row."""
        if self._row is not None:
            self._row[theirs] = ours
        else:
            self._sparse[theirs] = ours

    def __getitem__(self, theirs: int) -> int:
        """Our number of their row, or 0."""
        return self._row[theirs] if self._row is not None else self._sparse.get(theirs, 0)

    def of(self, theirs: int | None) -> int | None:
        """The same for a column that may be empty."""
        return None if theirs is None else self[theirs] or None
