"""Makes a kept database with the program that lies around it: ``python tests/archive/kept/make.py OUT.db``.

Run it in a checkout of the last commit whose ``SCHEMA_VERSION`` was N, with that commit's own
``archive``, then ``gzip -9n`` the file into ``version-N.db.gz``. Everything in it is invented.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from archive import Archive, Problem
from iomscrape.records import Article, Block, Capture, Contact, Image, Link, Phone, Repair

SCHOOL = "https://www.iom.int/news/bridge-school-reopens"
RETURN = "https://yemen.iom.int/ar/news/awdat"
LOST = "https://www.iom.int/news/lost"
ADA = Contact(
    name="Ada Moreno",
    role="Programme Officer",
    office="IOM Dili",
    phones=(Phone(printed="+670.723.0000", e164="+6707230000"),),
    emails=("amoreno@iom.int",),
)


def _capture(url: str, day: int, body: str) -> Capture:
    when = datetime(2026, 3, day, 9, 30, tzinfo=UTC)
    return Capture(url=url, body=body.encode(), fetched_at=when, source="live")


def _article(url: str, lang: str, title: str, text: str, *contacts: Contact) -> Article:
    return Article(
        url=url,
        title=title,
        lang=lang,
        kind="press-release",
        blocks=(Block(text=text),),
        design="drupal9",
        reader_version="1",
        confidence=0.9,
        published=date(2021, 5, 3),
        country="TL" if lang == "en" else "YE",
        dateline="Dili" if lang == "en" else None,
        themes=("Education", "Shelter") if lang == "en" else (),
        contacts=contacts,
        images=(Image(url="https://www.iom.int/a.jpg", caption="The bridge"),),
        links=(Link(url="https://www.iom.int/about", text="about us"),),
        repairs=(Repair(kind="break-in-tag", before="<a href=<br />", after="<a href=", where="contact"),),
    )


def make(path: Path) -> None:
    """Two articles, one of them in two versions; a page that could not be read; a run that ended."""
    with Archive.open(path) as archive:
        run = archive.start_run("crawl", {"sites": ["www.iom.int"]}, version="0.1.0")
        old = _article(SCHOOL, "en", "Bridge School Will Reopen", "Soon, by the bridge.", ADA)
        new = _article(SCHOOL, "en", "Bridge School Reopens", "The school by the bridge has opened.", ADA)
        arabic = _article(RETURN, "ar", "عودة المهاجرين", "قالت المُنظّمة الدولية للهجرة إن العـودة طوعية.")
        archive.store(_capture(SCHOOL, 1, "old"), [old], run_id=run)
        archive.store(_capture(SCHOOL, 5, "new"), [new], run_id=run)
        archive.store(_capture(RETURN, 2, "arabic"), [arabic], run_id=run)
        archive.store(_capture(LOST, 2, "lost"), [], run_id=run, problem=Problem("no-article", "Nothing."))
        archive.seen_unchanged(SCHOOL, datetime(2026, 3, 9, 9, 30, tzinfo=UTC), run)
        archive.finish_run(run, outcome="done", exit_code=0, counts={"new": 2, "changed": 1})
        archive.db.execute("VACUUM")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
