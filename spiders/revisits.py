"""Revisit records: "the same as that earlier answer", and where that earlier answer is.

ISO 28500, 6.7: a revisit names its original by its record's number, by address and time, or by the
digest of its payload. Originals may stand behind their revisits, so they are looked for when all files
were read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from spiders.links import key as address_key
from spiders.links import site_key
from spiders.unpacking import DICTIONARY
from spiders.warcrecords import Record, records

Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens a file with records once more, at its beginning."""


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


def digest_differs(data: bytes, said: str) -> bool:
    """Whether a digest such as ``sha1:…`` (base32 or hexadecimal) is that of other data.

    False for algorithms that are not known: nothing can be said then.
    """
    name, _, value = said.strip().lower().replace("sha-", "sha").partition(":")
    if name not in ("sha1", "sha256", "sha512", "md5") or not value:
        return False
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    base32 = base64.b32encode(digest).decode().rstrip("=").lower()
    return value.rstrip("=") not in (digest.hex(), base32)


class Originals:
    """Where the answers stand that revisits may mean, and the revisits that were met.

    Some 400 bytes a page are kept until the end; the pages themselves stay in their files.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.waiting: list[Revisit] = []
        self._places: dict[int, tuple[int, str]] = {}
        self._files: list[tuple[str, Opener]] = []

    def begin(self, file: str, opener: Opener) -> None:
        """A file begins; what is noted from now on stands in it."""
        self._files.append((file, opener))

    @property
    def file(self) -> str:
        """The file that began last."""
        return self._files[-1][0] if self._files else ""

    def note(self, record: Record, payload: bytes) -> None:
        """A page that revisits may mean."""
        fields = record.fields
        if "warc-payload-digest" not in fields:
            fields = fields | {"warc-payload-digest": payload_digest(payload)}
        where = (len(self._files) - 1, record.place)
        for key in keys_of(fields):
            self._places.setdefault(key, where)

    def find(self) -> Iterator[tuple[Record | None, str, list[Revisit]]]:
        """Each original with the revisits that mean it, and the name of its file.

        In the end, with None for the original, the revisits whose originals are in none of the files.
        """
        wanted: dict[int, dict[str, list[Revisit]]] = {}
        lost: list[Revisit] = []
        for revisit in self.waiting:
            where = next((self._places[key] for key in revisit.keys if key in self._places), None)
            if where is None:
                lost.append(revisit)
            else:
                wanted.setdefault(where[0], {}).setdefault(where[1], []).append(revisit)
        self.waiting = []
        for number, places in sorted(wanted.items()):
            name, opener = self._files[number]
            with opener() as stream:
                for record in _at(stream, places):
                    yield record, name, places.pop(record.place)
            lost.extend(revisit for left in places.values() for revisit in left)
        if lost:
            yield None, "", lost


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
