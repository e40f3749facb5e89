"""Problems by reason, against their history; sites that could not be walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.watch.chance import expected_share
from archive.watch.finding import Finding
from archive.watch.question import LARGE, Compared, Question, of_several, percent
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
    now = found[site].get(crawls[-1].id, Tried())
    if now.pages / languages < settings.least_pages:
        return
    reasons = {reason for tried in found[site].values() for reason in tried.problems}
    for reason in (ALL, *sorted(reasons)) if len(reasons) != 1 else sorted(reasons):
        if compared := _compared(crawls, found[site], reason, languages):
            yield compared.asked(_Telling(site, reason, now, compared))


def questions_of_all(crawls: list[Run], found: History, languages: Mapping[str, float]) -> Iterator[Question]:
    """The same over several sites, of which each has few pages."""
    now = {site: runs[crawls[-1].id] for site, runs in found.items() if crawls[-1].id in runs}
    reasons = {reason for tried in now.values() for reason in tried.problems}
    for reason in (ALL, *sorted(reasons)) if len(reasons) != 1 else sorted(reasons):
        of_site = {site: _compared(crawls, found[site], reason, languages[site]) for site in now}
        known = {site: one for site, one in of_site.items() if one and one.pages < LARGE}
        whole = sum((now[site] for site in known), Tried())

        def tell(names: str, compared: Compared, reason: str = reason, whole: Tried = whole) -> Finding:
            return _Telling(names, reason, whole, compared)()

        yield from of_several(known, tell)


def _compared(crawls: list[Run], runs: Mapping[int, Tried], reason: str, languages: float) -> Compared | None:
    """None where there is nothing to compare, or nothing to compare it with."""
    now, *earlier = (runs.get(run.id, Tried()) for run in (crawls[-1], *crawls[:-1]))
    earlier = [tried for tried in earlier if tried.pages]
    if not now.pages or not earlier:
        return None
    usual = expected_share([_counted(tried, reason, languages) for tried in earlier])
    have, pages = _counted(now, reason, languages)
    return Compared(have=have, pages=pages, usual=usual, falls=False)


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
            usual=round(self.compared.usual.seen, 3),
            said=f"{have} of {self.now.pages} pages gave nothing ({what}); usually "
            f"{percent(self.compared.usual.seen)}.",
            examples=tuple(url for url, _ in failed[:3]),
            captures=tuple(capture for _, capture in failed if capture is not None),
        )


def _counted(tried: Tried, reason: str, languages: float) -> tuple[int, int]:
    pages = max(round(tried.pages / languages), 1)
    return min(round(_number(tried, reason) / languages), pages), pages


def _number(tried: Tried, reason: str) -> int:
    # A page can have two problems; it counts once.
    return min(tried.problems.total() if reason == ALL else tried.problems[reason], tried.pages)
