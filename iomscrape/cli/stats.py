"""``iomscrape stats``: what the archive holds, counted."""

from __future__ import annotations

from typing import Any

import click
from rich.filesize import decimal

from iomscrape.cli.output import db_option, print_table
from iomscrape.cli.questions import as_json_text, asked, json_option, say

_TABLES = (
    ("by_site", "site"),
    ("by_lang", "language"),
    ("by_kind", "kind"),
    ("by_country", "country"),
    ("by_year", "year"),
    ("by_design", "design"),
    ("by_repair", "repair"),
    ("by_problem", "problem"),
    ("by_frontier", "addresses"),
)
_SHOWN = 15


@click.command(short_help="Count what the archive holds.")
@db_option
@json_option
def command(db: str, as_json: bool) -> None:
    """Count articles, contacts, captures and problems; list the latest runs and how they ended.

    \b
    Examples:
      iomscrape stats
      iomscrape stats --db demo.db
      iomscrape stats --json | jq .by_year
    """
    with asked(db) as archive:
        counted = archive.stats()
        if as_json:
            click.echo(as_json_text(counted))
            return
        _totals(counted)
        for key, title in _TABLES:
            _table(title, counted[key])
        if counted["latest_runs"]:
            print_table(
                ("run", "command", "started", "ended", "outcome", "exit", "counts"),
                [_run(run) for run in counted["latest_runs"]],
            )


def _totals(counted: dict[str, Any]) -> None:
    say(
        f"{counted['articles']} articles ({counted['changed_articles']} changed over time), published "
        f"{(counted['first_published'] or '?')[:10]} to {(counted['last_published'] or '?')[:10]}"
    )
    say(
        f"{counted['contacts']} contacts with {counted['phones']} telephone numbers and "
        f"{counted['emails']} e-mail addresses; {counted['repairs']} repairs"
    )
    say(
        f"{counted['captures']} captures in {counted['runs']} runs; {counted['problems']} problems; "
        f"{decimal(counted['bytes'])} in {counted['path']}, {decimal(counted['raw_bytes'])} of raw pages"
    )


def _table(title: str, counts: dict[str, int]) -> None:
    if counts:
        rows: list[tuple[object, int]] = [(value or "(none)", number) for value, number in counts.items()]
        rest = rows[_SHOWN:]
        if rest:
            rows = [*rows[:_SHOWN], (f"({len(rest)} more)", sum(number for _, number in rest))]
        print_table((title, "number"), rows)


def _run(run: dict[str, Any]) -> tuple[object, ...]:
    ended = (run["ended_at"] or "").replace("T", " ")[:16]
    counts = ", ".join(f"{number} {name}" for name, number in run["counts"].items())
    return (
        run["id"],
        run["command"],
        run["started_at"].replace("T", " ")[:16],
        ended,
        run["outcome"] or "running or killed",
        run["exit_code"],
        counts,
    )
