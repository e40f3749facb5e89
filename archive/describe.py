"""Makes ``docs/schema.md`` of the descriptions: ``python -m archive.describe > docs/schema.md``."""

from __future__ import annotations

from collections.abc import Container, Iterable

from archive.columns import COLUMNS, TABLES
from archive.views import VIEWS


def document() -> str:
    """The page ``docs/schema.md``: every table with its columns, in Markdown."""
    lines = [
        "# The tables and views of an archive",
        "",
        "An archive is one SQLite file; any program that reads SQLite reads it. This page is made from",
        "`archive/columns.py` and `archive/views.py` by `python -m archive.describe > docs/schema.md`, and the",
        "same words stand in the archive itself, in its table `columns`:",
        "",
        "```sql",
        "SELECT column_name, meaning, example FROM columns WHERE table_name = 'contacts';",
        "```",
        "",
        "Times are ISO 8601 in UTC (`2026-03-01T09:30:00+00:00`), lists and records are JSON, yes and no",
        "are 1 and 0. How to ask: [querying.md](querying.md). Views hold nothing of their own: they are",
        "questions about the tables, ready to be asked.",
    ]
    return "\n".join([*lines, *sections(TABLES, {view.name for view in VIEWS})]) + "\n"


def sections(names: Iterable[str], views: Container[str] = ()) -> list[str]:
    """The lines that describe these tables, in Markdown; ``views`` says which of them are none."""
    lines: list[str] = []
    for table in names:
        lines += [
            "",
            f"## {table}{' (view)' if table in views else ''}",
            "",
            TABLES[table],
            "",
            "| column | meaning | example |",
            "|---|---|---|",
        ]
        for column in COLUMNS:
            if column.table == table:
                example = f"`{column.example}`" if column.example else ""
                lines.append(f"| `{column.name}` | {_cell(column.meaning)} | {_cell(example)} |")
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(document(), end="")
