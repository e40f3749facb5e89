"""What crawls, imports and rereadings of another archive remember."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby

from sqlite_utils import Database

from archive.addresses import identity
from archive.merging.captures import Captures, Correction
from archive.merging.numbers import Numbers

_PROBLEM = "url, reason, detail, at"
_ENTRY = "url, identity, host, state, lastmod, etag, last_modified, fetched_at, status, digest, tries"
_IMPORT = "path, size, modified, digest, kind, url"
_TAKEN = "finished_at, pages, problems"


def join_problems(db: Database, source: Database, captures: Captures) -> int:
    """Have the problems of captures that came, and of what gave no capture; returns how many came."""
    new = 0
    insert = f"INSERT INTO problems (run_id, capture_id, {_PROBLEM}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608  # our names
    rows = source.conn.execute(f"SELECT run_id, capture_id, {_PROBLEM} FROM problems ORDER BY run_id, id")  # noqa: S608  # our names
    for run_id, of_run in groupby(rows, key=lambda row: row[0]):
        ours = captures.runs.get(run_id)
        known = set(
            db.conn.execute(
                f"SELECT {_PROBLEM} FROM problems WHERE run_id IS ? AND capture_id IS NULL",  # noqa: S608  # our names
                (ours,),
            )
        )
        for _, capture_id, *problem in of_run:
            # Those of captures that both have were seen to with their captures.
            is_known = capture_id in captures.known if capture_id else tuple(problem) in known
            if not is_known:
                db.conn.execute(insert, (ours, captures.numbers.of(capture_id), *problem))
                new += 1
    return new


def join_frontier(db: Database, source: Database, captures: Captures) -> int:
    """Of each address the memory of the one that asked last; returns how many were changed."""
    names = _ENTRY.split(", ")
    changes = ", ".join(f"{name} = excluded.{name}" for name in [*names[1:], "run_id"])
    # What was asked for at all, later, and then whatever tells the two apart.
    order = [
        *("coalesce({0}fetched_at, '')", "{0}state <> 'queued'", "coalesce({0}lastmod, '')"),
        *("coalesce({0}etag, '')", "coalesce({0}last_modified, '')", "coalesce({0}status, 0)"),
        *("coalesce({0}digest, '')", "{0}tries", "{0}state"),
        "coalesce((SELECT started_at || command || arguments FROM runs WHERE runs.id = {0}run_id), '')",
    ]
    theirs, ours = (", ".join(part.format(row) for part in order) for row in ("excluded.", "frontier."))
    before = db.conn.total_changes
    db.conn.executemany(
        f"INSERT INTO frontier ({_ENTRY}, run_id) VALUES ({', '.join('?' * (len(names) + 1))}) "  # noqa: S608  # our names
        f"ON CONFLICT (url) DO UPDATE SET {changes} WHERE ({theirs}) > ({ours})",
        (
            (*row, captures.runs.get(run_id))
            for *row, run_id in source.conn.execute(f"SELECT {_ENTRY}, run_id FROM frontier")  # noqa: S608  # our names
        ),
    )
    return db.conn.total_changes - before


def join_imports(db: Database, source: Database, captures: Captures) -> int:
    """Have all files that were taken in whole; returns how many came."""
    new = 0
    key = " AND ".join(f"{name} IS ?" for name in _IMPORT.split(", "))
    rows = source.conn.execute(f"SELECT run_id, {_TAKEN}, {_IMPORT} FROM imports ORDER BY id")  # noqa: S608  # our names
    for run_id, finished_at, pages, problems, *file in rows:
        taken = (finished_at, pages, problems)
        known = db.conn.execute(f"SELECT id, {_TAKEN} FROM imports WHERE {key}", file).fetchone()  # noqa: S608  # our names
        if known and known[1:] >= taken:
            continue
        if known:
            db.conn.execute("DELETE FROM imports WHERE id = ?", known[:1])
        db.conn.execute(
            f"INSERT INTO imports (run_id, {_TAKEN}, {_IMPORT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # our names
            (captures.runs.get(run_id), *taken, *file),
        )
        new += 1
    return new


def join_corrections(db: Database, source: Database, captures: Captures, articles: Numbers) -> int:
    """Have what earlier readers said, and what readings said that do not hold here; returns how many came."""
    new = 0
    for run_id, capture_id, article_id, url, kind, reader_version, said in source.conn.execute(
        "SELECT run_id, capture_id, article_id, url, kind, reader_version, said FROM corrections ORDER BY id"
    ):
        ours = captures.numbers[capture_id]
        row = Correction(identity(url), ours, url, kind, reader_version, said)
        number = articles[article_id] if article_id > 0 and _is_there(source, article_id) else 0
        new += _add(db, row, captures.runs.get(run_id), number)
    return new + sum(_add(db, row, None, 0) for row in _once(captures.corrections))


def join_story_method(db: Database, source: Database) -> None:
    """Note that stories are wanted here, if they were looked for there."""
    if wants_stories(source) and not wants_stories(db):
        # By no method that there is: the next build compares all articles.
        db.conn.execute("INSERT INTO story_method (name, value) VALUES ('method', 'none yet')")


def wants_stories(db: Database) -> bool:
    """Whether stories were ever looked for in this archive."""
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM story_method)").fetchone()[0])


def _is_there(source: Database, article_id: int) -> bool:
    return source.conn.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None


def _once(rows: Iterable[Correction]) -> list[Correction]:
    return list(dict.fromkeys(rows))


def _add(db: Database, row: Correction, run_id: int | None, number: int) -> bool:
    known = db.conn.execute(
        "SELECT 1 FROM corrections WHERE capture_id = ? AND url = ? AND reader_version = ? AND said = ?",
        (row.capture_id, row.url, row.reader_version, row.said),
    ).fetchone()
    if known:
        return False
    found = db.conn.execute("SELECT id FROM articles WHERE identity = ?", (row.identity,)).fetchone()
    db.conn.execute(
        "INSERT INTO corrections (run_id, article_id, capture_id, url, kind, reader_version, said) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (run_id, number or (found[0] if found else _gone(row.identity)), *row[1:]),
    )
    return True


def _gone(name: str) -> int:
    """A number for an article that is not there any more: below all that there are, and always the same."""
    return -1 - int.from_bytes(sha256(name.encode()).digest()[:6], "big")
