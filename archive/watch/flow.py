"""Articles against what a site usually gives: far fewer, far more, none for too long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archive.watch.chance import expected_rate, so_few, so_many
from archive.watch.finding import Finding
from archive.watch.question import Question
from archive.watch.tried import History, Run, that_asked

LEAST_RUNS = 3
"""Earlier runs, beside the first, without which nothing is usual yet."""
LEAST_ARTICLES = 3
MANY = 20
"""Fewer new articles than this are never too many …"""
TIMES = 5
"""… nor fewer than so many times what is usual."""
LEAST_DAYS = 1 / 24
"""Two runs within an hour count as an hour apart."""
_DAY = 86_400


def expected(crawls: list[Run], site: str, found: History) -> float | None:
    """How many new articles the latest run would have brought as usual; None where nothing is usual yet."""
    spans = _spans(crawls, site, found)
    rate = _usual(spans)
    return None if rate is None else rate * spans[-1][1]


def questions(crawls: list[Run], site: str, found: History) -> Iterator[Question]:
    """About the latest run."""
    spans = _spans(crawls, site, found)
    if _usual(spans) is None:
        return
    rate = expected_rate([span[:2] for span in spans[:-1]])
    new, days, _ = spans[-1]
    usual = rate.mean * days
    if new == 0:
        silent = _silence(spans)
        chance = so_few(0, silent, rate)
        last = next((start for number, _, start in reversed(spans) if number), None)
        since = f" since {last:%Y-%m-%d}" if last else ""
        yield Question(
            chance=chance if crawls[-1].complete else 1.0,
            least=chance,
            change=1.0,
            tell=lambda: Finding(
                kind="silent",
                site=site,
                chance=chance,
                usual=round(rate.mean * silent, 1),
                said=f"Nothing new{since}; usually there would be {rate.mean * silent:.0f} articles by now.",
            ),
        )
        return
    few, many = so_few(new, days, rate), so_many(new, days, rate)
    low = new < usual
    yield Question(
        chance=min(2 * (few if low else many), 1.0) if _is_told(new, usual, crawls[-1]) else 1.0,
        least=2 * so_few(0, days, rate),
        change=1.0,
        tell=lambda: Finding(
            kind="few" if low else "many",
            site=site,
            chance=few if low else many,
            have=new,
            usual=round(usual, 1),
            said=f"{new} new articles; usually there would be {usual:.0f}.",
        ),
    )


def _is_told(new: int, usual: float, run: Run) -> bool:
    return run.complete if new < usual else new >= MANY and new >= TIMES * usual


def _usual(spans: list[tuple[int, float, object]]) -> float | None:
    earlier = spans[:-1]
    if len(earlier) < LEAST_RUNS or sum(new for new, _, _ in earlier) < LEAST_ARTICLES:
        return None
    return expected_rate([span[:2] for span in earlier]).mean


def _spans(crawls: list[Run], site: str, found: History) -> list[tuple[int, float, object]]:
    """New articles, days since the run before, and start, of each run but the first, which brings twenty years."""
    asked = that_asked(crawls, site, found)
    tried = found.get(site, {})
    return [
        (
            tried[run.id].new if run.id in tried else 0,
            max((run.started_at - before.started_at).total_seconds() / _DAY, LEAST_DAYS),
            run.started_at,
        )
        for before, run in pairwise(asked)
    ]


def _silence(spans: list[tuple[int, float, object]]) -> float:
    """Days since the last run that brought something new."""
    days = 0.0
    for new, span, _ in reversed(spans):
        if new:
            break
        days += span
    return days
