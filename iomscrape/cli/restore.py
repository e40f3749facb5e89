"""``iomscrape restore``: a backup in the place of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from iomscrape.cli.copying import copying
from iomscrape.cli.output import archive_errors, console, db_option, errors, safe
from iomscrape.cli.questions import as_json_text, json_option


@click.command(short_help="Put a backup in the place of the archive.")
@click.argument("source", metavar="BACKUP", type=click.Path(path_type=Path))
@db_option
@click.option("--force", is_flag=True, help="Where there is an archive, move it aside first.")
@json_option
def command(source: Path, db: str, force: bool, as_json: bool) -> None:
    """Put BACKUP in the place of the archive: a file, or a folder whose latest one is taken.

    It is proved whole before anything is touched. WARC files that are missing come back, too; none is
    removed. What a crawl stored after the backup is in its WARC files: `iomscrape import` brings it back.

    \b
    Examples:
      iomscrape restore /mnt/backup/iom
      iomscrape restore /mnt/backup/iom/iom-20261125T141500Z.db --db looked-at.db
      iomscrape restore /mnt/backup/iom --force && iomscrape import iom-warc
    """
    from archive.backups import restore

    with archive_errors(), copying() as watch:
        backup, aside = restore(source, Path(db), force=force, watch=watch)
    if as_json:
        said = {"restored": str(backup.path), "db": db, "moved_aside": str(aside) if aside else None}
        click.echo(as_json_text(said))
        return
    console.print(safe(f"{backup.path} -> {db}"), soft_wrap=True)
    if aside:
        errors.print(safe(f"The archive before lies in {aside}."), soft_wrap=True)
