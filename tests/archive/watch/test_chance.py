"""The laws behind the monitors: they are laws, and they keep their promise about false alarms."""

from __future__ import annotations

import random
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.watch import looks
from archive.watch.chance import (
    STEADIEST,
    Rate,
    Share,
    at_least,
    at_most,
    expected_rate,
    expected_share,
    law_of_all,
    limit,
    so_few,
    so_many,
)
from archive.watch.pages import FIELDS, Page
from archive.watch.settings import Settings

RUNS = st.lists(
    st.integers(0, 40).flatmap(lambda pages: st.tuples(st.integers(0, pages), st.just(pages))), max_size=12
)


@given(RUNS, st.integers(1, 60), st.data())
def test_the_two_tails_of_a_share_make_one(
    runs: list[tuple[int, int]], pages: int, data: st.DataObject
) -> None:
    share = expected_share(runs)
    have = data.draw(st.integers(1, pages))
    assert isclose(at_most(have - 1, pages, share) + at_least(have, pages, share), 1.0, abs_tol=1e-9)
    assert at_most(have - 1, pages, share) <= at_most(have, pages, share) + 1e-12


@given(RUNS)
def test_the_less_is_known_the_less_is_claimed(runs: list[tuple[int, int]]) -> None:
    share = expected_share(runs)
    assert 0 < share.mean < 1
    assert 2 <= share.steadiness <= STEADIEST
    assert share.steadiness <= max(10 * len(runs), 2)


def test_a_steady_share_is_nearly_binomial() -> None:
    steady = Share(0.3, 1e7, 10**7)
    assert at_most(2, 10, steady) == pytest.approx(
        sum(comb(10, k) * 0.3**k * 0.7 ** (10 - k) for k in range(3)), rel=1e-4
    )


def test_a_regular_rate_is_nearly_poisson() -> None:
    assert so_few(0, 7, Rate(0.5, 1e7)) == pytest.approx(0.0302, rel=1e-2)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0.04, 30)), min_size=1, max_size=12),
    st.integers(1, 40),
    st.floats(0.04, 60),
)
def test_the_two_tails_of_a_count_make_one(runs: list[tuple[int, float]], found: int, days: float) -> None:
    rate = expected_rate(runs)
    assert isclose(so_few(found - 1, days, rate) + so_many(found, days, rate), 1.0, abs_tol=1e-9)
    assert so_few(0, days, rate) >= so_few(0, days * 2, rate)


def test_runs_that_differ_make_the_monitors_patient() -> None:
    steady, fickle = [(9, 10)] * 8, [(10, 10), (2, 10), (9, 10), (1, 10)] * 2
    assert expected_share(steady).steadiness > 5 * expected_share(fickle).steadiness
    assert at_most(0, 5, expected_share(fickle)) > 0.05
    assert at_most(0, 5, expected_share(steady)) < 1e-3


@given(st.lists(st.tuples(st.integers(0, 6), RUNS), min_size=1, max_size=6))
def test_the_law_of_all_is_a_law(sites: list[tuple[int, list[tuple[int, int]]]]) -> None:
    known = [(pages, expected_share(runs)) for pages, runs in sites]
    law = law_of_all(known)
    assert len(law) == sum(pages for pages, _ in known) + 1
    assert isclose(sum(law), 1.0, abs_tol=1e-9)
    mean = sum(pages * share.mean for pages, share in known)
    assert isclose(sum(number * chance for number, chance in enumerate(law)), mean, abs_tol=1e-6)


def test_the_law_of_one_site_is_its_own() -> None:
    share = expected_share([(9, 10)] * 4)
    assert sum(law_of_all([(8, share)])[:6]) == pytest.approx(at_most(5, 8, share))


def test_questions_that_cannot_alarm_do_not_count() -> None:
    assert limit([1e-9] * 3 + [0.4] * 1000, 100) == pytest.approx(0.01 / 3)
    assert limit([1e-9] * 1000, 100) == pytest.approx(0.01 / 1000)
    assert limit([], 100) == 0.01


def test_false_alarms_are_as_rare_as_promised() -> None:
    """Five sites, ten runs, ten fields that come and go with the runs: nothing changes, and 120 worlds say so."""
    rng = random.Random(20261125)
    alarmed = sum(_alarms(_world(rng, sites=5, runs=8), runs=8) for _ in range(120))
    # Once in 20 is promised here, so that 120 worlds can show it: 6 are expected at most.
    assert alarmed <= 10


def _world(rng: random.Random, *, sites: int, runs: int) -> list[Page]:
    pages: list[Page] = []
    for site in range(sites):
        shares = {name: rng.choice((1.0, 0.97, 0.9, 0.6, 0.3, 0.05)) for name in FIELDS}
        for run in range(runs):
            now = {
                name: rng.betavariate(share * 30, (1 - share) * 30) if share < 1 else 1.0
                for name, share in shares.items()
            }
            for _ in range(40 if run == 0 else rng.randint(0, 10)):
                filled = frozenset(name for name in FIELDS if rng.random() < now[name])
                number = len(pages)
                length = int(rng.lognormvariate(8, 0.5))
                pages.append(
                    Page(
                        run,
                        number,
                        f"s{site}",
                        f"u{number}",
                        "cms",
                        0.9,
                        length,
                        f"t{number}",
                        f"i{number}",
                        filled,
                    )
                )
    return pages


def _alarms(pages: list[Page], *, runs: int) -> bool:
    settings = Settings(false_alarm_once_in=20)
    seen = looks.by_site(pages, range(runs))
    asked = [one for site, of_site in seen.items() for one in looks.questions(site, of_site, settings)]
    asked += looks.questions_of_all(seen)
    rare = limit((one.least for one in asked), settings.false_alarm_once_in)
    return any(one.chance <= rare and one.change >= settings.least_change for one in asked)
