"""``iomscrape split``: a large archive as several smaller ones."""

from __future__ import annotations

import os
from pathlib import Path

import click

from iomscrape.cli.copying import copying
from iomscrape.cli.output import console, counted, db_option, safe
from iomscrape.cli.questions import as_json_text, asked, json_option


@click.command(short_help="Write an archive as several, by year.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@db_option
@click.option(
    "--by",
    type=click.Choice(["year"]),
    default="year",
    show_default=True,
    help="What goes together: articles that were published in one year.",
)
@click.option("--without-warc", is_flag=True, help="Leave the raw pages (WARC files) where they are.")
@click.option("--force", is_flag=True, help="Write over the parts of an earlier split.")
@json_option
def command(folder: Path, db: str, by: str, without_warc: bool, force: bool, as_json: bool) -> None:
    """Write the archive as one archive for each year into the folder DIR, and leave it as it is.

    The parts are NAME-2016.db and so on, and NAME-undated.db for articles that give no date. Each has the
    versions, captures and the full-text index of its articles; WARC files are hard-linked. `iomscrape search
    --db 'DIR/*.db'` asks them all.

    \b
    Examples:
      iomscrape split years/
      iomscrape split /mnt/large/years --db iom.db --without-warc --json
    """
    from archive.splitting import split

    raw_pages = os.environ.get("IOMSCRAPE_WARC_DIR")
    rows = []
    with asked(db) as archive, copying() as watch:
        for part in split(
            archive,
            folder,
            force=force,
            raw_pages=Path(raw_pages) if raw_pages else None,
            without_raw_pages=without_warc,
            watch=watch,
        ):
            rows.append({"archive": str(part.path), by: part.year, "articles": part.articles})
            if not as_json:
                line = f"{part.year}: {counted(part.articles, 'article')} -> {part.path}"
                console.print(safe(line), soft_wrap=True)
    if as_json:
        click.echo(as_json_text(rows))
