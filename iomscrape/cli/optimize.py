"""``iomscrape optimize``: indexes in one piece, and SQLite told how they are filled."""

from __future__ import annotations

from time import monotonic

import click

from iomscrape.cli.output import archive_errors, console, db_option, errors, safe
from iomscrape.cli.questions import as_json_text, json_option


@click.command(short_help="Put the indexes of an archive in order after much was written.")
@db_option
@click.option(
    "--vacuum",
    is_flag=True,
    help="Also write the file anew, without what was freed; needs as much room again, and nobody may write.",
)
@json_option
def command(db: str, vacuum: bool, as_json: bool) -> None:
    """Merge the full-text indexes, gather statistics for SQLite, empty its log of writes.

    Worth while after a large import or merge: searches read less. In small steps, so a crawl may go on
    meanwhile; what was done by a kill stays done.

    \b
    Examples:
      iomscrape optimize --db iom.db
      iomscrape optimize --vacuum --json
    """
    from archive import Archive
    from archive.tidying import tidy

    began = monotonic()
    with (
        archive_errors(),
        Archive.open(db, create=False) as archive,
        errors.status("optimize") as status,
    ):
        done = tidy(archive, vacuum=vacuum, watch=lambda what: status.update(safe(what)))
    seconds = monotonic() - began
    if as_json:
        row = {"db": db, "bytes_before": done.bytes_before, "bytes_after": done.bytes_after}
        click.echo(as_json_text(row | {"steps": done.steps, "seconds": round(seconds, 1)}))
        return
    sizes = f"{done.bytes_before / 1e6:.1f} MB before, {done.bytes_after / 1e6:.1f} MB now"
    console.print(safe(f"{db}: {sizes}, in {seconds:.0f} s"), soft_wrap=True)
