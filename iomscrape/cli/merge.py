"""``iomscrape merge``: several archives become one, as if one crawl had made them."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iomscrape.cli.copying import copying
from iomscrape.cli.output import archive_errors, console, counted, errors, safe
from iomscrape.cli.questions import as_json_text, json_option

if TYPE_CHECKING:
    from archive.merging import Merged


@click.command(short_help="Join archives into one, exactly.")
@click.argument(
    "sources",
    metavar="ARCHIVE…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option(
    "--into",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The archive to join them into; made if it is not there.",
)
@click.option("--copy", is_flag=True, help="Copy WARC files also where they could be hard-linked.")
@click.option("--without-warc", is_flag=True, help="Leave the raw pages (WARC files) where they are.")
@click.option("--without-stories", is_flag=True, help="Do not look for stories across the archives.")
@json_option
def command(
    sources: tuple[Path, ...],
    into: Path,
    copy: bool,
    without_warc: bool,
    without_stories: bool,
    as_json: bool,
) -> None:
    """Join archives into one: captures, versions, runs, problems and all else.

    In any order, and twice without harm: what is there is not written again. The sources are only read; archives
    of an older form are brought up to date on the way. Each is joined as a whole or not at all; after a
    kill the same command goes on. Their WARC files are hard-linked into the folder beside FILE, or copied
    where it lies on another disk.

    \b
    Examples:
      iomscrape merge part1.db part2.db --into iom.db
      iomscrape merge /mnt/crawl/*.db --into iom.db --json
    """
    from archive.merging import merge

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    raw_pages = os.environ.get("IOMSCRAPE_WARC_DIR")
    done: list[Merged] = []
    with archive_errors(), copying() as watch:
        for merged in merge(
            sources,
            into,
            raw_pages=Path(raw_pages) if raw_pages else None,
            without_raw_pages=without_warc,
            link=not copy,
            watch=watch,
        ):
            done.append(merged)
            if not as_json:
                console.print(safe(_line(merged, into)), soft_wrap=True)
    stories = None if without_stories else _stories(into)
    if as_json:
        told = {"into": str(into), "sources": [_row(merged) for merged in done], "stories": stories}
        click.echo(as_json_text(told))


def _line(merged: Merged, into: Path) -> str:
    if not merged.is_news:
        return f"{merged.source}: nothing that {into} does not have"
    parts = [counted(merged.captures, "capture"), f"{counted(merged.articles, 'new article')}"]
    if merged.woven:
        parts.append(f"{merged.woven} woven in")
    if merged.corrected:
        parts.append(f"{merged.corrected} read better there")
    parts.append(counted(merged.runs, "run"))
    if merged.linked or merged.copied:
        how = f"{merged.linked} linked, {merged.copied} copied"
        parts.append(f"{counted(merged.linked + merged.copied, 'WARC file')} ({how})")
    return f"{merged.source}: {', '.join(parts)} -> {into}"


def _row(merged: Merged) -> dict[str, Any]:
    names = [name for name in merged.__slots__ if name != "source"]
    return {"source": str(merged.source), **{name: getattr(merged, name) for name in names}}


def _stories(into: Path) -> int | None:
    """Look for stories, if any of the archives had had some looked for; how many there are."""
    from archive import Archive, MissingExtra
    from archive.merging import wants_stories

    with archive_errors(), Archive.open(into) as archive:
        if not wants_stories(archive.db):
            return None
        try:
            with copying() as watch:
                return archive.build_stories(watch=watch).stories
        except MissingExtra as error:
            errors.print(safe(f"Stories were not looked for: {error}"), soft_wrap=True)
            return None
