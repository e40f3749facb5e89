"""``iomscrape recover``: what can be saved of a damaged archive, in a new one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import (
    BELOW_THRESHOLD,
    DONE,
    archive_errors,
    console,
    counted,
    errors,
    print_json,
    print_table,
    safe,
)

if TYPE_CHECKING:
    from archive.recovering import Recovered


@click.command(
    short_help="Save what can be saved of a damaged archive.",
    epilog="""\b
Examples:
  iomscrape recover iom.db saved.db
  iomscrape recover iom.db saved.db --json

Exit codes: 0 all was saved · 4 something was lost · 6 nothing could be saved. docs/damage.md tells more.""",
)
@click.argument("damaged", metavar="DAMAGED.db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("target", metavar="NEW.db", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was saved and lost as JSON.")
def command(damaged: Path, target: Path, as_json: bool) -> None:
    """Copy every row that can still be read into a new archive, and make its indexes anew.

    DAMAGED.db is left as it is. What was lost can often be had again from the WARC files.
    """
    from archive import warc_folder
    from archive.recovering import recover

    with archive_errors(), errors.status("Reading …") as status:
        found = recover(damaged, target, lambda what: status.update(f"Reading {what} …"))
    folder = Path(os.environ.get("IOMSCRAPE_WARC_DIR") or warc_folder(damaged))
    has_raw_pages = folder.is_dir() and any(folder.rglob("*.warc*"))
    if as_json:
        print_json(
            {
                "damaged": str(damaged),
                "db": str(target),
                "complete": found.is_complete,
                "saved": found.saved,
                "lost_at_most": found.lost,
                "captures_without_details": found.stubs,
                "dropped": found.dropped,
                "altered": found.altered,
                "raw_pages": str(folder) if has_raw_pages else None,
            }
        )
    else:
        _show(found, damaged, target, folder if has_raw_pages else None)
    sys.exit(DONE if found.is_complete else BELOW_THRESHOLD)


def _show(found: Recovered, damaged: Path, target: Path, folder: Path | None) -> None:
    print_table(
        ["table", "rows saved", "lost, at most"],
        [
            (table, number, found.lost.get(table, 0))
            for table, number in found.saved.items()
            if number or table in found.lost
        ],
    )
    if found.stubs:
        console.print(f"{counted(found.stubs, 'capture')} lost; that there was one is kept.", soft_wrap=True)
    if found.dropped:
        console.print(
            f"{counted(found.dropped, 'row')} left out that belonged to something lost.", soft_wrap=True
        )
    for line in found.altered[:20]:
        console.print(safe(line), soft_wrap=True)
    if len(found.altered) > 20:
        console.print(f"… and {len(found.altered) - 20} more", soft_wrap=True)
    end = "All was saved" if found.is_complete else "What could be saved is in the new archive"
    console.print(safe(f"{end} -> {target}"), soft_wrap=True)
    if found.is_complete:
        return
    if folder is not None:
        errors.print(
            safe(
                f"The raw pages in {folder} bring the rest back: put {target} in the place of {damaged}, then "
                f"iomscrape import {folder} --db {damaged} --again, and iomscrape reread --db {damaged}"
            ),
            soft_wrap=True,
        )
    else:
        errors.print(
            safe(f"There are no raw pages beside {damaged}; what was lost must be fetched again."),
            soft_wrap=True,
        )
