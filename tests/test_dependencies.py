"""The locks hold what setup.cfg asks for, each with a hash, each free to use."""

from __future__ import annotations

import re

import pytest

from tests import dependencies


@pytest.mark.parametrize("lock", dependencies.LOCKS)
def test_everything_is_pinned_with_a_hash(lock: str) -> None:
    names = re.findall(r"^([A-Za-z0-9][\w.-]*)", (dependencies.ROOT / lock).read_text(), re.M)
    assert len(dependencies.locked(lock)) == len(set(names)) > 20


def test_locks_are_in_step_with_setup_cfg() -> None:
    assert dependencies.out_of_step("requirements.lock") == []
    assert dependencies.out_of_step("requirements-dev.lock", "test", "lint") == []
    assert dependencies.out_of_step("requirements.lock", "lint") != []  # of which the core has nothing


def test_licences_are_free() -> None:
    assert dependencies.unfree() == []
