"""What long work over articles or rows shows while it goes on: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from iomscrape.cli.output import errors

_EVERY = 100  # steps between two looks at the bar


class Steps:
    """Counts what is done. Use as a context manager around the work."""

    def __init__(self, what: str, total: int | None) -> None:
        """A bar over ``total`` steps; None where nobody knows. Filters may end it early."""
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
        """One more."""
        self._done += 1
        if self._done % _EVERY == 0:
            self._bar.update(self._task, completed=self._done)
