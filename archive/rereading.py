"""Reading again: what today's reader says of captures that are in the archive takes the place of what was said.

Versions are what a page said over time. A page that is read again said the same then as now, only the reader
knows better: so its version is corrected where it stands, and what the earlier reader said otherwise is
written to ``corrections``. Nothing is stored that would say that the page changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlite_utils import Database

from archive.content import NOT_CONTENT, Sighting, Wording, as_json
from archive.store import Problem, keep, note_addresses, note_capture_problem
from archive.told import Told
from archive.versions import lay_out, note_sighting

Fields = dict[str, tuple[Any, Any]]
"""Field of the record to what was said and what is said now."""

# What the reader is called is no difference in what it says; paragraphs are blocks once more.
_NO_DIFFERENCE = frozenset({"reader_version", "paragraphs"})


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article of a capture. ``kind``: changed, new or gone."""

    kind: str
    article_id: int | None
    """None for a new one that is not stored yet."""
    url: str
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reread:
    """What today's reader says of a capture, beside what the archive has.

    ``outcome``: same, changed, found (articles on a page that had none), unreadable (none on a page that
    had some; what was read stays), or unread (none then, none now).
    """

    capture_id: int
    outcome: str
    changes: tuple[Change, ...] = ()
    problem: Problem | None = None
    is_outdated: bool = False
    """True if the archive holds, in the same words, what an earlier reader read."""
    moved: tuple[int, ...] = ()
    """Numbers of articles that the page shows under another address than the earlier reader read."""

    @property
    def touches(self) -> bool:
        """Whether anything is to be written."""
        return self.outcome != "same" or self.is_outdated or bool(self.moved)


class Moving:
    """Which captures will leave the address under which an article stands: told by all of :func:`compare`.

    An article keeps its number under its new address if all of them do.
    """

    def __init__(self) -> None:
        self._leaving: dict[int, set[int]] = {}

    def expect(self, found: Reread) -> None:
        """Note what :func:`compare` found."""
        for article_id in found.moved:
            self._leaving.setdefault(article_id, set()).add(found.capture_id)

    def arrived(self, article_id: int, capture_id: int) -> None:
        """The capture has been corrected."""
        self._leaving.get(article_id, set()).discard(capture_id)

    def all_leave(self, db: Database, article_id: int, capture_id: int) -> bool:
        """Whether every capture that shows the article, this one among them, will leave its address."""
        shown = {
            number
            for (number,) in db.conn.execute(
                "SELECT capture_id FROM sightings WHERE article_id = ?", (article_id,)
            )
        }
        return shown - {capture_id} <= self._leaving.get(article_id, set())


class _Old(NamedTuple):
    article_id: int
    identity: str
    digest: str
    record: dict[str, Any]
    is_own: bool
    """Whether the record is surely what was read from this very capture, not from another with the same words."""


class _Pair(NamedTuple):
    old: _Old | None
    told: Told | None


def compare(db: Database, capture_id: int, articles: Sequence[Told], problem: Problem | None) -> Reread:
    """What reading the capture again would change. Writes nothing."""
    old = _old(db, capture_id)
    if not articles:
        problem = problem or Problem("no-article", "The page holds no article.")
        return Reread(capture_id, "unreadable" if old else "unread", problem=problem)
    pairs = _paired(old, articles)
    changes = tuple(change for pair in pairs if (change := _change(pair)) is not None)
    outcome = "found" if not old else "changed" if changes else "same"
    is_outdated = any(
        pair.old
        and pair.told
        and pair.old.record["reader_version"] != pair.told.said.record["reader_version"]
        for pair in pairs
    )
    moved = tuple(
        pair.old.article_id for pair in pairs if pair.old and pair.told and pair.told.key != pair.old.identity
    )
    return Reread(capture_id, outcome, changes, is_outdated=is_outdated, moved=moved)


def note(db: Database, capture_id: int, articles: Sequence[Told], run_id: int | None) -> None:
    """Write to ``corrections`` what the earlier reader said of a capture and today's does not.

    A page of which today's reader says nothing keeps what was said. Needs an open transaction.
    """
    for pair in _paired(_old(db, capture_id), articles) if articles else ():
        if pair.old is not None:
            _note(db, capture_id, run_id, pair.old, _change(pair))


