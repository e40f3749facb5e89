"""The unpacked bytes of WARC and ARC files, run by run, and how a record begins in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from spiders.packing import CHUNK
from spiders.unpacking import Damage, Piece

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of one record; larger ones are no pages."""

MAX_HEAD = 64 * 1024
"""Bytes of a record's own header."""

WARC = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
# http://host/ 127.0.0.1 20020304050607 text/html 4711; the second version has five fields more.
ARC = re.compile(
    rb"(?P<url>[a-z][a-z0-9+.-]{1,20}:\S[^\r\n]{0,8000}?) (?P<ip>[0-9a-fA-F.:-]+) (?P<date>\d{14}) "
    rb"(?P<type>\S+)(?: \S+ \S+ \S+ \d+ \S+)? (?P<length>\d+)\r?\n"
)
# In the middle of a file: what begins a record, and the line behind it is a header field.
NEXT = re.compile(
    rb"WARC/\d\.\d+[ \t]*\r?\n[A-Za-z][\w-]*[ \t]*:|(?<=\n)(?:"
    + re.sub(rb"\?P<\w+>", b"?:", ARC.pattern)
    + rb")"
)
LINES = re.compile(rb"[\r\n]*")

OVERLAP = 16 * 1024
"""How much is looked at again when more has come: more than the longest line that begins a record."""


class Member(NamedTuple):
    """A record as it stands in its file, alone in a member of gzip or frame of zstd."""

    packed: bytes
    head: bytes
    """What that unpacks to before the record's block; behind the block come two empty lines."""


def begins_record(start: bytes) -> bool:
    """Whether bytes that begin so are a WARC or ARC file, or a record of one."""
    if start[:1] in (b"\r", b"\n"):
        start = start[:MAX_HEAD].lstrip(b"\r\n")
    return bool(WARC.match(start) or ARC.match(start))


def find_record(stream: BinaryIO, start: int, end: int) -> int | None:
    """Where in a plain file the first record seems to begin, at ``start`` or behind and before ``end``."""
    place, window = start, b""
    stream.seek(start)
    while place < end and (chunk := stream.read(CHUNK)):
        window += chunk
        if found := NEXT.search(window):
            return place + found.start() if place + found.start() < end else None
        kept = window[-OVERLAP:]
        place, window = place + len(window) - len(kept), kept
    return None


class Tape:
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
            and self.behind(end) == len(self.buffer)
        )

    def find_next(self, start: int) -> int | None:
        """Where the next record begins, from ``start`` on, as far as a record may reach; None: nowhere."""
        while True:
            found = NEXT.search(self.buffer, start)
            if found:
                return found.start()
            start = max(start, len(self.buffer) - OVERLAP)
            if len(self.buffer) > MAX_RECORD or not self.more():
                return None

    def skip_to_next(self) -> None:
        """Leave out everything before the next record, or the rest of the run."""
        while (found := NEXT.search(self.buffer, 1)) is None:
            self.use(max(0, len(self.buffer) - OVERLAP))
            if not self.more():
                self.use(len(self.buffer))
                return
        self.use(found.start())

    def behind(self, end: int) -> int:
        """The place behind the line ends that begin at ``end``."""
        blank = LINES.match(self.buffer, end)
        return blank.end() if blank else end
