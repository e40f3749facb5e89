"""All that can be made of a capture before the archive is asked, so that other processes can make it.

What remains to be done where the archive is written is to append bytes and insert rows. The page itself is in
the record only, so that it is sent from process to process once, and packed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from archive.content import digest_of
from archive.packed import Packed, packed
from archive.rawpages import unpacked
from archive.store import Problem
from archive.told import Told, tell
from iomscrape.records import Article, Capture


class Prepared(NamedTuple):
    """A capture ready to be stored."""

    capture: Capture
    """Without its page, where that is in the record."""
    digest: str
    """Of its page, ``sha256:…``."""
    length: int
    """Bytes of its page."""
    record: Packed | None = None
    """Its WARC record; None if it is to have none."""
    articles: tuple[Told, ...] = ()
    problem: Problem | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        texts = sum(
            len(block["text"]) for article in self.articles for block in article.said.record["blocks"]
        )
        return 2000 + 2 * texts + (len(self.record.data) if self.record else 0)

    def whole(self) -> Capture:
        """The capture with its page, out of its record. StorageError if that cannot be unpacked again."""
        if self.record is None:
            raise ValueError("it was prepared without a record")
        page = unpacked(self.record.data)
        return replace(self.capture, body=page.body, wire=page.wire)


def prepare(
    capture: Capture,
    articles: Sequence[Article] = (),
    problem: Problem | None = None,
    *,
    with_record: bool = True,
) -> Prepared:
    """Make everything of a capture that takes no archive. ``with_record``: its WARC record, too."""
    record = packed(capture) if with_record else None
    return Prepared(
        capture=replace(capture, body=b"", wire=None, member=None) if record else capture,
        digest=record.digest if record else digest_of(capture.body),
        length=len(capture.body),
        record=record,
        articles=tell(articles),
        problem=problem,
    )
