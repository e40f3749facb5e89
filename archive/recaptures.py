"""Which captures are to be read again, and where their raw pages lie."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from sqlite_utils import Database

from archive.errors import QueryError
from archive.filters import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be read again; without any wish, everything."""

    filters: Filters = field(default_factory=Filters)
    """Captures of articles that pass these."""
    design: str | None = None
    """Captures of articles that this design read."""
    outdated: str | None = None
    """Captures of articles of which a version was read by another reader than this, today's."""
    problem: str | None = None
    """Captures with a problem of this kind; ``any`` stands for all kinds."""
    runs: tuple[int, ...] = ()
    """Captures that these runs brought."""
    where: str | None = None
    """Captures of articles that fulfil this SQL condition on the table ``articles``."""


class Page(NamedTuple):
    """One raw page, and the captures that are read from it."""

    file: str | None
    """WARC file within the folder; None if the archive has no raw page of these captures."""
    offset: int
    digest: str
    captures: tuple[tuple[int, str], ...]
    """Number and address of each."""


def count(db: Database, choice: Choice) -> int:
    """How many captures are chosen. Raises QueryError for a bad date or condition."""
    chosen, values = _chosen(choice)
    return int(_asked(db, f"SELECT count(*) FROM captures WHERE {chosen}", values, choice).fetchone()[0])  # noqa: S608  # conditions are ours or the user's own


def pages(db: Database, choice: Choice) -> Iterator[Page]:
    """The raw pages of the captures that are chosen, in the order in which they lie on the disk.

    Captures without a record of their own (the site said that nothing changed, or sent the same bytes
    once more) are read from the record that has their bytes. Raises QueryError as :func:`count`.
    """
    chosen, values = _chosen(choice)
    rows = _asked(
        db,
        "SELECT coalesce(raw.warc_file, ''), coalesce(raw.warc_offset, 0), captures.digest, captures.id, captures.url "  # noqa: S608  # as above
        "FROM captures LEFT JOIN captures AS raw ON raw.id = CASE "
        "  WHEN captures.warc_file IS NOT NULL AND captures.revisit = 0 THEN captures.id "
        "  ELSE (SELECT min(other.id) FROM captures AS other "
        "    WHERE substr(other.digest, 8, 16) = substr(captures.digest, 8, 16) "
        "    AND other.digest = captures.digest AND other.warc_file IS NOT NULL AND other.revisit = 0) "
        f"END WHERE {chosen} ORDER BY 1, 2, captures.id",
        values,
        choice,
    )
    for (file, offset, digest), group in groupby(rows, key=lambda row: row[:3]):
        yield Page(file or None, offset, digest, tuple((row[3], row[4]) for row in group))


def _chosen(choice: Choice) -> tuple[str, dict[str, Any]]:
    """A condition on ``captures``.

    Where some captures of an article are chosen all of them are: an article that is read by two readers
    would seem to have changed in between.
    """
    tests, values = choice.filters.where()
    if choice.design is not None:
        tests.append("articles.design = :design")
        values["design"] = choice.design
    if choice.outdated is not None:
        tests.append(
            "(articles.reader_version <> :outdated OR EXISTS (SELECT 1 FROM earlier_versions "
            "WHERE article_id = articles.id AND json_extract(record, '$.reader_version') <> :outdated))"
        )
        values["outdated"] = choice.outdated
    if choice.where is not None:
        tests.append(f"({choice.where})")
    parts = []
    if tests:
        parts.append(
            "captures.id IN (SELECT capture_id FROM sightings WHERE article_id IN "  # noqa: S608  # as above
            f"(SELECT articles.id FROM articles WHERE {' AND '.join(tests)}))"
        )
    if choice.runs:
        parts.append(
            "captures.id IN (SELECT id FROM captures WHERE run_id IN (SELECT value FROM json_each(:runs)) UNION "
            "SELECT shown.capture_id FROM captures AS brought "
            "JOIN sightings ON sightings.capture_id = brought.id "
            "JOIN sightings AS shown ON shown.article_id = sightings.article_id "
            "WHERE brought.run_id IN (SELECT value FROM json_each(:runs)))"
        )
        values["runs"] = json.dumps(choice.runs)
    if choice.problem is not None:
        parts.append(
            "captures.id IN (SELECT shown.capture_id FROM problems "
            "JOIN sightings ON sightings.capture_id = problems.capture_id "
            "JOIN sightings AS shown ON shown.article_id = sightings.article_id "
            "WHERE :problem IN (reason, 'any') UNION "
            "SELECT capture_id FROM problems WHERE :problem IN (reason, 'any'))"
        )
        values["problem"] = choice.problem
    return " AND ".join(parts) or "1", values


def _asked(db: Database, sql: str, values: dict[str, Any], choice: Choice) -> Any:
    try:
        return db.conn.execute(sql, values)
    except (sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.Warning) as error:
        if choice.where is None or "locked" in str(error):
            raise
        raise QueryError(f"the condition {choice.where!r} cannot be asked: {error}") from error
