"""How a crawl's numbers become a word and an exit code."""

from __future__ import annotations

from typing import Any

import pytest

from iomscrape.outcome import judge


@pytest.mark.parametrize(
    ("stats", "reason", "outcome", "code"),
    [
        ({"pages/new": 8}, "finished", "done", 0),
        ({"pages/unchanged": 8, "problems/robots": 9}, "finished", "done", 0),
        ({"skipped": 3}, "finished", "done", 0),
        ({"pages/new": 8}, "max_pages", "done", 0),
        ({"pages/new": 7, "problems/http-404": 3}, "finished", "done", 4),
        ({"pages/new": 8, "problems/http-404": 2}, "finished", "done", 0),
        ({"pages/new": 8, "sites/dns": 1, "problems/dns": 1}, "finished", "done", 4),
        ({"pages/new": 8, "sites/no-such-site": 9, "problems/no-such-site": 9}, "finished", "done", 0),
        ({"sites/no-such-site": 1, "problems/no-such-site": 1}, "finished", "nothing", 3),
        ({}, "finished", "nothing", 3),
        ({"sites/refused": 1, "problems/refused": 1}, "finished", "nothing", 3),
        ({"pages/problem": 4, "problems/no-article": 4}, "finished", "nothing", 3),
        ({"problems/robots": 1}, "finished", "refused", 5),
        ({"pages/new": 8, "sites/rate-limited": 1, "problems/rate-limited": 1}, "finished", "refused", 5),
        ({"problems/challenge": 2}, "finished", "refused", 5),
        ({"storage": "disk full", "pages/new": 8}, "storage", "failed", 6),
        ({"settings": "no contact"}, "settings", "failed", 2),
        ({"pages/new": 8}, "shutdown", "interrupted", 7),
        ({"pages/new": 8, "errors": 1}, "finished", "failed", 1),
        ({}, "start_error", "failed", 1),
    ],
)
def test_verdicts(stats: dict[str, Any], reason: str, outcome: str, code: int) -> None:
    verdict = judge({f"iomscrape/{name}": value for name, value in stats.items()}, reason)
    assert (verdict.outcome, verdict.exit_code) == (outcome, code)


def test_fault_in_the_spider_is_a_failure() -> None:
    assert judge({"iomscrape/pages/new": 8, "spider_exceptions/count": 1}, "finished").exit_code == 1
