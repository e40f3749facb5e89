"""Sites without an end: calendars, numbers of visits, sort orders, pagers, languages of languages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spiders import links
from spiders.links import Site
from spiders.walk import Bounds, Walk, shape_of
from tests.website import QUICK, Asked, Ended, Reply, Web, article, listing, run, sitemap

BOUNDS = {
    "IOMSCRAPE_MAX_URLS": 80,
    "IOMSCRAPE_MAX_LIST_PAGES": 4,
    "IOMSCRAPE_MAX_DEPTH": 3,
    "IOMSCRAPE_MAX_ALIKE": 5,
}


class Endless(Web):
    """Answers every address, and links each page to pages that never were."""

    def __init__(self) -> None:
        super().__init__()
        self.pages["/robots.txt"] = Reply("User-agent: *\n")
        self.pages["/sitemap.xml"] = Reply(sitemap({f"{self.base}/news/the-one-of-the-sitemap": None}))
        self.made = 0

    def page(self, asked: Asked) -> Reply:
        self.made += 1
        letters = "".join("abcdefghij"[int(figure)] for figure in str(self.made))
        path, _, query = asked.path.partition("?")
        if path == "/news":
            number = int(query.rpartition("page=")[2] or 0) if "page=" in query else 0
            hrefs = [f"/news/made-up-{letters}", f"/news/2024/05/{number}", f"/news/2025/06/{number}"]
            hrefs += [f"/news/visited;jsessionid={letters}", f"/news/visited?PHPSESSID={letters}"]
            after = f'<a rel="next" href="/news?sort={letters}&page={number + 1}">Next</a>'
            return Reply(listing(hrefs, after=after))
        if path.startswith("/news/"):
            other = f'<link rel="alternate" hreflang="es" href="/es/news/from-{letters}">'
            return Reply(article(path.rpartition("/")[2].partition(";")[0], head=other))
        if path.startswith("/es/news/"):
            other = f'<link rel="alternate" hreflang="fr" href="/es/news/from-{letters}">'
            return Reply(article(f"made-{letters}", head=other))
        return Reply("none", 404)

    def find(self, path: str) -> Reply | Callable[[Asked], Reply]:
        return self.pages.get(path, self.page)


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Endless, Path, Ended]]:
    web, folder = Endless(), tmp_path_factory.mktemp("trapped")
    web.pages["/"] = Reply("<main></main>")
    settings = [part for name, value in BOUNDS.items() for part in ("-s", f"{name}={value}")]
    yield web, folder, run("crawl", web.base, *QUICK, *settings, cwd=folder)
    web.close()


def test_the_crawl_ends_and_says_which_bounds_it_met(trapped: tuple[Endless, Path, Ended]) -> None:
    web, folder, ended = trapped
    assert ended.code in (0, 4), ended.err
    connection = sqlite3.connect(folder / "iom.db")
    met = dict(connection.execute("SELECT reason, detail FROM problems"))
    connection.close()
    assert set(met) <= {"too-many", "too-deep", "alike", "http-404"}
    assert {"too-deep", "alike"} <= set(met)
    assert len([asked for asked in web.log if "/news/" in asked.path]) <= BOUNDS["IOMSCRAPE_MAX_URLS"]


def test_lists_end_at_their_bound(trapped: tuple[Endless, Path, Ended]) -> None:
    web, _, _ = trapped
    lists = [asked.path for asked in web.log if asked.path.startswith("/news?") or asked.path == "/news"]
    assert len(lists) == BOUNDS["IOMSCRAPE_MAX_LIST_PAGES"]


def test_days_of_a_calendar_are_alike(trapped: tuple[Endless, Path, Ended]) -> None:
    web, _, _ = trapped
    days = [asked.path for asked in web.log if asked.path.startswith("/news/20")]
    assert 0 < len(days) <= BOUNDS["IOMSCRAPE_MAX_ALIKE"]


def test_numbers_of_visits_are_no_part_of_an_address(trapped: tuple[Endless, Path, Ended]) -> None:
    web, _, _ = trapped
    assert [asked.path for asked in web.log if "visited" in asked.path] == ["/news/visited"]


def test_the_page_of_the_sitemap_comes_in(trapped: tuple[Endless, Path, Ended]) -> None:
    web, _, _ = trapped
    assert web.asked("/news/the-one-of-the-sitemap")


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        ("x.int/news/2024/05/06", "x.int/news/0/0/0"),
        ("x.int/news/day-3f9a8b", "x.int/news/day-0"),
        ("10.0.0.1:80/news/slug", None),
        ("x.int/fr/node/113086", None),
    ],
)
def test_shapes(key: str, shape: str | None) -> None:
    assert shape_of(key) == shape


def test_sessions_in_paths() -> None:
    plain = links.clean("https://x.int/news/slug")
    assert links.clean("https://x.int/(S(x3kq0z55yc))/news/slug") == plain
    assert links.clean("https://x.int/news/slug;jsessionid=0A?sid=4") == plain
    assert links.clean("https://x.int/news/a;b") == "https://x.int/news/a;b"


def test_what_a_sitemap_lists_is_not_taken_for_a_trap() -> None:
    walk = Walk(Site("https://x.int"))
    assert all(walk.find(f"https://x.int/news/report-{n}", Bounds(alike=5)) for n in range(20))
    assert not walk.stopped


def test_a_bound_is_said_once_and_kept() -> None:
    walk = Walk(Site("https://x.int"))
    found = [walk.find(f"https://x.int/news/page-{'abcdef'[n]}", Bounds(urls=4)) for n in range(6)]
    assert found == [True] * 4 + [False] * 2
    assert list(walk.stopped) == ["too-many"]


def test_a_lastmod_that_comes_later_counts() -> None:
    from datetime import UTC, datetime

    walk, day = Walk(Site("https://www.x.int")), datetime(2024, 5, 6, tzinfo=UTC)
    walk.find("https://x.int/es/news/slug", Bounds())
    assert not walk.find("http://www.x.int/es/news/slug/", Bounds(), day)
    assert walk.seen == {"x.int/es/news/slug": day}
    assert walk.address("x.int/es/news/slug") == "https://www.x.int/es/news/slug"
