"""An archive in which one invented person stands in every place that a record has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Problem, WarcPlace
from iomscrape.records import Contact, Link, Phone, Repair

PROSE = "The school by the bridge has opened again. The hotline 0800 12 34 56 is open to 2 870 000 people."


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, make_article: Any, make_capture: Any) -> Path:
    """1: English, two versions, seen three times; 2: French; 3: hostile; and a page that gave nothing."""
    path = Path(tmp_path_factory.mktemp("export")) / "iom.db"
    nilda = Contact(
        name="Nilda Quispe",
        role="Programme Officer",
        office="IOM Dili",
        phones=(Phone(printed="+670.723.0810", e164="+6707230810"),),
        emails=("nquispe@iom.int",),
        other=("@quispe_iom",),
    )
    ends = ("For more information, contact Nilda Quispe, Tel: +670 723 0810 or Jo Doe.", "nquispe@iom.int")
    first: dict[str, Any] = {
        "contacts": (nilda,),
        "repairs": (
            Repair(
                kind="break-in-tag", before="<a\nhref=nquispe@iom.int>", after="nquispe@iom.int", where="body"
            ),
        ),
        "links": (
            Link(url="https://www.iom.int/about", text="about us"),
            Link(url="mailto:nquispe@iom.int", text="Nilda"),
            Link(url="tel:+6707230810", text="call"),
        ),
        "images": (),
        "warnings": ("nquispe@iom.int twice",),
    }
    with Archive.open(path) as archive:
        run = archive.start_run("crawl", {"contact": "quispe@example.org"}, version="0.1.0")
        for day, (title, changes) in enumerate(
            [
                ("Bridge School Opens", {}),
                ("Bridge School Reopens", {}),
                # only its contact differs: no version of its own where there are no contacts
                ("Bridge School Reopens", {"contacts": (Contact(name="Jo Doe", office="IOM Dili"),)}),
            ]
        ):
            article = make_article(title, PROSE, "Eighty children came.", *ends, **(first | changes))
            place = WarcPlace("pages.warc.gz", 360 * day, 300, f"sha256:{day}")
            archive.store(make_capture(day, f"page {day}".encode()), [article], run_id=run, place=place)
        url = "https://cotedivoire.iom.int/fr/news/rentree"
        french = make_article(
            "La rentrée", "Les élèves sont là.", url=url, lang="fr", country="CI", contacts=(), images=()
        )
        archive.store(make_capture(5, b"fr", url=url), [french], run_id=run)
        url = "https://www.iom.int/news/hostile"
        hostile = make_article(
            '=cmd|" /C calc"!A0 {\\b} $x^2$ & 50%\r\nER  - ',
            "@SUM(1)",
            "“quoted”, \r and\nlines; \x0b",
            url=url,
            subtitle="-2+3",
            dateline="＝1+1",
            contacts=(),
            images=(),
            published=None,
            themes=("a, b", "+theme"),
            lang=None,
        )
        archive.store(make_capture(6, b"hostile", url=url), [hostile], run_id=run)
        archive.store(
            make_capture(7, b"none", url="https://www.iom.int/x"),
            [],
            run_id=run,
            problem=Problem("no-article", "Only nquispe@iom.int stands there."),
        )
        archive.finish_run(run, outcome="done", exit_code=0, counts={"new": 3})
    return path


@pytest.fixture
def archive(full: Path) -> Iterator[Archive]:
    with Archive.open(full, readonly=True) as opened:
        yield opened
