"""An archive in which one invented person stands in every place that a record has; who is left of her."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archive import Archive, Problem, WarcPlace
from iomscrape.records import Contact, Link, Phone, Repair

PROSE = "The school by the bridge has opened again. The hotline 0800 12 34 56 is open to 2 870 000 people."


def fill(path: Path, make_article: Any, make_capture: Any) -> None:
    """1: English, two versions, seen three times; 2: French; 3: hostile; and a page that gave nothing."""
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
        # As `iomscrape stories` would say it of two articles that share a contact block.
        evidence = json.dumps({"shape": 1.0, "names": ["Quispe"], "numbers": [6707230810]})
        with archive.together():
            archive.db.execute("INSERT INTO story_articles VALUES (1, 1, 'first'), (2, 1, 'translation')")
            archive.db.execute("INSERT INTO story_links VALUES (1, 2, 'same-facts', 0.9, ?, 1)", [evidence])
        archive.finish_run(run, outcome="done", exit_code=0, counts={"new": 3})


TRACES = (
    "quispe",
    "7230810",
    "723 0810",
    "723.0810",
    "723-0810",
    "jo doe",
    "mailto:nquispe",
    "tel:+",
)
"""In lower case; none of them may be in anything that was written without contacts."""


def traces_in(place: Path) -> list[str]:
    """Which traces of people stand in a file, byte by byte, or in any file of a folder."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    assert files
    found = b" ".join(path.read_bytes() for path in files).lower()
    return [trace for trace in TRACES if trace.encode() in found or trace.encode("utf-16-le") in found]
