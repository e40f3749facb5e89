"""What there is to tell of a job: how it went, what the monitors found, whether a person is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iomscrape.job.running import WORDS, Ended

NO_HELP = (0, 7)
"""Exit codes that need nobody: done; stopped, the next run goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A job that has ended."""

    job: str
    """Name of the profile, without its ending."""
    archive: str
    ended_at: datetime
    exit_code: int
    steps: tuple[Ended, ...]

    @property
    def needs_help(self) -> bool:
        """Whether a person has to look."""
        return self.exit_code not in NO_HELP

    @property
    def watched(self) -> Mapping[str, Any]:
        """What ``iomscrape watch --json`` said; empty where it did not run."""
        return next(
            (one.counts for one in self.steps if one.step == "watch" and "findings" in one.counts), {}
        )

    @property
    def findings(self) -> Sequence[Mapping[str, Any]]:
        """As in :class:`archive.watch.Finding`."""
        found: Sequence[Mapping[str, Any]] = self.watched.get("findings", ())
        return found

    @property
    def failed(self) -> list[Ended]:
        """The steps that need a person; of the monitors their findings speak."""
        return [
            one
            for one in self.steps
            if one.exit_code not in NO_HELP and not (one.step == "watch" and self.findings)
        ]

    @property
    def headline(self) -> str:
        """One line: ``iom: timor-leste.iom.int: published not as usual (and 2 more)``."""
        said = [f"{one.step} {WORDS.get(one.exit_code, 'failed')}" for one in self.failed]
        said += [f"{one['site']}: {one['subject'] or one['kind']} not as usual" for one in self.findings]
        if not said:
            return plain(f"{self.job}: {WORDS.get(self.exit_code, 'failed')}")
        more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
        return plain(f"{self.job}: {said[0]}{more}")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; ``text`` is what chat programs show."""
        from iomscrape.job.report import as_text

        return {
            "text": as_text(self),
            "job": self.job,
            "archive": self.archive,
            "ended_at": self.ended_at.isoformat(timespec="seconds"),
            "exit_code": self.exit_code,
            "headline": self.headline,
            "needs_help": self.needs_help,
            "steps": [
                {"step": one.step, "exit_code": one.exit_code, "seconds": round(one.seconds, 1)}
                for one in self.steps
            ],
            "findings": list(self.findings),
        }


def account(profile: Path, db: Path, ended: Sequence[Ended], exit_code: int) -> Account:
    """Of a job that ended just now."""
    return Account(
        job=profile.stem, archive=str(db), ended_at=datetime.now(UTC), exit_code=exit_code, steps=tuple(ended)
    )


def plain(text: object) -> str:
    """The text without signs that a terminal or a mail program would obey, and without line breaks."""
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in " ".join(str(text).split())
    )
