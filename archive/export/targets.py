"""Where an export goes: a file or a folder that gets its name only when all of it is on the disk.

Until then it lies beside its place under a name of its own (``.articles.csv.4711.part``); if anything
fails, that is removed and what was there before is as it was.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import StorageError, TargetExists

_FULL = ("full", "disk i/o")  # SQLite's words for a disk that takes no more
_MANY = 200  # files, from which on one by one would take minutes


@contextmanager
def whole_file(target: Path, *, force: bool) -> Iterator[Path]:
    """A path beside ``target`` to write to; it becomes ``target`` when the context ends well.

    Raises TargetExists where there is something and ``force`` does not allow to replace it, StorageError
    where the disk refuses.
    """
    if target.is_dir():
        raise TargetExists(f"{target} is a folder; name a file")
    if os.path.lexists(target) and not force:
        raise TargetExists(f"{target} exists already; choose another name, or write over it with --force")
    if target.with_name(f"{target.name}-wal").exists():
        raise TargetExists(f"{target} is a database in use; choose another name")
    part = _beside(target, "part")
    with _told(target):
        try:
            yield part
            _sync(part)
            part.replace(target)
            _sync(target.parent)
        finally:
            for ending in ("", "-wal", "-shm", "-journal"):
                part.with_name(part.name + ending).unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, *, force: bool, listed: Callable[[Path], set[str]]) -> Iterator[Path]:
    """The same for a folder. An empty one may be there already.

    With ``force`` a folder is replaced if it holds nothing but what ``listed(folder)`` names (paths relative
    to it): an earlier export, never somebody's other files.
    """
    _check_folder(target, force, listed)
    part, old = _beside(target, "part"), _beside(target, "old")
    with _told(target):
        try:
            part.mkdir()
            yield part
            _sync_all(part)
            if target.is_dir():
                target.replace(old)
            try:
                part.replace(target)
            except OSError:
                if old.is_dir():
                    old.replace(target)
                raise
            _sync(target.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
            if target.is_dir():
                shutil.rmtree(old, ignore_errors=True)


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """A new file of a folder that is still in the making."""
    with path.open("xb") as file:
        yield file


def _check_folder(target: Path, force: bool, listed: Callable[[Path], set[str]]) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise TargetExists(f"{target} is a file; name a folder")
    found = {str(place.relative_to(target).as_posix()) for place in target.rglob("*") if not place.is_dir()}
    if not found and not any(target.iterdir()):
        return
    if not force:
        raise TargetExists(f"{target} exists already; choose another name, or replace it with --force")
    strangers = sorted(found - listed(target))
    if strangers or not found:
        held = f", {strangers[0]} for one" if strangers else ""
        raise TargetExists(f"{target} holds other things than an earlier export{held}; choose another name")


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.{ending}")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Say of a disk's refusal which export it was."""
    try:
        yield
    except OSError as error:
        raise _refused(target, error.strerror or error) from error
    except StorageError as error:
        raise _refused(target, error.__cause__ or error) from error
    except sqlite3.OperationalError as error:
        if not any(word in str(error).lower() for word in _FULL):
            raise
        raise _refused(target, error) from error


def _refused(target: Path, reason: object) -> StorageError:
    return StorageError(
        f"{target} cannot be written: {reason}; choose another place with more room or other rights. "
        "Nothing half-written was left"
    )


def _sync_all(folder: Path) -> None:
    places = [*sorted(folder.rglob("*"), reverse=True), folder]
    if len(places) > _MANY and hasattr(os, "sync"):
        os.sync()  # everything that waits to be written, in one go
        return
    for place in places:
        _sync(place)


def _sync(path: Path) -> None:
    """Onto the disk, so that the name never stands for less than the whole, even after a power cut."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
