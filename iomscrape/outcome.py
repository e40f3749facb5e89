"""How a crawl ended, in one word, one exit code and one line: from Scrapy's stats, which know more
than its own exit code (0 for nearly every failure).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from spiders.unfetched import REFUSALS, Unfetched

PROBLEM_SHARE = 0.2
"""Default of IOMSCRAPE_PROBLEM_SHARE: more pages with problems than this is "below thresholds"."""

PAGES = "iomscrape/pages/"
"""Stats: article pages by outcome (new, changed, unchanged, problem, nothing)."""
PROBLEMS = "iomscrape/problems/"
"""Stats: problems by reason."""
SITES = "iomscrape/sites/"
"""Stats: sites that could not be walked, or were left, by reason."""
SKIPPED = "iomscrape/skipped"
"""Stats: pages not asked for because the archive has them."""
STORAGE = "iomscrape/storage"
"""Stats: what the storage reported."""
COUNTS = "iomscrape/counts/"
"""Stats: further numbers of a spider's own (listed, gaps …), by name."""
REMARKS = "iomscrape/remarks"
"""Stats: lines of a spider's own for the person who started the run, a list of str."""
SETTINGS = "iomscrape/settings"
"""Stats: which setting kept the crawl from starting."""


REQUEST_LOG = "iomscrape/request_log"
"""Stats: where the run's request log lies."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a run ended."""

    outcome: str
    """As in the archive's ``runs``: done, failed, interrupted, refused, nothing."""
    exit_code: int
    line: str
    """For the person who started it; empty where there is nothing to add."""


def counts(stats: Mapping[str, Any]) -> dict[str, int]:
    """The run's numbers, for the archive and for people: pages by outcome, skipped, problems, and the spider's."""
    found = {word: int(stats.get(PAGES + word, 0)) for word in ("new", "changed", "unchanged", "nothing")}
    found["problems"] = sum(int(value) for key, value in stats.items() if key.startswith(PROBLEMS))
    found["skipped"] = int(stats.get(SKIPPED, 0))
    found["requests"] = int(stats.get("downloader/request_count", 0))
    found |= {key.removeprefix(COUNTS): int(value) for key, value in stats.items() if key.startswith(COUNTS)}
    return found


def other_ways(item: Unfetched) -> str:
    """How a site's pages can be had that refuses us: from archives that have them. Empty where it does not."""
    host = urlsplit(item.url).hostname
    if item.reason not in REFUSALS or not host:
        return ""
    return f"Other ways to its pages: iomscrape wayback {host}, iomscrape commoncrawl {host}"


def judge(stats: Mapping[str, Any], reason: str, problem_share: float = PROBLEM_SHARE) -> Verdict:
    """The verdict on a crawl that closed for ``reason`` with these stats."""
    if stats.get(SETTINGS):
        return Verdict("failed", 2, str(stats[SETTINGS]))
    if stats.get(STORAGE):
        return Verdict("failed", 6, str(stats[STORAGE]))
    if reason in ("shutdown", "stopped"):
        return Verdict("interrupted", 7, "Stopped; the same command goes on where this run ended.")
    sites = {key.removeprefix(SITES): value for key, value in stats.items() if key.startswith(SITES)}
    absent = int(sites.pop("no-such-site", 0))
    refused = sorted(REFUSALS & sites.keys())
    found = counts(stats)
    good = found["new"] + found["changed"] + found["unchanged"] + found["skipped"]
    refusals = sum(int(stats.get(PROBLEMS + word, 0)) for word in REFUSALS)
    if refused or (not good and refusals):
        # Where a whole site refused, its own line says so.
        line = (
            ""
            if refused
            else "All that was asked for was refused; iomscrape wayback and commoncrawl may have it."
        )
        return Verdict("refused", 5, line)
    broken = int(stats.get("spider_exceptions/count", 0)) + int(stats.get("iomscrape/errors", 0))
    if broken or reason == "start_error":
        return Verdict(
            "failed", 1, "The program failed on the way; run it with --log-level INFO to see where."
        )
    if not good:
        return Verdict("nothing", 3, "" if sites else "No article came.")
    # What robots.txt forbids was kept, not failed; what the list only supposed was not promised.
    failed = found["problems"] - int(stats.get(PROBLEMS + "robots", 0)) - absent
    share = failed / (failed + good)
    if share > problem_share or sites:
        line = (
            "A site could not be crawled."
            if sites
            else f"{failed} addresses gave problems, {share:.0%} of all."
        )
        return Verdict("done", 4, line)
    supposed = f"{absent} sites that the list supposes do not exist." if absent else ""
    return Verdict("done", 0, supposed)
