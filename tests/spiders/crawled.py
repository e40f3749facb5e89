"""What a crawl left behind, for tests to look at."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.website import Ended, Web

Crawl = Callable[..., Ended]

RECORDS = "SELECT url, title, text, lang, kind, paragraphs, design FROM articles ORDER BY url"


def rows(folder: Path, query: str, db: str = "iom.db") -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / db)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def slugs(folder: Path, db: str = "iom.db") -> list[str]:
    return [url.rpartition("/")[2] for (url,) in rows(folder, "SELECT url FROM articles ORDER BY url", db)]


def problems(folder: Path) -> set[tuple[str, str]]:
    return {(url, reason) for url, reason in rows(folder, "SELECT url, reason FROM problems")}


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "it did not come"
        sleep(0.02)


def pages_asked(web: Web) -> list[str]:
    return [asked.path for asked in web.log if asked.path.startswith("/news/harbour")]
