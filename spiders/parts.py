"""Large WARC files cut into parts, so that several processes, or machines, read them at once.

Nobody reads a file to cut it: a part is a range of bytes and holds the records that begin in it. Who reads a
part looks for the first of them. What looks like one may stand within another, as where a page is a WARC file
itself; so every part says where it began and where the next one has to begin, and where these differ the later
part is read again from where it should begin (:func:`mended`). What all parts give is, item for item, what the
whole file gives.
"""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from spiders.packing import ENDLESS, Packing, is_packed, next_member, packing_of
from spiders.tape import MAX_HEAD, begins_record, find_record

SIZE = 4 * 1024 * 1024
"""Bytes of a part: some hundreds of gzipped pages. What is read of one may have to wait for an earlier one."""


class Part(NamedTuple):
    """The records that begin in this range of a file."""

    start: int = 0
    end: int = ENDLESS
    is_known: bool = True
    """Whether the reading is known to begin at ``start``; else the first record is to be looked for."""

    @property
    def is_empty(self) -> bool:
        """Whether it can hold nothing."""
        return self.start >= self.end


WHOLE = Part()
NOTHING = Part(0, 0)


def cut(stream: BinaryIO, size: int = SIZE) -> list[Part]:
    """The parts of a file, of about so many bytes; WHOLE where it is small or is no WARC or ARC file.

    ``stream``: seekable, at its beginning, and there again afterwards.
    """
    start = stream.read(MAX_HEAD)
    total = stream.seek(0, 2)
    stream.seek(0)
    if total <= size or not (is_packed(start) or begins_record(start)):
        return [WHOLE]
    number = -(-total // size)
    places = [total * place // number for place in range(number)]
    return [
        Part(place, end, is_known=place == 0) for place, end in zip(places, [*places[1:], total], strict=True)
    ]


def beginning(stream: BinaryIO, part: Part) -> int | None:
    """Where the reading of a part begins; None if no record seems to begin in it."""
    if part.is_known:
        return part.start
    packing = _packing(stream)
    if packing is None:
        return find_record(stream, part.start, part.end)
    return next_member(stream, part.start, packing, part.end)


def ready(stream: BinaryIO, begin: int) -> Packing | None:
    """Put the stream where a reading begins; returns how the file is packed, for :func:`records`."""
    packing = _packing(stream) if begin else None
    stream.seek(begin)
    return packing


def mended(part: Part, began: int | None, reached: int) -> Part | None:
    """What is to be read of a part in place of what was; None where that was right.

    ``began``: where its own reading began, None for nowhere. ``reached``: where the reading of the parts
    before it ended; behind the part's end if a record reaches across all of it. Then it holds nothing.
    """
    if reached >= part.end:
        return None if began is None else NOTHING
    return None if began == reached else Part(reached, part.end)


def _packing(stream: BinaryIO) -> Packing | None:
    stream.seek(0)
    try:
        return packing_of(stream, begins_record)
    except ValueError:  # a damaged dictionary: nothing can be unpacked, which the first part tells
        return None
