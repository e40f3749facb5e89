"""``iomscrape wayback SITE|URL…``: what a Wayback server kept, into the same archive."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from iomscrape.cli.output import NOTHING, WRONG_USE, Failure, console, db_option, errors, print_json, safe


@click.command(
    epilog="""\b
Examples:
  iomscrape wayback www.iom.int --from 2003 --to 2007 --contact you@example.org
  iomscrape wayback timor-leste.iom.int --per year --dry-run
  iomscrape wayback https://www.iom.int/news/some-article --latest
  iomscrape wayback www.iom.int --server http://127.0.0.1:8080/iom

A run that was stopped or killed is resumed by the same command: captures that the
archive has are not fetched again."""
)
@click.argument("sites", metavar="SITE|URL…", nargs=-1, required=True)
@click.option("--from", "start", metavar="DATE", default="", help="First year, month or day of captures.")
@click.option("--to", "end", metavar="DATE", default="", help="Last year, month or day of captures.")
@click.option("--every-version", is_flag=True, help="Of each page all captures that differ.  [default]")
@click.option("--latest", is_flag=True, help="Of each page the latest capture.")
@click.option("--per", type=click.Choice(["year", "month"]), help="Of each page the first capture of each.")
@click.option(
    "--server",
    metavar="URL",
    default="https://web.archive.org",
    show_default=True,
    help="A Wayback server, or a collection of pywb.",
)
@db_option
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Fetch at most so many captures.")
@click.option(
    "--delay",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="Least pause between requests.  [default: 1]",
)
@click.option(
    "--contact",
    metavar="ADDRESS",
    envvar="IOMSCRAPE_CONTACT",
    show_envvar=True,
    help="E-mail or web address for the User-Agent; needed for public servers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option("--dry-run", is_flag=True, help="Ask for the list alone, and say what would be fetched.")
@click.option("-s", "settings", metavar="NAME=VALUE", multiple=True, help="Set a setting. Repeatable.")
@click.option(
    "--log-level",
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False),
    help="Show Scrapy's log, from this level up.",
)
def command(
    sites: tuple[str, ...],
    start: str,
    end: str,
    every_version: bool,
    latest: bool,
    per: str | None,
    server: str,
    db: str,
    limit: int | None,
    delay: float | None,
    contact: str | None,
    as_json: bool,
    dry_run: bool,
    settings: tuple[str, ...],
    log_level: str | None,
) -> None:
    """Bring in the captures of articles that a Wayback server kept.

    SITE is a host name (www.iom.int; each country office is a host of its own), URL a path of a site or
    one page. Captures keep their own time, so old and new texts become versions of one article.
    """
    from iomscrape.cli.crawl import crawl, settings_of

    if every_version + latest + bool(per) > 1:
        raise Failure("--every-version, --latest and --per exclude each other; give one of them", WRONG_USE)
    chosen = settings_of(settings) | {"IOMSCRAPE_DB": db}
    if contact:
        chosen["IOMSCRAPE_CONTACT"] = contact
    if delay is not None:
        chosen |= {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay}
    if log_level:
        chosen["LOG_LEVEL"] = log_level.upper()
    arguments = {
        "url": ",".join(sites),
        "from": start,
        "to": end,
        "pick": "latest" if latest else per or "version",
        "server": server,
        "limit": limit or "",
    }
    if dry_run:
        sys.exit(_rehearse(arguments, chosen, as_json=as_json))
    sys.exit(crawl(arguments, chosen, as_json=as_json, spider="wayback"))


def _rehearse(arguments: Mapping[str, Any], chosen: Mapping[str, Any], *, as_json: bool) -> int:
    """Ask for the list alone and say what would be fetched; nothing is stored. Returns the exit code."""
    from iomscrape import outcome
    from iomscrape.cli.rehearsal import duration, held, rehearsed

    crawler = rehearsed("wayback", arguments, chosen)
    stats, spider = crawler.stats.get_stats(), crawler.spider
    offered = list(getattr(spider, "todo", []))
    here = held(chosen["IOMSCRAPE_DB"], ((one.original, one.moment) for one in offered))
    missing = len(offered) - here
    missing = min(missing, int(arguments["limit"] or missing))
    delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
    found = outcome.counts(stats)
    if as_json:
        numbers = {
            "addresses": found["addresses"],
            "listed": found["listed"],
            "chosen": len(offered),
            "in_archive": here,
            "to_fetch": missing,
            "seconds": round(missing * max(delay, 0.0)),
            "remarks": stats.get(outcome.REMARKS, []),
        }
        print_json({"host": next(iter(getattr(spider, "walks", {})), ""), "delay": delay, **numbers})
    else:
        line = (
            f"{found['addresses']} addresses, {found['listed']} captures listed, {len(offered)} chosen, "
            f"{here} of them in the archive: {missing} to fetch, {duration(missing * delay)} at "
            f"{delay:g} s between requests. Nothing was stored."
        )
        console.print(safe(line), soft_wrap=True)
        for remark in stats.get(outcome.REMARKS, []):
            errors.print(safe(remark), soft_wrap=True)
    verdict = outcome.judge(stats, str(stats.get("finish_reason", "shutdown")))
    return 0 if offered and verdict.exit_code == NOTHING else verdict.exit_code
