"""Is an archive whole: what its database can prove of itself. The raw pages: ``iomscrape/checking.py``.

Every check yields what it finds wrong; nothing is mended, and nothing is written that stays.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.content import content_digest
from archive.database import fold, plain_connection
from archive.errors import storage
from archive.labelling import THEMES
from archive.schema import SCHEMA_VERSION

FOUND_AT_MOST = 100
"""So many faults of one kind are named; where one page of a file is damaged thousands follow from it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not whole. ``kind``: a short stable code; ``detail``: a sentence for a person."""

    kind: str
    detail: str


Watch = Callable[[], None]

# What belongs together without being a foreign key, as queries for rows that break the rule.
_AGREEMENTS = (
    (
        "search-index",
        "{} articles are not in the full-text index, or are in it without being there",
        "SELECT (SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)) + "
        "(SELECT count(*) FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles))",
    ),
    (
        "search-index",
        "{} contacts are not in the full-text index, or are in it without being there",
        "SELECT (SELECT count(*) FROM contacts WHERE id NOT IN (SELECT id FROM contacts_fts_docsize)) + "
        "(SELECT count(*) FROM contacts_fts_docsize WHERE id NOT IN (SELECT id FROM contacts))",
    ),
    (
        "facets",
        "{} articles are counted otherwise than they say (facets)",
        "SELECT count(*) FROM articles LEFT JOIN facets ON facets.article_id = articles.id "  # noqa: S608  # ours
        "LEFT JOIN theme_sets ON theme_sets.id = facets.theme_set_id "
        f"WHERE theme_sets.themes IS NOT {THEMES.format(article='articles.id')} "
        "OR facets.published IS NOT articles.published OR facets.lang IS NOT articles.lang OR facets.kind IS NOT articles.kind "
        "OR facets.country IS NOT articles.country OR facets.site IS NOT articles.site",
    ),
    (
        "versions",
        "{} articles have another number of versions than they say",
        "SELECT count(*) FROM articles WHERE versions <> 1 + "
        "(SELECT count(*) FROM earlier_versions WHERE article_id = articles.id)",
    ),
    (
        "sightings",
        "{} captures show what no version of the article says",
        "SELECT count(*) FROM sightings JOIN articles ON articles.id = sightings.article_id "
        "WHERE sightings.digest <> articles.digest AND NOT EXISTS (SELECT 1 FROM earlier_versions "
        "WHERE article_id = articles.id AND earlier_versions.digest = sightings.digest)",
    ),
    (
        "sightings",
        "{} articles were seen in no capture",
        "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM sightings)",
    ),
)

# Whether the index finds what the articles say: both indexes' words with the number of articles they are in.
_WORDS_DIFFER = "SELECT count(*) FROM (SELECT term, doc, cnt FROM temp.{one} EXCEPT SELECT term, doc, cnt FROM temp.{other})"


def open_for_check(path: Path) -> sqlite3.Connection:
    """A connection to what lies there, of whatever age. Raises as ``plain_connection``."""
    conn = plain_connection(path)
    conn.create_function("fold", 1, fold, deterministic=True)
    # The index's own check is an INSERT that inserts nothing.
    conn.execute("PRAGMA query_only = OFF")
    return conn


def structure(conn: sqlite3.Connection) -> Iterator[Fault]:
    """The pages of the file, its indexes, and what points at what. Where these are broken the rest may be, too."""
    for (said,) in conn.execute(f"PRAGMA integrity_check({FOUND_AT_MOST})"):
        if said != "ok":
            yield Fault("damaged", said)
    for number, (table, rowid, parent, _) in enumerate(conn.execute("PRAGMA foreign_key_check")):
        if number >= FOUND_AT_MOST:
            break
        row = "a row" if rowid is None else f"row {rowid}"
        yield Fault("foreign-key", f"{row} of {table} points at a row of {parent} that is not there")


def agreement(conn: sqlite3.Connection, *, thorough: bool) -> Iterator[Fault]:
    """What stands in one table agrees with what follows from it in another; the full-text indexes.

    ``thorough``: index all articles once more, beside, and compare. Archives of an older form are not
    asked: StorageError of opening them says what to do.
    """
    (version,) = conn.execute("PRAGMA user_version").fetchone()
    if version < SCHEMA_VERSION:
        return
    for kind, detail, sql in _AGREEMENTS:
        (number,) = conn.execute(sql).fetchone()
        if number:
            yield Fault(kind, detail.format(number))
    # 1: also beside the content. Of articles the index has folded words, which FTS5 cannot compare.
    for index, beside in (("articles_fts", 0), ("contacts_fts", 1)):
        try:
            conn.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', {beside})")  # noqa: S608  # our names
        except sqlite3.DatabaseError as error:
            yield Fault("search-index", f"the full-text index {index} is broken: {error}")
            return
    if thorough and (number := _words_that_differ(conn)):
        yield Fault(
            "search-index", f"{number} words are not found where they stand, or found where they do not"
        )


def records(conn: sqlite3.Connection, watch: Watch) -> Iterator[Fault]:
    """What articles and their earlier versions say, beside the fingerprints taken when they were stored."""
    (version,) = conn.execute("PRAGMA user_version").fetchone()
    if version < SCHEMA_VERSION:
        return
    for article_id, number, digest, record in conn.execute(
        "SELECT article_id, number, digest, record FROM versions"
    ):
        if content_digest(json.loads(record)) != digest:
            yield Fault("altered", f"version {number} of article {article_id} is not what was stored")
        watch()


def count_records(conn: sqlite3.Connection) -> int:
    """How many versions :func:`records` looks at."""
    (number,) = conn.execute(
        "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM earlier_versions)"
    ).fetchone()
    return int(number)


def told(path: Path, faults: Iterator[Fault]) -> Iterator[Fault]:
    """The faults; what SQLite meets on its way and cannot go on from is the last of them."""
    try:
        yield from faults
    except sqlite3.DatabaseError as error:
        with storage(path):
            if (
                "malformed" not in str(error)
                and "corrupt" not in str(error)
                and "not a database" not in str(error)
            ):
                raise
        yield Fault("damaged", f"the database cannot be read on: {error}")


def _words_that_differ(conn: sqlite3.Connection) -> int:
    (made,) = conn.execute("SELECT sql FROM sqlite_schema WHERE name = 'articles_fts'").fetchone()
    # The same index without content, in a temporary file.
    temporary = made.replace("articles_fts", "temp.again", 1).replace(
        "content='articles', content_rowid='id'", "content=''"
    )
    conn.execute("PRAGMA temp_store = FILE")
    conn.execute(temporary)
    try:
        conn.execute("BEGIN")
        conn.execute(
            "INSERT INTO temp.again (rowid, title, text, subtitle) SELECT id, title, text, subtitle FROM search_words"
        )
        conn.execute("COMMIT")
        conn.execute("CREATE VIRTUAL TABLE temp.words_again USING fts5vocab(temp, again, row)")
        conn.execute("CREATE VIRTUAL TABLE temp.words_kept USING fts5vocab(main, articles_fts, row)")
        return sum(
            conn.execute(_WORDS_DIFFER.format(one=one, other=other)).fetchone()[0]
            for one, other in (("words_again", "words_kept"), ("words_kept", "words_again"))
        )
    finally:
        for table in ("words_again", "words_kept", "again"):
            conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
