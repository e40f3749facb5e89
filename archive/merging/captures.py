"""Runs and captures of another archive, and whose reading holds of a capture that both have.

A capture that both have is taken from the archive where it lies in a WARC file, or in the one whose name comes
first; what it says from the one with the newer reader. Needs an open transaction, as all of this package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from sqlite_utils import Database

from archive.addresses import is_capture_of
from archive.merging.numbers import Numbers

_PLACED = (
    *("redirected_from", "source", "status", "content_type", "length", "warc_file", "warc_offset"),
    *("warc_length", "revisit", "origin", "outcome"),
)
_SAME = "url, identity, fetched_at, digest"
_RUN = "command, arguments, version, started_at"


class Sighted(NamedTuple):
    """What a capture shows of one article."""

    identity: str
    url: str
    digest: str
    record: str
    """JSON, without paragraphs."""


class Correction(NamedTuple):
    """A row for ``corrections``, but for the article's number."""

    identity: str
    capture_id: int
    url: str
    kind: str
    reader_version: str
    said: str


@dataclass
class Captures:
    """What is known of the source's captures when all of them are here."""

    numbers: Numbers
    runs: dict[int, int]
    known: set[int] = field(default_factory=set)
    """Numbers in the source of captures that were here."""
    lost: set[int] = field(default_factory=set)
    """Numbers in the source of captures whose reading here holds, and is another."""
    touched: set[int] = field(default_factory=set)
    """Numbers of articles here that a capture showed and, by the source's reading, does not."""
    corrections: list[Correction] = field(default_factory=list)
    """What readings said that do not hold."""
    new: int = 0
    changed: int = 0
    """Captures that were here and are taken from the source, or read as there."""


def reader_of(version: str) -> tuple[int, str]:
    """Orders versions of the reader."""
    return (int(version), "") if version.isdecimal() else (-1, version)


def join_runs(db: Database, source: Database) -> tuple[dict[int, int], int]:
    """Have all runs; their numbers here, and how many came."""
    known = {
        tuple(key): (number, ended_at)
        for number, ended_at, *key in db.conn.execute(f"SELECT id, ended_at, {_RUN} FROM runs")  # noqa: S608  # our names
    }
    numbers: dict[int, int] = {}
    new = 0
    rows = source.conn.execute(
        f"SELECT id, ended_at, outcome, exit_code, counts, {_RUN} FROM runs ORDER BY started_at, id"  # noqa: S608  # our names
    )
    for number, ended_at, outcome, exit_code, counts, *key in rows:
        end = (ended_at, outcome, exit_code, counts)
        if found := known.get(tuple(key)):
            numbers[number] = found[0]
            if ended_at is not None and found[1] is None:  # it was going on when it was joined
                db.conn.execute(
                    "UPDATE runs SET ended_at = ?, outcome = ?, exit_code = ?, counts = ? WHERE id = ?",
                    (*end, found[0]),
                )
                new += 1
            continue
        cursor = db.conn.execute(
            f"INSERT INTO runs (ended_at, outcome, exit_code, counts, {_RUN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # our names
            (*end, *key),
        )
        numbers[number] = int(cursor.lastrowid or 0)
        known[tuple(key)] = numbers[number], ended_at
        new += 1
    return numbers, new


