"""How commands speak: results on stdout, everything else on stderr, errors as one line.

What pages say goes through :func:`safe` before it reaches a terminal: a page must not be able to
send escape sequences to it, nor rich markup.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

DONE = 0
FAILED = 1
WRONG_USE = 2
NOTHING = 3
BELOW_THRESHOLD = 4
REFUSED = 5
STORAGE = 6
STOPPED = 7

# C0 except tab and newline, DEL, C1; and the bidirectional overrides and isolates, with which a text
# can make a terminal show something else than it holds. (Arabic needs the marks LRM/RLM only.)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def safe(text: object) -> str:
    """The text with everything a terminal would obey replaced by U+FFFD."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", str(text).replace("\r\n", "\n"))


def counted(number: int, noun: str) -> str:
    """``1 problem``, ``2 problems``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Failure(click.ClickException):
    """A user's error: one line that names the thing and what to do, and an exit code.

    Codes: see the constants of this module and ``docs/crawling.md``.
    """

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        """Join the message to one line."""
        super().__init__(" ".join(safe(message).split()))
        self.exit_code = exit_code  # type: ignore[misc]  # click means it to be overridden


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
