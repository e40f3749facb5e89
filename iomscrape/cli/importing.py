"""``iomscrape import``: files that hold pages, through the same intake as a crawl."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from iomscrape.cli.clusters import Place, readers
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
    db_option,
    errors,
    print_json,
    safe,
)

if TYPE_CHECKING:
    from iomscrape.importing import Import
    from iomscrape.importtally import Tally
    from spiders.files import Source
    from spiders.passed import Passed
    from spiders.unfetched import Unfetched

SMALL = 2 * 1024 * 1024
"""Bytes of files that are not worth another process."""

OUTCOMES = {
    DONE: "done",
    BELOW_THRESHOLD: "done",
    FAILED: "failed",
    NOTHING: "nothing",
    STOPPED: "interrupted",
    STORAGE: "failed",
}


@click.command(
    epilog="""\b
Examples:
  iomscrape import pages.warc.gz old/*.warc.gz collection.wacz
  iomscrape import saved-pages/ --db iom.db
  iomscrape import page.html --url https://www.iom.int/news/slug
  zcat dump.jsonl.gz | iomscrape import -
  iomscrape import /shared/*.warc.gz --cluster tcp://10.0.0.1:8786

An import that was stopped or killed is resumed by the same command. docs/importing.md tells more."""
)
@click.argument(
    "paths", metavar="FILE|FOLDER|URL…", nargs=-1, required=True, type=Place(path_type=Path, allow_dash=True)
)
@db_option
@click.option("--url", metavar="URL", help="The page's address, where one file with one page is given.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that read; 1 reads and stores in one.  [default: one a processor]",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster read: address of its scheduler, or its scheduler file.",
)
@click.option(
    "--parts",
    metavar="FOLDER",
    help="With --cluster: where workers leave what they read until it is stored, a folder or s3://… that all share.  "
    "[default: they send it]",
)
@click.option("--again", is_flag=True, help="Read also the files and pages that were taken in before.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(
    paths: tuple[Path, ...],
    db: str,
    url: str | None,
    jobs: int | None,
    cluster: str | None,
    parts: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Bring in WARC and WACZ files, saved pages and text dumps.

    WARC and ARC (.warc, .arc), WACZ (.wacz), saved pages and mirrors (.html), text dumps (.txt), JSON
    lines and lists with url and text (.jsonl, .json), all of them also packed (.gz, .zst), folders of
    these, addresses of such files (https://…, s3://…; the extra `cluster`), and - for stdin. Importing the
    same file twice changes nothing.
    """
    from spiders.links import site_key

    for path in paths:
        if str(path) != "-" and not path.exists():
            raise Failure(f"{path} does not exist; give a file or folder, or - for stdin", WRONG_USE)
    if url is not None and (len(paths) > 1 or paths[0].is_dir()):
        raise Failure("--url is the address of one page; give one file with it", WRONG_USE)
    if url is not None and not site_key(url):
        raise Failure(f"--url {url!r} is no web address; write it as https://host/path", WRONG_USE)
    if cluster and (jobs or any(str(path) == "-" for path in paths)):
        raise Failure("--cluster reads files that all its machines see; leave --jobs and - out", WRONG_USE)
    if parts and not cluster:
        raise Failure("--parts is for what a cluster reads; give --cluster ADDRESS", WRONG_USE)
    sys.exit(_import(paths, db, url, jobs=jobs, cluster=cluster, parts=parts, again=again, as_json=as_json))


def _import(
    paths: tuple[Path, ...],
    db: str,
    url: str | None,
    *,
    jobs: int | None,
    cluster: str | None,
    parts: str | None,
    again: bool,
    as_json: bool,
) -> int:
    from archive import Archive, StorageError, WarcWriter, warc_folder
    from iomscrape.importing import Import, sources
    from iomscrape.version import __version__
    from iomscrape.workerprocess import collect_seldom
    from spiders.files import Source

    collect_seldom()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    started = monotonic()
    found = sources([path for path in paths if path.is_dir() or path.is_file()], url)
    # Few pages are read sooner in this process than others have started.
    worth = 1 + sum(item.size for item in found if isinstance(item, Source)) // SMALL
    with (
        archive_errors(),
        readers(cluster, parts) as by_cluster,
        Archive.open(db) as archive,
        ExitStack() as open_until_the_end,
    ):
        arguments = {"paths": [str(path) for path in paths], "url": url, "again": again}
        folder = Path(os.environ.get("IOMSCRAPE_WARC_DIR") or warc_folder(archive.path))
        run = archive.start_run("import", arguments, version=__version__)
        raw = open_until_the_end.enter_context(
            WarcWriter(folder, run=str(run), software=f"iomscrape/{__version__}")
        )
        bringing = Import(
            archive,
            raw,
            run,
            again=again,
            jobs=jobs or min(worth, os.cpu_count() or 1),
            cluster=by_cluster,
        )
        open_until_the_end.callback(bringing.close)
        code = FAILED
        try:
            _take_all(bringing, found, _streams(paths, url, open_until_the_end))
            code = _exit_code(bringing.tally)
        except StorageError:
            code = STORAGE
            raise
        except KeyboardInterrupt:
            code = STOPPED
            bringing.store()  # what was read by then
        finally:
            # Also after a storage error, where this may fail as well: the first error is the one to show.
            with suppress(*[StorageError] if code == STORAGE else []):
                archive.finish_run(
                    run, outcome=OUTCOMES[code], exit_code=code, counts=bringing.tally.counts()
                )
    _report(db, code, bringing.tally, monotonic() - started, as_json=as_json)
    return code


def _take_all(bringing: Import, found: list[Source | Unfetched | Passed], streams: Iterator[Source]) -> None:
    from iomscrape.cli.importprogress import ImportProgress
    from spiders.files import Source

    files = [item for item in found if isinstance(item, Source)]
    with ImportProgress(bringing, files, errors):
        bringing.take_all(files)
        for item in found:
            if not isinstance(item, Source):
                bringing.note(item)
        for source in streams:
            bringing.take(source, remember=False)
        bringing.end()


def _streams(paths: tuple[Path, ...], url: str | None, kept: ExitStack) -> Iterator[Source]:
    """What comes through pipes; ``kept``: until when."""
    from spiders.files import spooled

    for path in paths:
        if str(path) == "-":
            yield kept.enter_context(spooled(sys.stdin.buffer, "-", url))
        elif not (path.is_dir() or path.is_file()):  # a named pipe, <(command)
            with path.open("rb") as stream:
                yield kept.enter_context(spooled(stream, str(path), url))


def _exit_code(tally: Tally) -> int:
    if not tally.good:
        return NOTHING
    return BELOW_THRESHOLD if tally.is_below_threshold else DONE


def _report(db: str, code: int, tally: Tally, seconds: float, *, as_json: bool) -> None:
    counts = tally.counts()
    if as_json:
        print_json(
            {
                "outcome": OUTCOMES[code],
                "exit_code": code,
                "db": db,
                "seconds": round(seconds, 1),
                **counts,
                "problem_reasons": dict(sorted(tally.problems.items())),
                "left_out_reasons": dict(sorted(tally.apart.items())),
            }
        )
    else:
        words = {"known": "in the archive before", "left_out": "left out"}
        shown = ("new", "changed", "unchanged", "known", "problems", "left_out")
        line = ", ".join(f"{counts[word]} {words.get(word, word)}" for word in shown)
        files = f"{counts['files']} file{'' if counts['files'] == 1 else 's'}"
        if counts["files_known"]:
            files += f" ({counts['files_known']} more taken in before)"
        console.print(safe(f"{line}, from {files} in {seconds:.0f} s -> {db}"), soft_wrap=True)
    if tally.problems:
        errors.print(
            safe(f"Problems: {_listed(tally.problems)}. See the table problems of {db}."), soft_wrap=True
        )
    if tally.apart and not as_json:
        errors.print(safe(f"Left out: {_listed(tally.apart)}."), soft_wrap=True)
    if code == NOTHING:
        errors.print("No article was found.", soft_wrap=True)
    if code == STOPPED:
        errors.print("Stopped; the same command goes on where this run ended.", soft_wrap=True)


def _listed(reasons: dict[str, int]) -> str:
    return ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()))
