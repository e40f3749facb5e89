"""What is noticed in the first crawl after a change, and what is not told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.watch import NothingToWatch
from archive.watch.finding import KINDS, Finding
from iomscrape.records import Block
from tests.archive.watch.crawls import FIRST, HEADQUARTERS, OFFICE, Crawls, page


@pytest.fixture
def crawls(tmp_path: Path) -> Iterator[Crawls]:
    crawls = Crawls(tmp_path / "iom.db")
    yield crawls
    crawls.archive.close()


def only(crawls: Crawls, **settings: Any) -> Finding:
    [finding] = crawls.watch(**settings).findings
    assert finding.kind in KINDS
    return finding


def test_ordinary_weeks_raise_nothing(crawls: Crawls) -> None:
    rng = random.Random(11)
    crawls.crawl(0, crawls.news(20) + crawls.news(60, HEADQUARTERS))
    for week in range(1, 11):
        pages = crawls.news(rng.choice((0, 1, 3, 5))) + crawls.news(rng.randint(4, 14), HEADQUARTERS)
        # Natural variation: not every page has everything.
        thinned = [page(one.url, contacts=(), country=None) if rng.random() < 0.1 else one for one in pages]
        failed = {f"{HEADQUARTERS}/news/broken-{week}": "http-500"} if week % 3 == 0 else {}
        crawls.crawl(7 * week, thinned, problems=failed | {f"{HEADQUARTERS}/news/always": "no-article"})
        watched = crawls.watch()
        assert watched.findings == (), week
        assert watched.earlier_runs == week


@pytest.mark.parametrize("field", ["published", "contacts", "country", "themes"])
def test_a_field_that_is_lost(crawls: Crawls, field: str) -> None:
    crawls.ordinary()
    lost: Any = {field: () if field in ("contacts", "themes") else None}
    run = crawls.crawl(49, crawls.news(5, **lost))
    findings = {one.subject: one for one in crawls.watch().findings}
    # Addresses are lost with their contacts.
    assert set(findings) == ({"contacts", "emails"} if field == "contacts" else {field})
    found = findings[field]
    assert (found.kind, found.site, found.design) == ("field", "timor-leste.iom.int", "drupal9")
    assert (found.have, found.pages) == (0, 5)
    assert len(found.examples) == 3
    assert all(url.startswith(f"{OFFICE}/news/item-") for url in found.examples)
    captured = crawls.archive.db.query("SELECT id FROM captures WHERE run_id = ?", [run])
    assert sorted(found.captures) == [row["id"] for row in captured]
    assert found.reread == (
        f"iomscrape reread --db {crawls.archive.path} --run {run} --site timor-leste.iom.int"
    )


def test_another_design(crawls: Crawls) -> None:
    crawls.ordinary()
    crawls.crawl(49, [*crawls.news(4, design="unknown", confidence=0.5), *crawls.news(1)])
    findings = {(one.kind, one.subject): one for one in crawls.watch().findings}
    assert set(findings) == {("design", "unknown"), ("reading", "confidence")}
    assert findings["design", "unknown"].have == 4
    assert findings["design", "unknown"].design == "unknown"
    assert str(findings["design", "unknown"].reread).endswith("--design unknown")


@pytest.mark.parametrize(
    ("text", "said"),
    [("Share this page", "less than"), ("A menu, and all of the footer. " * 500, "more than")],
    ids=["shrunk", "swollen"],
)
def test_bodies_that_shrink_or_swallow_the_page(crawls: Crawls, text: str, said: str) -> None:
    crawls.ordinary()
    crawls.crawl(49, crawls.news(5, blocks=(Block(text=text),)))
    found = only(crawls)
    assert (found.kind, found.have) == ("body", 5)
    assert said in found.said


def test_one_headline_on_all_pages(crawls: Crawls) -> None:
    crawls.ordinary()
    crawls.crawl(49, crawls.news(5, title="International Organization for Migration"))
    found = only(crawls)
    assert (found.kind, found.subject) == ("reading", "title")


def test_pages_that_give_nothing_any_more(crawls: Crawls) -> None:
    crawls.ordinary()
    failed = {f"{OFFICE}/news/new-{number}": "no-article" for number in range(5)}
    crawls.crawl(49, crawls.news(1), problems=failed)
    found = only(crawls)
    assert (found.kind, found.subject, found.have, found.pages) == ("problem", "no-article", 5, 6)
    assert set(found.examples) <= set(failed)
    assert len(found.captures) == 5
    assert str(found.reread).endswith("--problem no-article")
    # The same pages again are no news.
    crawls.crawl(56, crawls.news(3), problems=failed)
    assert crawls.watch().findings == ()


def test_a_silent_site(crawls: Crawls) -> None:
    crawls.ordinary(10)
    for week, silent in ((11, False), (12, False), (18, True)):
        crawls.crawl(7 * week)
        kinds = [one.kind for one in crawls.watch().findings]
        assert kinds == (["silent"] if silent else []), week
    found = only(crawls)
    assert found.said == "Nothing new since 2026-03-16; usually there would be 23 articles by now."
    # A crawl that was stopped proves nothing.
    crawls.crawl(130, outcome="interrupted")
    assert crawls.watch().findings == ()
    # Nor one that did not ask the site.
    crawls.crawl(131, crawls.news(1, HEADQUARTERS), sites=(HEADQUARTERS,))
    assert crawls.watch().findings == ()


def test_a_flood(crawls: Crawls) -> None:
    crawls.ordinary(10)
    crawls.crawl(77, crawls.news(200))
    found = only(crawls)
    assert (found.kind, found.have) == ("many", 200)


def test_a_site_out_of_reach(crawls: Crawls) -> None:
    crawls.ordinary()
    crawls.crawl(49, crawls.news(3, HEADQUARTERS), unfetched={f"{OFFICE}/": "timeout"})
    found = only(crawls)
    assert (found.kind, found.site, found.subject) == ("unreachable", "timor-leste.iom.int", "timeout")


def test_many_sites_with_a_page_each_speak_together(crawls: Crawls) -> None:
    sites = [f"https://office-{number}.iom.int" for number in range(12)]
    for week in range(6):
        pages = [one for site in sites for one in crawls.news(3 if week == 0 else 1, site)]
        crawls.crawl(7 * week, pages, sites=tuple(sites))
    assert crawls.watch().findings == ()
    crawls.crawl(
        42, [one for site in sites for one in crawls.news(1, site, published=None)], sites=tuple(sites)
    )
    found = only(crawls)
    assert (found.kind, found.subject, found.design) == ("field", "published", "drupal9")
    assert found.site == "office-0.iom.int, office-1.iom.int, office-10.iom.int, office-11.iom.int and 8 more"
    assert len(found.captures) == 12
    assert "--site" not in str(found.reread)


def test_many_sites_that_give_nothing_speak_together(crawls: Crawls) -> None:
    sites = [f"https://office-{number}.iom.int" for number in range(12)]
    for week in range(6):
        pages = [one for site in sites for one in crawls.news(3 if week == 0 else 1, site)]
        crawls.crawl(7 * week, pages, sites=tuple(sites))
    failed = {f"{site}/news/new": "no-article" for site in sites[:8]}
    crawls.crawl(
        42, [one for site in sites[8:] for one in crawls.news(1, site)], problems=failed, sites=tuple(sites)
    )
    found = only(crawls)
    assert (found.kind, found.subject, found.have, found.pages) == ("problem", "no-article", 8, 12)
    assert found.site == "office-0.iom.int, office-1.iom.int, office-2.iom.int, office-3.iom.int and 4 more"
    assert set(found.examples) < set(failed)


def test_what_the_site_did_not_send_again_says_nothing(crawls: Crawls) -> None:
    crawls.ordinary()
    run = crawls.crawl(49)
    for number in range(1, 6):
        url = f"{OFFICE}/news/item-{number}"
        crawls.archive.seen_unchanged(url, FIRST + timedelta(days=49), run)
    [site] = crawls.watch().sites
    assert (site["captures"], site["pages"]) == (5, 0)


def test_pages_are_judged_by_what_they_were_then(crawls: Crawls) -> None:
    crawls.ordinary()
    pages = crawls.news(5, published=None)
    then = crawls.crawl(49, pages)
    # The same pages changed later: they stand in `articles` as they are now.
    crawls.crawl(50, [page(one.url, title=f"{one.title}, corrected") for one in pages])
    found = {one.subject for one in crawls.watch(then).findings}
    assert found == {"published"}
    assert crawls.watch().sites[0]["fields"]["published"] == 5


def test_a_first_crawl_has_nothing_to_be_compared_with(crawls: Crawls) -> None:
    with pytest.raises(NothingToWatch, match="has no crawl"):
        crawls.watch()
    crawls.crawl(0, crawls.news(20))
    assert crawls.watch().findings == ()
    with pytest.raises(NothingToWatch, match="number 7"):
        crawls.watch(7)


def test_a_run_that_was_killed_is_judged_with_the_one_that_goes_on(crawls: Crawls) -> None:
    crawls.ordinary()
    killed = [
        crawls.crawl(49 + part, crawls.news(2, country=None), outcome="interrupted") for part in (0, 0.1)
    ]
    crawls.archive.db.execute("UPDATE runs SET outcome = NULL, ended_at = NULL WHERE id = ?", [killed[0]])
    last = crawls.crawl(49.2, crawls.news(1))
    found = only(crawls)
    assert (found.subject, found.have, found.pages) == ("country", 1, 5)
    assert crawls.watch().growth["new_articles"] == 5
    assert str(found.reread).endswith(
        f"--run {killed[0]} --run {killed[1]} --run {last} --site timor-leste.iom.int"
    )
    # What came after a run that ended stands for itself.
    crawls.crawl(56, crawls.news(4))
    assert crawls.watch().findings == ()


def test_a_first_crawl_in_many_nights_is_never_one(crawls: Crawls) -> None:
    for night in range(4):
        crawls.crawl(night, crawls.news(20), outcome="interrupted")
    crawls.crawl(4, crawls.news(20, published=None), outcome="interrupted")
    assert only(crawls).pages == 20


def test_a_page_a_run_is_judged_with_those_of_the_last_runs(crawls: Crawls) -> None:
    crawls.crawl(0, crawls.news(20))
    for day in range(1, 9):
        crawls.crawl(day, crawls.news(1))
        assert crawls.watch().findings == ()
    runs = []
    told = []
    for day in range(9, 13):
        runs.append(crawls.crawl(day, crawls.news(1, published=None)))
        told.append([one.subject for one in crawls.watch().findings])
        crawls.crawl(day + 0.5)  # nothing new: nothing to judge
        assert crawls.watch().findings == ()
    assert told[0] == []
    assert told[3] == ["published"]
    [found] = crawls.watch(runs[3]).findings
    assert found.said == "0 of 4 pages have published in the last 4 runs that brought any; usually 100 %."
    assert len(found.captures) == 4
    assert " ".join(f"--run {run}" for run in runs) in str(found.reread)


def test_settings_decide(crawls: Crawls) -> None:
    crawls.ordinary()
    pages = crawls.news(8)
    crawls.crawl(49, [page(one.url, published=None) if place < 5 else one for place, one in enumerate(pages)])
    assert only(crawls).subject == "published"
    assert crawls.watch(least_change=0.7).findings == ()
    assert only(crawls, least_pages=9).said.startswith("5 of 10 pages have published in the last 2 runs")
    assert crawls.watch(false_alarm_once_in=1e9).findings == ()


def test_runs_with_other_arguments_do_not_push_a_site_out(crawls: Crawls) -> None:
    crawls.ordinary()
    for hour in range(12):
        crawls.crawl(43 + hour / 24, crawls.news(1, HEADQUARTERS), sites=(HEADQUARTERS,))
    crawls.crawl(49, crawls.news(5, country=None))
    assert [one.subject for one in crawls.watch(runs=7).findings] == ["country"]
