"""Pages that list articles."""

from __future__ import annotations

from datetime import date

import pytest
from parsel import Selector

from spiders import listings

BASE = "https://www.iom.int/search?type%5B0%5D=press_release&page=2"

PAGE = Selector(
    """<html><head>
    <link rel="alternate" type="application/rss+xml" href="/news/rss.xml">
    <link rel="alternate" hreflang="es" href="https://www.iom.int/es/noticias">
    </head><body>
    <nav><a href="/news/highlight-of-the-menu">In the menu</a></nav>
    <main>
      <div class="card"><a href="/news/ferry-timetable"><img></a>
        <div class="article-detail"><div class="tag">News</div>
        <h5 class="title"><a href="/news/ferry-timetable">Ferry timetable</a></h5>
        <div class="date">12 April 2018</div></div></div>
      <div class="card"><div class="article-detail"><h5 class="title">
        <a href="https://storyteller.iom.int/stories/lagoon-baker">Baker</a></h5>
        <time datetime="2024-02-29T10:00:00Z">29/02</time></div></div>
      <div class="card"><a href="/news/undated-thing">Undated</a></div>
      <a href="/who-we-are">Who we are</a> <a href="mailto:x@iom.int">x</a> <a href="javascript:void(0)">y</a>
      <a href="http://[broken">z</a>
    </main></body></html>"""
)


def test_cards_with_their_days() -> None:
    assert [(card.url, card.day) for card in listings.cards(PAGE, BASE)] == [
        ("https://www.iom.int/news/ferry-timetable", date(2018, 4, 12)),
        ("https://storyteller.iom.int/stories/lagoon-baker", date(2024, 2, 29)),
        ("https://www.iom.int/news/undated-thing", None),
    ]


def test_whole_body_where_there_is_no_main() -> None:
    page = Selector('<body><h3><a href="/news/in-the-body">x</a></h3></body>')
    assert [card.url for card in listings.cards(page, BASE)] == ["https://www.iom.int/news/in-the-body"]


def test_next_page() -> None:
    assert listings.next_page(PAGE, BASE, guess=True) == BASE.replace("page=2", "page=3")
    assert listings.next_page(PAGE, BASE, guess=False) is None
    assert listings.counted_up("https://x.int/news") == "https://x.int/news?page=1"
    assert listings.counted_up("https://x.int/news?page=abc") == "https://x.int/news?page=1"
    pager = Selector('<body><li class="pager__item--next"><a href="?page=7">Next</a></li></body>')
    assert listings.next_page(pager, "https://x.int/news?page=1", guess=True) == "https://x.int/news?page=7"
    foreign = Selector('<body><a rel="next" href="https://elsewhere.org/?page=7">Next</a></body>')
    assert listings.next_page(foreign, "https://x.int/news", guess=False) is None


def test_feeds_and_alternates() -> None:
    assert list(listings.feeds(PAGE, BASE)) == ["https://www.iom.int/news/rss.xml"]
    assert list(listings.alternates(PAGE.get().encode(), BASE)) == ["https://www.iom.int/es/noticias"]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("2024-02-29T10:00:00+01:00", date(2024, 2, 29)),
        ("12 April 2018", date(2018, 4, 12)),
        ("3 de marzo de 2025", date(2025, 3, 3)),
        ("14 juillet 2021", date(2021, 7, 14)),
        ("8 يناير 2025", date(2025, 1, 8)),
        ("10/03/2014", None),
        ("April 2018", None),
        ("2024-13-45", None),
        ("Read more", None),
        ("", None),
    ],
)
def test_printed_days(printed: str, meant: date | None) -> None:
    assert listings.day(printed) == meant
