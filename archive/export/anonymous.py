"""The rows of an archive without the people in them: what :mod:`archive.privacy` does, table by table."""

from __future__ import annotations

import json
import sqlite3
from itertools import groupby
from typing import Any, NamedTuple

from archive.content import Wording, as_json, content_digest
from archive.export.tables import ARTICLE_TABLES, CONTACT_TABLES, names_of, rows_of
from archive.latest import article_columns
from archive.privacy import Named, masked, named_in, without_contacts
from archive.privacy.record import reaches_somebody
from archive.record_sql import RECORD, WHOLE_RECORD

Row = dict[str, Any]

# What the view ``versions`` shows of one article; through the view it would take several times as long.
_EARLIER = (
    f"SELECT article_id, number, capture_id, first_seen, last_seen, digest, {WHOLE_RECORD} "  # noqa: S608  # our own expressions
    "FROM earlier_versions WHERE article_id = ? ORDER BY number"
)
_NEWEST = (
    "SELECT articles.id, articles.versions, capture_id, captures.fetched_at, articles.last_seen, articles.digest, "  # noqa: S608  # our own expressions
    f"CASE WHEN articles.record IS NULL THEN {RECORD} ELSE {WHOLE_RECORD} END "
    "FROM articles JOIN captures ON captures.id = articles.capture_id WHERE articles.id = ?"
)
_TELLING = ("names", "numbers")


def article_rows(conn: sqlite3.Connection, article_id: int) -> dict[str, list[Row]]:
    """Table -> rows of one article; those of contacts and repairs are empty.

    Fingerprints are made anew of what is left. Versions that differ in contacts only become one.
    """
    found = {table: _rows(conn, table, article_id) for table in ARTICLE_TABLES if table not in CONTACT_TABLES}
    versions = _all_versions(conn, article_id)
    records = {version["digest"]: json.loads(version["record"]) for version in versions}
    named = named_in(records.values())
    records = {digest: without_contacts(record, named) for digest, record in records.items()}
    digests = {digest: content_digest(record) for digest, record in records.items()}
    *earlier, newest = _versions(versions, records, digests)
    return found | {
        "articles": [
            row | article_columns(newest.said, newest.row["capture_id"]) | {"versions": newest.row["number"]}
            for row in found["articles"]
        ],
        "earlier_versions": [version.row | {"record": version.said.kept()} for version in earlier],
        "sightings": [row | {"digest": digests[row["digest"]]} for row in found["sightings"]],
        "links": [
            row | {"text": masked(row["text"], named)}
            for row in found["links"]
            if not reaches_somebody(row["url"], named) and not named.is_other(row["text"])
        ],
        "images": [_masked(row, ("caption", "credit"), named) for row in found["images"]],
        "themes": [_masked(row, ("theme",), named) for row in found["themes"]],
    }


def work_row(table: str, row: Row) -> Row | None:
    """A row of the other tables; None if it goes. Runs may hold the address of who ran them, imports
    paths with people's names in them, corrections what was read of contacts.
    """
    if table in ("imports", "corrections") or (table == "frontier" and reaches_somebody(row["url"], Named())):
        return None
    if table == "runs":
        return row | {"arguments": as_json(_masked_json(json.loads(row["arguments"])))}
    if table == "story_links":
        evidence = json.loads(row["evidence"])
        # Names and numbers that two texts share may be those of a contact block in both.
        return row | {
            "evidence": as_json({name: evidence[name] for name in evidence if name not in _TELLING})
        }
    return _masked(row, ("detail",), Named()) if table == "problems" else row


def _rows(conn: sqlite3.Connection, table: str, article_id: int) -> list[Row]:
    names = names_of(conn, table)
    condition = ARTICLE_TABLES[table].format(chosen=":article")
    rows = rows_of(conn, table, condition, {"article": article_id})
    return [dict(zip(names, row, strict=True)) for row in rows]


class _Version(NamedTuple):
    row: Row
    said: Wording


def _all_versions(conn: sqlite3.Connection, article_id: int) -> list[Row]:
    names = names_of(conn, "earlier_versions")
    rows = [row for sql in (_EARLIER, _NEWEST) for row in conn.execute(sql, (article_id,))]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _versions(rows: list[Row], records: dict[str, dict[str, Any]], digests: dict[str, str]) -> list[_Version]:
    kept = []
    for number, (digest, run) in enumerate(groupby(rows, key=lambda row: digests[row["digest"]]), start=1):
        same = list(run)
        row = same[0] | {"number": number, "last_seen": same[-1]["last_seen"], "digest": digest}
        kept.append(_Version(row, Wording(records[same[0]["digest"]], digest)))
    return kept


def _masked(row: Row, names: tuple[str, ...], named: Named) -> Row:
    return row | {name: masked(row[name], named) for name in names if row[name]}


def _masked_json(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _masked_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked_json(part) for part in value]
    return value
