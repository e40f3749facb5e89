"""The WARC files of the archives that are joined, in one folder.

They are hard-linked where the disk allows it: that takes no room, and either archive can be removed. Files of one
name that hold different records are both kept, the second under a name made of its bytes.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from archive.errors import StorageError, storage
from archive.export.targets import whole_file
from archive.rawpages import inside

_CHUNK = 1 << 20
_HEAD = 4096


class Brought(NamedTuple):
    """What became of the WARC files of one archive."""

    names: dict[str, str]
    """Their name there to their name here, where that is another."""
    linked: int = 0
    copied: int = 0


def files_of(source: sqlite3.Connection) -> list[str]:
    """The WARC files that the archive's captures lie in."""
    rows = source.execute(
        "SELECT DISTINCT warc_file FROM captures WHERE warc_file IS NOT NULL ORDER BY warc_file"
    )
    return [name for (name,) in rows]


def missing(names: Sequence[str], folder: Path) -> list[str]:
    """Those of the files that are not in the folder. Raises StorageError for one that would lie elsewhere."""
    return [name for name in names if not inside(folder, name).is_file()]


def bring(
    names: Sequence[str],
    source: Path,
    target: Path,
    *,
    link: bool,
    watch: Callable[[str, int, int], None],
) -> Brought:
    """Have all of the files in ``target``. What is there already, or was brought before, stays as it is.

    ``link``: link them if both folders are on one disk. Raises StorageError.
    """
    renamed: dict[str, str] = {}
    numbers = {"linked": 0, "copied": 0}
    for number, name in enumerate(names):
        watch("raw pages", number, len(names))
        theirs = inside(source, name)
        with storage(theirs):
            ours = _free(theirs, inside(target, name))
            if ours.relative_to(target).as_posix() != name:
                renamed[name] = ours.relative_to(target).as_posix()
            if not ours.is_file() or _is_older(ours, theirs):
                numbers[_place(theirs, ours, link=link)] += 1
    if names:
        watch("raw pages", len(names), len(names))
    return Brought(renamed, **numbers)


def _free(theirs: Path, ours: Path) -> Path:
    """The place for a file: that of its own name, or another if a different file has it."""
    if not ours.exists() or _is_same(theirs, ours):
        return ours
    with theirs.open("rb") as file:
        # Of its beginning: a file that a crawl still writes to keeps its name when it has grown.
        mark = sha256(file.read(_HEAD)).hexdigest()[:8]
    stem, dot, endings = ours.name.partition(".")
    other = ours.with_name(f"{stem}-{mark}{dot}{endings}")
    if other.exists() and not _is_same(theirs, other):
        raise StorageError(f"{other} is in the way of {theirs}; move it aside")
    return other


def _is_same(one: Path, other: Path) -> bool:
    """Whether they are one file, or one file at two ages: WARC files are only ever added to."""
    if one.samefile(other):
        return True
    here, there = one.stat(), other.stat()
    if (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
        return True  # a copy of ours, or of somebody's who kept the time
    left = min(here.st_size, there.st_size)
    with one.open("rb") as first, other.open("rb") as second:
        while left > 0:
            length = min(left, _CHUNK)
            if first.read(length) != second.read(length):
                return False
            left -= length
    return True


def _is_older(ours: Path, theirs: Path) -> bool:
    return ours.stat().st_size < theirs.stat().st_size


def _place(theirs: Path, ours: Path, *, link: bool) -> str:
    """Put the file there; ``linked`` or ``copied``."""
    ours.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(ours, force=True) as part:
        if link:
            try:
                os.link(theirs, part)
            except OSError:
                pass  # another disk, or one that knows no links
            else:
                return "linked"
        shutil.copyfile(theirs, part)
        shutil.copystat(theirs, part)
    return "copied"
