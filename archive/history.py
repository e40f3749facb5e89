"""What an article said at any time, and what changed in between."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from archive.addresses import site
from archive.database import at_once
from archive.difference import Difference, compare
from archive.errors import QueryError
from archive.filters import last_moment

_MAX_NUMBER = 999  # what is longer is a year


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said from one capture on until it was seen changed."""

    number: int
    """1 for the oldest."""
    title: str
    first_seen: str
    """Time of the capture that first showed it."""
    last_seen: str
    """Time of the last capture that still showed it."""
    next_seen: str | None
    """Time of the capture that showed the next version; None for the latest. It changed in between."""
    capture_id: int
    captures: int
    """How many captures showed it."""
    reader_version: str
    changed: tuple[str, ...] = ()
    """The names of what is different from the version before, as in the record; see ``diff`` for how."""
    added_words: int = 0
    removed_words: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of an article and their difference."""

    article_id: int
    url: str
    before: Version
    after: Version
    difference: Difference

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "id": self.article_id,
            "url": self.url,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            **self.difference.to_dict(),
        }


@at_once
def history(db: Database, article_id: int) -> list[Version]:
    """All versions, oldest first, each with what had changed since the one before."""
    versions = _versions(db, article_id)
    records = [_record(db, article_id, version.number) for version in versions]
    told = versions[:1]
    for version, before, after in zip(versions[1:], records, records[1:], strict=False):
        difference = compare(before, after)
        told.append(
            replace(
                version,
                changed=difference.changed,
                added_words=difference.added_words,
                removed_words=difference.removed_words,
            )
        )
    return told


@at_once
def as_of(db: Database, article_id: int, when: str | date) -> dict[str, Any] | None:
    """The record as the archive had last seen it at that time; None if it had not been seen yet.

    Beside the record stand ``id``, ``site``, ``version`` (see :class:`Version`) and ``versions``, how many
    there are. A day, month or year counts to its end. Raises QueryError for what is no date.
    """
    versions = _versions(db, article_id)
    version = _at(versions, last_moment(when))
    if version is None:
        return None
    record = _record(db, article_id, version.number)
    return {
        "id": article_id,
        "site": site(record["url"]),
        **record,
        "version": version.to_dict(),
        "versions": len(versions),
    }


@at_once
def diff(
    db: Database, article_id: int, before: int | str | date | None, after: int | str | date | None
) -> Compared:
    """Two versions compared, by number or by time: the last two, or ``before`` and the latest.

    Raises QueryError if there is no such version, or only one.
    """
    versions = _versions(db, article_id)
    if len(versions) == 1 and before is None:
        raise QueryError("only one version of the article was ever seen; there is nothing to compare it with")
    old = versions[-2] if before is None else _chosen(versions, before)
    new = versions[-1] if after is None else _chosen(versions, after)
    first, second = (_record(db, article_id, version.number) for version in (old, new))
    return Compared(article_id, second["url"], old, new, compare(first, second))


def _chosen(versions: list[Version], asked: int | str | date) -> Version:
    if isinstance(asked, str) and asked.isdecimal() and asked.isascii() and int(asked) <= _MAX_NUMBER:
        asked = int(asked)
    if isinstance(asked, int):
        if not 1 <= asked <= len(versions):
            raise QueryError(f"there is no version {asked}; the article has {len(versions)}")
        return versions[asked - 1]
    version = _at(versions, last_moment(asked))
    if version is None:
        raise QueryError(f"the article was first seen on {versions[0].first_seen[:10]}, not by {asked}")
    return version


def _at(versions: list[Version], moment: str) -> Version | None:
    return next((version for version in reversed(versions) if version.first_seen <= moment), None)


def _versions(db: Database, article_id: int) -> list[Version]:
    rows = db.conn.execute(
        "SELECT number, title, first_seen, last_seen, "
        "lead(first_seen) OVER (ORDER BY number), capture_id, "
        "(SELECT count(*) FROM sightings WHERE sightings.article_id = versions.article_id "
        "AND seen_at BETWEEN versions.first_seen AND versions.last_seen), reader_version "
        "FROM versions WHERE article_id = ? ORDER BY number",
        (article_id,),
    )
    return [Version(*row) for row in rows]


def _record(db: Database, article_id: int, number: int) -> dict[str, Any]:
    (record,) = db.conn.execute(
        "SELECT record FROM versions WHERE article_id = ? AND number = ?", (article_id, number)
    ).fetchone()
    found: dict[str, Any] = json.loads(record)
    return found
