"""``iomscrape crawl SITE…``: the spider ``site`` with progress, a summary, and an honest exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from iomscrape.cli.output import (
    WRONG_USE,
    Failure,
    archive_errors,
    db_option,
    errors,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Where Scrapy reports what we report ourselves, in one line and in the table of problems.
_NOISY = (
    "scrapy.core.scraper",
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.core.downloader.handlers._base_streaming",
    "scrapy.core.downloader.handlers.http11",
    "iomscrape.crawling",
)


@click.command(
    epilog="""\b
Examples:
  iomscrape crawl www.iom.int --since 2025-01-01 --contact you@example.org
  iomscrape crawl https://timor-leste.iom.int https://mena.iom.int --db offices.db --max-pages 200
  iomscrape crawl www.iom.int --lang es --lang fr --json
  iomscrape crawl --site all --shard 2/3 --db part2.db --contact you@example.org

A run that was stopped or killed is resumed by the same command."""
)
@click.argument("sites", metavar="[SITE]…", nargs=-1)
@click.option(
    "--site", "named", metavar="SITE", multiple=True, help="The same; 'all' is every known site. Repeatable."
)
@click.option(
    "--office", "offices", metavar="NAME", multiple=True, help="An office of `iomscrape sites`. Repeatable."
)
@click.option(
    "--offices",
    "linked",
    type=click.Choice(["linked"]),
    help="Also the sites of offices that the home page links to.",
)
@db_option
@click.option(
    "--since", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what is older (YYYY-MM-DD)."
)
@click.option(
    "--max-pages", metavar="N", type=click.IntRange(min=1), help="Stop after so many article pages."
)
@click.option(
    "--lang",
    "langs",
    metavar="LANG",
    multiple=True,
    help="Only pages under these language prefixes. Repeatable.",
)
@click.option(
    "--shard",
    metavar="K/N",
    default="",
    help="Only part K of N of the sites; other machines crawl the others (docs/scale.md).",
)
@click.option("--full", is_flag=True, help="Fetch all pages again, known or not.")
@click.option(
    "--delay",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="Least pause between requests to a site.  [default: 1]",
)
@click.option(
    "--contact",
    metavar="ADDRESS",
    envvar="IOMSCRAPE_CONTACT",
    show_envvar=True,
    help="E-mail or web address for the User-Agent; needed for public sites.",
)
@click.option(
    "--dry-run", is_flag=True, help="Ask for robots.txt and sitemaps alone, and say what would be asked for."
)
@click.option("--no-request-log", is_flag=True, help="Keep no log of requests beside the archive.")
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
    named: tuple[str, ...],
    offices: tuple[str, ...],
    linked: str | None,
    db: str,
    since: datetime | None,
    max_pages: int | None,
    langs: tuple[str, ...],
    shard: str,
    full: bool,
    delay: float | None,
    contact: str | None,
    dry_run: bool,
    no_request_log: bool,
    as_json: bool,
    settings: tuple[str, ...],
    log_level: str | None,
) -> None:
    """Crawl news sites into the archive.

    SITE is a host name (www.iom.int) or an address; several are crawled side by side. robots.txt is
    obeyed, pages that have not changed since the last run are not fetched again.
    """
    asked = _addresses(sites + named, offices)
    ours = _part(asked, shard)
    chosen = settings_of(settings) | {"IOMSCRAPE_DB": db}
    # One request to a site at a time, but all sites side by side: those with long delays must not hold
    # the places of the others.
    chosen = {"CONCURRENT_REQUESTS": max(16, 2 * len(asked) if not linked else 256)} | chosen
    if no_request_log:
        chosen["IOMSCRAPE_REQUEST_LOG"] = False
    if full:
        chosen["IOMSCRAPE_FULL"] = True
    if contact:
        chosen["IOMSCRAPE_CONTACT"] = contact
    if delay is not None:
        chosen["DOWNLOAD_DELAY"] = delay
        chosen["AUTOTHROTTLE_START_DELAY"] = delay
    if log_level:
        chosen["LOG_LEVEL"] = log_level.upper()
    arguments = {
        "url": ",".join(asked),
        "since": since.date().isoformat() if since else "",
        "max_pages": max_pages or "",
        "langs": ",".join(langs),
        "offices": linked or "",
        "shard": shard,
    }
    if dry_run:
        from iomscrape.cli.survey import survey

        sys.exit(survey(arguments, chosen, as_json=as_json))
    if not linked and not ours:
        sys.exit(_nothing_falls_here(arguments, chosen, as_json=as_json))
    sys.exit(crawl(arguments, chosen, as_json=as_json))


def _addresses(sites: tuple[str, ...], offices: tuple[str, ...]) -> list[str]:
    from spiders.sites import addresses

    try:
        asked = addresses(sites, offices)
    except ValueError as error:
        raise Failure(str(error), WRONG_USE) from None
    if not asked:
        raise Failure(
            "Give a SITE, such as www.iom.int, or --office NAME; `iomscrape sites` lists them.", WRONG_USE
        )
    return asked


def _part(asked: list[str], shard: str) -> list[str]:
    """Those of the sites that fall into the part, all where there is none; Failure for what is no part."""
    from spiders.links import site_key
    from spiders.shards import shard_of

    try:
        part = shard_of(shard)
    except ValueError as error:
        raise Failure(f"--{error}", WRONG_USE) from None
    return [url for url in asked if part is None or part.has(site_key(url))]


def _nothing_falls_here(arguments: Mapping[str, Any], chosen: Mapping[str, Any], *, as_json: bool) -> int:
    """The part of a shared crawl has no site: that is no failure, and its archive is there like the others'."""
    from archive import Archive
    from iomscrape.cli.summary import report
    from iomscrape.outcome import Verdict
    from iomscrape.version import __version__

    line = f"No site falls into part {arguments['shard']}; the other parts have them all."
    with archive_errors(), Archive.open(chosen["IOMSCRAPE_DB"]) as archive:
        run = archive.start_run("crawl", {"sites": [], "shard": arguments["shard"]}, version=__version__)
        archive.finish_run(run, outcome="done", exit_code=0, counts={})
    report(Verdict("done", 0, line), {}, chosen["IOMSCRAPE_DB"], as_json=as_json)
    return 0


