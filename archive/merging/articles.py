"""Articles of another archive: copied where this one has none, else woven in along the times of their captures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlite_utils import Database

from archive.content import Sighting, Wording
from archive.export.tables import ARTICLE_TABLES, names_of
from archive.latest import insert_article
from archive.merging.captures import Captures, reader_of
from archive.merging.numbers import Numbers
from archive.versions import lay_out, note_sighting

_BATCH = 500
_NUMBERED = ("contacts", "emails", "phones", "repairs", "links", "images")
"""Tables of details whose rows have numbers of their own."""


@dataclass
class Articles:
    """What became of the source's articles."""

    numbers: Numbers
    new: int = 0
    woven: int = 0
    """Articles that were here and say or show more now."""


def join_articles(db: Database, source: Database, captures: Captures, step: Callable[[], None]) -> Articles:
    """Have all articles with their versions. ``step`` is called for each."""
    found = Articles(Numbers(source.conn, "articles"))
    copying = _Copying(db, source, captures, found.numbers)
    for batch in _batches(source.conn.execute("SELECT id, identity FROM articles ORDER BY id")):
        fresh: list[int] = []
        for number, identity in batch:
            ours = db.conn.execute("SELECT id FROM articles WHERE identity = ?", (identity,)).fetchone()
            if ours is None and not _has_lost(source, number, captures):
                fresh.append(number)
            elif _weave(db, source, captures, found.numbers, number, ours[0] if ours else None):
                found.woven += bool(ours)
                found.new += not ours
            step()
        copying.copy(fresh)
        found.new += len(fresh)
    for number in sorted(captures.touched):
        found.woven += _put_in_order(db, number, {})
    return found


class _Copying:
    """Copies articles with all that hangs on them, row by row, under numbers that are free here."""

    def __init__(self, db: Database, source: Database, captures: Captures, articles: Numbers) -> None:
        self.db = db
        self.source = source
        self.numbers: dict[str, Callable[[int | None], int | None]] = {
            "article_id": articles.of,
            "capture_id": captures.numbers.of,
            "run_id": lambda number: captures.runs.get(number or 0),
        }
        self.articles = articles
        self.last = {table: self._highest(table) for table in ("articles", *_NUMBERED)}

    def _highest(self, table: str) -> int:
        return int(self.db.conn.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608  # our names

    def copy(self, numbers: list[int]) -> None:
        """Copy the articles with these numbers of the source, which are not here."""
        if not numbers:
            return
        # Others may have been written in between.
        self.last["articles"] = self._highest("articles")
        for number in numbers:
            self.last["articles"] += 1
            self.articles[number] = self.last["articles"]
        chosen = json.dumps(numbers)
        contacts: dict[int, int] = {}
        for table, condition in ARTICLE_TABLES.items():
            condition = condition.format(chosen="SELECT value FROM json_each(:chosen)")
            names = names_of(self.source.conn, table)
            rows = self.source.conn.execute(
                f"SELECT {', '.join(names)} FROM {table} WHERE {condition} ORDER BY rowid"  # noqa: S608  # our names
                if table in ("articles", *_NUMBERED)
                else f"SELECT {', '.join(names)} FROM {table} WHERE {condition}",  # noqa: S608  # our names
                {"chosen": chosen},
            )
            self._insert(table, names, rows, contacts)

    def _insert(
        self, table: str, names: list[str], rows: Iterable[tuple[Any, ...]], contacts: dict[int, int]
    ) -> None:
        if table in _NUMBERED:
            self.last[table] = self._highest(table)

        def own(number: int | None) -> int | None:
            if table == "articles":
                return self.articles.of(number)
            self.last[table] += 1
            if table == "contacts":
                contacts[number or 0] = self.last[table]
            return self.last[table]

        changes = self.numbers | {"id": own, "contact_id": lambda number: contacts[number or 0]}
        places = [(place, changes[name]) for place, name in enumerate(names) if name in changes]

        def numbered() -> Iterator[list[Any]]:
            for row in rows:
                values = list(row)
                for place, change in places:
                    values[place] = change(values[place])
                yield values

        marks = ", ".join("?" for _ in names)
        self.db.conn.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608  # our names
            numbered(),
        )


