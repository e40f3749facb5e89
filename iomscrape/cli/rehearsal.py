"""What a dry run tells of sources that are archives: how much of what they offer is here, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from iomscrape.cli.output import archive_errors


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
