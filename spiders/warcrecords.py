"""WARC and ARC files cut into records, also where lengths are wrong and pieces are missing.

WARC: ISO 28500. ARC, its forerunner: https://archive.org/web/researcher/ArcFileFormat.php. A record is
believed to be as long as it says if the next one, or the end, is found there. Otherwise it ends where
the next one begins, and that is said.
"""

from __future__ import annotations

import io
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from spiders.messages import end_of_head
from spiders.unpacking import (
    CHUNK,
    ENDLESS,
    GZIP,
    LEAST,
    Damage,
    Packing,
    Piece,
    first_member,
    is_packed,
    pieces,
    unpacked_start,
)

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of one record; larger ones are no pages."""

MAX_HEAD = 64 * 1024
"""Bytes of a record's own header."""

_WARC = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
# http://host/ 127.0.0.1 20020304050607 text/html 4711; the second version has five fields more.
_ARC = re.compile(
    rb"(?P<url>[a-z][a-z0-9+.-]{1,20}:\S[^\r\n]{0,8000}?) (?P<ip>[0-9a-fA-F.:-]+) (?P<date>\d{14}) "
    rb"(?P<type>\S+)(?: \S+ \S+ \S+ \d+ \S+)? (?P<length>\d+)\r?\n"
)
# In the middle of a file: what begins a record, and the line behind it is a header field.
_NEXT = re.compile(
    rb"WARC/\d\.\d+[ \t]*\r?\n[A-Za-z][\w-]*[ \t]*:|(?<=\n)(?:"
    + re.sub(rb"\?P<\w+>", b"?:", _ARC.pattern)
    + rb")"
)
_LINES = re.compile(rb"[\r\n]*")


class Member(NamedTuple):
    """A record as it stands in its file, alone in a member of gzip or frame of zstd."""

    packed: bytes
    head: bytes
    """What that unpacks to before the record's block; behind the block come two empty lines."""


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


def begins_record(start: bytes) -> bool:
    """Whether bytes that begin so are a WARC or ARC file, or a record of one."""
    if start[:1] in (b"\r", b"\n"):
        start = start[:MAX_HEAD].lstrip(b"\r\n")
    return bool(_WARC.match(start) or _ARC.match(start))


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
    tape = _Tape(pieces(stream, begins_record, packing), packed=is_packed(start), until=until)
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


def find_record(stream: BinaryIO, start: int, end: int) -> int | None:
    """Where in a plain file the first record seems to begin, at ``start`` or behind and before ``end``."""
    place, window = start, b""
    stream.seek(start)
    while place < end and (chunk := stream.read(CHUNK)):
        window += chunk
        if found := _NEXT.search(window):
            return place + found.start() if place + found.start() < end else None
        kept = window[-_OVERLAP:]
        place, window = place + len(window) - len(kept), kept
    return None


