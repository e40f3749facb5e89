"""What long work over articles shows while it goes on: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from iomscrape.cli.output import errors

if TYPE_CHECKING:
    from archive import Archive

_EVERY = 100  # steps between two looks at the bar


class Steps:
    """Counts articles as they are done. Use as a context manager around the work."""

    def __init__(self, archive: Archive, what: str) -> None:
        """A bar as long as the archive has articles; filters may end it early."""
        self._done = 0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        )
        total = archive.db.conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        self._task = self._bar.add_task(what, total=total or None)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self._bar.stop()

    def step(self) -> None:
        """One more article."""
        self._done += 1
        if self._done % _EVERY == 0:
            self._bar.update(self._task, completed=self._done)
