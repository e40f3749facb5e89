"""WACZ files: a zip with WARC files in it, read where they stand and never unpacked to the disk.

"Web Archive Collection Zipped" 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/. Its ``datapackage.json`` gives a
digest for each part; a part that has another one is read all the same, and reported.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from spiders import warcs
from spiders.packing import first_member
from spiders.passed import Item
from spiders.revisits import Opener, Originals
from spiders.tape import begins_record
from spiders.unfetched import Unfetched

MAX_PACKAGE = 16 * 1024 * 1024
"""Bytes of a datapackage.json."""
MAX_PARTS = 100_000
"""Files in a zip."""
MAX_RATIO = 200
"""A part that is deflated to less than so many times its size is a bomb; WARC files are stored, or plain text."""

_WARC_NAME = re.compile(r"\.w?arc(?:\.gz|\.zst)?$", re.IGNORECASE)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # of zipfile: a part is packed in a way that it does not know
    RuntimeError,
    struct.error,
    ValueError,
)
_PACKAGE, _PACKAGE_DIGEST = "datapackage.json", "datapackage-digest.json"


def is_zip(start: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return start.startswith(b"PK\x03\x04")


def captures(
    stream: BinaryIO, name: str, opener: Opener, originals: Originals | None = None
) -> Iterator[Item]:
    """The pages of the WARC files in a WACZ file, and what of it is damaged or not what it says.

    ``stream``: seekable, at its beginning. ``opener`` opens the same file again, for revisits.
    """
    try:
        with zipfile.ZipFile(stream) as file:
            parts, wrong = _parts(file, name)
            yield from wrong
            yield from _differing(file, name, parts)
            for part in parts:
                yield from _of_part(file, part, name, opener, originals)
    except _BROKEN as error:
        yield from _salvaged(stream, name, opener, originals, error)


def _parts(file: zipfile.ZipFile, name: str) -> tuple[list[zipfile.ZipInfo], list[Unfetched]]:
    """The WARC files in it, in the order of their names, and those that are refused."""
    parts: list[zipfile.ZipInfo] = []
    wrong: list[Unfetched] = []
    if len(file.infolist()) > MAX_PARTS:
        return [], [Unfetched(url=name, reason="too-large", detail=f"It holds more than {MAX_PARTS} files.")]
    for part in file.infolist():
        place = f"{name}!{part.filename}"
        steps = part.filename.replace("\\", "/").split("/")
        if not _WARC_NAME.search(part.filename):
            continue
        if ".." in steps or not steps[0] or ":" in steps[0]:
            wrong.append(
                Unfetched(url=place, reason="bad-path", detail="Its name leads out of the file it is in.")
            )
        elif part.file_size > MAX_RATIO * max(part.compress_size, 1):
            detail = f"It unpacks to more than {MAX_RATIO} times its size."
            wrong.append(Unfetched(url=place, reason="too-large", detail=detail))
        elif part.flag_bits & 1:
            wrong.append(Unfetched(url=place, reason="encrypted", detail="It is locked with a password."))
        else:
            parts.append(part)
    if not parts and not wrong:
        wrong.append(Unfetched(url=name, reason="no-pages", detail="It is a zip without WARC files."))
    return sorted(parts, key=lambda part: part.filename), wrong


def _of_part(
    file: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, opener: Opener, originals: Originals | None
) -> Iterator[Item]:
    place = f"{name}!{part.filename}"
    if originals is not None:
        originals.begin(originals.file, PartOpener(opener, part.filename))
    try:
        yield from warcs.captures(_opened(file, part), place, originals)
    except _BROKEN as error:
        yield Unfetched(url=place, reason="damaged", detail=f"It is damaged: {error}")


@dataclass(frozen=True)
class PartOpener:
    """Opens a WARC file in a WACZ file once more; can be sent to another process if ``opener`` can."""

    opener: Opener
    path: str

    @contextmanager
    def __call__(self) -> Iterator[BinaryIO]:
        """The part, at its beginning."""
        with self.opener() as stream, zipfile.ZipFile(stream) as file:
            yield _opened(file, file.getinfo(self.path))


def _opened(file: zipfile.ZipFile, part: zipfile.ZipInfo) -> BinaryIO:
    if part.compress_type != zipfile.ZIP_STORED or file.fp is None:
        return cast("BinaryIO", file.open(part))
    # Stored, as the standard has it: read in place, so that damage to it costs what is damaged and one
    # can go to any place in it at once.
    file.fp.seek(part.header_offset)
    head = file.fp.read(30)
    if len(head) < 30:
        raise zipfile.BadZipFile(f"{part.filename} is not where it should be")
    names, extra = struct.unpack_from("<HH", head, 26)
    return cast("BinaryIO", _Window(file.fp, part.header_offset + 30 + names + extra, part.compress_size))


class _Window(io.RawIOBase):
    """A part of a file as a file."""

    def __init__(self, stream: Any, start: int, size: int) -> None:
        self._stream, self._start, self._size, self._place = stream, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        rest = max(0, self._size - self._place)
        self._stream.seek(self._start + self._place)
        found: bytes = self._stream.read(rest if size is None or size < 0 else min(size, rest))
        self._place += len(found)
        return found


def _differing(file: zipfile.ZipFile, name: str, parts: list[zipfile.ZipInfo]) -> Iterator[Unfetched]:
    """What datapackage.json says otherwise than it is: digests of the WARC files, files that are missing."""
    package = _read(file, _PACKAGE)
    if package is None:
        return
    signed = _json(_read(file, _PACKAGE_DIGEST))
    if isinstance(signed, dict) and _differs([package], signed.get("hash")):
        yield Unfetched(url=f"{name}!{_PACKAGE}", reason="digest", detail="It is not what its digest says.")
    listed = _json(package)
    if not isinstance(listed, dict) or not isinstance(listed.get("resources"), list):
        yield Unfetched(url=f"{name}!{_PACKAGE}", reason="damaged", detail="It lists no parts.")
        return
    known = {part.filename: part for part in parts}
    for resource in listed["resources"]:
        path = resource.get("path") if isinstance(resource, dict) else None
        if not isinstance(path, str) or not _WARC_NAME.search(path):
            continue
        part = known.get(path) or known.get(f"archive/{path}")
        if part is None:
            if path not in file.namelist():
                yield Unfetched(url=f"{name}!{path}", reason="missing", detail="It is listed and not there.")
            continue
        try:
            stream = _opened(file, part)
            differs = _differs(iter(lambda s=stream: s.read(1024 * 1024), b""), resource.get("hash"))  # type: ignore[misc]  # its type is lost in the default
        except _BROKEN:
            differs = True
        if differs:
            detail = "It is not what the digest in datapackage.json says; it was changed or damaged."
            yield Unfetched(url=f"{name}!{part.filename}", reason="digest", detail=detail)


def _differs(data: Any, said: object) -> bool:
    """Whether the data have another digest than ``sha256:…``; False where none is given."""
    kind, _, value = str(said or "").lower().replace("sha-", "sha").partition(":")
    if kind not in ("sha256", "sha512", "sha1", "md5") or not value:
        return False
    digest = hashlib.new(kind, usedforsecurity=False)
    for piece in data:
        digest.update(piece)
    return digest.hexdigest() != value


def _read(file: zipfile.ZipFile, path: str) -> bytes | None:
    try:
        part = file.getinfo(path)
        return None if part.file_size > MAX_PACKAGE else file.read(part)
    except (KeyError, *_BROKEN):
        return None


def _json(raw: bytes | None) -> Any:
    try:
        return json.loads(raw or b"null")
    except (ValueError, RecursionError):
        return None


def _salvaged(
    stream: BinaryIO, name: str, opener: Opener, originals: Originals | None, error: Exception
) -> Iterator[Item]:
    """The records of a zip that is cut off: its list of contents stands at its end."""
    yield Unfetched(
        url=name, reason="damaged", detail=f"It is no whole zip ({error}); its records were looked for."
    )
    stream.seek(0)
    start = first_member(stream, begins_record)
    if start is not None:
        stream.seek(start)
        if originals is not None:
            originals.begin(originals.file, opener)
        yield from warcs.captures(stream, name, originals)
