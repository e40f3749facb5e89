"""What came of each site in each crawl: captures, new articles, problems; and which crawls asked it at all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.addresses import site as site_of
from archive.watch.pages import SITE

NO_TROUBLE = frozenset({"robots", "no-such-site", "off-site", "too-many", "too-deep", "alike"})
"""Reasons that are rules which were kept, not pages that failed."""
NO_SITE = "no-such-site"


class Run(NamedTuple):
    """One crawl."""

    id: int
    started_at: datetime
    arguments: str
    complete: bool
    """Whether it came to its end: it was not stopped, and no limit of pages cut it off."""
    stopped: bool
    """Whether it was killed or stopped, so that the next one went on with it."""
    parts: tuple[int, ...]
    """Its own number, and those of the stopped runs that it went on with."""

    @property
    def asked(self) -> frozenset[str]:
        """The sites that it was given by name."""
        return frozenset(site_of(url) for url in json.loads(self.arguments).get("sites", []))


@dataclass(slots=True)
class Tried:
    """One site in one run."""

    captures: int = 0
    """Answers, also 304."""
    new: int = 0
    """Pages that brought an article for the first time."""
    known_problems: int = 0
    """Captures of pages that had the same problem in an earlier run: no news."""
    uncaptured: int = 0
    """Addresses that failed for the first time without leaving a capture."""
    problems: Counter[str] = field(default_factory=Counter)
    """Those that are new in this run, by reason."""
    examples: dict[str, list[tuple[str, int | None]]] = field(default_factory=dict)
    """Address and capture of each, by reason."""
    home_failed: str | None = None
    """Why the home page could not be had."""

    @property
    def pages(self) -> int:
        """What could have had a problem that is news."""
        return self.captures - self.known_problems + self.uncaptured

    def __add__(self, other: Tried) -> Tried:
        """Two sites as one."""
        examples = {reason: list(found) for reason, found in self.examples.items()}
        for reason, found in other.examples.items():
            examples.setdefault(reason, []).extend(found)
        return Tried(
            captures=self.captures + other.captures,
            new=self.new + other.new,
            known_problems=self.known_problems + other.known_problems,
            uncaptured=self.uncaptured + other.uncaptured,
            problems=self.problems + other.problems,
            examples=examples,
        )


History = Mapping[str, Mapping[int, Tried]]
"""By site, then by run."""


def runs(db: Database, run: int, most: int) -> list[Run]:
    """The run and those before it that it is compared with, oldest first: the last with the same arguments, and
    the last with others, so that neither pushes the other out."""
    sql = (
        "SELECT id, started_at, arguments, outcome, (SELECT count(*) FROM captures "
        "WHERE run_id = runs.id AND coalesce(status, 0) <> 304 AND json_extract(arguments, '$.max_pages') > 0) "
        "FROM runs WHERE command = 'crawl' AND id < ?1 "
        "AND (arguments = (SELECT arguments FROM runs WHERE id = ?1)) = ?2 ORDER BY id DESC LIMIT ?3"
    )
    rows = [row for same in (1, 0) for row in db.conn.execute(sql, (run, same, most))]
    rows += db.conn.execute(sql.replace("id < ?1", "id = ?1"), (run, 1, 1))
    found = []
    for number, started_at, arguments, outcome, taken in sorted(rows):
        stopped = outcome in (None, "interrupted")
        complete = not stopped and not (taken and taken >= json.loads(arguments)["max_pages"])
        started = datetime.fromisoformat(started_at)
        found.append(Run(number, started, arguments, complete, stopped, (number,)))
    return _whole(found)


def _whole(found: list[Run]) -> list[Run]:
    """The last run with those that it went on with as one: nobody was there to judge them when they were killed.

    Where no run ever came to its end, as while twenty years are fetched a few hours a night, each stands alone.
    """
    *earlier, last = found
    same = [run for run in earlier if run.arguments == last.arguments]
    parts: list[Run] = []
    while same and same[-1].stopped:
        parts.insert(0, same.pop())
    if not parts or not same:
        return found
    whole = last._replace(started_at=parts[0].started_at, parts=(*(run.id for run in parts), last.id))
    return [*(run for run in earlier if run not in parts), whole]


def numbers(crawls: Sequence[Run]) -> dict[int, int]:
    """The number of each run, also of parts, to that of the run it counts with."""
    return {part: run.id for run in crawls for part in run.parts}


def history(db: Database, crawls: Sequence[Run]) -> History:
    """What came of each site in these runs."""
    found: dict[str, dict[int, Tried]] = defaultdict(lambda: defaultdict(Tried))
    whole = numbers(crawls)
    ids = ", ".join(map(str, whole))
    for run, site, captures, new in db.conn.execute(
        f"SELECT run_id, {SITE}, count(*), sum(outcome = 'new') FROM captures "  # noqa: S608  # our numbers
        f"WHERE run_id IN ({ids}) AND source = 'live' GROUP BY 1, 2"
    ):
        found[site][whole[run]].captures += captures
        found[site][whole[run]].new += new
    known: set[tuple[str, str]] = set()
    for run, url, reason, capture in db.conn.execute(
        f"SELECT run_id, url, reason, capture_id FROM problems WHERE run_id IN ({ids}) ORDER BY run_id, id"  # noqa: S608  # our numbers
    ):
        if not url.startswith(("http://", "https://")):
            continue
        if reason != NO_SITE:
            _note(found[site_of(url)][whole[run]], url, reason, capture, (url, reason) in known)
        known.add((url, reason))
    # An address elsewhere that a page led to is no site of ours.
    return {
        site: dict(tried)
        for site, tried in found.items()
        if any(one.captures or one.home_failed for one in tried.values())
    }


def _note(tried: Tried, url: str, reason: str, capture: int | None, known: bool) -> None:
    if capture is None and urlsplit(url).path in ("", "/"):
        tried.home_failed = reason
    if known:
        tried.known_problems += capture is not None
    elif reason not in NO_TROUBLE:
        tried.uncaptured += capture is None
        tried.problems[reason] += 1
        tried.examples.setdefault(reason, []).append((url, capture))


def that_asked(crawls: Sequence[Run], site: str, found: History) -> list[Run]:
    """The runs that asked a site: those that were given it, and those with the arguments of any that saw it
    (it may be an office that the home page links to)."""
    seen = {run.arguments for run in crawls if run.id in found.get(site, {})}
    return [run for run in crawls if run.arguments in seen or site in run.asked]
