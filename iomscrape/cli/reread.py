"""``iomscrape reread``: the records of an archive anew, from its raw pages, by today's reader."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from iomscrape.cli.output import (
    BELOW_THRESHOLD,
    DONE,
    FAILED,
    NOTHING,
    STOPPED,
    STORAGE,
    WRONG_USE,
    Failure,
    archive_errors,
    console,
    counted,
    db_option,
    errors,
    print_json,
    print_json_line,
    print_table,
    safe,
)
from iomscrape.cli.questions import filter_options
from iomscrape.cli.rereaddiff import change_as_json, show_change

if TYPE_CHECKING:
    from archive import Archive
    from archive.recaptures import Choice
    from archive.rereading import Reread
    from iomscrape.rereading import Rereading, Tally

OUTCOMES = {
    DONE: "done",
    BELOW_THRESHOLD: "done",
    FAILED: "failed",
    STOPPED: "interrupted",
    STORAGE: "failed",
}
LOST_SHOWN = 5
UNREADABLE_SHARE = 0.2
"""If today's reader fails on more of the pages that were read before, something is wrong with it."""


@click.command(
    short_help="Read the archive's raw pages again with today's reader.",
    epilog="""\b
Examples:
  iomscrape reread --dry-run
  iomscrape reread --outdated
  iomscrape reread --design drupal7 --lang fr --dry-run --diff | less
  iomscrape reread --problem no-article
  iomscrape reread --where "articles.confidence < 0.5"

docs/rereading.md tells what happens to versions, and what is kept of the earlier reading.""",
)
@db_option
@filter_options
@click.option("--outdated", is_flag=True, help="Only articles that an earlier reader read.")
@click.option("--design", metavar="NAME", help="Only articles that this design read: drupal7, cms …")
@click.option(
    "--problem", metavar="REASON", help="Only pages with this problem, or 'any': no-article, reader-error …"
)
@click.option(
    "--run",
    "runs",
    metavar="N",
    type=int,
    multiple=True,
    help="Only pages that this run brought. Repeatable.",
)
@click.option(
    "--where", metavar="SQL", help="Only articles that fulfil this condition on the table articles."
)
@click.option("--dry-run", is_flag=True, help="Show what would change; store nothing.")
@click.option("--diff", is_flag=True, help="Show every change, article by article.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that read. [default: one a processor]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: with --diff a line for each change first.")
def command(
    db: str,
    outdated: bool,
    design: str | None,
    problem: str | None,
    runs: tuple[int, ...],
    where: str | None,
    dry_run: bool,
    diff: bool,
    jobs: int | None,
    as_json: bool,
    **filters: str | None,
) -> None:
    """Rebuild records from the WARC files and show what changed, by field.

    Without filters everything is read. A page that cannot be read any more keeps its record and is noted
    as a problem; one that could not be read before may become an article. All changes are stored at once:
    if this is stopped on the way, nothing has changed.
    """
    from archive import Archive, QueryError
    from archive.filters import Filters
    from archive.recaptures import Choice
    from iomscrape.version import READER_VERSION

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    choice = Choice(
        filters=Filters(**filters),
        design=design,
        outdated=READER_VERSION if outdated else None,
        problem=problem,
        runs=runs,
        where=where,
    )
    with archive_errors():
        try:
            with Archive.open(db, create=False, readonly=dry_run) as archive:
                code = _reread(
                    archive, choice, jobs or os.cpu_count() or 1, dry_run=dry_run, diff=diff, as_json=as_json
                )
        except QueryError as error:
            raise Failure(str(error), WRONG_USE) from error
    sys.exit(code)


