"""One task of an import as the process sees it that stores: what comes of it, whatever happens to its worker.

A part of a file is read again where it began wrongly (:mod:`spiders.parts`). A task whose worker died is gone on
with by another, with care; a page at which two of those die is reported and left out. One may be killed for another
reason, as where a system has no memory left, and then the page is read by the next.
"""

from __future__ import annotations

from collections.abc import Iterator

from iomscrape.filework import About, Began, Message, Some, Task
from iomscrape.importedfiles import Done
from iomscrape.workers import Hands, WorkerDied
from spiders.parts import WHOLE, Part, mended
from spiders.unfetched import Unfetched

DEATHS = 4
"""So many workers may die one after another before they come to a page; then the rest of the file is given up."""

DEADLY = 2
"""So many pages of a task may be left out; at the next one the rest of the file is given up."""

KILLED = "reader-killed"


class Reading:
    """A task that was handed to a worker."""

    def __init__(
        self,
        workers: Hands[Task, Message],
        task: Task,
        files: list[Done],
        *,
        is_last: bool = True,
    ) -> None:
        """``files``: those of the task. ``is_last``: whether this is the last part of the file, or all of it."""
        self.files = files
        self.is_whole = task.part == WHOLE
        self.is_last = is_last
        self._workers = workers
        self._task = task
        self._job = workers.start(task)
        self._number = 0  # of the file that is being read
        self._items = 0  # that came so far
        self._revisits = self._revisits_again = 0  # that came so far, and that come once more
        self._deaths = 0  # since the last item came
        self._left_out = 0
        self._about: str | None = None  # the page that a careful worker is at
        self._suspect: str | None = None  # the page at which one died

    def told(self) -> Iterator[tuple[Done, Some]]:
        """What the files give, in order. Of a part that holds nothing: nothing."""
        while True:
            try:
                for message in self._workers.messages(self._job):
                    if isinstance(message, Some):
                        yield self.files[message.number], self._counted(message)
                    elif isinstance(message, About):
                        self._about = message.place
                    elif not self._begins_rightly(message):
                        break
                else:
                    return
            except WorkerDied:
                yield from self._bury()
            if self._job.is_unwanted:
                return

    def drop(self) -> None:
        """What the files give is not wanted."""
        self._workers.drop(self._job)

    def _begins_rightly(self, message: Began) -> bool:
        """Whether a part began where it had to; else what is to be read in its place is begun."""
        part, reached = self._task.part, self.files[0].reached
        if part == WHOLE or reached is None:
            return True
        right = mended(part, message.place, reached)
        if right is None:
            if message.place is not None:
                self._task = self._task._replace(part=Part(message.place, part.end))
            return True
        self.drop()
        if not right.is_empty:
            self._again(self._task._replace(part=right))
        return False

    def _counted(self, some: Some) -> Some:
        self._number = some.number + (some.reached is not None)
        self._items += len(some.items)
        self._about = None
        if some.items:
            self._deaths = 0
        if some.reached is not None:
            self.files[some.number].reached = some.reached
        if some.noted is not None:
            again = min(self._revisits_again, len(some.noted.waiting))
            del some.noted.waiting[:again]
            self._revisits_again -= again
            self._revisits += len(some.noted.waiting)
        return some

    def _again(self, task: Task) -> None:
        self._task = task
        self._job = self._workers.start(task, first=True)

    def _bury(self) -> Iterator[tuple[Done, Some]]:
        """The worker died: go on with another one, behind the page at which a careful one died the second time."""
        self._deaths += 1
        file, about, task = self.files[min(self._number, len(self.files) - 1)], self._about, self._task
        self._about, self._revisits_again = None, self._revisits
        is_by_chance = about != self._suspect if about is not None else self._deaths < DEATHS
        if is_by_chance or not task.is_careful:
            self._suspect = about
            self._again(task._replace(skip=self._items, is_careful=True))
            return
        file.is_read = False
        if about is not None and self._left_out < DEADLY:
            self._items += 1
            self._left_out += 1
            yield file, _killed(self._number, about, "It was left out.")
            self._again(task._replace(skip=self._items))
            return
        place = about or f"{file.source.name}:{file.source.place}"
        yield file, _killed(self._number, place, "What is behind it in the file was not read.")
        file.reached = None
        rest = task.sources[self._number + 1 :]
        self.drop()
        if rest:
            del self.files[: self._number + 1]
            self._number = self._items = self._revisits = self._revisits_again = 0
            self._deaths = self._left_out = 0
            self._again(Task(rest))


def _killed(number: int, place: str, then: str) -> Some:
    detail = f"The processes that read it ended, one after another (killed, or out of memory). {then}"
    return Some(number, [Unfetched(url=place, reason=KILLED, detail=detail)], place=0)
