"""``iomscrape check``: proves an archive whole, or says what is not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from iomscrape.cli.output import (
    DONE,
    STORAGE,
    archive_errors,
    console,
    counted,
    db_option,
    errors,
    print_json,
    safe,
)

if TYPE_CHECKING:
    from iomscrape.checking import Report


@click.command(
    short_help="Prove the archive whole, or say what is not.",
    epilog="""\b
Examples:
  iomscrape check
  iomscrape check --quick --json
  iomscrape check --reread

Exit codes: 0 whole · 6 something is damaged or missing. docs/damage.md tells what to do then.""",
)
@db_option
@click.option("--quick", is_flag=True, help="The database only: no raw pages, no look into every record.")
@click.option(
    "--reread", is_flag=True, help="Also read every raw page again and compare it with its record; slow."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that read raw pages. [default: one a processor]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(db: str, quick: bool, reread: bool, jobs: int | None, as_json: bool) -> None:
    """Look at the database (structure, references, full-text index, what belongs together), at every record's
    fingerprint, and at every raw page: is it there, and is it the one that was stored?

    Nothing is changed. Others may read and write meanwhile.
    """
    from archive import warc_folder
    from iomscrape.checking import check

    path = Path(db)
    folder = Path(os.environ.get("IOMSCRAPE_WARC_DIR") or warc_folder(path))
    with (
        archive_errors(),
        Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        ) as bar,
    ):

        def start(what: str, total: int | None) -> Callable[[], None]:
            task = bar.add_task(what, total=total)
            return lambda: bar.advance(task)

        report = check(
            path, folder, quick=quick, reread=reread, jobs=jobs or os.cpu_count() or 1, start=start
        )
    _show(path, report, as_json=as_json)
    sys.exit(DONE if report.is_whole else STORAGE)


def _show(path: Path, report: Report, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "db": str(path),
                "whole": report.is_whole,
                "looked_at": report.looked_at,
                "faults": dict(report.counts),
                "first_faults": [{"kind": fault.kind, "detail": fault.detail} for fault in report.faults],
                "read_otherwise_by_todays_reader": report.outdated,
            }
        )
        return
    for fault in report.faults:
        console.print(safe(f"{fault.kind}: {fault.detail}"), soft_wrap=True)
    hidden = sum(report.counts.values()) - len(report.faults)
    if hidden:
        console.print(f"… and {hidden} more", soft_wrap=True)
    looked = ", ".join(f"{number} {what}" for what, number in report.looked_at.items())
    if report.outdated:
        console.print(
            f"{counted(report.outdated, 'capture')} would be read otherwise by today's reader: iomscrape reread --outdated",
            soft_wrap=True,
        )
    if report.is_whole:
        console.print(safe(f"{path} is whole{f' ({looked})' if looked else ''}."), soft_wrap=True)
        return
    console.print(safe(f"{path} is not whole."), soft_wrap=True)
    errors.print(safe(_advice(path, report)), soft_wrap=True)


def _advice(path: Path, report: Report) -> str:
    if report.counts["damaged"]:
        return f"Restore a backup (iomscrape restore), or save what can be saved: iomscrape recover {path} NEW.db"
    if report.counts["search-index"]:
        return f"The articles are safe; iomscrape recover {path} NEW.db makes an archive with a new index."
    if report.counts["warc-missing"] or report.counts["warc-record"]:
        return "The records are safe; bring the WARC files back from a copy if there is one."
    return (
        f"Restore a backup (iomscrape restore), or have the records made anew: iomscrape reread --db {path}"
    )
