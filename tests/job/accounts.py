"""Jobs that have ended, as the modules that tell of them get them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iomscrape.job.account import Account
from iomscrape.job.profile import Profile, parse
from iomscrape.job.running import Ended

FINDING: dict[str, Any] = {
    "kind": "field",
    "site": "timor-leste.iom.int",
    "said": "0 of 5 pages have published; usually 100 %.",
    "design": "drupal9",
    "subject": "published",
    "chance": 1e-6,
    "have": 0,
    "pages": 5,
    "usual": 1.0,
    "examples": [f"https://timor-leste.iom.int/news/item-{number}" for number in range(3)],
    "captures": [7, 8, 9, 10, 11],
    "reread": "iomscrape reread --db iom.db --run 12 --site timor-leste.iom.int",
}
SITE: dict[str, Any] = {
    "site": "timor-leste.iom.int",
    "captures": 6,
    "new": 5,
    "usual_new": 4.2,
    "pages": 5,
    "earlier_pages": 60,
    "designs": {"drupal9": 5},
    "fields": {"title": 5, "published": 0},
    "usual": {"title": 0.99, "published": 0.99},
    "problems": {"http-404": 1},
}
GROWTH = {
    "articles": 90,
    "captures": 120,
    "problems": 2,
    "new_articles": 5,
    "new_bytes": 1_250_000,
    "usual_new_articles": 4.5,
}


def job(*findings: dict[str, Any], site: dict[str, Any] | None = None, crawl: int = 0) -> Account:
    """A job with a crawl, its monitors, and a backup."""
    watched = {"run": 12, "findings": list(findings), "sites": [SITE | (site or {})], "growth": GROWTH}
    code = crawl or (4 if findings else 0)
    return Account(
        job="iom",
        archive="/srv/iom/iom.db",
        ended_at=datetime(2026, 11, 25, 3, 40, tzinfo=UTC),
        exit_code=code,
        steps=(
            Ended("crawl", crawl, 12.5, {"new": 5}, ("https://x.int/: it timed out",) if crawl else ()),
            Ended("watch", 4 if findings else 0, 0.5, watched, ()),
            Ended("backup", 0, 1.0, {"articles": 90}, ()),
        ),
    )


def profile(folder: Path, *sections: str) -> Profile:
    """A profile with these sections."""
    return parse("\n".join(('[crawl]\nsites = ["a.int"]', "[watch]", *sections)), folder / "iom.toml")
