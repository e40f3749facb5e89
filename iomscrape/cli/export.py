"""``iomscrape export``: articles into files for spreadsheets, programs, text tools and references."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from archive.export.forms import FORMS, form_of
from iomscrape.cli.output import STORAGE, WRONG_USE, Failure, counted, db_option, errors, safe
from iomscrape.cli.questions import UNSAFE_IN_JSON, asked, filter_options
from iomscrape.cli.steps import Steps

if TYPE_CHECKING:
    from archive import Archive

_FORMS = "\n".join(["\b", "Formats:", *(f"  {name:<9} {form.meaning}" for name, form in FORMS.items())])


@click.command(
    short_help="Write articles as CSV, JSON lines, Parquet, an archive, texts or references.", epilog=_FORMS
)
@db_option
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    help="The format; without it the ending of FILE decides, else csv.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Write to FILE (for 'text' a folder) instead of stdout; nothing half-written is left if it fails.",
)
@click.option("--force", is_flag=True, help="Write over an existing FILE, or an earlier folder of texts.")
@click.option("--query", metavar="WORDS", help="Only articles that 'search WORDS' would find.")
@filter_options
@click.option(
    "--without-contacts",
    is_flag=True,
    help="Leave people out: contacts, addresses and numbers wherever they stand, repairs that quote them.",
)
def command(
    db: str,
    form: str | None,
    output: Path | None,
    force: bool,
    query: str | None,
    without_contacts: bool,
    **filters: str | None,
) -> None:
    """Write articles to a file or to stdout, all of them or those that pass the filters.

    In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.

    \b
    Examples:
      iomscrape export > articles.csv
      iomscrape export --format jsonl --lang fr --since 2016 -o french.jsonl
      iomscrape export --query "border clinic" --without-contacts -o clinics.parquet --force
      iomscrape export --country TL -o timor-leste.db
      iomscrape export --format text --lang en -o corpus
      iomscrape export --query cholera --format bibtex > cholera.bib
    """
    target = None if output is None or str(output) == "-" else output
    form = form or form_of(target)
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # ends like Ctrl-C: nothing half-written is left
    with asked(db) as archive:
        if target is None:
            number = _to_stdout(archive, form, query, without_contacts, filters)
        else:
            write = partial(archive.export_file, target, form, query, force=force)
            with Steps("articles", archive.count()) as steps:
                number = write(without_contacts=without_contacts, step=steps.step, **filters)  # type: ignore[arg-type]  # click's names are those of Narrowing
    if target is not None:
        errors.print(safe(f"{counted(number, 'article')} written to {target}"), soft_wrap=True)
    elif not number:
        errors.print("No article passes the filters.", soft_wrap=True)


def _to_stdout(
    archive: Archive, form: str, query: str | None, without_contacts: bool, filters: dict[str, str | None]
) -> int:
    """As it comes; a terminal gets nothing that it would obey, a full disk ends in one line."""
    is_terminal = sys.stdout.isatty()
    if is_terminal and FORMS[form].lines is None and FORMS[form].streams:
        raise Failure(f"The format {form} is nothing for a terminal; name a file with -o.", WRONG_USE)
    sink: IO[bytes] = _Guarded(form) if is_terminal else sys.stdout.buffer  # type: ignore[assignment]  # has all that is used of it
    try:
        number = archive.export_stream(sink, form, query, without_contacts=without_contacts, **filters)  # type: ignore[arg-type]  # click's names are those of Narrowing
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try to write what is left once more at its end.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Failure(
            f"The output cannot be written: {error.strerror or error}; what was written so far is not whole.",
            STORAGE,
        ) from error
    return number


class _Guarded:
    """Stdout where it is a terminal."""

    def __init__(self, form: str) -> None:
        self._is_json = "json" in form

    def write(self, text: bytes) -> None:
        """Print the text; what a terminal would obey is escaped in JSON and replaced elsewhere."""
        plain = text.decode()
        guarded = (
            UNSAFE_IN_JSON.sub(lambda sign: f"\\u{ord(sign[0]):04x}", plain) if self._is_json else safe(plain)
        )
        sys.stdout.write(guarded)
