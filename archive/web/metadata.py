"""The meaning of every table and column, from the archive's own description, for Datasette's pages."""

from __future__ import annotations

from typing import Any

from archive.columns import COLUMNS, TABLES

DATABASE = "archive"
"""The name under which Datasette shows the archive, whatever its file is called: ``/archive/articles``."""

# What Datasette cannot guess: the order in which a table is best read, and what to narrow it by.
_READ_AS: dict[str, dict[str, Any]] = {
    "articles": {
        "sort_desc": "published",
        "label_column": "title",
        "fts_table": "articles_fts",
        "fts_pk": "id",
    },
    "captures": {"sort_desc": "id", "label_column": "url"},
    "contacts": {"label_column": "name"},
    "problems": {"sort_desc": "at", "facets": ["reason"]},
    "repairs": {"facets": ["kind", "part"]},
    "runs": {"sort_desc": "id", "label_column": "command"},
}


_OWN = "_sqlite_migrations fingerprints story_keys story_method facets labels theme_sets".split()
"""Tables that the program keeps for itself; Datasette lists them last."""


MEANINGS = {table: meaning.replace("`", "") for table, meaning in TABLES.items()}
"""Table to its meaning, without the marks of Markdown."""


def metadata() -> dict[str, Any]:
    """Datasette's metadata: titles, and for each table its description and those of its columns."""
    tables = {
        table: {
            "description": meaning,
            "columns": {
                column.name: column.meaning.replace("`", "") for column in COLUMNS if column.table == table
            },
            **_READ_AS.get(table, {}),
        }
        for table, meaning in MEANINGS.items()
    }
    for table in _OWN:
        tables.setdefault(table, {})["hidden"] = True
    return {
        "title": "iomscrape",
        "databases": {
            DATABASE: {
                "title": "Tables",
                "tables": tables,
            }
        },
    }
