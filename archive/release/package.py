"""``datapackage.json``: what the files are, for programs (https://datapackage.org, read by Frictionless)."""

from __future__ import annotations

from typing import Any, NamedTuple

from archive.columns import TABLES
from archive.release.facts import Facts
from archive.release.tables import TYPES, Column, Table

AUTHOR = "International Organization for Migration"
_CSV_NOTE = (
    "A text that begins with = + - @ ' a tab or a line end has one apostrophe before it, so that no spreadsheet "
    "takes it for a formula; take it off for the exact text, or read the Parquet file."
)


class FileSum(NamedTuple):
    """A file of the release: its path in it, size in bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    digest: str


def data_package(facts: Facts, tables: list[Table], sums: dict[str, FileSum]) -> dict[str, Any]:
    """The descriptor; ``sums`` by path."""
    names = {table.name for table in tables}
    return {
        "profile": "data-package",
        "name": "iomscrape-archive",
        "title": facts.title,
        "description": description(facts),
        "version": facts.version,
        **({"created": f"{facts.last_capture}T00:00:00Z"} if facts.last_capture else {}),
        "keywords": ["migration", "news", "press releases", "International Organization for Migration"],
        "contributors": [{"title": AUTHOR, "role": "author"}],
        "sources": [{"title": site, "path": f"https://{site}"} for site in facts.sites if "." in site],
        "resources": [
            *(_csv(table, names, sums[f"csv/{table.name}.csv"]) for table in tables),
            *(_parquet(table, sums[f"parquet/{table.name}.parquet"]) for table in tables),
        ],
        "iomscrape": {
            "version": facts.program_version,
            "schema": facts.schema_version,
            "readers": [
                {"version": version, "articles": number} for version, number in facts.reader_versions
            ],
            "contacts": facts.with_contacts,
            "filters": facts.narrowed,
        },
    }


def description(facts: Facts) -> str:
    """What the dataset is, in one sentence or two."""
    period = f", published {facts.first_published} to {facts.last_published}" if facts.first_published else ""
    without = "" if facts.with_contacts else " People named as contacts are left out."
    narrowed = f" Only articles that pass: {facts.narrowed}." if facts.narrowed else ""
    return (
        f"{facts.articles} news items of the International Organization for Migration{period}, with their versions "
        f"over time and where each was seen.{narrowed}{without}"
    )


def _csv(table: Table, names: set[str], file: FileSum) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": file.path,
        "profile": "tabular-data-resource",
        "title": table.name,
        "description": f"{TABLES[table.name]} {_CSV_NOTE}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True, "header": True},
        "bytes": file.size,
        "hash": f"sha256:{file.digest}",
        "schema": _schema(table, names),
    }


def _schema(table: Table, names: set[str]) -> dict[str, Any]:
    keys = [column.name for column in sorted(table.columns, key=lambda column: column.key) if column.key]
    foreign = [
        {"fields": [own], "reference": {"resource": "" if other == table.name else other, "fields": [column]}}
        for own, other, column in table.references
        if other in names
    ]
    return {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        **({"primaryKey": keys} if keys else {}),
        **({"foreignKeys": foreign} if foreign else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    # A text may be empty where it must not be missing; CSV cannot tell the two apart.
    is_required = bool(column.key) or (column.required and column.kind != "TEXT")
    return {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": column.meaning,
        **({"example": column.example} if column.example else {}),
        **({"constraints": {"required": True}} if is_required else {}),
    }


def _parquet(table: Table, file: FileSum) -> dict[str, Any]:
    return {
        "name": f"{table.name}-parquet",
        "path": file.path,
        # Frictionless would look into it, and cannot without pandas.
        "type": "file",
        "profile": "data-resource",
        "title": table.name,
        "description": f"{TABLES[table.name]} The same rows as the CSV file, exact and typed.",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": file.size,
        "hash": f"sha256:{file.digest}",
    }
