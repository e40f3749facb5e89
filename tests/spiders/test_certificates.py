"""A site over TLS is asked only if somebody who is trusted vouches for it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.job.servers import certificate
from tests.website import QUICK, Web, fill, run


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    web = Web(certificate(tmp_path))
    fill(web)
    yield web
    web.close()


def crawled(web: Web, folder: Path, env: dict[str, str]) -> int:
    return run("crawl", web.base, "--db", str(folder / "iom.db"), *QUICK, cwd=folder, env=env).code


def rows(folder: Path, query: str) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(folder / "iom.db")) as conn:
        return conn.execute(query).fetchall()


def test_a_certificate_that_nobody_vouches_for_is_refused(web: Web, tmp_path: Path) -> None:
    assert crawled(web, tmp_path, {}) == 3
    assert web.log == []  # not one request was sent
    assert rows(tmp_path, "SELECT DISTINCT reason FROM problems") == [("tls",)]


def test_one_that_is_vouched_for_is_taken(web: Web, tmp_path: Path) -> None:
    assert crawled(web, tmp_path, {"SSL_CERT_FILE": str(tmp_path / "localhost.pem")}) == 0
    assert len(rows(tmp_path, "SELECT url FROM articles")) == 6
