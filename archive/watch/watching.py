"""One run judged: every question asked, the rare answers told."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.database import at_once
from archive.errors import ArchiveError
from archive.watch import flow, looks, tried, trouble
from archive.watch.chance import expected_share, limit
from archive.watch.finding import Finding, Watched
from archive.watch.growth import growth
from archive.watch.looks import Looks
from archive.watch.pages import FIELDS, Page, pages
from archive.watch.question import Question
from archive.watch.settings import Settings
from archive.watch.tried import History, Run, Tried


class NothingToWatch(ArchiveError):
    """There is no such crawl in the archive."""


@at_once
def watch(db: Database, path: Path, run: int | None = None, settings: Settings | None = None) -> Watched:
    """Judge a crawl, the latest by default, against those before it. Raises NothingToWatch."""
    settings = settings or Settings()
    number = _crawl(db, path, run)
    crawls = tried.runs(db, number, settings.runs)
    ids = [one.id for one in crawls]
    found = tried.history(db, crawls)
    seen = looks.by_site(pages(db, tried.numbers(crawls)), ids)
    questions = _questions(crawls, found, seen, settings)
    rare = limit((question.least for question in questions), settings.false_alarm_once_in)
    told = [
        question.tell()
        for question in questions
        if question.chance <= rare and question.change >= settings.least_change
    ]
    findings = [*trouble.unreachable(crawls, found), *_once(told)]
    return Watched(
        run=number,
        started_at=crawls[-1].started_at.isoformat(),
        earlier_runs=len(crawls) - 1,
        questions=len(questions),
        limit=rare,
        findings=tuple(_with_command(finding, path, crawls[-1]) for finding in findings),
        sites=tuple(_figures(site, crawls, found, seen) for site in sorted(found)),
        growth=growth(db, crawls),
    )


def _crawl(db: Database, path: Path, run: int | None) -> int:
    if run is None:
        row = db.conn.execute("SELECT max(id) FROM runs WHERE command = 'crawl'").fetchone()
    else:
        row = db.conn.execute("SELECT id FROM runs WHERE command = 'crawl' AND id = ?", (run,)).fetchone()
    if row is None or row[0] is None:
        which = "crawl" if run is None else f"crawl of number {run}"
        raise NothingToWatch(f"{path} has no {which}; `iomscrape stats` lists the runs")
    return int(row[0])


def _questions(crawls: Sequence[Run], found: History, seen: Looks, settings: Settings) -> list[Question]:
    asked = list(crawls)
    questions: list[Question] = []
    languages = {site: looks.languages(seen.get(site, [])) for site in found}
    for site in sorted(found):
        if tried.that_asked(asked, site, found)[-1] is asked[-1]:
            questions += flow.questions(asked, site, found)
            questions += trouble.questions(asked, site, found, languages[site], settings)
    for site, runs in seen.items():
        questions += looks.questions(site, runs, settings)
    questions += trouble.questions_of_all(asked, found, languages)
    return [*questions, *looks.questions_of_all(seen)]


def _once(told: Iterable[Finding]) -> list[Finding]:
    """Each thing once: of a site before that of one design of it or of several sites; a reason before all reasons."""
    kept: dict[tuple[str, str, str | None], Finding] = {}
    for finding in told:
        kept.setdefault((finding.site, finding.kind, finding.subject), finding)
    alone = {(kind, subject) for site, kind, subject in kept if "," not in site}
    named = {site for site, kind, subject in kept if kind == "problem" and subject != trouble.ALL}
    return [
        finding
        for (site, kind, subject), finding in kept.items()
        if not ("," in site and (kind, subject) in alone)
        and not (kind == "problem" and subject == trouble.ALL and site in named)
    ]


def _with_command(finding: Finding, path: Path, judged: Run) -> Finding:
    if not finding.captures:
        return finding
    runs = {run for run in finding.runs if run != judged.id} | set(judged.parts)
    words = ["iomscrape", "reread", "--db", str(path)]
    words += [word for run in sorted(runs) for word in ("--run", str(run))]
    if finding.kind == "problem":
        words += ["--problem", "any" if finding.subject in (trouble.ALL, None) else finding.subject]
    elif "," not in finding.site:
        words += ["--site", finding.site]
    if finding.kind == "design" and finding.subject:
        words += ["--design", finding.subject]
    return replace(finding, reread=shlex.join(words))


def _figures(site: str, crawls: Sequence[Run], found: History, seen: Looks) -> Mapping[str, Any]:
    """The figures of a site in this run, and what is usual, for reports and metrics."""
    now = found[site].get(crawls[-1].id, Tried())
    runs: Sequence[Sequence[Page]] = seen.get(site, [[]])
    *earlier, shown = runs
    usual_new = flow.expected(list(crawls), site, found)
    return {
        "site": site,
        "captures": now.captures,
        "new": now.new,
        "usual_new": None if usual_new is None else round(usual_new, 2),
        "pages": len(shown),
        "earlier_pages": sum(map(len, earlier)),
        "designs": dict(Counter(page.design for page in shown).most_common()),
        "fields": {name: sum(name in page.fields for page in shown) for name in FIELDS} if shown else {},
        "usual": {
            name: round(
                expected_share(
                    [(sum(name in page.fields for page in run), len(run)) for run in earlier]
                ).seen,
                3,
            )
            for name in FIELDS
        }
        if any(earlier)
        else {},
        "problems": dict(now.problems.most_common()),
    }
