"""What a power cut can leave of files, from a record of all that programs wrote and when they waited for the disk.

``strace`` writes the record: every write with its bytes, every fsync, every new, renamed or removed name. A cut at
any moment of it leaves what was synced by then, and of the rest whatever chance keeps: writes in any order and
torn at the pages of the kernel's cache, names up to any point. Of what is not synced nothing is promised, also not
the name of a new file until its folder is synced (half of the cuts keep it with the file's own fsync, as ext4 and
XFS do).

Not simulated: a disk that says that it has written what it has not, bytes that change by themselves, and
sectors half written over by a drive without power.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

PAGE = 4096
"""Bytes that the kernel writes to the disk together."""

CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,lseek,truncate,ftruncate,fsync,fdatasync,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat"
)
KEPT = ("nothing", "everything", "beginning", "pieces")
"""What a cut may leave of what was written and not synced."""

_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"\((\d+)<((?:\\x[0-9a-f]{2})+)>")
_OPENED = re.compile(r"= \d+<((?:\\x[0-9a-f]{2})+)>$")
_RESULT = re.compile(r"= (-?\d+)[^=]*$")
_FOLDER = re.compile(r"AT_FDCWD<((?:\\x[0-9a-f]{2})+)>")
_BEGUN, _ENDED = " <unfinished ...>", re.compile(r"^<\.\.\. \w+ resumed>")


class Event(NamedTuple):
    """One thing that happened to the files, in the order in which the system was done with them."""

    kind: str
    """new, write, cut, sync, rename, remove, folder."""
    path: str
    data: bytes = b""
    number: int = 0
    """Of a write: where. Of a cut: the size that is left. Of a sync: how many events had happened when it began."""
    target: str = ""
    """Of a rename."""


class Traced(NamedTuple):
    """A program that ran under strace."""

    code: int
    events: list[Event]


def trace(command: Sequence[str], folder: Path, log: Path) -> Traced:
    """Run a program to its end and give back all that it, and what it started, did to files in ``folder``.

    It has to name them by their whole paths.
    """
    options = ["--seccomp-bpf", "-f", "-qq", "-y", "-xx", "-s", "8388608", "-e", f"trace={CALLS}", "-o", str(log)]  # fmt: skip
    ran = subprocess.run(
        ["strace", *options, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    with log.open(encoding="ascii", errors="replace") as lines:
        return Traced(ran.returncode, list(_events(lines, str(folder.absolute()))))


def _events(lines: Iterator[str], root: str) -> Iterator[Event]:
    places: dict[str, int] = {}  # where the next plain write goes: every file has one writer
    sizes: dict[str, int] = {}
    begun: dict[str, tuple[str, int]] = {}
    number = 0
    for line in lines:
        pid, _, said = line.rstrip("\n").partition(" ")
        said = said.lstrip()
        since = number
        if said.endswith(_BEGUN):
            begun[pid] = said.removesuffix(_BEGUN), number
            continue
        if resumed := _ENDED.match(said):
            head, since = begun.pop(pid)
            said = head + said[resumed.end() :]
        result = _RESULT.search(said) or _OPENED.search(said)
        if result is None or result[1].startswith("-"):
            continue
        for event in _read(said, since, places, sizes):
            if event.path.startswith(root + "/") or event.path == root:
                number += 1
                yield event


def _read(said: str, since: int, places: dict[str, int], sizes: dict[str, int]) -> Iterator[Event]:
    """What one call did."""
    call = said.partition("(")[0]
    if call in ("open", "openat", "creat"):
        opened = _OPENED.search(said)
        if opened is None or not ("O_CREAT" in said or "O_TRUNC" in said):
            return
        path = _plain(opened[1])
        places[path] = sizes.get(path, 0) if "O_APPEND" in said else 0
        if path not in sizes:
            sizes[path] = 0
            yield Event("new", path)
        elif "O_TRUNC" in said:
            sizes[path] = 0
            yield Event("cut", path)
    elif found := _FD.search(said):
        path = _plain(found[2])
        result = _RESULT.search(said)
        done = int(result[1]) if result else 0
        if call in ("fsync", "fdatasync"):
            yield Event("sync", path, number=since)
        elif call == "lseek":
            places[path] = done
        elif call == "ftruncate":
            sizes[path] = int(said.partition(", ")[2].partition(")")[0])
            yield Event("cut", path, number=sizes[path])
        elif call in ("write", "pwrite64") and path in sizes:
            text = _TEXT.search(said)
            data = bytes.fromhex(text[1].replace("\\x", ""))[:done] if text else b""
            at = int(said[: said.rindex(")")].rpartition(", ")[2]) if call == "pwrite64" else places[path]
            if call == "write":
                places[path] = at + len(data)
            sizes[path] = max(sizes[path], at + len(data))
            yield Event("write", path, data, at)
    else:
        yield from _names(call, said, sizes)


def _names(call: str, said: str, sizes: dict[str, int]) -> Iterator[Event]:
    folder = _FOLDER.search(said)
    base = Path(_plain(folder[1]) if folder else "/")
    names = [str(base / _plain(text)) for text in _TEXT.findall(said)]
    if call.startswith("mkdir"):
        yield Event("folder", names[0])
    elif call.startswith("unlink"):
        sizes.pop(names[0], None)
        yield Event("remove", names[0])
    elif call.startswith("rename"):
        sizes[names[1]] = sizes.pop(names[0], 0)
        yield Event("rename", names[0], target=names[1])


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()


# The disk -------------------------------------------------------------------------------------------


@dataclass
class _File:
    """What was written to a file, whatever it was called meanwhile."""

    writes: list[tuple[int, Event]] = field(default_factory=list)
    synced: int = 0
    """The events before this one are on the disk."""


@dataclass
class Disk:
    """Files as they were at a moment, and what of them was on the disk."""

    files: list[_File] = field(default_factory=list)
    names: list[tuple[int, Event, int]] = field(default_factory=list)
    """What happened to names: when, what, and to which file (-1: a folder)."""
    folders: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """For each folder the event before which its names are on the disk."""

    @classmethod
    def at(cls, events: Sequence[Event], moment: int) -> Disk:
        """The disk when so many events had happened."""
        disk = cls()
        now: dict[str, int] = {}
        for number, event in enumerate(events[:moment]):
            if event.kind == "new":
                now[event.path] = len(disk.files)
                disk.files.append(_File())
            if event.kind in ("new", "remove", "rename", "folder"):
                disk.names.append((number, event, now.get(event.path, -1)))
            if event.kind == "remove":
                now.pop(event.path, None)
            elif event.kind == "rename" and event.path in now:
                now[event.target] = now.pop(event.path)
            elif event.kind in ("write", "cut"):
                disk.files[now[event.path]].writes.append((number, event))
            elif event.kind == "sync" and event.path in now:
                disk.files[now[event.path]].synced = event.number
            elif event.kind == "sync":
                disk.folders[event.path] = event.number
        return disk

    def left(self, dice: random.Random, kept: str) -> tuple[set[str], dict[str, bytes]]:
        """The folders and files that a cut leaves. ``kept``: one of KEPT."""
        with_file = dice.random() < 0.5
        until = {"nothing": 0, "everything": 2**62}.get(kept, dice.randrange(1 + len(self.names)))
        folders: set[str] = set()
        there: dict[str, int] = {}
        for place, (number, event, file) in enumerate(self.names):
            parent = str(Path(event.path).parent)
            safe = number < self.folders.get(parent, 0)
            safe = safe or (with_file and file >= 0 and event.kind == "new" and self.files[file].synced > 0)
            if not (safe or place < until):
                continue
            if event.kind == "new":
                there[event.path] = file
            elif event.kind == "folder":
                folders.add(event.path)
            elif event.kind == "remove":
                there.pop(event.path, None)
            elif event.path in there:
                there[event.target] = there.pop(event.path)
        return folders, {path: self._bytes(self.files[file], dice, kept) for path, file in there.items()}

    def _bytes(self, file: _File, dice: random.Random, kept: str) -> bytes:
        content = bytearray()
        waiting = [event for number, event in file.writes if number >= file.synced]
        for number, event in file.writes:
            if number < file.synced:
                _apply(content, event)
        if kept == "beginning":
            waiting = waiting[: dice.randrange(len(waiting) + 1)]
        elif kept == "nothing":
            waiting = []
        for event in waiting:
            for piece in _pieces(event) if kept == "pieces" else (event,):
                if kept != "pieces" or dice.random() < 0.5:
                    _apply(content, piece)
        return bytes(content)


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "cut":
        del content[event.number :]
        content.extend(bytes(event.number - len(content)))
        return
    content.extend(bytes(max(0, event.number - len(content))))
    content[event.number : event.number + len(event.data)] = event.data


def _pieces(event: Event) -> Iterator[Event]:
    """A write as the kernel may bring it to the disk: page by page of the file."""
    if event.kind == "cut":
        yield event
        return
    at, rest = event.number, event.data
    while rest:
        size = PAGE - at % PAGE
        yield event._replace(data=rest[:size], number=at)
        at, rest = at + size, rest[size:]
