"""Ten ordinary runs over the sample sites' own pages, read by the reader, raise nothing; a hidden date does."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.captures import WarcWriter
from archive.watch import watch
from iomscrape.demo.pages import Site
from iomscrape.demo.server import NAMES
from iomscrape.demo.site import Answers
from iomscrape.demo.stories import Story, load
from iomscrape.intake import Intake, said
from iomscrape.records import Capture
from tests.archive.watch.crawls import FIRST

SITES = {"headquarters": "https://www.iom.int", "office": "https://timor-leste.iom.int"}


class Weeks:
    """The sample sites over some weeks: a few stories come each week, a few are changed."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive.open(path)
        self.folder = path.with_name("raw")
        self.answers = {key: Answers(Site(key, base, NAMES[key], load(key))) for key, base in SITES.items()}
        self.week = 0

    def crawl(self, stories: list[tuple[str, Story]], looks: Callable[[str], str] = lambda html: html) -> int:
        at = FIRST + timedelta(days=7 * self.week)
        run = self.archive.start_run("crawl", {"sites": sorted(SITES.values())}, version="0.1.0")
        with WarcWriter(self.folder, run=str(run), software="iomscrape/0.1.0") as warcs:
            Intake(self.archive, warcs, run_id=run).store(
                [said(capture) for key, story in stories for capture in self._captures(key, story, looks)]
            )
        self.archive.finish_run(run, outcome="done", exit_code=0, counts={})
        self.archive.db.execute("UPDATE runs SET started_at = ? WHERE id = ?", [at.isoformat(), run])
        self.week += 1
        return run

    def _captures(self, key: str, story: Story, looks: Callable[[str], str]) -> Iterator[Capture]:
        answers = self.answers[key]
        for lang in story.texts:
            path = story.path(lang, answers.site.first)
            made = next(one for one in (answers.answer(path, {}) for _ in range(2)) if one.status == 200)
            body = looks(made.body.decode("latin-1")).encode("latin-1")
            yield Capture(
                url=answers.site.base + path,
                body=body,
                fetched_at=FIRST + timedelta(days=7 * self.week),
                source="live",
                status=200,
                headers=tuple(made.headers.items()),
            )


def hide_the_day(html: str) -> str:
    html = re.sub(r'<meta property="article:published_time"[^>]*>', "", html)
    return re.sub(r'<div class="field field--name-field-date">.*?</div>', "<em>3 days ago</em>", html)


@pytest.fixture
def weeks(tmp_path: Path) -> Iterator[Weeks]:
    weeks = Weeks(tmp_path / "iom.db")
    yield weeks
    weeks.archive.close()


def test_ten_ordinary_runs_and_one_that_is_not(weeks: Weeks) -> None:
    rng = random.Random(4)
    coming = [(key, story) for key, answers in weeks.answers.items() for story in answers.site.stories]
    rng.shuffle(coming)
    weeks.crawl(coming[:10])
    out, coming = coming[:10], coming[10:]
    for _ in range(10):
        number = rng.choice((0, 1, 2))
        changed = rng.sample(out, rng.choice((0, 1, 3)))
        weeks.crawl([*coming[:number], *changed])
        out, coming = out + coming[:number], coming[number:]
        watched = watch(weeks.archive.db, weeks.archive.path)
        assert watched.findings == (), [one.said for one in watched.findings]
    headquarters = [one for one in coming if one[0] == "headquarters"][:4]
    assert len(headquarters) == 4
    run = weeks.crawl(headquarters, hide_the_day)
    watched = watch(weeks.archive.db, weeks.archive.path)
    assert watched.run == run
    found = {one.subject: one for one in watched.findings}
    assert set(found) == {"published"}
    assert found["published"].site == "iom.int"
    assert found["published"].design == "drupal9"
    assert len(found["published"].examples) == 3
