"""Revisit records: "the same as that earlier answer", and where that earlier answer is.

ISO 28500, 6.7: a revisit names its original by its record's number, by address and time, or by the
digest of its payload. Originals may stand behind their revisits, so they are looked for when all files
were read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import pickle
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, BinaryIO, NamedTuple

from spiders.links import key as address_key
from spiders.links import site_key
from spiders.packing import DICTIONARY
from spiders.warcrecords import Record, records

Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens a file with records once more, at its beginning."""

PORTION = 20_000
"""Revisits whose originals are looked for in one go, and what is kept in memory before it goes to a file."""

_PLACE = struct.Struct("<qqqq")  # key, number of the file, member, place in the member or -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """One revisit, put aside until its original can be looked for."""

    url: str
    fetched_at: datetime
    status: int | None
    headers: tuple[tuple[str, str], ...]
    place: str
    """File and offset."""
    file: str
    """The file it stands in, as :meth:`Originals.begin` was told."""
    keys: tuple[int, ...]
    """What it says of its original, the surest first."""


def keys_of(fields: dict[str, str]) -> tuple[int, ...]:
    """How a record may be named by its revisits; ``fields`` are its own header."""
    named = [
        ("id", fields.get("warc-record-id", "").strip("<> ")),
        ("at", _moment(fields.get("warc-target-uri"), fields.get("warc-date"))),
        ("payload", _digest(fields.get("warc-payload-digest"))),
    ]
    return tuple(_key(*name) for name in named if name[1])


def keys_wanted(fields: dict[str, str]) -> tuple[int, ...]:
    """How a revisit names its original; ``fields`` are its own header."""
    named = [
        ("id", fields.get("warc-refers-to", "").strip("<> ")),
        ("at", _moment(fields.get("warc-refers-to-target-uri"), fields.get("warc-refers-to-date"))),
        ("payload", _digest(fields.get("warc-payload-digest"))),
    ]
    return tuple(_key(*name) for name in named if name[1])


