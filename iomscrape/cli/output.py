"""How commands speak: results on stdout, everything else on stderr, errors as one line.

What pages say goes through :func:`safe` before it reaches a terminal: a page must not be able to
send escape sequences to it, nor rich markup.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from iomscrape.cli.endings import (
    BELOW_THRESHOLD,
    DONE,
    FAILED,
    NOTHING,
    REFUSED,
    STOPPED,
    STORAGE,
    WRONG_USE,
    Failure,
    safe,
)

__all__ = [
    "BELOW_THRESHOLD",
    "DONE",
    "FAILED",
    "NOTHING",
    "REFUSED",
    "STOPPED",
    "STORAGE",
    "WRONG_USE",
    "Failure",
    "archive_errors",
    "console",
    "counted",
    "db_option",
    "errors",
    "print_json",
    "print_json_line",
    "print_table",
    "safe",
]


def counted(number: int, noun: str) -> str:
    """``1 problem``, ``2 problems``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Quiet(Console):
    """A console that ends the program quietly when its reader has had enough (``| head``)."""

    def on_broken_pipe(self) -> None:
        # Python would try to flush what is left once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(DONE)


# rich reads NO_COLOR itself, and drops colours where the stream is no terminal.
console = _Quiet(highlight=False, markup=False, emoji=False)
"""Results, on stdout."""
errors = Console(stderr=True, highlight=False, markup=False, emoji=False)
"""Progress and remarks, on stderr."""


def print_json(obj: Any) -> None:
    """Print plain JSON types to stdout, readable by people (UTF-8, two spaces)."""
    click.echo(json.dumps(obj, ensure_ascii=False, indent=2))


def print_json_line(obj: Any) -> None:
    """Print one JSON object on one line."""
    click.echo(json.dumps(obj, ensure_ascii=False))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """Print rows under column names; numbers stand to the right. Cells pass :func:`safe`.

    Where stdout is no terminal the table is as wide as its content, so that nothing is cut.
    """
    filled = [list(row) for row in rows]
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for position, column in enumerate(columns):
        numbers = bool(filled) and all(isinstance(row[position], int | float) for row in filled)
        table.add_column(Text(column), justify="right" if numbers else "left", overflow="fold")
    for row in filled:
        table.add_row(*(Text("" if cell is None else safe(cell)) for cell in row))
    if console.is_terminal:
        console.print(table)
    else:
        wide = _Quiet(file=console.file, width=10_000, highlight=False, markup=False, emoji=False)
        wide.print(table)


@contextmanager
def archive_errors() -> Iterator[None]:
    """Turn the archive's errors into one line and the right exit code."""
    from archive import ArchiveError, MissingExtra, NewerArchive, NotAnArchive, StorageError, TargetExists

    try:
        yield
    except (NotAnArchive, NewerArchive, TargetExists, MissingExtra) as error:
        raise Failure(str(error), WRONG_USE) from error
    except StorageError as error:
        raise Failure(str(error), STORAGE) from error
    except ArchiveError as error:
        raise Failure(str(error), FAILED) from error


db_option = click.option(
    "--db",
    metavar="FILE",
    default="iom.db",
    envvar="IOMSCRAPE_DB",
    show_default=True,
    show_envvar=True,
    type=click.Path(dir_okay=False, path_type=str),
    help="The archive.",
)
"""The option that every command with an archive takes: ``db``, a str."""
