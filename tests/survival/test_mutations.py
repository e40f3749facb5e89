"""A few hostile pages and answers with each run of the tests; ``python -m tests.survival.mutations`` has the rest."""

from __future__ import annotations

from pathlib import Path

from tests.survival.mutations import survive


def test_every_one_ends_as_an_article_or_a_problem(tmp_path: Path) -> None:
    tally = survive(120, seed=20260301, folder=tmp_path)
    assert tally.faults == []
    assert sum(tally.outcomes.values()) == 120
    assert len(tally.outcomes) > 5
