"""A few random kills with each run of the tests; ``python -m tests.survival.kills 1000`` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.survival.kills import kill_again_and_again


@pytest.mark.timeout(120)
def test_random_kills_change_no_record(tmp_path: Path) -> None:
    tally = kill_again_and_again(2, seed=20260301, folder=tmp_path, office_alone=True)
    assert tally.kills == 2
    assert tally.ended >= 1
