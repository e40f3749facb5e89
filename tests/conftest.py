"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import hypothesis
import pytest

from tests import demoed
from tests.website import QUICK, Ended, Web, fill, run

# How long one example takes tells how busy the machine is; what must be fast has tests of its own.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture
def web() -> Iterator[Web]:
    """An empty site."""
    server = Web()
    yield server
    server.close()


@pytest.fixture
def site(web: Web) -> Web:
    """A small whole site with six articles."""
    fill(web)
    return web


@pytest.fixture
def iomscrape(tmp_path: Path) -> Callable[..., Ended]:
    """The program in a process of its own, in an empty folder: ``iomscrape("read", "page.html")``."""
    return partial(run, cwd=tmp_path)


@pytest.fixture
def crawl(iomscrape: Callable[..., Ended]) -> Callable[..., Ended]:
    """``iomscrape crawl`` without pauses, into iom.db."""

    def crawl_quickly(*arguments: str) -> Ended:
        return iomscrape("crawl", *arguments, *QUICK)

    return crawl_quickly


@pytest.fixture(scope="session")
def shared_demo(tmp_path_factory: pytest.TempPathFactory) -> demoed.Demo:
    """``iomscrape demo``, run once; take a copy of its archive, also to read it."""
    root = tmp_path_factory.getbasetemp()
    return demoed.shared_demo(root.parent if "PYTEST_XDIST_WORKER" in os.environ else root)
