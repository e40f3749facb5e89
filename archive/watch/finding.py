"""What the monitors tell a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = {
    "field": "a field is filled less, or more, often than before",
    "design": "pages are read by another design than before",
    "body": "bodies are much shorter or longer than before",
    "reading": "the reader is less sure of pages than before, or finds one headline on many",
    "problem": "more pages cannot be fetched or read than before",
    "unreachable": "the site could not be walked at all",
    "silent": "nothing new for much longer than usual",
    "few": "far fewer new articles than usual",
    "many": "far more new articles than usual",
}
"""Every kind of finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was."""

    kind: str
    """One of KINDS."""
    site: str
    """Host without ``www.``; several with commas between them where they changed together."""
    said: str
    """A sentence."""
    design: str | None = None
    """The design that reads these pages now."""
    subject: str | None = None
    """The field, the design that pages have now, or the reason of the problem."""
    chance: float | None = None
    """How likely it is where nothing changed; None where that is no question."""
    have: int = 0
    """How many of the pages have it …"""
    pages: int = 0
    """… of so many."""
    usual: float | None = None
    """The share that usually has it; for articles, how many there would be."""
    examples: tuple[str, ...] = ()
    """Addresses of up to three pages that show it."""
    runs: tuple[int, ...] = ()
    """Runs that brought these pages; empty where it is the run that was judged."""
    captures: tuple[int, ...] = ()
    """Numbers of the captures to read again when the reader has learned it."""
    reread: str | None = None
    """The command for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One run, judged."""

    run: int
    started_at: str
    earlier_runs: int
    """How many runs it was compared with."""
    questions: int
    """How many questions were asked of the figures."""
    limit: float
    """What is less likely than this is told."""
    findings: tuple[Finding, ...]
    sites: tuple[Mapping[str, Any], ...]
    """For each site of the run: pages, designs, fields and new articles, with what is usual."""
    growth: Mapping[str, Any] = field(default_factory=dict)
    """The archive as a whole, and what the run added."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)
