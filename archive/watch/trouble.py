"""Problems by reason, against their history; sites that could not be walked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.watch.chance import expected_share
from archive.watch.finding import Finding
from archive.watch.question import Compared, Question, percent
from archive.watch.settings import Settings
from archive.watch.tried import NO_SITE, History, Run, Tried

ALL = "any"
"""All reasons together."""


def unreachable(crawls: list[Run], found: History) -> Iterator[Finding]:
    """Sites of which the latest run got nothing but a failure. No question of chance: it is so."""
    now = crawls[-1]
    for site, runs in sorted(found.items()):
        tried = runs.get(now.id)
        if tried is None or tried.captures or tried.home_failed in (None, NO_SITE):
            continue
        yield Finding(
            kind="unreachable",
            site=site,
            subject=tried.home_failed,
            said=f"The site could not be walked ({tried.home_failed}).",
        )


def questions(
    crawls: list[Run], site: str, found: History, languages: float, settings: Settings
) -> Iterator[Question]:
    """About pages of a site that gave nothing. A page that failed for the same reason before is no news.

    ``languages``: pages that the site has for each item. What ails an item ails it in all of them, so they count
    as one page.
    """
    now, *earlier = (found[site].get(run.id, Tried()) for run in (crawls[-1], *crawls[:-1]))
    earlier = [tried for tried in earlier if tried.pages]
    if now.pages / languages < settings.least_pages or not earlier:
        return
    reasons = {reason for tried in (now, *earlier) for reason in tried.problems}
    for reason in (ALL, *sorted(reasons)) if len(reasons) != 1 else sorted(reasons):
        usual = expected_share([_counted(tried, reason, languages) for tried in earlier])
        have, pages = _counted(now, reason, languages)
        compared = Compared(have=have, pages=pages, usual=usual, falls=False)
        yield compared.asked(_Telling(site, reason, now, compared))


@dataclass(frozen=True)
class _Telling:
    site: str
    reason: str
    now: Tried
    compared: Compared

    def __call__(self) -> Finding:
        failed = [
            one
            for reason, examples in self.now.examples.items()
            if self.reason in (ALL, reason)
            for one in examples
        ]
        have = _number(self.now, self.reason)
        names = ", ".join(f"{number} {reason}" for reason, number in self.now.problems.most_common(5))
        what = names if self.reason == ALL else self.reason
        return Finding(
            kind="problem",
            site=self.site,
            subject=self.reason,
            chance=self.compared.chance,
            have=have,
            pages=self.now.pages,
            usual=round(self.compared.usual.mean, 3),
            said=f"{have} of {self.now.pages} pages gave nothing ({what}); usually "
            f"{percent(self.compared.usual.mean)}.",
            examples=tuple(url for url, _ in failed[:3]),
            captures=tuple(capture for _, capture in failed if capture is not None),
        )


def _counted(tried: Tried, reason: str, languages: float) -> tuple[int, int]:
    pages = max(round(tried.pages / languages), 1)
    return min(round(_number(tried, reason) / languages), pages), pages


def _number(tried: Tried, reason: str) -> int:
    # A page can have two problems; it counts once.
    return min(tried.problems.total() if reason == ALL else tried.problems[reason], tried.pages)
