"""``iomscrape demo``: the whole way once, from two bundled sites to an archive that answers questions."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import threading
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iomscrape.cli.output import FAILED, STOPPED, Failure, archive_errors, print_table
from iomscrape.cli.questions import asked, facts, say

if TYPE_CHECKING:
    from archive import Archive
    from iomscrape.demo.server import SampleSites

SHOWN = 101377
"""The number of the story that is shown: of 2003, with lines broken by hand even inside its mail link."""

KINDS = ("press-release", "briefing-note", "local-news", "statement", "feature")

DAYS_BACK = 30
"""How far back the crawl of the real site goes that is proposed at the end."""


@click.command()
@click.option(
    "--db",
    metavar="FILE",
    default="demo.db",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The archive to make. That of an earlier demo is replaced, any other is left alone.",
)
@click.option("--keep-serving", is_flag=True, help="Go on serving the sample sites until Ctrl-C.")
def command(db: Path, keep_serving: bool) -> None:
    """Crawl two bundled sample sites and show what came in.

    A headquarters site in English, Spanish and French and the site of a country office are served on
    this machine and crawled as real ones are. Nothing beyond this machine is asked.
    """
    from iomscrape.demo.earlier import remove_earlier
    from iomscrape.demo.server import SampleSites

    with archive_errors():
        remove_earlier(db)
    sites = SampleSites()
    with ExitStack() as serving:
        try:
            serving.enter_context(sites)
        except OSError as error:
            raise Failure(f"The sample sites cannot be served on this machine: {error}", FAILED) from error
        say(f"Headquarters: {sites.headquarters}    country office: {sites.office}")
        _crawl(db, sites)
        with asked(str(db)) as archive:
            _show_numbers(archive, sites)
            _show_one(archive, sites)
        _show_next(db)
        if keep_serving:
            _wait(sites)


def _crawl(db: Path, sites: SampleSites) -> None:
    """Crawl both sites as ``iomscrape crawl`` would, in a hurry; Failure where it does not end well."""
    from archive import Archive, warc_folder
    from iomscrape.cli.crawl import crawl
    from iomscrape.demo.earlier import COMMAND
    from iomscrape.version import __version__

    with archive_errors(), Archive.open(db) as archive:
        run = archive.start_run(COMMAND, {}, version=__version__)
    arguments = {"url": f"{sites.headquarters},{sites.office}"}
    settings = {
        "IOMSCRAPE_DB": str(db),
        "IOMSCRAPE_WARC_DIR": str(warc_folder(db)),
        # These two sites are on our own machine; the Crawl-delay that they ask for is kept all the same.
        "DOWNLOAD_DELAY": 0,
        "IOMSCRAPE_REQUEST_LOG": False,
        "AUTOTHROTTLE_START_DELAY": 0,
        # A proxy of the surroundings knows nothing of this machine's loopback.
        "HTTPPROXY_ENABLED": False,
    }
    code = crawl(arguments, settings)
    if not code:
        _add_past(db, sites, run)
    with archive_errors(), Archive.open(db) as archive:
        outcome = {0: "done", STOPPED: "interrupted"}.get(code, "failed")
        archive.finish_run(run, outcome=outcome, exit_code=code, counts={})
    if code == STOPPED:
        sys.exit(STOPPED)
    if code:
        raise Failure(f"The crawl of the sample sites ended with exit code {code}.", code)


def _add_past(db: Path, sites: SampleSites, run: int) -> None:
    """A few captures of earlier years, so that there are articles with a history."""
    from archive import Archive, WarcWriter, warc_folder
    from iomscrape.demo.past import old_captures
    from iomscrape.intake import Intake, said
    from iomscrape.version import __version__

    with (
        archive_errors(),
        Archive.open(db) as archive,
        WarcWriter(warc_folder(db), run=str(run), software=f"iomscrape/{__version__}") as warcs,
    ):
        captures = [
            capture for key in ("headquarters", "office") for capture in old_captures(sites.site(key))
        ]
        Intake(archive, warcs, run_id=run).store([said(capture) for capture in captures])


def _show_numbers(archive: Archive, sites: SampleSites) -> None:
    """What came in, by site, language and kind."""
    counted: dict[str, Counter[str]] = {}
    for row in archive.db.query("SELECT url, lang, kind FROM articles ORDER BY lang"):
        site = "HQ" if row["url"].startswith(sites.headquarters) else "office"
        counted.setdefault(f"{site} {row['lang']}", Counter())[row["kind"]] += 1
    columns = sorted(counted)
    kinds = [*KINDS, *sorted({kind for kinds in counted.values() for kind in kinds} - {*KINDS})]
    rows = [(kind, *(counted[column][kind] for column in columns)) for kind in kinds]
    rows.append(("all", *(counted[column].total() for column in columns)))
    say()
    print_table(("kind", *columns), rows, title="Articles by site (HQ: headquarters), language and kind")
    stats = archive.stats()
    say(
        f"{stats['articles']} articles, {stats['contacts']} contacts, {stats['repairs']} repairs, "
        f"{stats['problems']} problem{'' if stats['problems'] == 1 else 's'}"
        + "".join(f" ({reason})" for reason in stats["by_problem"])
    )


def _show_one(archive: Archive, sites: SampleSites) -> None:
    """One article with its contacts and repairs."""
    site = sites.site("headquarters")
    story = next(story for story in site.stories if story.node == SHOWN)
    record = archive.article(site.url(story, site.first))
    if record is None:
        raise Failure(f"The demo's archive lacks {site.url(story, site.first)}.", FAILED)
    say()
    say(f"One of them (article {record['id']})", "bold underline")
    say(record["title"], "bold")
    say(facts(record["published"], record["kind"], record["lang"], record["country"]), "dim")
    say(record["url"], "blue")
    for paragraph in record["paragraphs"][:1]:
        say(paragraph)
    say(f"… and {len(record['paragraphs']) - 1} more paragraphs", "dim")
    say()
    for contact in record["contacts"]:
        say("Contact: " + ", ".join(filter(None, (contact["name"], contact["role"], contact["office"]))))
        _show_reach(contact)
    for repair in record["repairs"]:
        say(f"Repair:  {repair['kind']}")
        say(f"before   {' '.join(repair['before'].split())}", "red", indent=4)
        say(f"after    {' '.join(repair['after'].split())}", "green", indent=4)


def _show_reach(contact: dict[str, Any]) -> None:
    for phone in contact["phones"]:
        say(facts(phone["e164"] or phone["printed"], f"printed {phone['printed']}"), indent=4)
    for mail in contact["emails"]:
        say(mail, indent=4)


def _show_next(db: Path) -> None:
    """Three commands to try, the last one on the real site."""
    program, name = _program(), shlex.quote(str(db))
    since = (date.today() - timedelta(days=DAYS_BACK)).isoformat()
    say()
    say("Try next", "bold underline")
    for line in (
        f'search "wells OR pozos OR puits" --db {name}',
        f"people Dili --db {name}",
        f"crawl www.iom.int --since {since} --contact you@example.org",
    ):
        # Never wrapped: it is there to be copied.
        click.echo(f"  {program} {line}")


def _program() -> str:
    """How the user calls this program: as it was called, or as short as it can be found."""
    called = Path(sys.argv[0])
    found = shutil.which("iomscrape")
    if found and called.exists() and Path(found).samefile(called):
        return "iomscrape"
    with suppress(ValueError):
        called = called.absolute().relative_to(Path.cwd())
    return shlex.quote(str(called))


def _wait(sites: SampleSites) -> None:
    """Go on serving until Ctrl-C."""
    # The crawl took the signals for itself.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    say()
    say(f"Still serving {sites.headquarters} and {sites.office}; Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
