"""How files are packed: gzipped or in zstd, told by their first bytes, and where a packed member begins.

A packed file is a row of members (gzip's word) or frames (zstd's) that can be unpacked each by itself; WARC
files have one for each record. Reading them is the work of ``spiders/unpacking.py``.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import BinaryIO, NamedTuple, Protocol

from iomscrape.encodings import gunzipping

CHUNK = 256 * 1024
"""Bytes that are read of plain files, and at most unpacked, at a time."""

LEAST = 4096
"""Bytes of a member's first piece, unless it has fewer: enough to see what begins there."""

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
# A frame with a dictionary at the start of a .warc.zst: "WARC File Format: Zstandard compression", IIPC.
DICTIONARY = struct.pack("<I", 0x184D2A5D)

ENDLESS = 2**62
"""A place behind every file's end."""

MAX_DICTIONARY = 16 * 1024 * 1024

# zstd may ask for a window of gigabytes; 128 MB are what its own tool allows (RFC 8878, 3.1.1.1.2).
_MAX_WINDOW_LOG = 27


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class Packing(NamedTuple):
    """How a file is packed, and what a member must begin with to be gone on with behind damage."""

    magic: bytes
    unpacker: Callable[[], _Unpacker]
    sign: Callable[[bytes], bool]


def is_packed(start: bytes) -> bool:
    """Whether a file that begins so is gzipped or in zstd."""
    return start.startswith((GZIP[:2], ZSTD, DICTIONARY))


def packing_of(stream: BinaryIO, sign: Callable[[bytes], bool] = bool) -> Packing | None:
    """How the file is packed that begins at the present place; None if it is plain.

    A dictionary is read over. ValueError if it cannot be read.
    """
    start = stream.read(8)
    stream.seek(-len(start), io.SEEK_CUR)
    if not is_packed(start):
        return None
    if start.startswith(GZIP[:2]):
        return Packing(GZIP, _Gzip, sign)
    dictionary = _dictionary(stream) if start.startswith(DICTIONARY) else b""
    return Packing(ZSTD, _zstd(dictionary), sign)


def first_member(stream: BinaryIO, sign: Callable[[bytes], bool]) -> int | None:
    """Where the first packed member stands that begins so, from the stream's place on; None: nowhere."""
    start = stream.tell()
    packings = (Packing(GZIP, _Gzip, sign), Packing(ZSTD, _zstd(b""), sign))
    return min(
        (place for packing in packings if (place := next_member(stream, start, packing)) is not None),
        default=None,
    )


def next_member(stream: BinaryIO, start: int, packing: Packing, end: int = ENDLESS) -> int | None:
    """Where the next member begins at or behind ``start`` and before ``end``; None if none does.

    Its first bytes occur by chance, too, so it must also unpack to what is looked for.
    """
    base, window = start, b""
    stream.seek(start)
    while base < end:
        chunk = stream.read(CHUNK)
        window += chunk
        found = window.find(packing.magic)
        while 0 <= found < end - base and (len(window) - found >= LEAST or not chunk):
            if _unpacks(window[found : found + LEAST], packing):
                return base + found
            found = window.find(packing.magic, found + 1)
        if not chunk:
            return None
        # What is too near the end to be judged is looked at again with what follows.
        keep = len(window) - found if found >= 0 else len(packing.magic) - 1
        base += len(window) - keep
        window = window[len(window) - keep :]
    return None


def _unpacks(start: bytes, packing: Packing) -> bool:
    try:
        return packing.sign(packing.unpacker().decompress(start, LEAST))
    except Exception:  # noqa: BLE001  # not a member, then
        return False


class _Gzip:
    """zlib's object with zstd's manners: it keeps what it had no room to unpack."""

    def __init__(self) -> None:
        self._object = gunzipping()

    @property
    def eof(self) -> bool:
        return bool(self._object.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._object.unused_data)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        kept = self._object.unconsumed_tail
        return bytes(self._object.decompress(kept + data if kept else data, max_length))


def _zstd(dictionary: bytes) -> Callable[[], _Unpacker]:
    """What unpacks a frame of zstd. ValueError if the dictionary is none."""
    from backports import zstd

    options = {int(zstd.DecompressionParameter.window_log_max): _MAX_WINDOW_LOG}
    try:
        known = zstd.ZstdDict(dictionary) if dictionary else None
        zstd.ZstdDecompressor(zstd_dict=known, options=options)
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from None
    return lambda: zstd.ZstdDecompressor(zstd_dict=known, options=options)


def _dictionary(stream: BinaryIO) -> bytes:
    """The dictionary at the file's start; it may be packed itself. ValueError if there is none."""
    from backports import zstd

    head = stream.read(8)
    length = int.from_bytes(head[4:], "little")
    if length > MAX_DICTIONARY:
        raise ValueError(f"it is larger than {MAX_DICTIONARY} bytes")
    found = stream.read(length)
    if len(found) < length or len(head) < 8:
        raise ValueError("it breaks off")
    if not found.startswith(ZSTD):
        return found
    try:
        unpacked = zstd.ZstdDecompressor().decompress(found, MAX_DICTIONARY + 1)
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from None
    if len(unpacked) > MAX_DICTIONARY:
        raise ValueError(f"it is larger than {MAX_DICTIONARY} bytes")
    return unpacked