def _reread(archive: Archive, choice: Choice, jobs: int, *, dry_run: bool, diff: bool, as_json: bool) -> int:
    from archive import StorageError, recaptures, warc_folder
    from archive.errors import storage
    from iomscrape.rereading import Rereading
    from iomscrape.version import READER_VERSION, __version__

    folder = Path(os.environ.get("IOMSCRAPE_WARC_DIR") or warc_folder(archive.path))
    with storage(archive.path):
        total = recaptures.count(archive.db, choice)
    if not total:
        raise Failure(f"No page in {archive.path} passes the filters.", NOTHING)
    started = monotonic()
    arguments = {
        name: str(getattr(choice, name))
        for name in ("design", "outdated", "problem", "runs", "where", "filters")
    }
    run = (
        0
        if dry_run
        else archive.start_run("reread", arguments | {"reader": READER_VERSION}, version=__version__)
    )
    code = FAILED
    # A few pages are read sooner here than another process has started.
    with Rereading(archive, folder, jobs=jobs if total > 200 else 1) as again:
        lost = _watch(again, diff=diff, as_json=as_json)
        try:
            _go(again, choice, total, run)
            code = _exit_code(again.tally)
        except StorageError:
            code = STORAGE
            raise
        except KeyboardInterrupt:
            code = STOPPED
        finally:
            if not dry_run:
                with suppress(StorageError) if code == STORAGE else nullcontext():
                    archive.finish_run(
                        run, outcome=OUTCOMES[code], exit_code=code, counts=again.tally.counts()
                    )
        if code == STOPPED:
            errors.print("Stopped; nothing was changed.", soft_wrap=True)
        else:
            _report(
                archive,
                again.tally,
                lost,
                monotonic() - started,
                code,
                dry_run=dry_run,
                diff=diff,
                as_json=as_json,
            )
    return code


def _watch(again: Rereading, *, diff: bool, as_json: bool) -> list[str]:
    """Set up what is shown on the way; returns the list that gets the first pages that cannot be had."""
    lost: list[str] = []
    if diff:
        again.on_change = _print_change_json if as_json else show_change

    def remember(capture_id: int, why: str) -> None:
        if len(lost) < LOST_SHOWN:
            lost.append(f"capture {capture_id}: {why}")

    again.on_lost = remember
    return lost


def _print_change_json(found: Reread) -> None:
    print_json_line(change_as_json(found))


def _go(again: Rereading, choice: Choice, total: int, run: int) -> None:
    """Compare, and unless this is a dry run (``run`` 0) store, under a bar."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    ) as bar:
        reading = bar.add_task("Reading", total=total)
        again.watch = lambda: bar.advance(reading)
        again.compare(choice)
        if run and again.waiting:
            storing = bar.add_task("Storing", total=again.waiting)
            again.watch = lambda: bar.advance(storing)
            again.store(run)


def _exit_code(tally: Tally) -> int:
    read_before = sum(tally.captures[word] for word in ("same", "changed", "unreadable"))
    return BELOW_THRESHOLD if tally.captures["unreadable"] > UNREADABLE_SHARE * max(1, read_before) else DONE


def _report(
    archive: Archive,
    tally: Tally,
    lost: list[str],
    seconds: float,
    code: int,
    *,
    dry_run: bool,
    diff: bool,
    as_json: bool,
) -> None:
    counts = tally.counts()
    if as_json:
        whole = {
            "outcome": OUTCOMES[code],
            "exit_code": code,
            "dry_run": dry_run,
            "db": str(archive.path),
            "seconds": round(seconds, 1),
            **counts,
            "articles": dict(sorted(tally.articles.items())),
            "fields": dict(tally.fields.most_common()),
            "problem_reasons": dict(sorted(tally.reasons.items())),
        }
        # One line behind the lines of the changes, so that all of the output is JSON lines.
        (print_json_line if diff else print_json)(whole)
    else:
        if tally.fields:
            print_table(["field", "pages"], tally.fields.most_common())
        words = {
            "same": "as before",
            "found": "with articles for the first time",
            "unreadable": "not readable any more (the old records stay)",
            "unread": "without an article as before",
            "lost": "without a raw page",
        }
        line = ", ".join(f"{number} {words.get(word, word)}" for word, number in counts.items() if number)
        rest = "nothing was stored" if dry_run else f"-> {archive.path}"
        console.print(
            safe(f"{counted(sum(counts.values()), 'page')}: {line}, in {seconds:.0f} s; {rest}"),
            soft_wrap=True,
        )
        if gone := tally.articles["gone"]:
            console.print(
                safe(f"{counted(gone, 'article')} no longer found on a page; see the table corrections."),
                soft_wrap=True,
            )
    for line in lost:
        errors.print(safe(line), soft_wrap=True)
    if counts["lost"] > len(lost):
        errors.print(
            f"… and {counts['lost'] - len(lost)} more without a raw page; iomscrape check lists them.",
            soft_wrap=True,
        )
    if tally.reasons and not as_json:
        listed = ", ".join(f"{number} {reason}" for reason, number in sorted(tally.reasons.items()))
        errors.print(safe(f"Problems: {listed}. See the table problems."), soft_wrap=True)
