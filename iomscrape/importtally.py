"""What an import brought, and whether that is well."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from iomscrape.outcome import PROBLEM_SHARE

NO_PROBLEMS = frozenset({"challenge", "forbidden", "rate-limited", "revisit-alone"})
"""Reasons that are written down but are no fault of the files: what a site answered once, say."""

NO_ARTICLE = ("no-article", "not-a-page", "empty")
"""Reasons that are none where a page need not be an article."""


@dataclass
class Tally:
    """What an import brought."""

    pages: Counter[str] = field(default_factory=Counter)
    """Pages by outcome: new, changed, unchanged, known (this very capture was in the archive)."""
    problems: Counter[str] = field(default_factory=Counter)
    """Problems by reason; they decide on the exit code."""
    apart: Counter[str] = field(default_factory=Counter)
    """What was left out, or written down without being a problem of the files, by reason."""
    files: int = 0
    """Files that were read."""
    files_known: int = 0
    """Files that were taken in before, and passed over."""
    pages_known: int = 0
    """Pages that those brought then."""
    problems_known: int = 0
    """Problems that those brought then."""

    @property
    def good(self) -> int:
        """Pages that are in the archive as articles, now or since an earlier import."""
        return self.pages.total() + self.pages_known

    @property
    def problem_share(self) -> float:
        """Problems among all pages."""
        problems = self.problems.total() + self.problems_known
        return problems / max(1, problems + self.good)

    @property
    def is_below_threshold(self) -> bool:
        """Whether there were too many problems."""
        return self.problem_share > PROBLEM_SHARE

    def counts(self) -> dict[str, int]:
        """The numbers for the archive and for people."""
        return {word: self.pages[word] for word in ("new", "changed", "unchanged", "known")} | {
            "problems": self.problems.total(),
            "left_out": self.apart.total(),
            "files": self.files,
            "files_known": self.files_known,
        }
