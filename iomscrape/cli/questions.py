"""What the commands that ask the archive have in common: opening it, narrowing the question, printing."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from iomscrape.cli.output import NOTHING, WRONG_USE, Failure, archive_errors, console, safe

if TYPE_CHECKING:
    from archive import Archive

TEXT_WIDTH = 88
"""No line of running text is wider than this on a terminal: longer lines are hard to read."""

# JSON escapes control characters below space itself; these it leaves to the terminal.
UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_FILTERS = (
    click.option("--lang", metavar="TAG", help="Language of the text: en, es, fr, ar …"),
    click.option("--country", metavar="CODE", help="Country it is about, ISO 3166-1: TL, CO …"),
    click.option("--kind", metavar="KIND", help="press-release, briefing-note, statement, feature …"),
    click.option("--site", metavar="HOST", help="Site it stood on, with or without www.: iom.int"),
    click.option("--theme", metavar="THEME", help="Subject under which the site files it, in full."),
    click.option("--since", metavar="DATE", help="Published on or after: 2016, 2016-05 or 2016-05-03."),
    click.option("--until", metavar="DATE", help="Published on or before; 2016 means its last day."),
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that narrow a question; they reach the command under the names of ``Filters``."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@contextmanager
def asked(db: str) -> Iterator[Archive]:
    """The archive ``db``, opened for reading; its errors become one line and an exit code."""
    from archive import Archive

    with answering(), Archive.open(db, create=False, readonly=True) as archive:
        yield archive


@contextmanager
def answering() -> Iterator[None]:
    """Errors of archives that are asked become one line and an exit code.

    A reader of our output that has had enough (``| head``) ends the command quietly.
    """
    from archive import QueryError

    with archive_errors():
        try:
            yield
            sys.stdout.flush()
        except QueryError as error:
            raise Failure(str(error), WRONG_USE) from error
        except BrokenPipeError:
            # Python would try to flush what is left once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


def key_of(article: str) -> int | str:
    """What a person wrote to name an article: its number, or an address of it."""
    return int(article) if article.isdecimal() and article.isascii() else article


def no_article(article: str, db: str) -> Failure:
    """There is none of that number or address."""
    return Failure(f"There is no article {article} in {db}; find one with 'iomscrape search WORDS'.", NOTHING)


def as_json_text(obj: Any, *, indent: int | None = 2) -> str:
    """JSON in UTF-8 that no terminal obeys: control characters are escaped."""
    text = json.dumps(obj, ensure_ascii=False, indent=indent)
    return UNSAFE_IN_JSON.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def say(text: str | Text = "", style: str = "", *, indent: int = 0) -> None:
    """Print running text: wrapped on a terminal, one line a paragraph otherwise."""
    line = text if isinstance(text, Text) else Text(safe(text), style=style)
    if not console.is_terminal:
        # Not through rich: a pipe that closes should reach us, not end the program there.
        click.echo(" " * indent + line.plain)
        return
    for wrapped in line.wrap(console, max(min(console.width, TEXT_WIDTH) - indent, 20)):
        wrapped.pad_left(indent)
        console.print(wrapped)


def facts(*values: object) -> str:
    """The values that are there, side by side."""
    return " · ".join(str(value) for value in values if value)


def minute(moment: str) -> str:
    """A time of the archive to the minute: ``2026-03-01 09:30``."""
    return moment[:16].replace("T", " ")
