"""What our own pages show of a record: all of it, or all but the people (``--without-contacts``)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Protocol

from sqlite_utils import Database

from archive.difference import Difference, compare
from archive.history import Compared
from archive.marking import HIT_END, HIT_START
from archive.privacy import Named, masked, named_in, without_contacts
from archive.search import Hit

_OPENING = 300  # characters of a text, where no piece of it may be shown as it was found


class Shown(Protocol):
    """How records and hits are made ready for a page."""

    def record(self, db: Database, record: dict[str, Any]) -> dict[str, Any]:
        """A record as ``archive.articles.article`` gives it."""

    def hits(self, db: Database, hits: list[Hit]) -> list[Hit]:
        """What a search found."""

    def headline(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with ``title``."""

    def story(self, story: dict[str, Any] | None) -> dict[str, Any] | None:
        """A story as ``archive.stories.asking.story_of`` gives it."""

    def difference(self, db: Database, compared: Compared) -> Difference:
        """What two versions differ in."""


class Everything:
    """Shows things as they are."""

    def record(self, db: Database, record: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # as the other
        """The record itself."""
        return record

    def hits(self, db: Database, hits: list[Hit]) -> list[Hit]:  # noqa: ARG002  # as the other
        """The hits themselves."""
        return hits

    def headline(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row itself."""
        return row

    def story(self, story: dict[str, Any] | None) -> dict[str, Any] | None:
        """The story itself."""
        return story

    def difference(self, db: Database, compared: Compared) -> Difference:  # noqa: ARG002  # as the other
        """The difference itself."""
        return compared.difference


class WithoutPeople:
    """Leaves people out, as ``iomscrape export --without-contacts`` does."""

    def record(self, db: Database, record: dict[str, Any]) -> dict[str, Any]:
        """The record without contacts and repairs, its text without what would lead to them."""
        named = _named(db, record["id"])
        return without_contacts(record, named) | {
            "versions": [
                version | {"title": masked(version["title"], named)} for version in record["versions"]
            ],
            "captures": [capture | {"origin": None} for capture in record["captures"]],
        }

    def hits(self, db: Database, hits: list[Hit]) -> list[Hit]:
        """The hits; where a snippet shows more than may be shown, the opening of the text instead."""
        return [self._hit(db, hit) for hit in hits]

    def headline(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row, addresses and numbers in its title put out of sight."""
        return row | {"title": masked(row["title"])}

    def story(self, story: dict[str, Any] | None) -> dict[str, Any] | None:
        """The story without the evidence of its links, which may name contacts."""
        return story and story | {
            "articles": [self.headline(row) for row in story["articles"]],
            "links": [link | {"evidence": {}} for link in story["links"]],
        }

    def difference(self, db: Database, compared: Compared) -> Difference:
        """What is left of the two versions, compared."""
        named = _named(db, compared.article_id)
        before, after = (
            without_contacts(_record(db, compared.article_id, version.number), named)
            for version in (compared.before, compared.after)
        )
        return compare(before, after)

    def _hit(self, db: Database, hit: Hit) -> Hit:
        row = db.conn.execute(
            "SELECT record FROM versions WHERE article_id = ? ORDER BY number DESC LIMIT 1", (hit.id,)
        ).fetchone()
        record = without_contacts(json.loads(row[0]), _named(db, hit.id))
        text = " ".join(" ".join(record["paragraphs"]).split())
        pieces = _plain(hit.snippet).split(" … ")
        is_whole = all(piece.strip("… ") in text for piece in pieces)
        return replace(
            hit,
            title=record["title"],
            dateline=record["dateline"],
            marked_title=hit.marked_title if _plain(hit.marked_title) == record["title"] else record["title"],
            snippet=hit.snippet if is_whole else text[:_OPENING],
        )


def _named(db: Database, article_id: int) -> Named:
    """The contacts of all versions of the article."""
    rows = db.conn.execute("SELECT record FROM versions WHERE article_id = ?", (article_id,))
    return named_in(json.loads(row[0]) for row in rows)


def _record(db: Database, article_id: int, number: int) -> dict[str, Any]:
    (record,) = db.conn.execute(
        "SELECT record FROM versions WHERE article_id = ? AND number = ?", (article_id, number)
    ).fetchone()
    found: dict[str, Any] = json.loads(record)
    return found


def _plain(marked: str) -> str:
    return marked.replace(HIT_START, "").replace(HIT_END, "")
