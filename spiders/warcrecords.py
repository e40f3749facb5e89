"""WARC and ARC files cut into records, also where lengths are wrong and pieces are missing.

WARC: ISO 28500. ARC, its forerunner: https://archive.org/web/researcher/ArcFileFormat.php. A record is
believed to be as long as it says if the next one, or the end, is found there. Otherwise it ends where
the next one begins, and that is said.
"""

from __future__ import annotations

import io
import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import BinaryIO

from spiders.messages import end_of_head
from spiders.packing import ENDLESS, GZIP, LEAST, Packing, first_member, is_packed
from spiders.tape import ARC, LINES, MAX_HEAD, MAX_RECORD, NEXT, OVERLAP, WARC, Member, Tape, begins_record
from spiders.unpacking import pieces, unpacked_start


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in the file."""

    place: str
    """Offset in the file: ``1234``; ``0+5678`` where it stands within one packed member at 0."""
    fields: dict[str, str]
    """Its own header; names in lower case, of several fields of a name the first."""
    block: bytes
    """What it holds: an HTTP message, a page."""
    is_whole: bool = True
    """False if it is larger than MAX_RECORD; the block has only its beginning then."""
    remark: str = ""
    """What is wrong with it although it could be read."""
    member: Member | None = None
    """None where it is not alone in one, or that is larger than MAX_KEPT."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A place where nothing, or no whole record, can be read."""

    place: str
    """As that of a record."""
    detail: str


def records(
    stream: BinaryIO, until: int = ENDLESS, packing: Packing | None = None
) -> Generator[Record | Lost, None, int]:
    """The records of a file, packed or not, and what is lost. One record at a time is in memory.

    ``until``: a record that begins there or behind, and at which a reading could begin, is not read.
    Returns where that one begins, or the file's end. ``packing``: as for :func:`spiders.unpacking.pieces`.
    """
    start = stream.read(MAX_HEAD)
    stream.seek(-len(start), 1)
    if start and packing is None and not _begins(stream, start):
        # The beginning is damaged: it may be a packed file all the same, or packed otherwise than a page is with
        # whose bytes it happens to begin.
        begin = stream.tell()
        member = first_member(stream, begins_record)
        stream.seek(begin if member is None else member)
        if member is not None:
            yield Lost(str(begin), "No record begins here; reading went on with the next one.")
            start = GZIP
    tape = Tape(pieces(stream, begins_record, packing), packed=is_packed(start), until=until)
    while tape.next_run():
        reached = yield from _run(tape)
        if reached is not None:
            return reached
        if tape.damage and not tape.is_told:
            yield Lost(str(tape.damage.offset), tape.damage.detail)
    return tape.reached if tape.reached is not None else stream.seek(0, io.SEEK_END)


def _begins(stream: BinaryIO, start: bytes) -> bool:
    """Whether a file that begins so begins with a record, unpacked if need be."""
    return begins_record(unpacked_start(stream, LEAST) if is_packed(start) else start)


_MAX_TAIL = 1024 * 1024
"""More than this behind a record that has its length is not a part of it."""


def _run(tape: Tape) -> Generator[Record | Lost, None, int | None]:
    """What a run holds. Returns the place of a record that is behind ``until``, if it came to one."""
    while True:
        while tape.need(1) and tape.buffer[0] in b"\r\n":
            blank = LINES.match(tape.buffer)
            tape.use(blank.end() if blank else 1)
        if not tape.buffer:
            return None
        place = tape.place()
        head = _head(tape)
        if head is None:
            tape.skip_to_next()
            if not (tape.damage and not tape.buffer):
                yield Lost(place, "No record begins here; reading went on with the next one.")
            continue
        if tape.is_beyond():
            return int(place)
        yield _record(tape, place, *head)


