"""How rare is this, if nothing has changed? The statistics of the monitors, with Python's own mathematics.

Shares (of pages with a date, say) follow a beta-binomial law: the share that the next run aims at lies near the
share of earlier runs, as near as those lay to each other. Counts (of articles) follow a negative binomial law in the
same way. Both are wide where little is known, so a site with few pages raises no alarm by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, lgamma, log
from typing import NamedTuple

STEADIEST = 30.0
"""However alike earlier runs were, the next one may differ from them as handfuls of 30 pages differ."""
STEADY_A_RUN = 10.0
"""What one earlier run can tell of how much runs differ, in the same measure."""
LEAST_STEADY = 2.0
MOST_REGULAR = 4.0
"""Shape of the gamma law of rates: holidays halve or double them, however regular a site seemed."""


class Share(NamedTuple):
    """What earlier runs say of a share."""

    mean: float
    """What it will be, give or take: never quite none or all, which no number of pages could prove."""
    steadiness: float
    """How little it moves: as handfuls of so many pages differ."""
    pages: int
    seen: float = 0.0
    """What it was."""


class Rate(NamedTuple):
    """What earlier runs say of how many a day."""

    mean: float
    shape: float


def expected_share(runs: Sequence[tuple[int, int]]) -> Share:
    """From earlier runs, each as (pages that have it, pages). Runs without pages say nothing."""
    runs = [(have, pages) for have, pages in runs if pages]
    pages = sum(number for _, number in runs)
    had = sum(have for have, _ in runs)
    mean = (had + 0.5) / (pages + 1)
    bound = min(STEADIEST, STEADY_A_RUN * len(runs), pages + 1.0)
    return Share(mean, max(min(_steadiness(runs, mean), bound), LEAST_STEADY), pages, had / max(pages, 1))


def _steadiness(runs: Sequence[tuple[int, int]], mean: float) -> float:
    """By moments: how much more runs differ than chance alone would have it."""
    several = [(have, pages) for have, pages in runs if pages > 1]
    if len(several) < 3:
        return STEADIEST
    squares = sum((have - pages * mean) ** 2 / (pages * mean * (1 - mean)) for have, pages in several)
    # For run i the square is 1 + (pages - 1) * likeness on the average.
    likeness = (squares - len(several)) / sum(pages - 1 for _, pages in several)
    return 1 / likeness - 1 if likeness > 0 else STEADIEST


def at_most(have: int, pages: int, share: Share) -> float:
    """The chance that so many of so many pages, or fewer, have it."""
    return min(sum(_beta_binomial(number, pages, share) for number in range(have + 1)), 1.0)


def at_least(have: int, pages: int, share: Share) -> float:
    """The chance that so many of so many pages, or more, have it."""
    return min(sum(_beta_binomial(number, pages, share) for number in range(have, pages + 1)), 1.0)


def _beta_binomial(have: int, pages: int, share: Share) -> float:
    a, b = share.mean * share.steadiness, (1 - share.mean) * share.steadiness
    return exp(
        lgamma(pages + 1) - lgamma(have + 1) - lgamma(pages - have + 1)
        + lgamma(have + a) + lgamma(pages - have + b) - lgamma(pages + a + b)
        + lgamma(a + b) - lgamma(a) - lgamma(b)
    )  # fmt: skip


def expected_rate(runs: Sequence[tuple[int, float]]) -> Rate:
    """From earlier runs, each as (articles, days that they had gathered in)."""
    days = sum(span for _, span in runs)
    found = sum(number for number, _ in runs) + 0.5
    mean = found / days
    shape = 1 / (1 / found + 1 / _regularity(runs, mean))
    return Rate(mean, shape)


def _regularity(runs: Sequence[tuple[int, float]], mean: float) -> float:
    if len(runs) < 3:
        return MOST_REGULAR
    # (number - expected)² is expected + expected² / shape on the average.
    beyond = sum((number - mean * span) ** 2 - mean * span for number, span in runs)
    squares = sum((mean * span) ** 2 for _, span in runs)
    return min(squares / beyond, MOST_REGULAR) if beyond > 0 else MOST_REGULAR


def so_few(found: int, days: float, rate: Rate) -> float:
    """The chance that no more than this are found in so many days."""
    chance = rate.shape / (rate.shape + rate.mean * days)
    total = 0.0
    for number in range(found + 1):
        total += exp(
            lgamma(number + rate.shape) - lgamma(rate.shape) - lgamma(number + 1)
            + rate.shape * log(chance) + (number * log(1 - chance) if number else 0.0)
        )  # fmt: skip
    return min(total, 1.0)


def so_many(found: int, days: float, rate: Rate) -> float:
    """The chance that this many or more are found in so many days."""
    return max(1.0 - so_few(found - 1, days, rate), 0.0) if found else 1.0


def law_of_all(sites: Iterable[tuple[int, Share]]) -> list[float]:
    """How likely each total is, from none to all, over several sites: each has (pages, what is usual there)."""
    law = [1.0]
    for pages, share in sites:
        own = [_beta_binomial(number, pages, share) for number in range(pages + 1)]
        longer = [0.0] * (len(law) + pages)
        for place, chance in enumerate(law):
            for number, one in enumerate(own):
                longer[place + number] += chance * one
        law = longer
    return law


def limit(least: Iterable[float], once_in: float) -> float:
    """How rare something must be to be told, so that runs without a change raise a false alarm once in so many.

    ``least``: for every question that was asked, the least chance that any answer could have had. Questions that
    could not have raised an alarm whatever came do not count (Tarone's method), so that many small sites do not
    make the monitors blind for each other.
    """
    alarm = 1 / once_in
    ordered = sorted(least)
    for questions in range(1, len(ordered) + 1):
        if sum(chance <= alarm / questions for chance in ordered) <= questions:
            return alarm / questions
    return alarm / max(len(ordered), 1)
