"""What a worker made of a part of a file, as a Parquet file: checked where it arrives, and readable by anybody.

One row for each item and each message, in their order. ``said`` holds all of it as JSON, ``record`` the page's WARC
record; the other columns are for people and their tools.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from typing import Any, NamedTuple
from uuid import uuid4

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from archive import StorageError
from archive.addresses import readable
from archive.prepared import Prepared
from iomscrape.cluster import plain
from iomscrape.filework import Message, Some

SCHEMA = pa.schema(
    [
        ("what", pa.string()),
        ("url", pa.string()),
        ("fetched_at", pa.string()),
        ("status", pa.int32()),
        ("digest", pa.string()),
        ("title", pa.string()),
        ("problem", pa.string()),
        ("said", pa.string()),
        ("record", pa.binary()),
    ]
)
ITEM = "item"
# The records are packed already; the rest is small beside them.
_COMPRESSION = {"said": "zstd", "url": "zstd", "title": "zstd"}


class Part(NamedTuple):
    """A part that was written: what is sent through the cluster."""

    place: str | None
    """Where it lies; None if it comes along as ``data``."""
    data: bytes | None
    digest: str
    """SHA-256 of the file."""
    rows: int


def write(messages: Iterable[Message], folder: str | None) -> Part:
    """Write what a task told; with ``folder`` (a path, or an address for fsspec) there, else to be sent along."""
    table = pa.Table.from_pylist(list(_rows(messages)), schema=SCHEMA)
    sink = BytesIO()
    pq.write_table(table, sink, compression={name: _COMPRESSION.get(name, "none") for name in SCHEMA.names})
    data = sink.getvalue()
    digest = sha256(data).hexdigest()
    if folder is None:
        return Part(None, data, digest, table.num_rows)
    # Each try has a name of its own: one that was given up may still be writing.
    place = f"{folder.rstrip('/')}/part-{digest[:16]}-{uuid4().hex[:8]}.parquet"
    with fsspec.open(place, "wb", auto_mkdir=True) as file:
        file.write(data)
    return Part(place, None, digest, table.num_rows)


def read(part: Part) -> Iterator[Message]:
    """The messages again. Raises StorageError for a part that is not what its worker wrote."""
    data = part.data
    if data is None:
        try:
            with fsspec.open(part.place, "rb") as file:
                data = bytes(file.read())
        except OSError as error:
            raise StorageError(
                f"{part.place} cannot be read here: {error}; give a folder that this machine and all workers share"
            ) from error
    if sha256(data).hexdigest() != part.digest:
        raise StorageError(f"{part.place or 'a part'} is not what its worker wrote; look at disk and network")
    table = pq.read_table(BytesIO(data))
    if table.num_rows != part.rows:
        raise StorageError(f"{part.place or 'a part'} has {table.num_rows} rows in place of {part.rows}")
    return _messages(table)


def own_folder(folder: str) -> str:
    """A folder within ``folder`` for the parts of one import."""
    return f"{folder.rstrip('/')}/import-{uuid4().hex[:12]}"


def remove(place: str) -> None:
    """Take away a part that is stored, or all that is left of an import: parts of workers that were lost."""
    system, path = fsspec.core.url_to_fs(place)
    with suppress(FileNotFoundError):
        system.rm(path, recursive=True)


def _rows(messages: Iterable[Message]) -> Iterator[dict[str, Any]]:
    for message in messages:
        told = plain.of_message(message)
        yield {"what": next(iter(told)), "said": json.dumps(told)}
        for item in message.items if isinstance(message, Some) else ():
            yield {"what": ITEM, "said": json.dumps(plain.of_item(item)), **_shown(item)}


def _shown(item: object) -> dict[str, Any]:
    """The columns for people."""
    if not isinstance(item, Prepared):
        return {"problem": getattr(item, "reason", None)}
    capture = item.capture
    return {
        "url": readable(capture.url),
        "fetched_at": capture.fetched_at.isoformat(),
        "status": capture.status,
        "digest": item.digest,
        "title": item.articles[0].said.record["title"] if item.articles else None,
        "problem": item.problem.reason if item.problem else None,
        "record": item.record.data if item.record else None,
    }


def _messages(table: Any) -> Iterator[Message]:
    message: Message | None = None
    for batch in table.to_batches(max_chunksize=256):
        for row in batch.select(["what", "said", "record"]).to_pylist():
            said = json.loads(row["said"])
            if row["what"] == ITEM:
                if not isinstance(message, Some):
                    raise StorageError("a part begins with an item; look at disk and network")
                message.items.append(plain.to_item(said, row["record"]))
                continue
            if message is not None:
                yield message
            message = plain.to_message(said)
    if message is not None:
        yield message
