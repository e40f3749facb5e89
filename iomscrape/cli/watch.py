"""``iomscrape watch``: has a site changed, or stopped?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import (
    BELOW_THRESHOLD,
    DONE,
    NOTHING,
    Failure,
    counted,
    db_option,
    print_table,
    safe,
)
from iomscrape.cli.questions import as_json_text, asked, json_option, minute, say

if TYPE_CHECKING:
    from archive.watch import Watched


@click.command(short_help="Judge the latest crawl: has a site changed, or stopped?")
@db_option
@click.option("--run", metavar="N", type=int, help="The crawl to judge. [default: the latest]")
@click.option(
    "--false-alarm-once-in",
    metavar="RUNS",
    type=click.FloatRange(min=1),
    default=100.0,
    show_default=True,
    help="Runs without a change that bring one false alarm.",
)
@click.option(
    "--least-change",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Shares that move less are not told.",
)
@click.option(
    "--least-pages",
    metavar="N",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Where a run brings fewer, the last runs are judged together.",
)
@click.option(
    "--runs",
    metavar="N",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Earlier runs to compare with.",
)
@json_option
def command(
    db: str,
    run: int | None,
    false_alarm_once_in: float,
    least_change: float,
    least_pages: int,
    runs: int,
    as_json: bool,
) -> None:
    """Compare what a crawl brought with what earlier crawls did, site by site.

    Articles, designs, how often each field is filled, bodies, problems by reason, silent sites. What is told is so
    rare that chance is no explanation; docs/monitoring.md says how that is reckoned. Nothing is changed.

    \b
    Examples:
      iomscrape watch
      iomscrape watch --run 41 --db iom.db
      iomscrape watch --json | jq '.findings[].said'

    \b
    Exit codes: 0 as usual · 4 something is not as usual · 3 no crawl to judge
    """
    from archive.watch import NothingToWatch, Settings, watch

    settings = Settings(
        false_alarm_once_in=false_alarm_once_in,
        least_change=least_change,
        least_pages=least_pages,
        runs=runs,
    )
    with asked(db) as archive:
        try:
            watched = watch(archive.db, archive.path, run, settings)
        except NothingToWatch as error:
            raise Failure(str(error), NOTHING) from None
    if as_json:
        click.echo(as_json_text(watched.to_dict()))
    else:
        _show(watched)
    sys.exit(BELOW_THRESHOLD if watched.findings else DONE)


def _show(watched: Watched) -> None:
    rows = [
        (
            one["site"],
            one["pages"],
            one["new"],
            "" if one["usual_new"] is None else f"{one['usual_new']:.1f}",
            ", ".join(f"{number} {design}" for design, number in one["designs"].items()),
            ", ".join(f"{number} {reason}" for reason, number in one["problems"].items()),
        )
        for one in watched.sites
        if one["captures"] or one["problems"]
    ]
    print_table(("site", "pages", "new", "usual", "designs", "new problems"), rows)
    say(
        f"Run {watched.run} ({minute(watched.started_at)}) beside {counted(watched.earlier_runs, 'earlier run')}, "
        f"{counted(watched.questions, 'question')}: "
        + (f"{counted(len(watched.findings), 'finding')}." if watched.findings else "all as usual.")
    )
    for finding in watched.findings:
        say()
        design = f"design {finding.design}" if finding.design and finding.kind != "design" else None
        about = ", ".join(filter(None, (finding.kind, finding.subject, design)))
        say(f"{finding.site}: {about}", "bold")
        say(finding.said, indent=2)
        for url in finding.examples:
            # Never wrapped: they are there to be copied.
            click.echo(safe(f"    {url}"))
        if finding.reread:
            click.echo(safe(f"  {counted(len(finding.captures), 'page')} to read again: {finding.reread}"))
