from __future__ import annotations

import textwrap

import pytest
from bs4 import BeautifulSoup

from iomscrape.demo.body import LINE
from iomscrape.demo.furniture import FURNITURE, HEADQUARTERS_MAIL
from iomscrape.demo.pages import Site, article_page
from iomscrape.demo.server import NAMES
from iomscrape.demo.stories import Story, load

BASE = "http://localhost:8601"
SITES = {key: Site(key, BASE, names, load(key)) for key, names in NAMES.items()}
PAGES = [
    pytest.param(SITES[key], story, lang, id=f"{story.node}-{lang}")
    for key in SITES
    for story in SITES[key].stories
    for lang in story.texts
]


@pytest.mark.parametrize(("site", "story", "lang"), PAGES)
def test_every_page_has_what_the_design_has(site: Site, story: Story, lang: str) -> None:
    text = story.texts[lang]
    page = BeautifulSoup(article_page(site, story, lang), "lxml")

    def one(selector: str) -> str:
        found = page.select(selector)
        assert len(found) == 1, selector
        return str(
            found[0].get("href") or found[0].get("content") or found[0].get("datetime") or found[0].text
        )

    assert one("html[lang]")
    assert page.html is not None
    assert page.html["lang"] == lang
    assert one("h1") == text.title
    assert one("title").startswith(f"{text.title} | ")
    assert one("link[rel=canonical]") == site.url(story, lang)
    assert one("meta[name=Generator]").startswith("Drupal")
    assert one("article[data-history-node-id]")
    assert one("article.node--view-mode-full time[datetime]") == f"{story.day}T12:00:00Z"
    assert one("span.category") == FURNITURE[lang].kinds[story.kind]
    assert one("div.narrow-content div.field--type-text-with-summary")
    assert page.select("nav.tb-megamenu")
    assert page.select("footer.site-footer")
    # Related news are of other articles, with other days.
    related = {str(link["href"]) for link in page.select(".related h5.title a")}
    assert len(related) == 3
    assert site.url(story, lang) not in related
    hreflangs = {link["hreflang"]: link["href"] for link in page.select("link[hreflang]")}
    assert hreflangs == {other: site.url(story, other) for other in story.texts}


@pytest.mark.parametrize(("site", "story", "lang"), PAGES)
def test_the_body_is_the_story_and_nothing_of_the_furniture(site: Site, story: Story, lang: str) -> None:
    body = BeautifulSoup(article_page(site, story, lang), "lxml").select_one(".narrow-content")
    assert body is not None
    printed = " ".join(body.get_text(" ").split())
    for block in story.texts[lang].blocks:
        assert block.text in printed
    assert HEADQUARTERS_MAIL not in printed
    for person in story.texts[lang].people:
        assert person.name in printed
        assert person.phone is None or person.phone in printed


def test_old_lines_are_broken_by_hand_and_new_ones_are_not() -> None:
    for site in SITES.values():
        for story in site.stories:
            body = article_page(site, story, "en").partition('field__item"><p>')[2]
            first = body.partition("</p>")[0]
            assert ("\n" in first) == story.hard_breaks
            if story.hard_breaks:
                assert first.split("\n") == textwrap.wrap(story.texts["en"].blocks[0].text, LINE)


def test_days_are_printed_in_the_order_of_the_language() -> None:
    day = load("headquarters")[-1].day
    assert [FURNITURE[lang].print_day(day) for lang in ("en", "es", "fr", "pt")] == [
        "16 September 2003",
        "16 de septiembre de 2003",
        "16 septembre 2003",
        "16 de setembro de 2003",
    ]
