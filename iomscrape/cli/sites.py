"""``iomscrape sites``: the bundled list of IOM's sites."""

from __future__ import annotations

import click

from iomscrape.cli.output import Failure, console, print_json, print_table


@click.command(
    epilog="""\b
Examples:
  iomscrape sites
  iomscrape sites timor
  iomscrape crawl --office timor-leste --contact you@example.org"""
)
@click.argument("words", metavar="[WORD]…", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, with the paths to try.")
def command(words: tuple[str, ...], as_json: bool) -> None:
    """List the sites of IOM that this program knows.

    With WORDs only those whose name, host, country code or kind holds all of them. `seen` are hosts of which
    people kept pages; `likely` ones follow their rule and were never asked: they may not exist.
    """
    from spiders.sites import as_of, known_sites

    wanted = [word.lower() for word in words]
    found = [
        site
        for site in known_sites()
        if all(
            word in f"{site.name} {site.host} {' '.join(site.countries)} {site.kind} {site.sure}".lower()
            for word in wanted
        )
    ]
    if as_json:
        rows = [
            {
                "name": site.name,
                "host": site.host,
                "kind": site.kind,
                "countries": list(site.countries),
                "languages": list(site.languages),
                "sure": site.sure,
                "paths": list(site.paths),
            }
            for site in found
        ]
        print_json({"as_of": as_of(), "sites": rows})
    elif not found:
        raise Failure(f"The list holds no site with {' '.join(words)!r}; `iomscrape sites` shows all.", 3)
    else:
        print_table(
            ("host", "name", "kind", "countries", "languages", "sure"),
            [(s.host, s.name, s.kind, " ".join(s.countries), " ".join(s.languages), s.sure) for s in found],
        )
        seen = sum(site.sure == "seen" for site in found)
        console.print(
            f"{len(found)} site{'' if len(found) == 1 else 's'}, {seen} of them seen; as of {as_of()}"
        )
