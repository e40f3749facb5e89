"""Raw pages in WARC files (ISO 28500) that any WARC tool reads. One set of files a run."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from warcio.warcwriter import WARCWriter

from archive.errors import storage
from archive.packed import WARC_VERSION, Original, Packed, one_line, packed, warc_date
from archive.rawpages import read_capture
from archive.store import WarcPlace
from iomscrape.records import Capture

__all__ = ["MAX_FILE", "Original", "WarcWriter", "read_capture", "warc_date"]

MAX_FILE = 1_000_000_000
"""A WARC file that has grown to this many bytes is followed by a new one."""


class WarcWriter:
    """Writes the raw pages of one run. Nothing is made on disk before the first page comes.

    ``folder``: where the files lie (made if missing). ``run``: what the run is called in the files.
    ``software``: name and version of the program. Use as a context manager or call :meth:`close`.
    """

    def __init__(self, folder: Path, *, run: str, software: str, max_file: int = MAX_FILE) -> None:
        """Prepare; see the class."""
        self.folder = Path(folder)
        self._run = run
        self._software = software
        self._max_file = max_file
        self._serial = 0
        self._set = secrets.token_hex(3)[:5]
        self._started = datetime.now(UTC)
        self._file: IO[bytes] | None = None
        self._name = ""
        self._safe = 0  # up to where the file is known to be on the disk

    def write(self, capture: Capture, *, original: Original | None = None) -> WarcPlace:
        """Write one raw page; when this returns, it is on the disk.

        ``original``: the caller vouches that this earlier record of the archive holds the same bytes
        as were sent now; then only a pointer to it is written (a ``revisit`` record).
        Raises StorageError; what was written before stays whole.
        """
        return self.append_all([packed(capture, original)])[0]

    def write_all(
        self, captures: Iterable[Capture], originals: Mapping[int, Original] | None = None
    ) -> list[WarcPlace]:
        """Write several raw pages; when this returns, all of them are on the disk.

        ``originals``: those of :meth:`write`, by the capture's place in the row.
        """
        found = originals or {}
        return self.append_all(packed(capture, found.get(place)) for place, capture in enumerate(captures))

    def append_all(self, records: Iterable[Packed]) -> list[WarcPlace]:
        """Write records that are packed already; when this returns, all of them are on the disk.

        The disk is waited for once, which is what most of the time of :meth:`write` goes into.
        """
        with storage(self.folder):
            try:
                places = [self._append_record(record) for record in records]
                self._sync()
            except BaseException:  # a full disk, Ctrl-C
                self._take_back()
                raise
        return places

    def _append_record(self, record: Packed) -> WarcPlace:
        if self._file is None or self._file.tell() >= self._max_file:
            self._next_file()
        offset = self._append(record.data)
        return WarcPlace(self._name, offset, len(record.data), record.digest, record.is_revisit)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _append(self, data: bytes) -> int:
        if self._file is None:
            raise ValueError("the WARC file is closed")
        offset = self._file.tell()
        rest = memoryview(data)
        while rest:  # an unbuffered write may take only a part
            rest = rest[self._file.write(rest) :]
        return offset

    def _sync(self) -> None:
        if self._file is not None:
            os.fsync(self._file.fileno())
            self._safe = self._file.tell()

    def _take_back(self) -> None:
        """Cut off what never reached the disk: half a record would hide the ones that follow it."""
        if self._file is not None:
            self._file.seek(self._safe)
            self._file.truncate()

    def _next_file(self) -> None:
        self._sync()
        self.close()
        _make_folder(self.folder)
        self._name = f"iomscrape-{self._started:%Y%m%d%H%M%S}-{self._serial:05}-{self._set}.warc.gz"
        self._serial += 1
        # Unbuffered, so that a failed write leaves nothing behind; "x": never into an existing file.
        self._file = (self.folder / self._name).open("xb", buffering=0)
        self._safe = 0
        writer = WARCWriter(BytesIO(), gzip=True, warc_version=WARC_VERSION)
        warcinfo = {
            "software": one_line(self._software),
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "robots": "classic",
            "isPartOf": one_line(self._run),
        }
        writer.write_record(writer.create_warcinfo_record(self._name, warcinfo))
        self._append(writer.out.getvalue())
        self._sync()
        _sync_folder(self.folder)


def _make_folder(folder: Path) -> None:
    """Make a folder with those above it, and let their names survive a power cut, too."""
    fresh = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in fresh:
        _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new file's name survive a power cut. Not every system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
