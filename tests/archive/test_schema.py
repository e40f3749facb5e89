"""The schema describes itself, completely, and the page in docs/ is up to date."""

from __future__ import annotations

import re
from pathlib import Path

from archive import Archive
from archive.columns import COLUMNS, TABLES
from archive.describe import document
from archive.schema import MIGRATIONS, SCHEMA_VERSION

ROOT = Path(__file__).parents[2]


def columns_in(archive: Archive) -> dict[str, list[str]]:
    tables = [
        name
        for name in (*archive.db.table_names(), *archive.db.view_names())
        if not name.startswith(("_", "sqlite_")) and not re.match(r"(articles|contacts)_fts_", name)
    ]
    # xinfo: also columns that are made of others; 1 marks those that FTS5 hides.
    return {
        table: [row[1] for row in archive.db.conn.execute(f"PRAGMA table_xinfo({table})") if row[6] != 1]
        for table in tables
    }


def test_every_table_and_column_is_described_in_order(archive: Archive) -> None:
    described = {table: [c.name for c in COLUMNS if c.table == table] for table in TABLES}
    assert columns_in(archive) == described


def test_every_description_says_something() -> None:
    for column in COLUMNS:
        assert len(column.meaning) >= 3, column
        assert column.example or column.table.endswith("_fts"), column


def test_the_archive_holds_its_own_description(archive: Archive) -> None:
    rows = archive.db.query(
        "SELECT meaning FROM columns WHERE table_name = 'phones' AND column_name = 'e164'"
    )
    assert "E.164" in next(iter(rows))["meaning"]


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == document(), (
        "run: python -m archive.describe > docs/schema.md"
    )


def test_the_version_counts_the_steps(archive: Archive) -> None:
    assert len(MIGRATIONS.applied(archive.db)) == SCHEMA_VERSION


def test_tables_are_strict(archive: Archive) -> None:
    loose = archive.db.conn.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict "
        "AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    ).fetchall()
    assert loose == []
