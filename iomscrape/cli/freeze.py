"""``iomscrape freeze``: a dataset release of the archive, to publish and to cite."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from iomscrape.cli.output import console, db_option, errors, print_table, safe
from iomscrape.cli.questions import as_json_text, asked, filter_options, json_option
from iomscrape.cli.steps import Steps
from iomscrape.version import __version__


@click.command(short_help="Make a dataset release: Parquet, CSV, checksums, citation.")
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@db_option
@click.option("--title", metavar="TEXT", help="Title of the dataset.")
@click.option("--query", metavar="WORDS", help="Only articles that 'search WORDS' would find.")
@filter_options
@click.option("--without-contacts", is_flag=True, help="Leave people out, wherever they stand.")
@click.option("--force", is_flag=True, help="Replace an earlier release in OUT.")
@json_option
def command(
    folder: Path,
    db: str,
    title: str | None,
    query: str | None,
    without_contacts: bool,
    force: bool,
    as_json: bool,
    **filters: str | None,
) -> None:
    """Write the archive to the folder OUT as a dataset that can be published, cited and checked.

    Every table as Parquet and CSV, datapackage.json, schema.md, README.md, CITATION.cff and SHA256SUMS.
    The same archive gives the same bytes, wherever and whenever it is frozen.

    \b
    Examples:
      iomscrape freeze release --without-contacts
      iomscrape freeze timor-leste --country TL --title "IOM Timor-Leste in the news"
      iomscrape freeze release --force --json | jq -r .fingerprint
    """
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # ends like Ctrl-C: nothing half-written is left
    with asked(db) as archive:
        with Steps("rows", None) as steps:
            frozen = archive.freeze(
                folder,
                query,
                version=__version__,
                title=title,
                without_contacts=without_contacts,
                force=force,
                step=steps.step,
                **filters,
            )
        if as_json:
            click.echo(
                as_json_text(
                    {
                        "folder": str(frozen.folder),
                        "version": frozen.version,
                        "fingerprint": frozen.fingerprint,
                        "tables": frozen.tables,
                    }
                )
            )
            return
        print_table(("table", "rows"), list(frozen.tables.items()))
        console.print(safe(f"version {frozen.version}, {frozen.fingerprint}"), soft_wrap=True)
    errors.print(
        safe(f"A release was written to {folder}; look at its README.md before you publish it."),
        soft_wrap=True,
    )