def crawl(
    arguments: Mapping[str, Any], chosen: Mapping[str, Any], *, as_json: bool = False, spider: str = "site"
) -> int:
    """Crawl with the ``spider``'s ``arguments`` and ``chosen`` settings; report; return the exit code.

    Raises Failure for what is wrong before the first request. Can be called once a process (Twisted).
    """
    from iomscrape import outcome
    from iomscrape.cli.summary import report

    crawler = finished(spider, arguments, chosen)
    stats, settings = crawler.stats.get_stats(), crawler.settings
    reason = str(stats.get("finish_reason", "shutdown"))
    verdict = outcome.judge(stats, reason, settings.getfloat("IOMSCRAPE_PROBLEM_SHARE"))
    report(verdict, stats, settings["IOMSCRAPE_DB"], as_json=as_json)
    return verdict.exit_code


def finished(spider: str, arguments: Mapping[str, Any], chosen: Mapping[str, Any]) -> Crawler:
    """Run a spider to its end, with progress shown; see :func:`crawl`."""
    # Before all others: Scrapy looks through its stack there, and through every module that is loaded by then.
    import scrapy.core.downloader.contextfactory  # noqa: F401
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from iomscrape.cli.progress import Progress

    settings = Settings()
    settings.setmodule("iomscrape.settings", priority="project")
    # Of the spiders only the one that is wanted is loaded.
    given = {"LOG_LEVEL": "WARNING", "SPIDER_MODULES": [f"spiders.{spider}"], **chosen}
    settings.setdict(given, priority="cmdline")
    _check(spider, arguments, settings)
    process = AsyncCrawlerProcess(settings)
    if "LOG_LEVEL" not in chosen:
        _hush()
    crawler = process.create_crawler(spider)
    with Progress(crawler, errors, plain_seconds=settings.getfloat("LOGSTATS_INTERVAL")):
        task = process.crawl(crawler, **arguments)
        process.start()
    if task.done() and not task.cancelled() and task.exception():
        raise Failure(f"The crawl failed: {task.exception()}")
    return crawler


def _check(name: str, arguments: Mapping[str, Any], settings: Any) -> None:
    """Everything that can be wrong before the first request, each as one line."""
    from scrapy.spiderloader import get_spider_loader

    from archive import Archive
    from iomscrape.identification import NoContact, check_contact

    try:
        spider: Any = get_spider_loader(settings).load(name)(**arguments)
        asked = [url for walk in spider.walks.values() for url in walk.asked]
        check_contact(asked, settings.get("IOMSCRAPE_CONTACT"))
    except (ValueError, NoContact) as error:
        raise Failure(str(error), WRONG_USE) from None
    with archive_errors():
        Archive.open(settings["IOMSCRAPE_DB"]).close()


def settings_of(pairs: tuple[str, ...]) -> dict[str, Any]:
    """What ``-s NAME=VALUE`` gives; Failure for what is no such pair."""
    chosen: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.isupper():
            raise Failure(f"-s {pair!r} is no setting; write it as -s NAME=VALUE", WRONG_USE)
        chosen[name] = value
    return chosen


def _hush() -> None:
    import logging

    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