def correct(
    db: Database,
    capture_id: int,
    articles: Sequence[Told],
    problem: Problem | None,
    run_id: int | None,
    moving: Moving,
) -> Reread:
    """Do what :func:`compare` says. ``moving`` knows of all captures that will be corrected.

    :func:`note` must have noted them all before the first of them is corrected: an earlier capture of an
    article takes the record of a later one over where both say the same. Needs an open transaction.
    """
    found = compare(db, capture_id, articles, problem)
    url, seen_at, redirects = db.conn.execute(
        "SELECT url, fetched_at, redirected_from FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    if found.problem is not None:
        db.conn.execute(
            "DELETE FROM problems WHERE capture_id = ? AND reason <> ?", (capture_id, found.problem.reason)
        )
        note_capture_problem(db, url, found.problem, capture_id, run_id)
        return found
    db.conn.execute("DELETE FROM problems WHERE capture_id = ?", (capture_id,))
    addresses = (url, *json.loads(redirects))
    seen = Sighting(capture_id, seen_at, "")
    # What leaves a page goes first: an article of the page may take its address over.
    for old, told in sorted(_paired(_old(db, capture_id), articles), key=lambda pair: pair.told is not None):
        if told is None:
            _leave(db, capture_id, old)
        elif old is None:
            keep(db, seen, told, addresses)
        else:
            if told.key == old.identity or _takes_along(db, old, told, capture_id, moving):
                _say(db, seen._replace(digest=told.said.digest), old.article_id, told.said)
                note_addresses(db, old.article_id, told.key, (told.own, *addresses))
            else:
                _leave(db, capture_id, old)
                keep(db, seen, told, (*addresses, old.record["url"]))
            moving.arrived(old.article_id, capture_id)
    if found.outcome == "found":
        db.conn.execute("UPDATE captures SET outcome = 'new' WHERE id = ?", (capture_id,))
    return found


def _old(db: Database, capture_id: int) -> list[_Old]:
    # A version that came back has the record of the first capture with these words.
    rows = db.conn.execute(
        "SELECT articles.id, articles.identity, mine.digest, NOT EXISTS (SELECT 1 FROM sightings AS other "
        "  WHERE other.article_id = mine.article_id AND other.digest = mine.digest "
        "  AND (other.seen_at, other.capture_id) < (mine.seen_at, mine.capture_id)) "
        "FROM sightings AS mine JOIN articles ON articles.id = mine.article_id "
        "WHERE mine.capture_id = ? ORDER BY articles.id",
        (capture_id,),
    ).fetchall()
    found = []
    for article_id, name, digest, is_first in rows:
        kept = db.conn.execute(
            "SELECT capture_id, record FROM versions WHERE article_id = ? AND digest = ?",
            (article_id, digest),
        ).fetchall()
        read_from, record = next((version for version in kept if version[0] == capture_id), kept[-1])
        found.append(
            _Old(article_id, name, digest, json.loads(record), bool(is_first) and read_from == capture_id)
        )
    return found


def _paired(old: list[_Old], articles: Sequence[Told]) -> list[_Pair]:
    """What was said and what is said now of the same article; one without the other at the end.

    The same is what has the same address, or the only two that are left.
    """
    rest = {was.identity: was for was in old}
    pairs: list[_Pair] = []
    alone: list[_Pair] = []
    for told in articles:
        was = rest.pop(told.key, None)
        (pairs if was else alone).append(_Pair(was, told))
    if len(alone) == len(rest) == 1:
        return [*pairs, alone[0]._replace(old=rest.popitem()[1])]
    return [*pairs, *alone, *(_Pair(was, None) for was in rest.values())]


def _change(pair: _Pair) -> Change | None:
    old, told = pair.old, pair.told
    if old is None:
        return Change("new", None, told.url) if told else None
    if told is None:
        return Change("gone", old.article_id, old.record["url"])
    said = told.said
    if old.is_own:
        names = said.record.keys() - _NO_DIFFERENCE
    elif old.digest == said.digest:
        return None
    else:
        # Only the words are known to be what was read from this capture.
        names = said.record.keys() - _NO_DIFFERENCE - NOT_CONTENT
    fields = {
        name: (old.record.get(name), said.record[name])
        for name in said.record
        if name in names and old.record.get(name) != said.record[name]
    }
    return Change("changed", old.article_id, old.record["url"], fields) if fields else None


def _note(db: Database, capture_id: int, run_id: int | None, old: _Old, change: Change | None) -> None:
    if change is None:
        return
    said = (
        {name: value for name, value in old.record.items() if name != "paragraphs"}
        if change.kind == "gone"
        else {name: before for name, (before, _) in change.fields.items()}
    )
    db.conn.execute(
        "INSERT INTO corrections (run_id, capture_id, article_id, url, kind, reader_version, said) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(run_id, capture_id, old.article_id, old.record["url"], change.kind),
            *(old.record["reader_version"], as_json(said)),
        ),
    )


def _say(db: Database, sighting: Sighting, article_id: int, said: Wording) -> None:
    """Put today's reading of the capture in place of the earlier one."""
    note_sighting(db, article_id, sighting)
    lay_out(db, article_id, {(sighting.capture_id, sighting.digest): said})
    _set_seen(db, article_id)


def _takes_along(db: Database, old: _Old, told: Told, capture_id: int, moving: Moving) -> bool:
    """Give the article the new address, if nothing else stands there and it leaves the old one with all its captures."""
    key, url = told.key, told.url
    is_taken = db.conn.execute("SELECT 1 FROM articles WHERE identity = ?", (key,)).fetchone()
    if is_taken or not moving.all_leave(db, old.article_id, capture_id):
        return False
    db.conn.execute("UPDATE articles SET identity = ?, url = ? WHERE id = ?", (key, url, old.article_id))
    db.conn.execute(
        "DELETE FROM other_addresses WHERE identity = ? AND article_id = ?", (key, old.article_id)
    )
    note_addresses(db, old.article_id, key, (old.record["url"],))
    return True


def _leave(db: Database, capture_id: int, old: _Old | None) -> None:
    """The capture does not show the article any more; without any capture there is no such article."""
    if old is None:
        return
    db.conn.execute(
        "DELETE FROM sightings WHERE capture_id = ? AND article_id = ?", (capture_id, old.article_id)
    )
    if db.conn.execute("SELECT 1 FROM sightings WHERE article_id = ?", (old.article_id,)).fetchone():
        lay_out(db, old.article_id, {})
        _set_seen(db, old.article_id)
    else:
        db.conn.execute("DELETE FROM articles WHERE id = ?", (old.article_id,))


def _set_seen(db: Database, article_id: int) -> None:
    db.conn.execute(
        "UPDATE articles SET (first_seen, last_seen) = "
        "(SELECT min(seen_at), max(seen_at) FROM sightings WHERE article_id = articles.id) WHERE id = ?",
        (article_id,),
    )
