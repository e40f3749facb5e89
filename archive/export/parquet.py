"""Articles as one Parquet file: lists stay lists, contacts and repairs are nested records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from archive.errors import MissingExtra
from archive.export.flat import CONTACT_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 2000
"""Articles in a row group: what is held in memory at a time."""


def require_pyarrow() -> None:
    """Raise MissingExtra where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401  # asked for only to know
    except ImportError:
        raise MissingExtra(
            "Parquet needs pyarrow; install it with: pip install 'iomscrape[parquet]'"
        ) from None


def write_parquet(sink: IO[bytes], records: Iterable[dict[str, Any]], *, with_contacts: bool) -> int:
    """Write all records; returns how many. The sink need not be seekable."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(with_contacts=with_contacts)
    number = 0
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in _batches(records):
            rows = [_row(record, schema) for record in batch]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            number += len(rows)
    return number


def _schema(*, with_contacts: bool) -> pa.Schema:
    import pyarrow as pa

    text, texts, flag = pa.string(), pa.list_(pa.string()), pa.bool_()
    moment = pa.timestamp("us", tz="UTC")
    link = pa.struct([("url", text), ("text", text)])
    phone = pa.struct(
        [("printed", text), ("e164", text), ("kind", text), ("extension", text), ("valid", flag)]
    )
    named = [("name", text), ("role", text), ("office", text)]
    reached = [("phones", pa.list_(phone)), ("emails", texts), ("other", texts), ("position", pa.int64())]
    contact = pa.struct([*named, *reached])
    repair = pa.struct([("kind", text), ("before", text), ("after", text), ("where", text)])
    fields: dict[str, pa.DataType] = {
        "id": pa.int64(),
        **dict.fromkeys(
            ("url", "site", "lang", "kind", "title", "subtitle", "published", "published_printed"), text
        ),
        **dict.fromkeys(("updated", "dateline", "country", "region"), text),
        "themes": texts,
        "text": text,
        "paragraphs": texts,
        "blocks": pa.list_(pa.struct([("text", text), ("role", text)])),
        "images": pa.list_(pa.struct([("url", text), ("caption", text), ("credit", text)])),
        "links": pa.list_(link),
        "documents": pa.list_(link),
        "translations": pa.list_(pa.struct([("lang", text), ("url", text)])),
        "contacts": pa.list_(contact),
        "repairs": pa.list_(repair),
        "node_id": text,
        "first_seen": moment,
        "last_seen": moment,
        "design": text,
        "reader_version": text,
        "confidence": pa.float64(),
        "warnings": texts,
    }
    return pa.schema(
        [(name, kind) for name, kind in fields.items() if with_contacts or name not in CONTACT_COLUMNS]
    )


def _row(record: dict[str, Any], schema: pa.Schema) -> dict[str, Any]:
    row = record | {
        "text": "\n\n".join(record["paragraphs"]),
        "translations": [{"lang": lang, "url": url} for lang, url in record["translations"].items()],
        "first_seen": datetime.fromisoformat(record["first_seen"]),
        "last_seen": datetime.fromisoformat(record["last_seen"]),
    }
    return {name: row.get(name) for name in schema.names}


def _batches(records: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(records)
    while batch := list(islice(rest, BATCH)):
        yield batch
