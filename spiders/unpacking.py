"""Files plain, gzipped or in zstd (``spiders/packing.py``), piece by piece, also behind damage.

After a damaged member the reading goes on with the next one that begins as one, so damage costs what lies in its
member and no more.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Generator, Iterator
from typing import BinaryIO, NamedTuple

from spiders.packing import CHUNK, LEAST, Packing, next_member, packing_of

READ = 64 * 1024
"""Bytes that are read of packed files at a time. What is behind a member's end is copied, so no more than some members."""

MAX_RATIO = 1000
"""A member that unpacks to more than so many times its size is a bomb, not pages."""
_RATIO_FROM = 256 * 1024 * 1024  # smaller ones do no harm

MAX_KEPT = 1024 * 1024
"""Packed bytes of the members that are given as they stand in the file, too."""

_SKIPPABLE = (0x184D2A50, 0x184D2A5F)


class Piece(NamedTuple):
    """Some unpacked bytes and where they come from."""

    data: bytes
    member: int
    """Offset in the file at which their member begins; 0 in a plain file."""
    inner: int
    """Offset within the unpacked member."""
    packed: bytes = b""
    """With the last bytes of a member: all of it as it stands in the file, if it is no larger than MAX_KEPT."""


class Damage(NamedTuple):
    """Bytes that cannot be unpacked."""

    offset: int
    detail: str


def pieces(
    stream: BinaryIO, sign: Callable[[bytes], bool] = bool, packing: Packing | None = None
) -> Iterator[Piece | Damage]:
    """All that the file unpacks to, from its present place on. ``stream`` must be seekable.

    Each member begins with a new piece of at least LEAST bytes (or all it has). ``sign``: whether a
    member that begins so is one to go on with behind damage. ``packing``: as :func:`packing_of` told, where
    the present place is not the file's beginning.
    """
    try:
        packing = packing or packing_of(stream, sign)
    except ValueError as error:
        yield Damage(0, f"Its dictionary cannot be read: {error}.")
        return
    yield from _plain(stream) if packing is None else _members(stream, packing)


def unpacked_start(stream: BinaryIO, size: int = 64 * 1024) -> bytes:
    """The first bytes that the file unpacks to; what can be had of them if it is damaged."""
    place, found = stream.tell(), b""
    for piece in pieces(stream):
        if isinstance(piece, Damage):
            break
        found += piece.data
        if len(found) >= size:
            break
    stream.seek(place)
    return found[:size]


class Unpacked(io.RawIOBase):
    """The unpacked bytes as a file, for what has no records; ``damage`` says where it broke."""

    def __init__(self, stream: BinaryIO) -> None:
        """``stream``: seekable, at its beginning."""
        self.damage: Damage | None = None
        self._pieces = pieces(stream)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Part of the protocol of files."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Part of the protocol of files. After damage the file ends."""
        while not self._rest and self.damage is None:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            if isinstance(piece, Damage):
                self.damage = piece
                return 0
            self._rest = memoryview(piece.data)
        view = memoryview(buffer)  # type: ignore[arg-type]  # any writable buffer, as io has it
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _plain(stream: BinaryIO) -> Iterator[Piece | Damage]:
    offset = stream.tell()
    while chunk := stream.read(CHUNK):
        yield Piece(chunk, 0, offset)
        offset += len(chunk)


def _members(stream: BinaryIO, packing: Packing) -> Iterator[Piece | Damage]:
    offset: int | None = stream.tell()
    pending = b""
    while offset is not None:
        if not pending:
            stream.seek(offset)
            pending = stream.read(READ)
        # Zeros between members are the padding of tapes and of whole-block copies (gzip(1)).
        bare = pending.lstrip(b"\0")
        skipped = len(pending) - len(bare) or _skippable(bare)
        if skipped:
            offset, pending = offset + skipped, b""
            continue
        if not pending:
            return
        wrong, used, pending = yield from _member(stream, packing, offset, pending)
        if not wrong:
            offset += used
            pending = pending if len(pending) >= LEAST else b""
            continue
        damaged, pending = offset, b""
        offset = next_member(stream, damaged + 1, packing)
        behind = "nothing behind it can be read" if offset is None else "reading went on behind it"
        yield Damage(damaged, f"{' '.join(wrong.split())}; {behind}.")


