"""Archives with a past: crawls on invented days that brought invented pages."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import Archive, Problem
from archive.watch import Settings, Watched, watch
from iomscrape.records import Article, Block, Capture, Contact

FIRST = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
HEADQUARTERS, OFFICE = "https://www.iom.int", "https://timor-leste.iom.int"


def page(url: str, **changes: Any) -> Article:
    """A page as this site's pages are: everything that a page can have."""
    number = sum(url.encode())
    whole = Article(
        url=url,
        title=f"Headline of {url}",
        lang="en",
        kind="press-release",
        blocks=tuple(Block(text=f"Paragraph {place} of {url}. " * (8 + number % 5)) for place in range(4)),
        design="drupal9",
        reader_version="1",
        confidence=0.95,
        published=FIRST.date(),
        dateline="Dili" if number % 2 else None,
        country="TL",
        themes=("Education",),
        contacts=(Contact(name="Ada Moreno", emails=("amoreno@iom.int",)),),
    )
    return replace(whole, **changes)


class Crawls:
    """Crawls into one archive."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive.open(path)
        self.made = 0

    def crawl(
        self,
        day: float,
        pages: Iterable[Article] = (),
        *,
        problems: Mapping[str, str] | None = None,
        unfetched: Mapping[str, str] | None = None,
        sites: tuple[str, ...] = (HEADQUARTERS, OFFICE),
        outcome: str = "done",
    ) -> int:
        """One crawl; ``problems`` and ``unfetched`` map addresses to reasons, with a capture and without."""
        archive, at = self.archive, FIRST + timedelta(days=day)
        run = archive.start_run("crawl", {"sites": sorted(sites)}, version="0.1.0")
        with archive.together():
            for article in pages:
                archive.store(self._capture(article.url, at), [article], run_id=run)
            for url, reason in (problems or {}).items():
                archive.store(self._capture(url, at), [], run_id=run, problem=Problem(reason, "It failed."))
            for url, reason in (unfetched or {}).items():
                archive.record_problem(url, Problem(reason, "It failed."), run_id=run)
        archive.finish_run(run, outcome=outcome, exit_code=0, counts={})
        archive.db.execute("UPDATE runs SET started_at = ? WHERE id = ?", [at.isoformat(), run])
        return run

    def news(self, number: int, site: str = OFFICE, **changes: Any) -> list[Article]:
        """So many new pages."""
        self.made += number
        return [page(f"{site}/news/item-{self.made - place}", **changes) for place in range(number)]

    def ordinary(self, weeks: int = 6, rng: random.Random | None = None) -> None:
        """Weekly crawls of an office that gives about four articles a week, after a first one of twenty."""
        rng = rng or random.Random(5)
        self.crawl(0, self.news(20))
        for week in range(1, weeks + 1):
            self.crawl(7 * week, self.news(rng.choice((2, 3, 4, 5))))

    def watch(self, run: int | None = None, **settings: Any) -> Watched:
        return watch(self.archive.db, self.archive.path, run, Settings(**settings))

    def _capture(self, url: str, at: datetime) -> Capture:
        return Capture(url=url, body=f"<p>{url} {at}</p>".encode(), fetched_at=at, source="live", status=200)
