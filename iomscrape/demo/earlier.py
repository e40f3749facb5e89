"""What an earlier demo left behind, and whether it may be removed: only what the demo made itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archive import Archive, NotAnArchive, warc_folder
from iomscrape.identification import is_loopback

COMMAND = "demo"
"""The demo opens its archives with a run of this name: that is how it knows them again."""


def remove_earlier(path: Path) -> None:
    """Remove the archive at ``path`` with its WARC files if a demo made it and nothing else came in.

    Does nothing where there is no file. Raises ArchiveError, with a line for the user, and touches
    nothing, where the file is anything else.
    """
    if not path.exists():
        return
    with Archive.open(path, create=False, readonly=True) as archive:
        foreign = _foreign(archive)
        if foreign:
            raise NotAnArchive(
                f"{path} holds more than a demo: {foreign}; it was not touched, choose another with --db"
            )
        warcs = [
            row["warc_file"]
            for row in archive.db.query("SELECT DISTINCT warc_file FROM captures WHERE warc_file IS NOT NULL")
        ]
    folder = warc_folder(path)
    for name in warcs:
        (folder / Path(name).name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _foreign(archive: Archive) -> str:
    """What is in the archive that no demo brought, in a few words; empty where there is nothing."""
    runs = list(archive.db.query("SELECT command, arguments FROM runs ORDER BY id"))
    for run in runs:
        if not _ours(run):
            return f"a run of {run['command']!r} brought pages in"
    if not any(run["command"] == COMMAND for run in runs) and any(archive.db.query("SELECT 1 FROM captures")):
        return "no demo made it"
    return ""


def _ours(run: dict[str, Any]) -> bool:
    if run["command"] == COMMAND:
        return True
    sites = json.loads(run["arguments"]).get("sites") or []
    return run["command"] == "crawl" and all(is_loopback(site) for site in sites)
