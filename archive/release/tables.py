"""Every table of an archive as a Parquet file and a CSV file with the same rows in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlite_utils import Database

from archive.columns import COLUMNS
from archive.export.lines import csv_row
from archive.export.tables import (
    ARTICLE_TABLES,
    CAPTURE_TABLES,
    CONTACT_TABLES,
    STORY_TABLES,
    WORK_TABLES,
    order_of,
)

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 5000
"""Rows in a Parquet row group: what is held in memory at a time."""

TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
"""SQLite's type -> Frictionless'."""


class Column(NamedTuple):
    """One column: name, SQLite type, whether it must have a value, place in the primary key (0: none)."""

    name: str
    kind: str
    required: bool
    key: int
    meaning: str
    example: str


class Table(NamedTuple):
    """One table of the release."""

    name: str
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str, str], ...]
    """Own column, table and column that it points to."""
    rows: int


class _Whole(NamedTuple):
    """A view that shows all of what a table holds a part of: what SQLite does not tell of it."""

    view: str
    key: tuple[str, ...]
    references: tuple[tuple[str, str, str], ...]


_WHOLE = {
    "earlier_versions": _Whole(
        "versions",
        ("article_id", "number"),
        (("article_id", "articles", "id"), ("capture_id", "captures", "id")),
    ),
    "other_addresses": _Whole("addresses", ("identity", "article_id"), (("article_id", "articles", "id"),)),
}
"""Released in place of these tables."""


def released(*, with_contacts: bool) -> list[str]:
    """The names of the tables: articles and what hangs on them, their origin, and what the program remembers.

    What is made of these (``facets``, full text) is left out; so is, without contacts, what would be empty.
    """
    gone = () if with_contacts else (*CONTACT_TABLES, "imports", "corrections")
    tables = (*ARTICLE_TABLES, *STORY_TABLES, *CAPTURE_TABLES, *WORK_TABLES)
    return [_WHOLE[name].view if name in _WHOLE else name for name in tables if name not in gone]


def write_table(db: Database, name: str, folder: Path, step: Callable[[], object]) -> Table:
    """Write ``parquet/NAME.parquet`` and ``csv/NAME.csv`` into ``folder``; ``step`` is called for each row."""
    import pyarrow.parquet as pq

    columns = _columns(db, name)
    schema = _schema(columns)
    keys = [column.name for column in sorted(columns, key=lambda column: column.key) if column.key]
    rows = db.conn.execute(
        f"SELECT {', '.join(column.name for column in columns)} FROM {name} "  # noqa: S608  # our names
        f"ORDER BY {', '.join(keys) or order_of(db.conn, name)}"
    )
    number = 0
    with (
        (folder / "csv" / f"{name}.csv").open("xb") as text,
        pq.ParquetWriter(folder / "parquet" / f"{name}.parquet", schema, compression="zstd") as parquet,
    ):
        text.write(csv_row([column.name for column in columns]).encode())
        for batch in _batches(rows):
            text.writelines(csv_row(row).encode() for row in batch)
            parquet.write_batch(_record_batch(batch, schema))
            number += len(batch)
            for _ in batch:
                step()
    return Table(name, columns, _references(db, name), number)


def _columns(db: Database, table: str) -> tuple[Column, ...]:
    described = {column.name: column for column in COLUMNS if column.table == table}
    whole = next((whole for whole in _WHOLE.values() if whole.view == table), None)
    return tuple(
        Column(
            name,
            kind or "TEXT",  # what a view computes
            bool(required),
            whole.key.index(name) + 1 if whole and name in whole.key else key,
            described[name].meaning,
            described[name].example,
        )
        # Also columns that SQLite computes of others.
        for _, name, kind, required, _, key, _ in db.conn.execute(f"PRAGMA table_xinfo({table})")
    )


def _references(db: Database, table: str) -> tuple[tuple[str, str, str], ...]:
    whole = next((whole.references for whole in _WHOLE.values() if whole.view == table), None)
    if whole is not None:
        return whole
    rows = db.conn.execute(f"PRAGMA foreign_key_list({table})")
    return tuple(sorted((row[3], row[2], row[4]) for row in rows))


def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    import pyarrow as pa

    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}
    return pa.schema(
        [
            pa.field(column.name, kinds[column.kind], metadata={"description": column.meaning})
            for column in columns
        ]
    )


def _record_batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = [
        pa.array(values, type=field.type)
        for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
