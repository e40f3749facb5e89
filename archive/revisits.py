"""Bytes that came before: the earlier record that a page fetched again can point at."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.addresses import identity
from archive.captures import Original
from archive.content import digest_of
from archive.errors import StorageError
from archive.rawpages import read_capture
from iomscrape.records import Capture


def find_original(db: Database, capture: Capture, folder: Path) -> Original | None:
    """The earlier record of the same address whose bytes are those of this capture, byte for byte.

    ``folder``: where the WARC files lie. The record is read back and compared: the archive knows the
    digest of the page only, and one page can be sent under several compressions.
    """
    if capture.status is None:
        return None
    rows = db.conn.execute(
        "SELECT url, fetched_at, warc_file, warc_offset, digest FROM captures WHERE identity = ? "
        "AND status = ? AND warc_file IS NOT NULL AND revisit = 0 ORDER BY id DESC",
        (identity(capture.url), capture.status),
    ).fetchall()
    digest = digest_of(capture.body) if rows else ""
    row = next((row for row in rows if row[4] == digest), None)
    if row is None:
        return None
    try:
        kept = read_capture(folder, row[2], row[3])
    except StorageError:
        return None  # moved away or damaged: all the more reason to write the page whole
    sent = [page.body if page.wire is None else page.wire for page in (kept, capture)]
    same = sent[0] == sent[1] and (kept.wire is None) == (capture.wire is None)
    return Original(row[0], datetime.fromisoformat(row[1])) if same else None
