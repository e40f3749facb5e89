"""Dry runs: the spider asks only for lists, into an archive that is thrown away; what of them is here already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from iomscrape.cli.output import archive_errors

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def rehearsed(spider: str, arguments: Mapping[str, Any], chosen: Mapping[str, Any]) -> Crawler:
    """Run a spider with ``dry_run`` to its end; nothing of it stays. Raises as :func:`finished` does."""
    from iomscrape.cli.crawl import finished

    with TemporaryDirectory(prefix="iomscrape-") as folder:
        beside = {
            "IOMSCRAPE_DB": str(Path(folder) / "dry-run.db"),
            "IOMSCRAPE_WARC_DIR": folder,
            "IOMSCRAPE_REQUEST_LOG": False,
        }
        return finished(spider, {**arguments, "dry_run": "yes"}, {**chosen, **beside})


def held(db: str, offered: Iterable[tuple[str, datetime]]) -> int:
    """How many of the captures (address and moment) the archive has; 0 where there is no archive yet."""
    from archive import Archive
    from archive.addresses import readable
    from archive.runs import stamp

    if not Path(db).exists():
        return 0
    query = "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ?"
    with archive_errors(), Archive.open(db, create=False, readonly=True) as archive:
        return sum(
            archive.db.conn.execute(query, (readable(url), stamp(moment))).fetchone() is not None
            for url, moment in offered
        )


def duration(seconds: float) -> str:
    """``about 3 h 20 min``."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"about {round(seconds)} s"
    return f"about {minutes} min" if minutes < 60 else f"about {minutes // 60} h {minutes % 60} min"
