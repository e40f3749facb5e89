"""Has a site changed its looks? Designs, fields and bodies of its pages, against those of earlier runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from archive.watch.chance import expected_share
from archive.watch.finding import Finding
from archive.watch.pages import FIELDS, Page
from archive.watch.question import LARGE, Compared, Question, of_several, percent
from archive.watch.settings import Settings

Test = Callable[[Page], bool]
Looks = Mapping[str, Sequence[Sequence[Page]]]
"""By site: the pages of each run, oldest first, the run that is judged last (and empty, if it had none)."""

ENOUGH = 20
"""Earlier pages without which lengths and confidence have no usual range."""
ALIKE = 3
"""So many pages of one run under one headline have none of their own."""
GATHERED = 4
"""So many items of the last runs are looked at together where one run brings too few."""
UNSURE = 0.1
"""By so much the confidence must lie below what 19 of 20 pages had."""


class Looked(NamedTuple):
    """One thing that pages of a site have or have not."""

    kind: str
    subject: str
    test: Test
    phrase: str
    """Of pages that have it: "3 of 9 pages …"."""
    falls: bool
    rises: bool


def by_site(found: Sequence[Page], runs: Sequence[int]) -> Looks:
    """Pages sorted by site and run."""
    sites = sorted({page.site for page in found})
    sorted_out: dict[tuple[str, int], list[Page]] = defaultdict(list)
    for page in found:
        sorted_out[page.site, page.run].append(page)
    return {site: [sorted_out[site, run] for run in runs] for site in sites}


def questions(site: str, runs: Sequence[Sequence[Page]], settings: Settings) -> Iterator[Question]:
    """About one site: the pages of this run, or, where they are few, those of the last runs together."""
    if _items(runs[-1]) >= settings.least_pages:
        yield from _of_site(site, runs, settings)
    elif runs[-1]:
        yield from _of_site(site, _gathered(runs, max(settings.least_pages, GATHERED)), settings)


def _gathered(runs: Sequence[Sequence[Page]], items: int) -> Sequence[Sequence[Page]]:
    """The last runs as one, as far back as it takes to have so many items."""
    earlier, now = list(runs[:-1]), list(runs[-1])
    while earlier and _items(now) < items:
        now = [*earlier.pop(), *now]
    return [*earlier, now]


def _of_site(site: str, runs: Sequence[Sequence[Page]], settings: Settings) -> Iterator[Question]:
    *earlier, now = runs
    if not any(earlier):
        return
    for looked in _looked_at(earlier, now):
        compared = _compared(looked, earlier, now)
        yield compared.asked(_Telling(site, looked, now, compared))
    designs = {page.design for page in now}
    if designs == {page.design for run in earlier for page in run} and len(designs) == 1:
        return
    for design in sorted(designs):
        own = [[page for page in run if page.design == design] for run in runs]
        if _items(own[-1]) >= settings.least_pages and any(own[:-1]):
            for looked in _fields():
                compared = _compared(looked, own[:-1], own[-1])
                yield compared.asked(_Telling(site, looked, own[-1], compared))


def questions_of_all(looks: Looks) -> Iterator[Question]:
    """About designs over several sites: each has too few pages to say anything, all of them together have not."""
    designs = sorted({page.design for runs in looks.values() for page in runs[-1]})
    for design in designs:
        own = {
            site: [[page for page in run if page.design == design] for run in runs]
            for site, runs in looks.items()
        }
        for looked in _fields():
            yield from _of_all(looked._replace(rises=False), own, design)
        yield from _of_all(_design(design), looks, design)


def _of_all(looked: Looked, looks: Looks, design: str) -> Iterator[Question]:
    sites = {site: runs for site, runs in looks.items() if 0 < _items(runs[-1]) < LARGE and any(runs[:-1])}
    pages = [page for runs in sites.values() for page in runs[-1]]

    def tell(names: str, compared: Compared) -> Finding:
        return replace(_Telling(names, looked, pages, compared)(), design=design)

    yield from of_several(
        {site: _compared(looked, runs[:-1], runs[-1]) for site, runs in sites.items()}, tell
    )


def _looked_at(earlier: Sequence[Sequence[Page]], now: Sequence[Page]) -> Iterator[Looked]:
    before = [page for run in earlier for page in run]
    yield from _fields()
    for design in sorted({page.design for page in (*before, *now)}):
        yield _design(design)
    titles = Counter((page.run, page.title) for page in (*before, *now))
    yield Looked(
        "reading", "title", lambda page: titles[page.run, page.title] >= ALIKE,
        "have a headline that others have, too", False, True,
    )  # fmt: skip
    if len(before) < ENOUGH:
        return
    lengths = sorted(page.length for page in before)
    short, long = lengths[len(lengths) // 20] / 2, lengths[-1 - len(lengths) // 20] * 2
    yield Looked("body", "body", lambda page: page.length < short,
                 f"have a body of less than {short:.0f} characters", False, True)  # fmt: skip
    yield Looked("body", "body", lambda page: page.length > long,
                 f"have a body of more than {long:.0f} characters", False, True)  # fmt: skip
    sure = sorted(page.confidence for page in before)[len(before) // 20] - UNSURE
    yield Looked("reading", "confidence", lambda page: page.confidence < sure,
                 f"were read with a confidence below {sure:.2f}", False, True)  # fmt: skip


def _fields() -> Iterator[Looked]:
    for name in FIELDS:
        yield Looked("field", name, lambda page, name=name: name in page.fields, f"have {name}", True, True)  # type: ignore[misc]  # mypy knows no default in a lambda


def _design(name: str) -> Looked:
    # Where one design has fewer pages, another has more: it is told once.
    return Looked(
        "design", name, lambda page: page.design == name, f"are read by the design {name}", False, True
    )


def _compared(looked: Looked, earlier: Sequence[Sequence[Page]], now: Sequence[Page]) -> Compared:
    have, items = _counted(looked.test, now)
    usual = expected_share([_counted(looked.test, run) for run in earlier])
    return Compared(have=have, pages=items, usual=usual, falls=looked.falls, rises=looked.rises)


def _counted(test: Test, pages: Sequence[Page]) -> tuple[int, int]:
    """How many have it, of how many. The languages of one item are alike, so together they count as one page."""
    items: dict[str, list[bool]] = defaultdict(list)
    for page in pages:
        items[page.item].append(test(page))
    return round(sum(sum(has) / len(has) for has in items.values())), len(items)


def _items(pages: Sequence[Page]) -> int:
    return len({page.item for page in pages})


def languages(runs: Sequence[Sequence[Page]]) -> float:
    """How many pages a site has for each item, from 1 up."""
    pages = sum(map(len, runs))
    items = sum(map(_items, runs))
    return pages / items if items else 1.0


@dataclass(frozen=True)
class _Telling:
    site: str
    looked: Looked
    now: Sequence[Page]
    compared: Compared

    def __call__(self) -> Finding:
        rose = self.compared.share > self.compared.usual.mean
        shown = [page for page in self.now if self.looked.test(page) == rose]
        have = sum(map(self.looked.test, self.now))
        runs = len({page.run for page in self.now})
        gathered = f" in the last {runs} runs that brought any" if runs > 1 else ""
        designs = Counter(page.design for page in shown)
        return Finding(
            kind=self.looked.kind,
            site=self.site,
            design=designs.most_common(1)[0][0] if designs else None,
            subject=self.looked.subject,
            chance=self.compared.chance,
            have=have,
            pages=len(self.now),
            usual=round(self.compared.usual.seen, 3),
            said=f"{have} of {len(self.now)} pages {self.looked.phrase}{gathered}; usually "
            f"{percent(self.compared.usual.seen)}.",
            runs=tuple(sorted({page.run for page in shown})),
            examples=tuple(url for url, _ in groupby(page.url for page in shown))[:3],
            captures=tuple(dict.fromkeys(page.capture for page in shown)),
        )
