"""``iomscrape backup``: a copy of the archive that can take its place."""

from __future__ import annotations

import os
from pathlib import Path

import click

from iomscrape.cli.copying import copying
from iomscrape.cli.output import archive_errors, console, counted, db_option, errors, print_table, safe
from iomscrape.cli.questions import as_json_text, json_option

KEEP = 7


@click.command(short_help="Copy the archive while it is in use, and prove the copy whole.")
@click.argument("folder", metavar="DEST", type=click.Path(path_type=Path))
@db_option
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=1),
    default=KEEP,
    show_default=True,
    help="Keep so many backups of this archive in DEST, the latest; remove older ones.",
)
@click.option("--without-warc", is_flag=True, help="Leave the raw pages (WARC files) out.")
@click.option("--list", "listed", is_flag=True, help="List the backups in DEST; make none.")
@json_option
def command(folder: Path, db: str, keep: int, without_warc: bool, listed: bool, as_json: bool) -> None:
    """Copy the archive to the folder DEST while a crawl may write to it, and prove the copy whole.

    Each backup is one database named by its time; the WARC files stand beside them once. Only when the
    new backup is safe, those beyond --keep are removed. `iomscrape restore` brings one back.

    \b
    Examples:
      iomscrape backup /mnt/backup/iom
      iomscrape backup /mnt/backup/iom --keep 30 --json
      iomscrape backup /mnt/backup/iom --list
    """
    if listed:
        _list(folder, Path(db), as_json=as_json)
        return
    from archive.backups import back_up

    raw_pages = os.environ.get("IOMSCRAPE_WARC_DIR")
    with archive_errors(), copying() as watch:
        made = back_up(
            Path(db),
            folder,
            keep=keep,
            raw_pages=Path(raw_pages) if raw_pages else None,
            without_raw_pages=without_warc,
            watch=watch,
        )
    if as_json:
        click.echo(
            as_json_text(
                {
                    "backup": str(made.backup.path),
                    "made_at": made.backup.made_at.isoformat(),
                    "bytes": made.backup.size,
                    "articles": made.articles,
                    "captures": made.captures,
                    "warc_files_copied": made.warc_files,
                    "removed": [str(path) for path in made.removed],
                }
            )
        )
        return
    line = (
        f"{counted(made.articles, 'article')}, {counted(made.captures, 'capture')}, "
        f"{counted(made.warc_files, 'new WARC file')}, proved whole -> {made.backup.path}"
    )
    console.print(safe(line), soft_wrap=True)
    if made.removed:
        errors.print(safe(f"Removed: {', '.join(path.name for path in made.removed)}"), soft_wrap=True)


def _list(folder: Path, db: Path, *, as_json: bool) -> None:
    from archive.backups import backups

    with archive_errors():
        found = backups(folder, db.stem)
    if as_json:
        rows = [
            {"backup": str(one.path), "made_at": one.made_at.isoformat(), "bytes": one.size} for one in found
        ]
        click.echo(as_json_text(rows))
        return
    if not found:
        errors.print(safe(f"No backup of {db.name} in {folder}."), soft_wrap=True)
        return
    print_table(
        ("made", "MB", "file"),
        [(f"{one.made_at:%Y-%m-%d %H:%M} UTC", round(one.size / 1e6, 1), one.path.name) for one in found],
    )