def _member(
    stream: BinaryIO, packing: Packing, offset: int, pending: bytes
) -> Generator[Piece, None, tuple[str, int, bytes]]:
    """The pieces of the member that begins with ``pending``.

    Returns what is wrong with it (empty: nothing), its packed length, and what was read behind it.
    """
    unpacker, read, inner, kept = packing.unpacker(), len(pending), 0, pending
    start = b""  # small beginnings are joined, so that who reads sees what begins here
    while True:
        try:
            data = unpacker.decompress(pending, CHUNK)
        except Exception as error:  # noqa: BLE001  # zlib and zstd have errors of their own
            for data in _up_to_damage(stream, packing, offset, inner):
                yield Piece(data, offset, inner)
                inner += len(data)
            return f"It is damaged: {error}", 0, b""
        is_full = len(data) == CHUNK
        if inner == 0:
            data = start = start + data
        is_over, behind = unpacker.eof, unpacker.unused_data
        whole = kept[: read - len(behind)] if is_over and read - len(behind) <= MAX_KEPT else b""
        if data and (inner or is_over or len(data) >= LEAST):
            yield Piece(data, offset, inner, whole)
            inner += len(data)
        elif whole and inner:  # its last bytes were the checksum
            yield Piece(b"", offset, inner, whole)
        if inner > _RATIO_FROM and inner > MAX_RATIO * read:
            return f"It unpacks to more than {MAX_RATIO} times its size", 0, b""
        if is_over:
            return "", read - len(behind), behind
        pending = b""
        if not is_full:
            pending = stream.read(READ)
            kept = kept + pending if read <= MAX_KEPT else b""
            read += len(pending)
            if not pending:
                if start and not inner:
                    yield Piece(start, offset, 0)
                return "It breaks off", 0, b""


def _up_to_damage(stream: BinaryIO, packing: Packing, offset: int, known: int) -> Iterator[bytes]:
    """What a damaged member unpacks to, but for the first ``known`` bytes, up to the damage.

    The libraries give nothing of the bytes in which they find an error. So it is unpacked once more to
    see how far it is sound, and then again, with the last bytes one by one.
    """
    stream.seek(offset)
    sound = sum(size for size, _ in _fed(stream, packing, 2**62))
    stream.seek(offset)
    inner, joined = 0, b""
    for _, data in _fed(stream, packing, sound):
        joined += data[max(0, known - inner) :]
        inner += len(data)
        if len(joined) >= LEAST:
            yield joined
            joined = b""
    if joined:
        yield joined


def _fed(stream: BinaryIO, packing: Packing, sound: int) -> Iterator[tuple[int, bytes]]:
    """Sizes of packed bytes and what they unpack to, until the damage; behind ``sound`` byte by byte."""
    unpacker = packing.unpacker()
    while small := stream.read(min(CHUNK, sound) or 1):
        sound = max(0, sound - len(small))
        pending = small
        while True:
            try:
                data = unpacker.decompress(pending, CHUNK)
            except Exception:  # noqa: BLE001  # the damage that is known of
                return
            yield 0, data
            if len(data) < CHUNK or unpacker.eof:
                break
            pending = b""
        yield len(small), b""


def _skippable(start: bytes) -> int:
    """Length of the skippable zstd frame that begins here (RFC 8878, 3.1.2); 0 if none does."""
    if len(start) < 8:
        return 0
    magic, length = struct.unpack_from("<II", start)
    return 8 + length if _SKIPPABLE[0] <= magic <= _SKIPPABLE[1] else 0