def join_captures(
    db: Database,
    source: Database,
    runs: Mapping[int, int],
    files: Mapping[str, str],
    step: Callable[[], None],
) -> Captures:
    """Have all captures. ``files``: WARC files that have another name here. ``step`` is called for each."""
    found = Captures(Numbers(source.conn, "captures"), dict(runs))
    for theirs, ours in _known(db, source):
        found.numbers[theirs] = ours
        found.known.add(theirs)
        _settle(db, source, found, theirs, ours, files)
        step()
    columns = f"{_SAME}, {', '.join(_PLACED)}, run_id"
    places = ", ".join("?" * (len(columns.split(", ")) + 1))
    insert = f"INSERT INTO captures (id, {columns}) VALUES ({places})"  # noqa: S608  # our names
    (last,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()
    # In their order: captures of one moment are told apart by their numbers.
    file = columns.split(", ").index("warc_file")
    for number, *row in source.conn.execute(f"SELECT id, {columns} FROM captures ORDER BY id"):  # noqa: S608  # our names
        if found.numbers[number]:
            continue
        last += 1
        found.numbers[number] = last
        row[file] = files.get(row[file], row[file])
        row[-1] = runs.get(row[-1])
        db.conn.execute(insert, (last, *row))
        found.new += 1
        step()
    return found


def _known(db: Database, source: Database) -> Iterator[tuple[int, int]]:
    """The captures that both have: their number there and here. Address by address."""
    if not db.conn.execute("SELECT EXISTS (SELECT 1 FROM captures)").fetchone()[0]:
        return
    ordered = source.conn.execute(f"SELECT id, {_SAME} FROM captures ORDER BY identity")  # noqa: S608  # our names
    for identity, rows in groupby(ordered, key=lambda row: row[2]):
        ours = {
            tuple(key): number
            for number, *key in db.conn.execute(
                f"SELECT id, {_SAME} FROM captures WHERE {is_capture_of('?1')} ORDER BY id DESC",  # noqa: S608  # our names
                (identity,),
            )
        }
        for number, *key in rows if ours else ():
            if tuple(key) in ours:
                yield number, ours[tuple(key)]


def _settle(
    db: Database, source: Database, found: Captures, theirs: int, ours: int, files: Mapping[str, str]
) -> None:
    """Decide from which archive a capture is taken that both have."""
    here, there = _place(db, ours), _place(source, theirs)
    there["warc_file"] = files.get(there["warc_file"], there["warc_file"])
    if _rank_of_place(there) < _rank_of_place(here):
        values = {name: there[name] for name in _PLACED} | {"run_id": found.runs.get(there["run_id"])}
        changes = ", ".join(f"{name} = :{name}" for name in values)
        db.conn.execute(f"UPDATE captures SET {changes} WHERE id = :id", values | {"id": ours})  # noqa: S608  # our names
        found.changed += 1
    said, says = _problems(db, ours), _problems(source, theirs)
    reading, others = _reading(db, ours), _reading(source, theirs)
    if {(one.identity, one.digest) for one in reading} == {(one.identity, one.digest) for one in others}:
        if says and (not said or _words(says) < _words(said)):
            _replace_problems(db, found, says, ours)
    elif _rank_of_reading(others) > _rank_of_reading(reading):
        found.corrections += _corrections(ours, reading, others)
        _forget(db, found, ours)
        _replace_problems(db, found, says, ours)
        found.changed += 1
    else:
        found.lost.add(theirs)
        found.corrections += _corrections(ours, others, reading)


def _place(db: Database, number: int) -> dict[str, Any]:
    names = [*_PLACED, "run_id"]
    columns = ", ".join(f"captures.{name}" for name in names)
    row = db.conn.execute(
        f"SELECT {columns}, runs.started_at, runs.command, runs.arguments "  # noqa: S608  # our names
        "FROM captures LEFT JOIN runs ON runs.id = run_id WHERE captures.id = ?",
        (number,),
    ).fetchone()
    return dict(zip([*names, "started_at", "command", "arguments"], row, strict=True))


def _rank_of_place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The lowest is taken: whole records before pointers and nothing, then what can be told apart by itself."""
    return (
        *(row["warc_file"] is None, row["revisit"], row["warc_file"] or "", row["warc_offset"] or 0),
        *(row["started_at"] or "", row["command"] or "", row["arguments"] or ""),
        *(str(row[name]) for name in _PLACED),
    )


def _reading(db: Database, number: int) -> list[Sighted]:
    shown = db.conn.execute(
        "SELECT articles.id, identity, articles.url, sightings.digest FROM sightings "
        "JOIN articles ON articles.id = article_id WHERE sightings.capture_id = ? ORDER BY identity",
        (number,),
    ).fetchall()
    found = []
    for article_id, identity, url, digest in shown:
        records = db.conn.execute(
            "SELECT capture_id = ?, json_remove(record, '$.paragraphs') FROM versions "
            "WHERE article_id = ? AND digest = ?",
            (number, article_id, digest),
        ).fetchall()
        # Its own if it is kept; another in the same words differs in how it was read at most.
        found.append(Sighted(identity, url, digest, max(records)[1]))
    return found


def _rank_of_reading(reading: list[Sighted]) -> tuple[Any, ...]:
    """The highest holds. By the words alone: which reader found them is not kept of every capture, and a rule
    that asks for it would give another archive in another order."""
    return bool(reading), [(one.identity, one.digest) for one in reading]


def _problems(db: Database, number: int) -> list[tuple[Any, ...]]:
    """Reason, detail, time, address and run of each, in an order of their own."""
    return db.conn.execute(
        "SELECT reason, detail, at, url, run_id FROM problems WHERE capture_id = ? ORDER BY reason, at, detail",
        (number,),
    ).fetchall()


def _words(problems: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without the run, whose number says nothing."""
    return [problem[:4] for problem in problems]


def _replace_problems(db: Database, found: Captures, problems: list[tuple[Any, ...]], number: int) -> None:
    db.conn.execute("DELETE FROM problems WHERE capture_id = ?", (number,))
    db.conn.executemany(
        "INSERT INTO problems (reason, detail, at, url, run_id, capture_id) VALUES (?, ?, ?, ?, ?, ?)",
        [(*problem[:4], found.runs.get(problem[4]), number) for problem in problems],
    )


def _corrections(number: int, worse: list[Sighted], better: list[Sighted]) -> Iterator[Correction]:
    """What the reading that does not hold said stays in ``corrections``, as if the page had been read again.

    All of it, not only what differs: it may be compared with another reading the next time.
    """
    holds = {one.identity: one.digest for one in better}
    for one in worse:
        if holds.get(one.identity) != one.digest:
            kind = "changed" if one.identity in holds else "gone"
            record = json.loads(one.record)
            # In one order of its fields, so that it is known again.
            said = json.dumps(record, ensure_ascii=False, sort_keys=True)
            yield Correction(one.identity, number, one.url, kind, record["reader_version"], said)


def _forget(db: Database, found: Captures, number: int) -> None:
    """Take back what a capture was read as; its articles are put in order when all is here."""
    rows = db.conn.execute("SELECT article_id FROM sightings WHERE capture_id = ?", (number,)).fetchall()
    found.touched.update(article_id for (article_id,) in rows)
    db.conn.execute("DELETE FROM sightings WHERE capture_id = ?", (number,))
