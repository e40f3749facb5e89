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
    console,
    db_option,
    errors,
    print_json,
    safe,
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

A run that was stopped or killed is resumed by the same command."""
)
@click.argument("sites", metavar="SITE…", nargs=-1, required=True)
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
    db: str,
    since: datetime | None,
    max_pages: int | None,
    langs: tuple[str, ...],
    full: bool,
    delay: float | None,
    contact: str | None,
    as_json: bool,
    settings: tuple[str, ...],
    log_level: str | None,
) -> None:
    """Crawl news sites into the archive.

    SITE is a host name (www.iom.int) or an address; several are crawled side by side. robots.txt is
    obeyed, pages that have not changed since the last run are not fetched again.
    """
    chosen = settings_of(settings) | {"IOMSCRAPE_DB": db}
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
        "url": ",".join(sites),
        "since": since.date().isoformat() if since else "",
        "max_pages": max_pages or "",
        "langs": ",".join(langs),
    }
    sys.exit(crawl(arguments, chosen, as_json=as_json))


def crawl(
    arguments: Mapping[str, Any], chosen: Mapping[str, Any], *, as_json: bool = False, spider: str = "site"
) -> int:
    """Crawl with the ``spider``'s ``arguments`` and ``chosen`` settings; report; return the exit code.

    Raises Failure for what is wrong before the first request. Can be called once a process (Twisted).
    """
    from iomscrape import outcome

    crawler = finished(spider, arguments, chosen)
    stats, settings = crawler.stats.get_stats(), crawler.settings
    reason = str(stats.get("finish_reason", "shutdown"))
    verdict = outcome.judge(stats, reason, settings.getfloat("IOMSCRAPE_PROBLEM_SHARE"))
    _report(verdict, stats, settings["IOMSCRAPE_DB"], as_json=as_json)
    return verdict.exit_code


def finished(spider: str, arguments: Mapping[str, Any], chosen: Mapping[str, Any]) -> Crawler:
    """Run a spider to its end, with progress shown; see :func:`crawl`."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from iomscrape.cli.progress import Progress

    settings = Settings()
    settings.setmodule("iomscrape.settings", priority="project")
    settings.setdict({"LOG_LEVEL": "WARNING"} | dict(chosen), priority="cmdline")
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


def _report(verdict: Any, stats: Mapping[str, Any], db: str, *, as_json: bool) -> None:
    from iomscrape import outcome

    found = outcome.counts(stats)
    spent = float(stats.get("elapsed_time_seconds") or 0)
    problems = {
        key.removeprefix(outcome.PROBLEMS): int(value)
        for key, value in stats.items()
        if key.startswith(outcome.PROBLEMS)
    }
    if as_json:
        print_json(
            {
                "outcome": verdict.outcome,
                "exit_code": verdict.exit_code,
                "remark": verdict.line or None,
                "db": db,
                "seconds": round(spent, 1),
                **found,
                "problem_reasons": problems,
                "remarks": list(stats.get(outcome.REMARKS, [])),
            }
        )
    else:
        line = (
            f"{found['new']} new, {found['changed']} changed, {found['unchanged']} unchanged, "
            f"{found['skipped']} not asked again, {found['problems']} problems in {spent:.0f} s -> {db}"
        )
        own = [key.removeprefix(outcome.COUNTS) for key in stats if key.startswith(outcome.COUNTS)]
        if own:
            line = ", ".join(f"{found[name]} {name.replace('_', ' ')}" for name in own) + f": {line}"
        console.print(safe(line), soft_wrap=True)
        for remark in stats.get(outcome.REMARKS, []):
            errors.print(safe(remark), soft_wrap=True)
    if problems:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(problems.items()))
        errors.print(safe(f"Problems: {listed}. See the table problems of {db}."), soft_wrap=True)
    if verdict.line:
        errors.print(safe(verdict.line), soft_wrap=True)
