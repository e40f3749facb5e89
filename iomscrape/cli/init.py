"""``iomscrape init``: a profile to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from iomscrape.cli.output import STORAGE, WRONG_USE, Failure, console, safe


@click.command(short_help="Write a commented profile for `iomscrape run`.")
@click.argument("path", metavar="[PROFILE]", type=click.Path(path_type=Path), default="iom.toml")
@click.option("--contact", metavar="ADDRESS", help="E-mail or web address for the User-Agent.")
@click.option("--site", "sites", metavar="SITE", multiple=True, help="A site to crawl. Repeatable.")
def command(path: Path, contact: str | None, sites: tuple[str, ...]) -> None:
    """Write a profile (iom.toml) in which every key is explained; nothing that exists is written over.

    \b
    Examples:
      iomscrape init --contact you@example.org
      iomscrape init offices.toml --site timor-leste.iom.int --site mena.iom.int
    """
    from iomscrape.job.example import example

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(example(contact=contact, sites=sites))
    except FileExistsError:
        raise Failure(f"{path} exists already; name another file", WRONG_USE) from None
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror or error}", STORAGE) from None
    console.print(safe(f"{path} was written; look through it, then: iomscrape run {path}"), soft_wrap=True)
