"""A few random kills of an import; ``python -m tests.survival.importkills 100`` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.survival.importkills import kill_again_and_again


@pytest.mark.proof
def test_random_kills_change_no_record(tmp_path: Path) -> None:
    assert kill_again_and_again(6, seed=20261128, folder=tmp_path).total() == 6
