"""What an import shows while it runs: a bar over bytes on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from iomscrape.cli.output import safe
from iomscrape.importing import Import
from spiders.files import Source

REDRAW_SECONDS = 0.2


class ImportProgress:
    """Watches an import of these files. Use as a context manager around it."""

    def __init__(
        self, bringing: Import, files: Sequence[Source], console: Console, *, plain_seconds: float = 30.0
    ) -> None:
        """``plain_seconds``: how often a line is printed where there is no terminal."""
        self._import = bringing
        self._console = console
        self._plain_seconds = plain_seconds
        self._sizes = {source.name: source.size for source in files}
        self._total = sum(self._sizes.values())
        self._before = 0  # bytes of the files that are done
        self._source: Source | None = None
        self._started = self._shown = monotonic()
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=self._total or None)
        bringing.watch = self.show

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self._bar.stop()

    def show(self) -> None:
        """Called after each item; draws now and then."""
        source = self._import.source
        if source is not self._source:
            if self._source is not None:
                self._before += self._sizes.get(self._source.name, 0)
            self._source = source
        now = monotonic()
        if now - self._shown < (REDRAW_SECONDS if self._console.is_terminal else self._plain_seconds):
            return
        self._shown = now
        if self._console.is_terminal:
            done = self.done()
            self._bar.update(
                self._task, completed=done, total=max(done, self._total), description=self._said()
            )
        else:
            self._console.print(f"{self._said()}, {self.done() / max(1, self._total):.0%}", soft_wrap=True)

    def done(self) -> int:
        """Bytes that were read so far."""
        source = self._source
        place = min(source.place, self._sizes.get(source.name, source.place)) if source else 0
        return min(self._before + place, max(self._total, self._before + place))

    def _said(self) -> str:
        tally = self._import.tally
        pages = tally.pages.total()
        rate = pages / max(0.001, monotonic() - self._started)
        number = tally.files + tally.files_known
        name = safe(self._source.name)[-40:] if self._source else ""
        return (
            f"{name}: file {number} of {max(number, len(self._sizes))}, {pages} pages, "
            f"{tally.problems.total()} problems, {rate:.0f} a second"
        )
