"""Which rows of each table belong to some chosen articles. One line for every table of the schema.

``{chosen}`` stands for the numbers of the articles, ``{captures}`` for those of their captures. A table
that is not here is not exported; a test fails for one that nobody has decided about.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_OF_ARTICLES = "article_id IN ({chosen})"
_OF_CONTACTS = "contact_id IN (SELECT id FROM contacts WHERE article_id IN ({chosen}))"

ARTICLE_TABLES: dict[str, str] = {
    "articles": "id IN ({chosen})",
    "other_addresses": _OF_ARTICLES,
    "sightings": _OF_ARTICLES,
    "earlier_versions": _OF_ARTICLES,
    "contacts": _OF_ARTICLES,
    "emails": _OF_CONTACTS,
    "phones": _OF_CONTACTS,
    "repairs": _OF_ARTICLES,
    "themes": _OF_ARTICLES,
    "links": _OF_ARTICLES,
    "images": _OF_ARTICLES,
    "translations": _OF_ARTICLES,
}
"""What hangs on an article."""

STORY_TABLES: dict[str, str] = {
    # A story of one article is none.
    "story_articles": f"{_OF_ARTICLES} AND story_id IN (SELECT story_id FROM story_articles WHERE {_OF_ARTICLES} "  # noqa: S608  # our names
    "GROUP BY story_id HAVING count(*) > 1)",
    "story_links": "article_id IN ({chosen}) AND other_id IN ({chosen})",
}
"""Which articles are one item, as far as they are chosen."""

CAPTURE_TABLES: dict[str, str] = {
    "captures": "id IN ({captures})",
    "problems": "capture_id IN ({captures})",
    "runs": "id IN (SELECT run_id FROM captures WHERE id IN ({captures}))",
}
"""Where it came from."""

WORK_TABLES = ("frontier", "imports", "corrections")
"""What crawls, imports and rereadings remember; only a copy of the whole archive has it."""

CONTACT_TABLES = ("contacts", "emails", "phones", "repairs")
"""Left empty where people are left out: contacts, and repairs, which quote their addresses."""

MADE_TABLES = ("columns", "facets", "labels", "theme_sets", "fingerprints", "story_keys", "story_method")
"""Made anew: with every archive, by its triggers of what is in the others, or by `iomscrape stories`."""

# A revisit, or a page that came twice, has its raw bytes in the record of another capture.
_CAPTURES = """
    SELECT capture_id FROM sightings WHERE article_id IN ({chosen})
    UNION
    SELECT original.id FROM sightings
    JOIN captures ON captures.id = sightings.capture_id
    JOIN captures AS original ON substr(original.digest, 8, 16) = substr(captures.digest, 8, 16)
        AND original.digest = captures.digest AND original.warc_file IS NOT NULL
    WHERE sightings.article_id IN ({chosen})
"""


def conditions(chosen: str | None) -> dict[str, str]:
    """Table -> condition for its rows, in an order in which they may be written. None: the whole archive."""
    if chosen is None:
        return dict.fromkeys((*CAPTURE_TABLES, *WORK_TABLES, *ARTICLE_TABLES, *STORY_TABLES), "1")
    parts = {"chosen": chosen, "captures": _CAPTURES.format(chosen=chosen)}
    rules = CAPTURE_TABLES | ARTICLE_TABLES | STORY_TABLES
    return {name: rule.format(**parts) for name, rule in rules.items()}


@lru_cache(maxsize=128)  # asked for each article
def names_of(conn: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table that can be written, in order."""
    return [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]


@lru_cache(maxsize=128)
def order_of(conn: sqlite3.Connection, table: str) -> str:
    """The columns of its primary key: the order in which its rows are always written."""
    keys = [(row[5], row[1]) for row in conn.execute(f"PRAGMA table_info({table})") if row[5]]
    return ", ".join(name for _, name in sorted(keys)) or "rowid"


def rows_of(
    conn: sqlite3.Connection, table: str, condition: str = "1", values: dict[str, Any] | None = None
) -> Iterator[tuple[Any, ...]]:
    """The rows that fulfil the condition, in the order of their key."""
    columns = ", ".join(names_of(conn, table))
    sql = f"SELECT {columns} FROM {table} WHERE {condition} ORDER BY {order_of(conn, table)}"  # noqa: S608  # our names, bound values
    return conn.execute(sql, values or {})
