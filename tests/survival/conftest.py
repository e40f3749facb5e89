"""What an undisturbed crawl of the country office's sample site leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iomscrape.demo.server import SampleSites
from tests.survival.kills import records
from tests.website import run

QUICK = ("--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4",
         "-s", "RETRY_TIMES=1", "--no-request-log")  # fmt: skip


@dataclass(frozen=True)
class Undisturbed:
    """Its archive, and the ports of the sites, which are part of each address."""

    db: Path
    ports: tuple[int, int]
    records: list[list[tuple[Any, ...]]]

    def sites(self) -> SampleSites:
        """The same sites once more, to be entered as a context."""
        return SampleSites(ports=self.ports)


@pytest.fixture(scope="package")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    with SampleSites() as sites:
        ports = (int(sites.headquarters.rpartition(":")[2]), int(sites.office.rpartition(":")[2]))
        assert run("crawl", sites.office, *QUICK, cwd=folder).code == 0
    return Undisturbed(folder / "iom.db", ports, records(folder / "iom.db"))
