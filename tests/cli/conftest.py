"""A small archive of invented articles, and the command line as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive, Problem, WarcPlace
from iomscrape.cli import main
from iomscrape.records import Article, Block, Capture, Contact, Link, Phone, Repair, Role

Run = Callable[..., Result]

WHEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOSTILE = "Storm \x1b[31mred\x1b]0;owned\x07 \x9b2J [bold]markup[/bold] \u202eesrever"


def _capture(url: str, day: int = 0) -> Capture:
    return Capture(
        url=url, body=f"{url} {day}".encode(), fetched_at=WHEN + timedelta(days=day), source="live"
    )


def _article(url: str, title: str, *texts: str, **changes: object) -> Article:
    given: dict[str, object] = {
        "url": url,
        "title": title,
        "lang": "en",
        "kind": "press-release",
        "blocks": tuple(Block(text=text) for text in texts),
        "design": "drupal9",
        "reader_version": "1",
        "confidence": 0.9,
    }
    return Article(**(given | changes))  # type: ignore[arg-type]


ADA = Contact(
    name="Ada Moreno",
    role="Programme Officer",
    office="IOM Dili",
    phones=(Phone(printed="+670.723.0000", e164="+6707230000", extension="14"),),
    emails=("amoreno@iom.int",),
    other=("@iom_tl",),
)


@pytest.fixture(scope="session")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 a press release with everything, in two versions; 2 a French statement; 3 a hostile page."""
    path = Path(tmp_path_factory.mktemp("cli")) / "iom.db"
    first = "https://www.iom.int/news/bridge-school"
    with Archive.open(path) as archive:
        run = archive.start_run("crawl", {"sites": ["www.iom.int"]}, version="0.1.0")
        archive.store(_capture(first), [_article(first, "Bridge School Opens", "Soon.")], run_id=run)
        article = _article(
            first,
            "Bridge School Reopens",
            "The school by the bridge has opened again.",
            "What comes next",
            "More desks",
            blocks=(
                Block(text="The school by the bridge has opened again."),
                Block(text="What comes next", role=Role.HEADING),
                Block(text="More desks", role=Role.LIST_ITEM),
            ),
            subtitle="Lessons resume",
            published=date(2021, 5, 3),
            dateline="Dili",
            country="TL",
            themes=("Education",),
            documents=(Link(url="https://www.iom.int/a.pdf", text="Report"),),
            contacts=(ADA,),
            repairs=(
                Repair(kind="break-in-tag", before="<a\n href=<br />", after="<a href=", where="contact"),
            ),
            translations={"es": "https://www.iom.int/es/news/reabre"},
        )
        place = WarcPlace("pages.warc.gz", 360, 900, "sha256:x")
        archive.store(_capture(first, 1), [article], run_id=run, place=place)
        second = "https://cotedivoire.iom.int/fr/news/rentree"
        archive.store(
            _capture(second),
            [
                _article(
                    second, "La rentrée", "Les élèves sont là.", lang="fr", kind="statement", country="CI"
                )
            ],
            run_id=run,
        )
        third = "https://www.iom.int/news/hostile"
        hostile = _article(
            third,
            HOSTILE,
            f"=cmd() {HOSTILE}",
            dateline="=HYPERLINK(1)",
            subtitle="@SUM(1)",
            contacts=(Contact(name=HOSTILE, emails=("x@iom.int",)),),
        )
        archive.store(_capture(third), [hostile], run_id=run)
        archive.record_problem("https://www.iom.int/news/lost", Problem("timeout", "No answer."), run_id=run)
        archive.finish_run(run, outcome="done", exit_code=0, counts={"new": 3})
    return path


@pytest.fixture
def run(db: Path) -> Run:
    """``run("search", "school")``: the command with the sample archive, unless told another ``db``."""

    def command(name: str, *arguments: str, db: Path = db) -> Result:
        return CliRunner().invoke(main, [name, "--db", str(db), *arguments], prog_name="iomscrape")

    return command