def _has_lost(source: Database, number: int, captures: Captures) -> bool:
    """Whether this archive reads any of the article's captures otherwise."""
    if not captures.lost:
        return False
    rows = source.conn.execute("SELECT capture_id FROM sightings WHERE article_id = ?", (number,))
    return any(capture_id in captures.lost for (capture_id,) in rows)


def _weave(
    db: Database, source: Database, captures: Captures, numbers: Numbers, theirs: int, ours: int | None
) -> bool:
    """Bring what the source knows of an article to what is known here; whether that changed anything."""
    sightings = [
        Sighting(captures.numbers[capture_id], seen_at, digest)
        for capture_id, seen_at, digest in source.conn.execute(
            "SELECT capture_id, seen_at, digest FROM sightings WHERE article_id = ? ORDER BY seen_at, digest",
            (theirs,),
        )
        if capture_id not in captures.lost
    ]
    if not sightings:
        return False
    wordings = {
        (captures.numbers[capture_id], digest): Wording(json.loads(record), digest)
        for capture_id, digest, record in source.conn.execute(
            "SELECT capture_id, digest, record FROM versions WHERE article_id = ? ORDER BY number DESC",
            (theirs,),
        )
    }
    is_new = ours is None
    if ours is None:
        ours = _insert(db, source, theirs, sightings, wordings)
    numbers[theirs] = ours
    changed = _note_addresses(db, source, theirs, ours)
    known = set(db.conn.execute("SELECT capture_id FROM sightings WHERE article_id = ?", (ours,)).fetchall())
    fresh = [sighting for sighting in sightings if (sighting.capture_id,) not in known]
    for sighting in fresh:
        note_sighting(db, ours, sighting)
    kept = _wordings(db, ours)
    better = {key: said for key, said in wordings.items() if key in kept and _rank(said) > _rank(kept[key])}
    if fresh or better or is_new or ours in captures.touched:
        # Only what is not known here, or read by a newer reader, takes the place of what is.
        _put_in_order(db, ours, {key: said for key, said in wordings.items() if key not in kept} | better)
        captures.touched.discard(ours)
        changed = True
    return changed


def _insert(
    db: Database,
    source: Database,
    theirs: int,
    sightings: list[Sighting],
    wordings: Mapping[tuple[int, str], Wording],
) -> int:
    by_digest = {digest: said for (_, digest), said in wordings.items()}
    (identity,) = source.conn.execute("SELECT identity FROM articles WHERE id = ?", (theirs,)).fetchone()
    return insert_article(db, identity, by_digest[sightings[-1].digest], sightings[-1])


def _wordings(db: Database, number: int) -> dict[tuple[int, str], Wording]:
    rows = db.conn.execute(
        "SELECT capture_id, digest, record FROM versions WHERE article_id = ?", (number,)
    ).fetchall()
    return {(capture_id, digest): Wording(json.loads(record), digest) for capture_id, digest, record in rows}


def _rank(said: Wording) -> tuple[Any, ...]:
    """Of two records of one capture in the same words the higher is kept: that of the newer reader."""
    return reader_of(said.record["reader_version"]), json.dumps(said.record, sort_keys=True)


def _note_addresses(db: Database, source: Database, theirs: int, ours: int) -> bool:
    changed = False
    for name, url in source.conn.execute(
        "SELECT identity, url FROM other_addresses WHERE article_id = ?", (theirs,)
    ):
        cursor = db.conn.execute(
            "INSERT INTO other_addresses (identity, article_id, url) VALUES (?, ?, ?) "
            "ON CONFLICT (identity, article_id) DO UPDATE SET url = excluded.url WHERE excluded.url < url",
            (name, ours, url),
        )
        changed = changed or cursor.rowcount > 0
    return changed


def _put_in_order(db: Database, number: int, fresh: Mapping[tuple[int, str], Wording]) -> bool:
    """Lay an article's versions out anew, or take it away if no capture shows it any more."""
    seen = db.conn.execute(
        "SELECT min(seen_at), max(seen_at) FROM sightings WHERE article_id = ?", (number,)
    ).fetchone()
    if seen[0] is None:
        return db.conn.execute("DELETE FROM articles WHERE id = ?", (number,)).rowcount > 0
    lay_out(db, number, fresh)
    db.conn.execute("UPDATE articles SET first_seen = ?, last_seen = ? WHERE id = ?", (*seen, number))
    return True


def _batches(rows: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    ordered = iter(rows)
    while batch := list(islice(ordered, _BATCH)):
        yield batch