def _record(tape: Tape, place: str, fields: dict[str, str], start: int) -> Record | Lost:
    """The record that begins in the buffer; what it holds begins at ``start``. It is used up."""
    said = fields.get("content-length", "")
    # More than 15 digits are no length of anything.
    length = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None
    end = start + (length or 0)
    has_all = length is not None and length <= MAX_RECORD and tape.need(end)
    if has_all and _ends_at(tape, end, fields) and not tape.is_doubtful(end):
        with memoryview(tape.buffer) as view:  # a slice of the buffer itself would be copied twice
            block = bytes(view[start:end])
        member = tape.member(start, end)
        tape.use(end + _has_damaged_separator(tape, end, fields))
        return Record(place, fields, block, member=member)
    following = tape.find_next(min(start, 8))
    if following is not None:
        if not has_all or not 0 <= following - end <= 8:  # else only what stands between them is damaged
            end = len(tape.buffer[:following].rstrip(b"\r\n"))
        block = bytes(tape.buffer[start : max(start, end)])
        tape.use(following)
        return Record(place, fields, block, remark="Its length is wrong; it was read up to the next record.")
    if length is not None and length > MAX_RECORD and len(tape.buffer) > MAX_RECORD:
        block = bytes(tape.buffer[start : start + MAX_HEAD])
        tape.skip_to_next()
        return Record(place, fields, block, is_whole=False)
    if has_all and tape.damage is None and (len(tape.buffer) - end > _MAX_TAIL or b"\0" in tape.buffer[end:]):
        block = bytes(tape.buffer[start:end])
        tape.use(end)
        return Record(place, fields, block)  # what stands behind it is reported next
    if (has_all and tape.damage is None) or (tape.packed and "+" not in place and tape.damage is None):
        # The member it stands in is whole, so the length is wrong and not the record.
        block = bytes(tape.buffer[start:].rstrip(b"\r\n"))
        tape.use(len(tape.buffer))
        return Record(place, fields, block, remark="Its length is wrong; it was read up to the end.")
    detail, tape.is_told = tape.damage.detail if tape.damage else "It breaks off.", True
    tape.use(len(tape.buffer))
    return Lost(place, detail)


def _ends_at(tape: Tape, end: int, fields: dict[str, str]) -> bool:
    """Whether a record may end there: another begins behind empty lines, or nothing follows."""
    tape.need(end + 64)
    is_arc = "arc-type" in fields
    if (is_arc and tape.buffer.startswith(b"\n", end)) or WARC.match(tape.buffer, tape.behind(end)):
        return True
    tape.need(end + OVERLAP)
    behind = tape.behind(end)
    if not is_arc and tape.buffer.startswith(b"\r\n\r\n", end) and behind < len(tape.buffer):
        # The head of the next record is damaged, or these empty lines are within it: then its head came before.
        return NEXT.search(tape.buffer, 8, end) is None
    return (
        behind == len(tape.buffer)
        or tape.begins_member(behind)
        or bool(ARC.match(tape.buffer, behind))
        or _has_damaged_separator(tape, end, fields)
    )


def _has_damaged_separator(tape: Tape, end: int, fields: dict[str, str]) -> bool:
    """Whether one other byte stands there for the line feed between two ARC records."""
    return (
        "arc-type" in fields and tape.buffer[end : end + 1] != b"\n" and bool(ARC.match(tape.buffer, end + 1))
    )


def _head(tape: Tape) -> tuple[dict[str, str], int] | None:
    """The header of the record that begins in the buffer, and where it ends; None if none begins there."""
    tape.need(MAX_HEAD)
    first = WARC.match(tape.buffer)
    if first:
        end = end_of_head(tape.buffer, first.end() - 2, MAX_HEAD)
        return (_fields(bytes(tape.buffer[first.end() : end[0]])), end[1]) if end else None
    line = ARC.match(tape.buffer)
    return (_arc_fields(line), line.end()) if line else None


def _fields(head: bytes) -> dict[str, str]:
    """Header lines by name in lower case; a line that begins with a space goes on the one before."""
    found: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").splitlines():
        if line[:1] in " \t" and name:
            found[name] = f"{found[name]} {line.strip()}"
            continue
        before, colon, value = line.partition(":")
        if colon and (called := before.strip().lower()) not in found:
            name = called
            found[name] = value.strip()
    return found


def _arc_fields(line: re.Match[bytes]) -> dict[str, str]:
    """The line that begins an ARC record, as the fields that a WARC record would have."""
    url, date, kind, length = (line[name].decode("latin-1") for name in ("url", "date", "type", "length"))
    is_page = url.startswith(("http:", "https:"))
    return {
        "warc-type": "response" if is_page else "warcinfo",
        "warc-target-uri": url,
        "warc-date": f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}Z",
        "content-type": "application/http",
        "content-length": length,
        "arc-type": kind,
    }
