"""``iomscrape commoncrawl SITE…``: the spider ``commoncrawl`` with progress, a summary, an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from iomscrape.cli.output import DONE, NOTHING, console, db_option, print_json, safe


@click.command(
    epilog="""\b
Examples:
  iomscrape commoncrawl www.iom.int --contact you@example.org
  iomscrape commoncrawl '*.iom.int' --crawl latest:3 --dry-run --contact you@example.org
  iomscrape commoncrawl timor-leste.iom.int --from 2019 --to 2021-06 --db tl.db
  iomscrape commoncrawl https://www.iom.int/es/news --crawl CC-MAIN-2024-10 --limit 50

A run that was stopped or killed is resumed by the same command. See docs/commoncrawl.md."""
)
@click.argument("sites", metavar="SITE…", nargs=-1, required=True)
@click.option(
    "--crawl",
    metavar="ID|all|latest:N",
    default="",
    help="Which crawls, or several, comma-separated.  [default: latest:1; with --from or --to all of that time]",
)
@click.option("--from", "start", metavar="DATE", default="", help="Captures from this year, month or day on.")
@click.option("--to", metavar="DATE", default="", help="Captures up to this year, month or day.")
@click.option("--every-capture", is_flag=True, help="Also captures with the very bytes of another one.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Stop after so many captures.")
@click.option("--dry-run", is_flag=True, help="Only ask the index, and say what would be fetched.")
@db_option
@click.option(
    "--server", metavar="URL", help="Where the indexes are.  [default: https://index.commoncrawl.org]"
)
@click.option("--data", metavar="URL", help="Where the files are.  [default: https://data.commoncrawl.org]")
@click.option(
    "--delay",
    metavar="SECONDS",
    type=click.FloatRange(min=0, max=3600),
    help="Least pause between requests to the index.  [default: 1.5]",
)
@click.option(
    "--contact",
    metavar="ADDRESS",
    envvar="IOMSCRAPE_CONTACT",
    show_envvar=True,
    help="E-mail or web address for the User-Agent; needed for public servers.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that read, where pages come fast.  [default: one a processor]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option(
    "-s",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set a setting (docs/crawling.md). Repeatable.",
)
@click.option(
    "--log-level",
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False),
    help="Show Scrapy's log, from this level up.",
)
def command(
    sites: tuple[str, ...],
    crawl: str,
    start: str,
    to: str,
    every_capture: bool,
    limit: int | None,
    dry_run: bool,
    db: str,
    server: str | None,
    data: str | None,
    delay: float | None,
    contact: str | None,
    jobs: int | None,
    as_json: bool,
    settings: tuple[str, ...],
    log_level: str | None,
) -> None:
    """Fetch articles from Common Crawl into the archive.

    SITE is a host name (www.iom.int), a domain with all its hosts ('*.iom.int'), a path or a page. The
    indexes say where captures of articles lie; each is one small request, and is verified.
    """
    from iomscrape.cli.crawl import crawl as fetch
    from iomscrape.cli.crawl import settings_of

    chosen = {"IOMSCRAPE_JOBS": os.cpu_count() or 1} | settings_of(settings) | {"IOMSCRAPE_DB": db}
    if jobs:
        chosen["IOMSCRAPE_JOBS"] = jobs
    if contact:
        chosen["IOMSCRAPE_CONTACT"] = contact
    if log_level:
        chosen["LOG_LEVEL"] = log_level.upper()
    arguments = {
        "site": ",".join(sites),
        "crawl": crawl,
        "from": start,
        "to": to,
        "every_capture": every_capture,
        "limit": limit or "",
    }
    given = {"server": server, "data": data, "delay": delay}
    arguments |= {name: value for name, value in given.items() if value is not None}
    if dry_run:
        sys.exit(_rehearse(arguments, chosen, as_json=as_json))
    sys.exit(fetch(arguments, chosen, as_json=as_json, spider="commoncrawl"))


def _rehearse(arguments: Mapping[str, Any], chosen: Mapping[str, Any], *, as_json: bool) -> int:
    """Ask the index alone and say what would be fetched; nothing is stored. Returns the exit code."""
    from iomscrape import outcome
    from iomscrape.cli.rehearsal import duration, held, rehearsed
    from spiders.crawl_index import Row

    crawler = rehearsed("commoncrawl", arguments, chosen)
    stats, spider = crawler.stats.get_stats(), crawler.spider
    offered: list[Row] = getattr(spider, "offered", [])
    here = held(chosen["IOMSCRAPE_DB"], ((row.url, row.at) for row in offered))
    missing = min(len(offered) - here, int(arguments["limit"] or len(offered)))
    delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
    found = outcome.counts(stats)
    numbers = {
        "hosts": list(getattr(spider, "walks", {})),
        "listed": found.get("listed", 0),
        "duplicates": found.get("duplicates", 0),
        "in_archive": here,
        "to_fetch": missing,
        "megabytes": round(sum(row.length for row in offered) / 1e6 * missing / max(len(offered), 1), 1),
        "index_requests": found["requests"],
        "delay": delay,
        "seconds": round(missing * delay),
        "gaps": found.get("gaps", 0),
    }
    if as_json:
        print_json(numbers)
    else:
        line = (
            f"{numbers['listed']} captures of articles listed with {numbers['index_requests']} requests, "
            f"{numbers['duplicates']} of them the same bytes again, {here} in the archive: {missing} to fetch, "
            f"{numbers['megabytes']} MB, {duration(missing * delay)} at {delay:g} s between requests. "
            "Nothing was stored."
        )
        console.print(safe(line), soft_wrap=True)
    verdict = outcome.judge(stats, str(stats.get("finish_reason", "shutdown")))
    return DONE if offered and verdict.exit_code == NOTHING else verdict.exit_code
