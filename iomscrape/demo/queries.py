"""The answers in ``docs/queries.md``, put in anew: ``python -m iomscrape.demo.queries demo.db docs/queries.md``.

Behind each block of SQL on the page stands what it gives on the demo's archive, as a Markdown table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from archive import Archive

_QUERY = re.compile(r"^(```sql\n(.*?)^```\n)(?:\n(?:\|[^\n]*\n)+)?", re.MULTILINE | re.DOTALL)


def renewed(page: str, archive: Archive) -> str:
    """The page with the answers of ``archive``. sqlite3.Error where a query is wrong."""
    return _QUERY.sub(lambda found: f"{found[1]}\n{answer(archive, found[2])}", page)


def queries(page: str) -> list[str]:
    """The blocks of SQL on the page."""
    return [found[2] for found in _QUERY.finditer(page)]


def answer(archive: Archive, sql: str) -> str:
    """What a query gives, as a Markdown table; numbers to the right."""
    cursor = archive.db.conn.execute(sql)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    numbers = [
        bool(rows) and all(isinstance(row[place], int | float) for row in rows) for place in range(len(names))
    ]
    lines = [names, ["---:" if is_number else "---" for is_number in numbers], *rows]
    return "".join(_line(cells) for cells in lines)


def _line(cells: Iterable[Any]) -> str:
    return "".join(f"| {_cell(cell)} " for cell in cells) + "|\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    # What would be markup is shown as it is.
    return re.sub(r"[\\|<>`]", lambda sign: f"&#{ord(sign[0])};", text)


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("page", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(db: Path, page: Path) -> None:
    """Renew the answers on PAGE from the archive DB, as `iomscrape demo` made it."""
    with Archive.open(db, create=False, readonly=True) as archive:
        text = renewed(page.read_text(encoding="utf-8"), archive)
    page.write_text(text, encoding="utf-8")
    click.echo(f"{len(queries(text))} answers in {page}")


if __name__ == "__main__":
    main()
