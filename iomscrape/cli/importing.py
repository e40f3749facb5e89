"""``iomscrape import``: files that hold pages, through the same intake as a crawl."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import (
    BELOW_THRESHOLD,
    DONE,
    NOTHING,
    STOPPED,
    STORAGE,
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
    from archive import Archive
    from iomscrape.records import Capture
    from spiders.unfetched import Unfetched

OUTCOMES = {
    DONE: "done",
    BELOW_THRESHOLD: "done",
    NOTHING: "nothing",
    STOPPED: "interrupted",
    STORAGE: "failed",
}


@click.command(
    epilog="""\b
Examples:
  iomscrape import pages.warc.gz old/*.warc.gz
  iomscrape import saved-pages/ --db iom.db
  iomscrape import seed.txt --url https://www.iom.int/news/slug
  zcat dump.jsonl.gz | iomscrape import -"""
)
@click.argument(
    "paths", metavar="FILE|FOLDER…", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True)
)
@db_option
@click.option("--url", metavar="URL", help="The page's address, where one file with one page is given.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(paths: tuple[Path, ...], db: str, url: str | None, as_json: bool) -> None:
    """Bring in WARC files, saved pages and text dumps.

    WARC (.warc, .warc.gz), saved pages (.html), text dumps (.txt), JSON lines with url and text
    (.jsonl), folders of these, and - for stdin. Importing the same file twice changes nothing.
    """
    from spiders.links import site_key

    for path in paths:
        if str(path) != "-" and not path.exists():
            raise Failure(f"{path} does not exist; give a file or folder, or - for stdin", WRONG_USE)
    if url is not None and (len(paths) > 1 or paths[0].is_dir()):
        raise Failure("--url is the address of one page; give one file with it", WRONG_USE)
    if url is not None and not site_key(url):
        raise Failure(f"--url {url!r} is no web address; write it as https://host/path", WRONG_USE)
    sys.exit(_import(paths, db, url, as_json=as_json))


def _import(paths: tuple[Path, ...], db: str, url: str | None, *, as_json: bool) -> int:
    from archive import Archive
    from iomscrape.version import __version__

    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    with archive_errors(), Archive.open(db) as archive:
        arguments = {"paths": [str(path) for path in paths], "url": url}
        run = archive.start_run("import", arguments, version=__version__)
        code = STORAGE
        try:
            _take_all(archive, run, _found(paths, url), counts, reasons)
            code = _exit_code(counts, reasons)
        except KeyboardInterrupt:
            code = STOPPED
        finally:
            # Also after a storage error, where this may fail as well: the first error is the one to show.
            _finish(archive, run, code, counts, reasons)
    _report(db, code, counts, reasons, as_json=as_json)
    return code


def _found(paths: tuple[Path, ...], url: str | None) -> Iterator[Capture | Unfetched]:
    from spiders import files

    for path in paths:
        for file in files.found_in(path) if str(path) != "-" else [path]:
            yield from files.captures(file, url=url)


def _take_all(
    archive: Archive,
    run: int,
    found: Iterator[Capture | Unfetched],
    counts: Counter[str],
    reasons: Counter[str],
) -> None:
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from archive.captures import WarcWriter
    from iomscrape.crawling import warc_folder
    from iomscrape.intake import Intake
    from iomscrape.records import Capture
    from iomscrape.version import __version__

    shown = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    folder = warc_folder(archive.path, None)
    with WarcWriter(folder, run=str(run), software=f"iomscrape/{__version__}") as warcs, shown:
        intake = Intake(archive, warcs, run_id=run, on_problem=lambda reason: reasons.update([reason]))
        task = shown.add_task("pages", total=None)
        for item in found:
            if isinstance(item, Capture):
                counts[intake.take(item).outcome] += 1
                shown.update(task, advance=1, description=safe(item.origin or item.url)[-60:])
            else:
                intake.note(item)


def _exit_code(counts: Counter[str], reasons: Counter[str]) -> int:
    from iomscrape.outcome import PROBLEM_SHARE

    good = counts["new"] + counts["changed"] + counts["unchanged"]
    if not good:
        return NOTHING
    return BELOW_THRESHOLD if reasons.total() / (good + reasons.total()) > PROBLEM_SHARE else DONE


def _finish(archive: Archive, run: int, code: int, counts: Counter[str], reasons: Counter[str]) -> None:
    from contextlib import suppress

    from archive import StorageError

    numbers = {word: counts[word] for word in ("new", "changed", "unchanged")} | {"problems": reasons.total()}
    with suppress(*[StorageError] if code == STORAGE else []):
        archive.finish_run(run, outcome=OUTCOMES[code], exit_code=code, counts=numbers)


def _report(db: str, code: int, counts: Counter[str], reasons: Counter[str], *, as_json: bool) -> None:
    numbers = {word: counts[word] for word in ("new", "changed", "unchanged")} | {"problems": reasons.total()}
    if as_json:
        print_json({"exit_code": code, "db": db, **numbers, "problem_reasons": dict(sorted(reasons.items()))})
    else:
        line = ", ".join(f"{number} {word}" for word, number in numbers.items())
        console.print(safe(f"{line} -> {db}"), soft_wrap=True)
    if reasons:
        listed = ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()))
        errors.print(safe(f"Problems: {listed}. See the table problems of {db}."), soft_wrap=True)
    if code == NOTHING:
        errors.print("No article was found.", soft_wrap=True)
    if code == STOPPED:
        errors.print("Stopped; the same command goes on where this run ended.", soft_wrap=True)
