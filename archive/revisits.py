"""Bytes that came before: the earlier record that a page fetched again can point at."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.addresses import identity, is_capture_of, readable
from archive.errors import StorageError
from archive.packed import Original
from archive.prepared import Prepared
from archive.rawpages import read_capture
from iomscrape.records import Capture


def find_original(db: Database, page: Prepared, folder: Path) -> Original | None:
    """The earlier record of the same address whose bytes are those of this capture, byte for byte.

    ``folder``: where the WARC files lie. The record is read back and compared: the archive knows the
    digest of the page only, and one page can be sent under several compressions.
    """
    if page.capture.status is None:
        return None
    row = db.conn.execute(
        "SELECT url, fetched_at, warc_file, warc_offset FROM captures "  # noqa: S608  # ours
        f"WHERE {is_capture_of('?1')} AND status = ?2 AND digest = ?3 "
        "AND warc_file IS NOT NULL AND revisit = 0 ORDER BY id DESC LIMIT 1",
        (identity(page.capture.url), page.capture.status, page.digest),
    ).fetchone()
    if row is None:
        return None
    try:
        is_same = are_same(read_capture(folder, row[2], row[3]), page.whole())
    except StorageError:
        return None  # moved away or damaged: all the more reason to write the page whole
    return Original(row[0], datetime.fromisoformat(row[1])) if is_same else None


def as_original(before: Prepared, page: Prepared) -> Original | None:
    """The same for one that is to be written in the same go, and has the same page and address."""
    if page.capture.status is None:
        return None
    try:
        is_same = are_same(before.whole(), page.whole())
    except StorageError:
        return None
    return Original(readable(before.capture.url), before.capture.fetched_at) if is_same else None


def are_same(one: Capture, other: Capture) -> bool:
    """Whether the same bytes were sent, and are to be unpacked in the same way or not at all."""
    sent = [page.body if page.wire is None else page.wire for page in (one, other)]
    return sent[0] == sent[1] and (one.wire is None) == (other.wire is None)
