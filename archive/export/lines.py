"""Articles as CSV for spreadsheets and as JSON lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archive.export.flat import cells, columns

# A spreadsheet takes a cell that begins so for a formula and runs it; some also where the sign is a
# full-width one. The apostrophe itself is in the list so that exactly one can be taken off again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def csv_lines(records: Iterable[dict[str, Any]], *, with_contacts: bool) -> Iterator[str]:
    """A line of column names, then one row an article."""
    names = columns(with_contacts=with_contacts)
    yield csv_row(names)
    for record in records:
        row = cells(record)
        yield csv_row([row[name] for name in names])


def json_lines(records: Iterable[dict[str, Any]], *, with_contacts: bool) -> Iterator[str]:  # noqa: ARG001  # a record says itself what it holds
    """The full record, one a line."""
    for record in records:
        yield json.dumps(record, ensure_ascii=False) + "\n"


def csv_row(values: Sequence[object]) -> str:
    """One row with its line end: quoted where needed, nothing in it is a formula."""
    line = io.StringIO()
    # Written with \r\n as the end so that the writer quotes cells that hold either sign of it.
    csv.writer(line, lineterminator="\r\n").writerow([csv_cell(value) for value in values])
    return line.getvalue().removesuffix("\r\n") + "\n"


def csv_cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