def _key(kind: str, name: str) -> int:
    """The same number in every process; Python's own ``hash`` is another one in each."""
    digest = hashlib.blake2b(f"{kind} {name}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def payload_digest(payload: bytes) -> str:
    """``sha1:`` and the digest in base32, as most writers of WARC files give it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()}"


_BASE32 = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz234567" + "0189", "0123456789abcdefghijklmnopqrstuv" + "----"
)
"""Digits of base32 (RFC 4648) as those of Python; what is no digit of it, as none of Python's."""


def digest_differs(data: bytes, said: str) -> bool:
    """Whether a digest such as ``sha1:…`` (base32 or hexadecimal) is that of other data.

    False for algorithms that are not known: nothing can be said then.
    """
    name, _, value = said.strip().lower().replace("sha-", "sha").partition(":")
    if name not in ("sha1", "sha256", "sha512", "md5") or not value:
        return False
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    value = value.rstrip("=")
    if len(value) == 2 * len(digest):
        return value != digest.hex()
    spare = 5 * len(value) - 8 * len(digest)
    if not 0 <= spare < 5 or not (value.isascii() and value.isalnum()):
        return True
    try:
        # As a number, since Python takes its time to write base32.
        return int(value.translate(_BASE32), 32) != int.from_bytes(digest) << spare
    except ValueError:
        return True


class Noted(NamedTuple):
    """What was learned of some records, in a form that can be sent from process to process."""

    files: list[tuple[str, Opener]]
    """Files that began; the last one known before goes on until the first of them."""
    places: list[tuple[int, int, str]]
    """Key, number of the file (-1: the one that goes on; 0: the first of ``files``), place."""
    waiting: list[Revisit]


class Originals:
    """Where the answers stand that revisits may mean, and the revisits that were met.

    Both lie in temporary files (a hundred bytes a page), so that memory does not grow with the pages.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.waiting = 0
        """Revisits that were put aside."""
        self._new = Noted([], [], [])
        self._files: list[tuple[str, Opener]] = []
        self._places = _Spool()
        self._revisits = _Spool()

    def begin(self, file: str, opener: Opener) -> None:
        """A file begins; what is noted from now on stands in it. ``opener`` opens it again at any time."""
        self._new.files.append((file, opener))

    @property
    def file(self) -> str:
        """The file that began last."""
        files = self._new.files or self._files
        return files[-1][0] if files else ""

    def note(self, record: Record, payload: bytes) -> None:
        """A page that revisits may mean."""
        fields = record.fields
        if "warc-payload-digest" not in fields:
            fields = fields | {"warc-payload-digest": payload_digest(payload)}
        number = len(self._new.files) - 1
        self._new.places.extend((key, number, record.place) for key in keys_of(fields))
        self._spill()

    def put_aside(self, revisit: Revisit) -> None:
        """A revisit whose original is to be looked for."""
        self._new.waiting.append(revisit)
        self.waiting += 1
        self._spill()

    def drained(self) -> Noted:
        """What was learned since this was asked for last; it is forgotten here."""
        new, self._new = self._new, Noted([], [], [])
        return new

    def add(self, noted: Noted) -> None:
        """What another one drained, in the order of the files."""
        self._keep(self.drained())
        self.waiting += len(noted.waiting)
        self._keep(noted)

    def leave_out(self, wanted: int) -> None:
        """Forget the revisits that were put aside after the first so many."""
        self.waiting = wanted

    def find(self) -> Iterator[tuple[Record | None, str, list[Revisit]]]:
        """Each original with the revisits that mean it, and the name of its file.

        Revisits whose originals are in none of the files come with None for the original, behind the
        others of their portion.
        """
        self._keep(self.drained())
        revisits = islice(self._put_aside(), self.waiting)
        self.waiting = 0
        while portion := list(islice(revisits, PORTION)):
            yield from self._find(portion)
        self._revisits.close()

    def _find(self, portion: list[Revisit]) -> Iterator[tuple[Record | None, str, list[Revisit]]]:
        known = self._known({key for revisit in portion for key in revisit.keys})
        wanted: dict[int, dict[str, list[Revisit]]] = {}
        lost: list[Revisit] = []
        for revisit in portion:
            where = next((known[key] for key in revisit.keys if key in known), None)
            if where is None:
                lost.append(revisit)
            else:
                wanted.setdefault(where[0], {}).setdefault(where[1], []).append(revisit)
        for number, places in sorted(wanted.items()):
            name, opener = self._files[number]
            with opener() as stream:
                for record in _at(stream, places):
                    yield record, name, places.pop(record.place)
            lost.extend(revisit for left in places.values() for revisit in left)
        if lost:
            yield None, "", lost

    def close(self) -> None:
        """Throw the temporary files away."""
        self._places.close()
        self._revisits.close()

    # The temporary files -------------------------------------------------------------------------

    def _spill(self) -> None:
        if len(self._new.places) + len(self._new.waiting) >= PORTION:
            self._keep(self.drained())

    def _keep(self, noted: Noted) -> None:
        numbers = [len(self._files) - 1]
        for file in noted.files:
            if file not in self._files[-1:]:  # each part of a file begins it anew
                self._files.append(file)
            numbers.append(len(self._files) - 1)
        for key, number, place in noted.places:
            member, _, inner = place.partition("+")
            self._places.write(_PLACE.pack(key, numbers[number + 1], int(member), int(inner or -1)))
        for revisit in noted.waiting:
            self._revisits.write(pickle.dumps(revisit, pickle.HIGHEST_PROTOCOL))

    def _put_aside(self) -> Iterator[Revisit]:
        stream = self._revisits.read()
        with suppress(EOFError):
            while True:
                yield pickle.load(stream)  # noqa: S301  # our own file

    def _known(self, wanted: set[int]) -> dict[int, tuple[int, str]]:
        """File and place of what has one of these keys; the first that was noted."""
        found: dict[int, tuple[int, str]] = {}
        stream = self._places.read()
        while chunk := stream.read(_PLACE.size * 4096):
            for key, number, member, inner in _PLACE.iter_unpack(chunk):
                if key in wanted and key not in found:
                    found[key] = number, f"{member}+{inner}" if inner >= 0 else str(member)
        return found


class _Spool:
    """Bytes in memory, and from a megabyte on in a temporary file."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None

    def write(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > 1024 * 1024:
            self._put_down()

    def read(self) -> IO[bytes]:
        """All of it, from its beginning; not to be closed."""
        if self._file is None:
            return io.BytesIO(self._buffer)
        self._put_down()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """It is empty again."""
        self._buffer.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _put_down(self) -> None:
        self._file = self._file or TemporaryFile()  # noqa: SIM115  # closed by close
        self._file.seek(0, io.SEEK_END)
        self._file.write(self._buffer)
        self._buffer.clear()


def _at(stream: BinaryIO, places: dict[str, list[Revisit]]) -> Iterator[Record]:
    """The records at these places. Those within one member can only be reached through what is before."""
    start = stream.read(4)
    stream.seek(0)
    # Nor can those be reached that were packed with a dictionary, which stands at the beginning.
    if start == DICTIONARY or any("+" in place for place in places):
        for record in records(stream):
            if isinstance(record, Record) and record.place in places:
                yield record
        return
    for place in sorted(places, key=int):
        stream.seek(int(place))
        found = next(records(stream), None)
        if isinstance(found, Record):
            yield found


def _moment(url: str | None, date: str | None) -> str:
    if not url or not date:
        return ""
    url = url.strip("<> ")
    try:
        shown = address_key(url) if site_key(url) else url
    except ValueError:
        shown = url
    return f"{date.strip()[:19]} {shown}"


def _digest(said: str | None) -> str:
    """A digest in one form: hexadecimal and base32 are both used."""
    name, _, value = (said or "").strip().lower().partition(":")
    if name == "sha1" and len(value) == 40:
        try:
            return f"sha1:{base64.b32encode(binascii.unhexlify(value)).decode().lower()}"
        except ValueError:
            return ""
    return f"{name}:{value}" if value else ""
