"""``iomscrape stats``: what the archive holds, counted, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.filesize import decimal

from iomscrape.cli.chart import chart
from iomscrape.cli.output import db_option, errors, print_table, safe
from iomscrape.cli.questions import as_json_text, asked, json_option, minute, say

if TYPE_CHECKING:
    from archive import Coverage
    from archive.coverage import Span

_TABLES = (
    ("by_lang", "language"),
    ("by_kind", "kind"),
    ("by_country", "country"),
    ("by_design", "design"),
    ("by_repair", "repair"),
    ("by_problem", "problem"),
    ("by_frontier", "addresses"),
)
_SHOWN = 15
_LANGUAGES = 6
_GAPS = 6
_TERMINAL = "-"


@click.command(short_help="Count what the archive holds and what it lacks.")
@db_option
@click.option(
    "--plot",
    metavar="[FILE]",
    is_flag=False,
    flag_value=_TERMINAL,
    help="Plot articles over time: into FILE (.png, .svg, .pdf), or in the terminal.",
)
@click.option("--force", is_flag=True, help="Write over FILE if it exists.")
@json_option
def command(db: str, plot: str | None, force: bool, as_json: bool) -> None:
    """Count articles, contacts, captures and problems; list the latest runs and how they ended.

    Shows what is covered by year, site and language, months without any article, and how often each field
    is filled. A picture needs matplotlib: pip install 'iomscrape[plots]'.

    \b
    Examples:
      iomscrape stats
      iomscrape stats --db demo.db --plot
      iomscrape stats --plot coverage.png
      iomscrape stats --json | jq .coverage.whole.gaps
    """
    with asked(db) as archive:
        coverage = archive.coverage()
        if plot is not None and plot != _TERMINAL:
            archive.draw(Path(plot), coverage=coverage, force=force)
            errors.print(safe(f"Wrote {plot}."), soft_wrap=True)
            return
        if plot is not None and not as_json:
            for line in chart(coverage):
                say(line)
            return
        counted = archive.stats()
        if as_json:
            click.echo(as_json_text(counted | {"coverage": coverage.to_dict()}))
            return
        _totals(counted)
        _years(coverage)
        _sites(coverage)
        for key, title in _TABLES:
            _table(title, counted[key])
        _fields(coverage)
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


def _years(coverage: Coverage) -> None:
    whole = coverage.whole
    if whole.gaps:
        say(f"No article in {whole.empty_months} of {len(whole.months)} months: {_gaps(whole)}")
    if not coverage.year_languages:
        return
    languages = list(whole.languages)[:_LANGUAGES]
    others = len(whole.languages) > _LANGUAGES
    rows: list[list[object]] = []
    for year, counts in reversed(coverage.year_languages.items()):
        shown, all_of_it = [counts.get(lang, 0) for lang in languages], sum(counts.values())
        rows.append([year or "(none)", all_of_it, *shown, *[all_of_it - sum(shown)] * others])
    print_table(("year", "articles", *(lang or "(none)" for lang in languages), *["others"] * others), rows)


def _sites(coverage: Coverage) -> None:
    rows = [
        (site, span.articles, span.first or "", span.last or "", span.empty_months, _gaps(span))
        for site, span in coverage.sites.items()
    ]
    if rows:
        print_table(("site", "articles", "from", "to", "empty months", "the longest gaps"), rows[:_SHOWN])
    if rows[_SHOWN:]:
        say(f"({len(rows) - _SHOWN} more sites with {sum(row[1] for row in rows[_SHOWN:])} articles)")


def _gaps(span: Span) -> str:
    """The longest gaps, in the order of time."""

    def months(gap: tuple[str, str]) -> int:
        (first, last) = gap
        return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:])

    longest = sorted(sorted(span.gaps, key=months, reverse=True)[:_GAPS])
    shown = ", ".join(first if first == last else f"{first} to {last}" for first, last in longest)
    return f"{shown} …" if len(span.gaps) > _GAPS else shown


def _fields(coverage: Coverage) -> None:
    if coverage.whole.articles:
        rows = [(name, number, f"{coverage.share(name):.0%}") for name, number in coverage.filled.items()]
        print_table(("filled", "articles", "share"), rows)


def _table(title: str, counts: dict[str, int]) -> None:
    if counts:
        rows: list[tuple[object, int]] = [(value or "(none)", number) for value, number in counts.items()]
        rest = rows[_SHOWN:]
        if rest:
            rows = [*rows[:_SHOWN], (f"({len(rest)} more)", sum(number for _, number in rest))]
        print_table((title, "number"), rows)


def _run(run: dict[str, Any]) -> tuple[object, ...]:
    counts = ", ".join(f"{number} {name}" for name, number in run["counts"].items())
    return (
        run["id"],
        run["command"],
        minute(run["started_at"]),
        minute(run["ended_at"] or ""),
        run["outcome"] or "running or killed",
        run["exit_code"],
        counts,
    )
