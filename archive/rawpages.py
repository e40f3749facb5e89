"""Reading raw pages back from the WARC files that ``archive/captures.py`` wrote."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from sqlite_utils import Database

from archive.errors import StorageError, storage
from iomscrape.encodings import CannotDecode, decoded
from iomscrape.records import Capture


def warc_folder(database: Path) -> Path:
    """Where the WARC files lie unless somebody says otherwise: ``iom-warc`` beside ``iom.db``."""
    return database.with_name(f"{database.stem}-warc")


def read_capture(folder: Path, file: str, offset: int) -> Capture:
    """The capture whose record starts at ``offset`` of ``file``: headers, bytes as sent, page.

    Raises StorageError if the file is missing, the record is damaged or cut off, the page unpacks to
    more than the limit, or the record only points at an earlier one (:func:`find_raw` follows it).
    """
    place = inside(folder, file)
    with storage(place), place.open("rb") as stream:
        stream.seek(offset)
        return _capture_at(stream, place, offset)


def unpacked(record: bytes) -> Capture:
    """The capture that :func:`archive.packed.packed` made this record of. Raises StorageError for any other."""
    return _capture_at(BytesIO(record), "the record", 0)


def _capture_at(stream: BinaryIO, place: object, offset: int) -> Capture:
    # Only here: commands that ask for no raw page do without it.
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        record = next(iter(ArchiveIterator(stream, no_record_parse=True)))
        kind = record.rec_type
        block = record.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, EOFError) as error:
        raise StorageError(f"{place} holds no readable record at {offset}; restore the file") from error
    fields = record.rec_headers
    length = fields.get_header("Content-Length")
    if length is None:  # What warcio takes for a record may be any bytes.
        raise StorageError(f"{place} holds no readable record at {offset}; restore the file")
    if str(len(block)) != length:
        raise StorageError(f"{place} is cut off in its record at {offset}; restore the file")
    if kind not in ("response", "resource"):
        raise StorageError(f"{place} holds no page at {offset}, but a record of type {kind}")
    try:
        return _response(fields, block) if kind == "response" else _resource(fields, block)
    except CannotDecode as error:
        raise StorageError(f"{place} holds a page at {offset} that cannot be unpacked: {error}") from error


def inside(folder: Path, file: str) -> Path:
    """The file of that name in the folder. An archive from elsewhere may name any file of this machine."""
    place = folder / file
    if not place.resolve().is_relative_to(folder.resolve()):
        raise StorageError(f"the archive names a WARC file outside {folder}; it was not opened")
    return place


def find_raw(db: Database, capture_id: int, folder: Path) -> Capture | None:
    """The raw page of a capture, from an earlier capture of the same bytes where it has no record of its own.

    None if the archive knows no such capture or has no WARC record with its bytes.
    """
    row = db.conn.execute(
        "SELECT other.warc_file, other.warc_offset FROM captures AS wanted JOIN captures AS other "
        "ON substr(other.digest, 8, 16) = substr(wanted.digest, 8, 16) AND other.digest = wanted.digest "
        "WHERE wanted.id = ? AND other.warc_file IS NOT NULL AND other.revisit = 0 "
        "ORDER BY other.id = wanted.id DESC, other.url = wanted.url DESC, other.id LIMIT 1",
        (capture_id,),
    ).fetchone()
    return read_capture(folder, row[0], row[1]) if row else None


def _response(fields: Any, block: bytes) -> Capture:
    head, _, wire = block.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in lines))
    encoding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    is_encoded = fields.get_header("X-Iomscrape-Body") == "decoded"
    return Capture(
        body=decoded(wire, encoding) if is_encoded else wire,
        status=int(status_line.split(" ")[1]),
        headers=headers,
        wire=wire if is_encoded else None,
        **_common(fields),
    )


def _resource(fields: Any, block: bytes) -> Capture:
    pairs = (pair.partition("=") for pair in (fields.get_header("X-Iomscrape-Headers") or "").split())
    headers = tuple((_unquoted(name), _unquoted(value)) for name, _, value in pairs)
    return Capture(body=block, status=None, headers=headers, **_common(fields))


def _common(fields: Any) -> dict[str, Any]:
    origin = fields.get_header("X-Iomscrape-Origin")
    redirected_from = fields.get_header("X-Iomscrape-Redirected-From") or ""
    return {
        "url": fields.get_header("WARC-Target-URI"),
        "fetched_at": datetime.fromisoformat(fields.get_header("WARC-Date")),
        "source": _unquoted(fields.get_header("X-Iomscrape-Source") or "warc"),
        "redirected_from": tuple(_unquoted(url) for url in redirected_from.split()),
        "origin": None if origin is None else _unquoted(origin),
    }


def _unquoted(text: str) -> str:
    return unquote(text, errors="surrogatepass")
