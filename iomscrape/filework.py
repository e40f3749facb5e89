"""What a worker of an import does: read files, or a part of one, up to what is left to be stored.

The pages come back ready to be stored (:mod:`archive.prepared`), some at a time. The same task gives the same
items in the same order, so that one whose worker died can be gone on with at the item where it was.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from archive import Archive
from archive.prepared import Prepared
from iomscrape.intake import said
from iomscrape.records import Capture
from spiders.files import Source
from spiders.parts import WHOLE, Part
from spiders.passed import Item, Passed
from spiders.revisits import Noted, Originals
from spiders.unfetched import Unfetched

TOGETHER = 32
BYTES = 1024 * 1024
SECONDS = 0.5
"""Items come back when there are so many, have so many bytes, or the first of them has waited so long."""


class Known(NamedTuple):
    """A page that was in the archive before."""


KNOWN = Known()

Told = Prepared | Known | Unfetched | Passed
"""What is told of an item."""


class Task(NamedTuple):
    """Whole files, or one part of one."""

    sources: tuple[Source, ...]
    part: Part = WHOLE
    skip: int = 0
    """Items, of all its files, that were told of by an earlier try."""
    is_careful: bool = False
    """Tell each item by itself, and of each page before it is read: an earlier try was the death of its worker."""
    for_revisits: bool = False
    """Only look where originals of revisits are."""


class Began(NamedTuple):
    """Where the reading of a part began; None if nothing begins in it."""

    place: int | None


class About(NamedTuple):
    """The page that is read next (of a careful task)."""

    place: str


@dataclass(slots=True)
class Some:
    """Some items of one file."""

    number: int
    """Of the file among those of the task."""
    items: list[Told] = field(default_factory=list)
    size: int = 0
    noted: Noted | None = None
    """What was learned for revisits."""
    place: int = 0
    """How many bytes of the file were read by then."""
    kind: str | None = None
    """What the file is."""
    reached: int | None = None
    """Set at the end of the file or part: where the next part has to begin."""


Message = Began | About | Some


class FileWork:
    """The work of one process; opens the archive itself, to read only, where there may be something in it."""

    def __init__(self, db: Path | None, *, again: bool = False) -> None:
        """``db``: the archive in which pages may be known; None: none are. ``again``: read those, too."""
        self.db = None if again else db
        self.archive: Archive | None = None

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process: no open archive."""
        return self.__dict__ | {"archive": None}

    def load(self) -> None:
        """Load what reads pages before the first comes."""
        import iomscrape.reader  # noqa: F401  # only for its loading

    def __call__(self, task: Task) -> Iterator[Message]:
        """Do a task."""
        part = task.part
        if part.is_known:
            yield Began(part.start)
        else:
            known = task.sources[0].beginning(part)
            yield Began(None if known is None else known.start)
            if known is None:
                return
            part = known
        skip = task.skip
        for number, source in enumerate(task.sources):
            skip = yield from self._file(task, number, source, part, skip)

    def _file(
        self, task: Task, number: int, source: Source, part: Part, skip: int
    ) -> Generator[Message, None, int]:
        """One file. Returns how many items are still to be skipped."""
        originals = Originals()
        reading = source.captures(originals, part)
        some, since = Some(number), monotonic()
        while True:
            try:
                item = next(reading)
            except StopIteration as end:
                some.reached = int(end.value)
                yield _told(some, source, originals)
                return skip
            if task.for_revisits:
                pass
            elif skip:
                skip -= 1
            else:
                if task.is_careful and isinstance(item, Capture):
                    yield About(item.origin or source.name)
                some.items.append(self.told(item))
                some.size += _size(some.items[-1])
            if task.is_careful or (
                len(some.items) >= TOGETHER or some.size >= BYTES or monotonic() - since >= SECONDS
            ):
                yield _told(some, source, originals)
                some, since = Some(number), monotonic()

    def told(self, item: Item) -> Told:
        """What is told of an item: of a page, what it says, unless it is known."""
        if not isinstance(item, Capture):
            return item
        if self.db is not None:
            self.archive = self.archive or Archive.open(self.db, readonly=True)
            if self.archive.outcome_of(item) not in (None, "problem"):
                return KNOWN
        return said(item)


def _told(some: Some, source: Source, originals: Originals) -> Some:
    some.place, some.kind, some.noted = source.place, source.kind, originals.drained()
    return some


def _size(told: Told) -> int:
    return told.size if isinstance(told, Prepared) else 500