class _Tape:
    """Unpacked bytes, run by run. A run ends where a member begins with a record, and at damage.

    ``buffer`` holds what was read of the run and is not used yet.
    """

    def __init__(self, source: Iterator[Piece | Damage], *, packed: bool, until: int) -> None:
        self._source = source
        self.until = until
        self.reached: int | None = None
        """The member at ``until`` or behind with which the next run would begin."""
        self._ahead = next(source, None)
        self._marks: list[tuple[int, int, int]] = []  # place in the run, member, place in the member
        self._used = 0
        self._first = 0  # the member with which the run began
        self._alone = b""  # that member as it stands in the file, while the run is nothing else
        self.packed = packed
        self.buffer = bytearray()
        self.damage: Damage | None = None
        """What ended the run, once all of it was read."""
        self.is_told = False
        """Whether a record that broke off because of the damage was reported."""

    def next_run(self) -> bool:
        """Go to the next run; False at the end of the file, or where that begins behind ``until``."""
        self.buffer.clear()
        self._marks.clear()
        self._alone = b""
        self._used, self.damage, self.is_told = 0, None, False
        ahead = self._ahead
        if self.packed and isinstance(ahead, Piece) and ahead.member >= self.until:
            self.reached = ahead.member
        return ahead is not None and self.reached is None

    def more(self) -> bool:
        """Read on; False at the end of the run."""
        ahead = self._ahead
        if ahead is None or self.damage is not None:
            return False
        if isinstance(ahead, Damage):
            self.damage, self._ahead = ahead, next(self._source, None)
            return False
        if ahead.inner == 0 and self._marks and begins_record(ahead.data):
            return False
        if not self._marks:
            self._first = ahead.member
        self._alone = ahead.packed if ahead.member == self._first else b""
        self._marks.append((self._used + len(self.buffer), ahead.member, ahead.inner))
        self.buffer += ahead.data
        self._ahead = next(self._source, None)
        return True

    def need(self, size: int) -> bool:
        """Have that many bytes in the buffer; False if the run has not so many."""
        while len(self.buffer) < size:
            if not self.more():
                return False
        return True

    def use(self, size: int) -> None:
        """Done with the first bytes of the buffer."""
        del self.buffer[:size]
        self._used += size
        while len(self._marks) > 1 and self._marks[1][0] <= self._used:
            del self._marks[0]

    def place(self) -> str:
        """Where the buffer begins in the file."""
        start, member, inner = self._marks[0] if self._marks else (0, 0, 0)
        inner += self._used - start
        return f"{member}+{inner}" if self.packed and inner else str(member + inner)

    def is_beyond(self) -> bool:
        """Whether, in a plain file, the buffer begins behind ``until``. Packed ones end between two runs."""
        return not self.packed and bool(self._marks) and self._offset() >= self.until

    def _offset(self) -> int:
        start, _, inner = self._marks[0]
        return inner + self._used - start

    def begins_member(self, place: int) -> bool:
        """Whether a packed member begins at that place of the buffer."""
        return self.packed and any(
            start - self._used == place and inner == 0 for start, _, inner in reversed(self._marks)
        )

    def member(self, start: int, end: int) -> Member | None:
        """The record whose block is between these places as it stands in the file, if nothing is beside it."""
        has_more = self._used or len(self.buffer) != end + 4 or not self.buffer.endswith(b"\r\n\r\n")
        return None if has_more or not self._alone else Member(self._alone, bytes(self.buffer[:start]))

    def is_doubtful(self, end: int) -> bool:
        """Whether damage comes right behind that place: of a bad checksum one learns at a member's end."""
        return (
            self.damage is not None
            and bool(self._marks)
            and self._marks[-1][1] == self.damage.offset
            and _behind(self, end) == len(self.buffer)
        )

    def find_next(self, start: int) -> int | None:
        """Where the next record begins, from ``start`` on, as far as a record may reach; None: nowhere."""
        while True:
            found = _NEXT.search(self.buffer, start)
            if found:
                return found.start()
            start = max(start, len(self.buffer) - _OVERLAP)
            if len(self.buffer) > MAX_RECORD or not self.more():
                return None

    def skip_to_next(self) -> None:
        """Leave out everything before the next record, or the rest of the run."""
        while (found := _NEXT.search(self.buffer, 1)) is None:
            self.use(max(0, len(self.buffer) - _OVERLAP))
            if not self.more():
                self.use(len(self.buffer))
                return
        self.use(found.start())


_MAX_TAIL = 1024 * 1024
"""More than this behind a record that has its length is not a part of it."""

_OVERLAP = 16 * 1024
"""How much is looked at again when more has come: more than the longest line that begins a record."""


def _run(tape: _Tape) -> Generator[Record | Lost, None, int | None]:
    """What a run holds. Returns the place of a record that is behind ``until``, if it came to one."""
    while True:
        while tape.need(1) and tape.buffer[0] in b"\r\n":
            blank = _LINES.match(tape.buffer)
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


def _record(tape: _Tape, place: str, fields: dict[str, str], start: int) -> Record | Lost:
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


def _ends_at(tape: _Tape, end: int, fields: dict[str, str]) -> bool:
    """Whether a record may end there: another begins behind empty lines, or nothing follows."""
    tape.need(end + 64)
    is_arc = "arc-type" in fields
    if (is_arc and tape.buffer.startswith(b"\n", end)) or _WARC.match(tape.buffer, _behind(tape, end)):
        return True
    tape.need(end + _OVERLAP)
    behind = _behind(tape, end)
    if not is_arc and tape.buffer.startswith(b"\r\n\r\n", end) and behind < len(tape.buffer):
        # The head of the next record is damaged, or these empty lines are within it: then its head came before.
        return _NEXT.search(tape.buffer, 8, end) is None
    return (
        behind == len(tape.buffer)
        or tape.begins_member(behind)
        or bool(_ARC.match(tape.buffer, behind))
        or _has_damaged_separator(tape, end, fields)
    )


def _has_damaged_separator(tape: _Tape, end: int, fields: dict[str, str]) -> bool:
    """Whether one other byte stands there for the line feed between two ARC records."""
    return (
        "arc-type" in fields
        and tape.buffer[end : end + 1] != b"\n"
        and bool(_ARC.match(tape.buffer, end + 1))
    )


def _behind(tape: _Tape, end: int) -> int:
    blank = _LINES.match(tape.buffer, end)
    return blank.end() if blank else end


def _head(tape: _Tape) -> tuple[dict[str, str], int] | None:
    """The header of the record that begins in the buffer, and where it ends; None if none begins there."""
    tape.need(MAX_HEAD)
    first = _WARC.match(tape.buffer)
    if first:
        end = end_of_head(tape.buffer, first.end() - 2, MAX_HEAD)
        return (_fields(bytes(tape.buffer[first.end() : end[0]])), end[1]) if end else None
    line = _ARC.match(tape.buffer)
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
