"""The soak in small, and that it would notice; ``make soak`` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.survival.soak import Wanted, soak
from tests.survival.watched import Sample, curves


def life(*, memory: float = 0.0, handles: float = 0.0) -> list[Sample]:
    """Of a process that grows by so much with each thousand pages."""
    return [
        Sample("crawl", 1, pages, 100 + memory * pages / 1000, round(30 + handles * pages / 1000))
        for pages in range(0, 20_000, 200)
    ]


def test_a_flat_life_is_without_fault() -> None:
    (curve,) = curves(life(memory=0.8))
    assert list(curve.faults()) == []
    assert (curve.role, curve.pages) == ("crawl", 19_800)


def test_memory_and_files_that_are_kept_are_noticed() -> None:
    (leaks,) = curves(life(memory=8, handles=2))
    assert [fault.split()[1:3] for fault in leaks.faults()] == [["memory", "grew"], ["20", "open"]]


def test_a_short_life_says_nothing() -> None:
    assert curves(life(memory=8)[:30]) == []


@pytest.mark.proof
@pytest.mark.timeout(240)
def test_a_small_soak(tmp_path: Path) -> None:
    found = soak(Wanted(pages=120, minutes=None, sites=2, seed=3, kill_every=0), tmp_path)
    assert found.faults == []
    assert found.whole == 2
    assert found.ends.total() == 2
    assert found.checked == "exit code 0"
    assert {"429", "304", "200"} <= set(found.answers)
    assert found.in_archive["versions"] > found.in_archive["articles"] > 100
