"""The answers on pages of the documentation, put in anew from the archive that ``iomscrape demo`` makes.

``python -m iomscrape.demo.answers demo.db docs/queries.md docs/python.md docs/archive.ipynb``

Behind a block of SQL stands what it gives, as a table; behind a block of Python what it prints, as a block
of text; in a notebook the outputs of its cells. Python runs in the folder of the archive.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from archive import Archive

_SQL = re.compile(r"^(```sql\n(.*?)^```\n)(?:\n(?:\|[^\n]*\n)+)?", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^(```python\n(.*?)^```\n)(?:\n```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL)


def renewed(page: str, db: Path) -> str:
    """A page in Markdown with the answers of the archive. Whatever a query or program raises is raised."""
    with Archive.open(db, create=False, readonly=True) as archive:
        page = _SQL.sub(lambda found: f"{found[1]}\n{answer(archive, found[2])}", page)
    names: dict[str, Any] = {"__name__": "__main__"}
    with _inside(db.parent):
        return _PYTHON.sub(lambda found: found[1] + _text_block(printed(found[2], names)), page)


def renewed_notebook(text: str, db: Path) -> str:
    """A notebook (its JSON) with the outputs of its cells, run by a kernel of its own."""
    import nbformat
    from nbclient import NotebookClient

    notebook: Any = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=60,
        record_timing=False,
        coalesce_streams=True,  # how much is printed at a time differs from run to run
        resources={"metadata": {"path": str(db.parent)}},
    ).execute()
    # What the kernel says of itself differs from one Python to the next.
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]  # nbformat has no types


def queries(page: str) -> list[str]:
    """The blocks of SQL on the page."""
    return [found[2] for found in _SQL.finditer(page)]


def programs(page: str) -> list[str]:
    """The blocks of Python on the page; each goes on where the one before ended."""
    return [found[2] for found in _PYTHON.finditer(page)]


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


def printed(program: str, names: dict[str, Any]) -> str:
    """What a program prints; ``names`` are those it finds and leaves."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "documentation", "exec"), names)  # noqa: S102  # our own pages
    return out.getvalue()


def _text_block(text: str) -> str:
    return f"\n```text\n{text}```\n" if text else ""


def _line(cells: Iterable[Any]) -> str:
    return "".join(f"| {_cell(cell)} " for cell in cells) + "|\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    # What would be markup is shown as it is.
    return re.sub(r"[\\|<>`]", lambda sign: f"&#{ord(sign[0])};", text)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path))
@click.argument(
    "pages", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(db: Path, pages: tuple[Path, ...]) -> None:
    """Renew the answers on PAGES from the archive DB, as `iomscrape demo` made it."""
    for page in pages:
        renew = renewed_notebook if page.suffix == ".ipynb" else renewed
        page.write_text(renew(page.read_text(encoding="utf-8"), db), encoding="utf-8")
        click.echo(f"{page} has today's answers")


if __name__ == "__main__":
    main()
