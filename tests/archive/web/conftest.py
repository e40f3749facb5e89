"""An archive of invented articles, one of them hostile; really served; and a real browser to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from archive import Archive, Problem, WarcWriter, warc_folder
from iomscrape.records import Article, Block, Capture, Contact, Image, Link, Phone, Repair, Role
from tests.archive.web.hostile import article, hostile
from tests.website import Trap, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FIRST = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

ROSA = Contact(
    name="Rosa Tavares",
    role="Field Coordinator",
    office="IOM Dili",
    phones=(Phone(printed="+670.723.4321", e164="+6707234321", extension="14"),),
    emails=("rtavares@iom.int",),
    other=("@iom_tl",),
)
BENOIT = Contact(name="Benoît Été", office="IOM Dili", emails=("bete@iom.int",), position=1)
SALMA = Contact(name="سلمى الحداد", role="مسؤولة الإعلام", office="IOM Aden", emails=("salhaddad@iom.int",))


@pytest.fixture(scope="session")
def evil() -> Iterator[Trap]:
    """Where everything hostile would call."""
    trap = Trap()
    yield trap
    trap.listening.close()


@pytest.fixture(scope="session")
def db(tmp_path_factory: pytest.TempPathFactory, evil: Trap) -> Path:
    """1 a press release with everything, in two versions; 2 its French page; 3 Arabic; 4 hostile; 24 fillers."""
    path = Path(tmp_path_factory.mktemp("web")) / "iom.db"
    school = {
        "published": date(2021, 5, 3),
        "published_printed": "03 May 2021",
        "dateline": "Dili",
        "country": "TL",
        "subtitle": "Lessons resume",
        "themes": ("Education", "Shelter"),
        "documents": (Link(url="https://www.iom.int/a.pdf", text="Report"),),
        "links": (Link(url="https://www.iom.int/about", text="about us"),),
        "images": (
            Image(url="https://www.iom.int/a.jpg", caption="The bridge", credit="IOM/P. Photographer"),
        ),
        "contacts": (ROSA, BENOIT),
        "repairs": (
            Repair(
                kind="break-in-tag",
                before='<a href=<br />"mailto:rtavares@iom.int">',
                after="rtavares@iom.int",
                where="contact",
            ),
        ),
        "translations": {"fr": "https://www.iom.int/fr/news/ecole-du-pont"},
    }
    body = (
        "The school by the bridge has opened again.",
        Block(text="What comes next", role=Role.HEADING),
        Block(text="More desks", role=Role.LIST_ITEM),
        Block(text="A new roof", role=Role.LIST_ITEM),
        Block(text="“We waited a year,” the teacher said.", role=Role.QUOTE),
        "For more information please contact Rosa Tavares, IOM Dili, rtavares@iom.int, Tel +670 723 4321.",
    )
    bad, bad_page = hostile(evil.address)
    stored: list[tuple[Article, bytes, int]] = [
        (article("school", "Bridge School Opens", "The school by the bridge has opened.", **school), b"", 0),
        (article("school", "Bridge School Reopens", *body, **school), b"", 1),
        (
            article(
                "fr", "L’école du pont rouvre", "L’école près du pont a rouvert.",
                url="https://www.iom.int/fr/news/ecole-du-pont", lang="fr", country="TL",
                published=date(2021, 5, 3), kind="statement",
            ),
            b"",
            1,
        ),
        (
            article(
                "ar", "قوارب جديدة للصيادين في عدن", "وصلت القوارب إلى ميناء عدن صباح اليوم.",
                "قال الصيادون إن الموسم يبدأ غدا.", url="https://yemen.iom.int/ar/news/boats", lang="ar",
                country="YE", published=date(2019, 2, 10), themes=("Livelihoods",), contacts=(SALMA,),
            ),
            b"",
            1,
        ),
        (article("storm", "Storm", "Before the storm.", lang="en"), b"", 0),
        (bad, bad_page, 1),
    ]  # fmt: skip
    for number in range(24):
        slug = f"ferry-{number}"
        filler = article(
            slug,
            f"Ferry Timetable {number}",
            f"Ferry number {number} crosses the strait at noon.",
            published=date(2003 + number % 20, 1 + number % 12, 5),
            country=("CO", "FJ")[number % 2],
            themes=("Transport",),
            contacts=(ROSA,) if number < 3 else (),
        )
        stored.append((filler, b"", 0))
    with Archive.open(path) as archive, WarcWriter(warc_folder(path), run="1", software="test") as warcs:
        run = archive.start_run("crawl", {"sites": ["www.iom.int"]}, version="0.1.0")
        for record, page, day in stored:
            capture = Capture(
                url=record.url,
                body=page or f"<html><body><h1>{record.title}</h1></body></html>".encode(),
                fetched_at=FIRST + timedelta(days=day),
                source="live",
                headers=(("Content-Type", "text/html; charset=utf-8"),),
            )
            archive.store(capture, [record], run_id=run, place=warcs.write(capture))
        archive.record_problem("https://www.iom.int/lost", Problem("timeout", "No answer."), run_id=run)
        archive.finish_run(run, outcome="done", exit_code=0, counts={"new": len(stored)})
    return path


@pytest.fixture(scope="session")
def base(db: Path) -> Iterator[str]:
    """The address of the archive, really served by the command."""
    with served(db) as address:
        yield address


@pytest.fixture(scope="session")
def private(db: Path) -> Iterator[str]:
    """The address of the same archive without contacts."""
    with served(db, "--without-contacts") as address:
        yield address


@pytest.fixture(scope="session")
def http(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base) as client:
        yield client


# No longer than a module: Playwright's event loop runs in this thread as long as it is there, and tests of
# other modules have loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium, which is not installed here")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, base: str) -> Page:
    """A page that starts at the front page."""
    opened = context.new_page()
    opened.goto(base)
    return opened
