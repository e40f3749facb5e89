"""A large archive as several smaller ones, by the years in which articles were published.

Each part is an archive of its own, with all versions and captures of its articles. A capture that showed
articles of several years is in the parts of all of them, so the parts are to be asked, not to be joined again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from archive.archive import Archive
from archive.database import snapshot
from archive.errors import TargetExists, storage
from archive.export.subset import write_subset
from archive.export.targets import whole_file
from archive.merging import raw
from archive.rawpages import warc_folder

UNDATED = "undated"
"""The part of the articles that give no date."""

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the archives that were made."""

    path: Path
    year: str
    articles: int


def split(
    archive: Archive,
    folder: Path,
    *,
    force: bool = False,
    raw_pages: Path | None = None,
    without_raw_pages: bool = False,
    watch: Watch | None = None,
) -> Iterator[Part]:
    """Write the archives ``NAME-YEAR.db`` into ``folder``, one after the other; each is whole or not there.

    ``raw_pages``: the folder of the WARC files, if not that beside the archive. They are linked into the parts'
    own, or copied where the folder is on another disk. Raises TargetExists, before anything is written, where
    one of them is there and not to be replaced (``force``); StorageError where the disk refuses.
    """
    tell = watch or (lambda *_: None)
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with storage(archive.path), snapshot(archive.db):
        years = _years(archive.db)
        targets = {year: folder / f"{archive.path.stem}-{year or UNDATED}.db" for year in years}
        for target in targets.values() if not force else ():
            if target.exists():
                raise TargetExists(
                    f"{target} exists already; name another folder, or write over it with --force"
                )
        for year, target in targets.items():
            written = _Written(f"{year or UNDATED}", years[year], tell)
            with whole_file(target, force=force) as part:
                number = write_subset(
                    archive.db,
                    part,
                    "SELECT article_id FROM facets JOIN labels ON labels.id = label_id WHERE year = :year",
                    {"year": year},
                    with_contacts=True,
                    step=written,
                )
                if not without_raw_pages:
                    _bring_raw_pages(part, target, raw_pages or warc_folder(archive.path), tell)
            yield Part(target, year or UNDATED, number)


class _Written:
    """Tells how many articles of a part are written."""

    def __init__(self, year: str, total: int, tell: Watch) -> None:
        self.year, self.total, self.tell, self.done = year, total, tell, 0

    def __call__(self) -> None:
        self.done += 1
        if self.done % 100 == 0 or self.done == self.total:
            self.tell(self.year, self.done, self.total)


def _years(db: Database) -> dict[str, int]:
    """The years, and how many articles each has; the empty text for none."""
    return dict(
        db.conn.execute(
            "SELECT year, count(*) FROM facets JOIN labels ON labels.id = label_id GROUP BY year ORDER BY year"
        )
    )


def _bring_raw_pages(part: Path, target: Path, source: Path, tell: Watch) -> None:
    with Archive.open(part, readonly=True) as made:
        names = raw.files_of(made.db.conn)
    lost = set(raw.missing(names, source))
    raw.bring(
        [name for name in names if name not in lost], source, warc_folder(target), link=True, watch=tell
    )
