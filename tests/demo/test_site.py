"""What the sample sites answer, without the network."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from iomscrape.demo.listings import CRAWL_DELAY, WITHDRAWN, sitemap_entries
from iomscrape.demo.pages import Site
from iomscrape.demo.server import NAMES
from iomscrape.demo.site import Answer, Answers
from iomscrape.demo.stories import Story, load

BASE = "http://localhost:8601"
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def answers(key: str = "headquarters") -> Answers:
    return Answers(Site(key, BASE, NAMES[key], load(key)))


def ask(site: Answers, url: str, **headers: str) -> Answer:
    """The answer to one address or path; header names with _ for -."""
    parts = urlsplit(url)
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return site.answer(parts.path + (f"?{parts.query}" if parts.query else ""), named)


def story_with(trait: str) -> Story:
    return next(story for story in load("headquarters") if trait in story.traits)


def page_with(trait: str) -> str:
    """The path of the page that has the trait."""
    return next(
        story.path(lang, "en")
        for story in load("headquarters")
        for lang, text in story.texts.items()
        if trait in text.traits
    )


def sitemap_urls(site: Answers) -> list[etree._Element]:
    index = etree.fromstring(ask(site, "/sitemap.xml").body)
    found = []
    for child in index.iterfind("s:sitemap/s:loc", SITEMAP):
        urls = etree.fromstring(ask(site, child.text or "").body).findall("s:url", SITEMAP)
        assert 0 < len(urls) <= 20
        found += urls
    return found


def listed_urls(site: Answers, path: str) -> list[str]:
    """Every card of a list, page by page as its pager says."""
    found, following = [], path
    while following:
        page = BeautifulSoup(ask(site, following).body, "lxml")
        found += [str(link["href"]) for link in page.select("div.article-detail h5.title a")]
        pager = page.select_one("li.pager__item--next a")
        following = urljoin(BASE + following, str(pager["href"])) if pager else ""
        following = following.removeprefix(BASE)
    return found


def test_robots_txt_asks_for_a_delay_and_names_the_sitemap() -> None:
    text = ask(answers(), "/robots.txt").body.decode()
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    assert f"Crawl-delay: {CRAWL_DELAY}" in text
    assert robots.site_maps() == [f"{BASE}/sitemap.xml"]
    assert not robots.can_fetch("test", f"{BASE}/es/search?keywords=x")
    assert not robots.can_fetch("test", f"{BASE}/admin/content")
    assert robots.can_fetch("test", f"{BASE}/news")


@pytest.mark.parametrize("key", ["headquarters", "office"])
def test_all_addresses_of_the_sitemap_answer_except_the_withdrawn_one(key: str) -> None:
    site = answers(key)
    urls = [url.findtext("s:loc", "", SITEMAP) for url in sitemap_urls(site)]
    assert urls == [entry.url for entry in sitemap_entries(site.site)]
    for url in urls:
        reply = ask(site, url)
        if reply.status == 301:
            reply = ask(site, reply.headers["Location"])
        if reply.status == 500:
            reply = ask(site, url)
        assert reply.status == (404 if url.endswith(WITHDRAWN) else 200), url


def test_the_sitemap_links_translations_both_ways() -> None:
    links = {
        url.findtext("s:loc", "", SITEMAP): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", SITEMAP)
        }
        for url in sitemap_urls(answers())
    }
    assert len(links) > 60
    for url, alternates in links.items():
        if "/node/" not in url and not url.endswith(WITHDRAWN):
            assert url in alternates.values()
        for other in alternates.values():
            assert other is not None
            assert links.get(other, alternates) == alternates


def test_lists_and_sitemap_together_lead_to_every_article() -> None:
    site = answers()
    mapped = {url.findtext("s:loc", "", SITEMAP) for url in sitemap_urls(site)}
    for lang in ("en", "es", "fr"):
        prefix = site.site.prefix(lang)
        listed = [
            url
            for section in ("news", "statements", "stories")
            for url in listed_urls(site, f"{prefix}/{section}")
        ]
        for story in site.site.stories:
            url = site.site.url(story, lang)
            in_lists = url in listed or any(f"entryId={story.node}" in other for other in listed)
            in_sitemap = url in mapped or f"{BASE}/node/{story.node}" in mapped
            assert in_lists == ("sitemap-only" not in story.traits)
            assert in_sitemap == ("listing-only" not in story.traits)


def test_a_list_shows_ten_cards_and_ends() -> None:
    page = BeautifulSoup(ask(answers(), "/fr/news").body, "lxml")
    assert len(page.select("div.article-detail")) == 10
    kinds = {card.text for card in page.select("div.article-detail div.tag")}
    assert kinds == {"Communiqué", "Notes d'information"}
    beyond = BeautifulSoup(ask(answers(), "/fr/news?page=99").body, "lxml")
    assert not beyond.select("div.article-detail, nav.pager")


def test_the_home_page_shows_the_latest_of_all_sections() -> None:
    page = BeautifulSoup(ask(answers("office"), "/pt").body, "lxml")
    assert page.select_one("h1") is not None
    assert len(page.select("div.article-detail")) == 6
    assert {link["href"] for link in page.select("nav.language-switcher a")} == {f"{BASE}/", f"{BASE}/pt"}


def test_the_feed_holds_the_ten_latest_news() -> None:
    reply = ask(answers(), "/es/news/rss.xml")
    assert reply.headers["Content-Type"].startswith("application/rss+xml")
    links = etree.fromstring(reply.body).xpath("//item/link/text()")
    assert links == listed_urls(answers(), "/es/news")[:10]


def test_old_addresses_redirect() -> None:
    story = story_with("listed-by-entry")
    jahia = f"/jahia/Jahia/media/press-briefing-notes/cache/offonce?entryId={story.node}"
    for path, lang in ((jahia, "en"), (f"/node/{story.node}", "en"), (f"/es/node/{story.node}", "es")):
        reply = ask(answers(), path)
        assert (reply.status, reply.headers["Location"]) == (301, BASE + story.path(lang, "en"))


@pytest.mark.parametrize(
    ("path", "status"),
    [(WITHDRAWN, 404), ("/node/1", 404), ("/de/news", 404), ("/sitemap.xml?page=9", 404), ("/admin/x", 403)],
)
def test_what_is_not_there_and_what_is_closed(path: str, status: int) -> None:
    assert ask(answers(), path).status == status


def test_the_ailing_page_heals_once_in_each_crawl() -> None:
    site, path = answers(), page_with("heals")
    for _ in range(2):
        ask(site, "/robots.txt")  # a crawl begins
        assert [ask(site, path).status for _ in range(3)] == [500, 200, 200]


def test_the_page_in_windows_1252_says_so_in_its_header_alone() -> None:
    reply = ask(answers(), page_with("windows-1252"))
    assert reply.headers["Content-Type"] == "text/html; charset=windows-1252"
    assert b"charset" not in reply.body
    assert "déplacées" in reply.body.decode("cp1252")
    assert "cœur" in reply.body.decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode("utf-8")


def test_conditional_requests() -> None:
    site = answers()
    path = load("headquarters")[0].path("en", "en")
    first = ask(site, path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert ask(site, path, If_None_Match=etag).status == 304
    assert ask(site, path, If_None_Match=etag).body == b""
    assert ask(site, path, If_None_Match=f'"other", W/{etag}').status == 304
    assert ask(site, path, If_Modified_Since=modified).status == 304
    assert ask(site, path, If_Modified_Since="Tue, 02 Jan 2001 00:00:00 GMT").status == 200
    assert ask(site, path, If_Modified_Since="yesterday").status == 200
    # RFC 9110: the entity tag decides where both are sent.
    assert ask(site, path, If_None_Match='"other"', If_Modified_Since=modified).status == 200


def test_an_edited_story_changes_its_page_and_no_other() -> None:
    site = answers()
    story = load("headquarters")[0]
    path, other = story.path("en", "en"), load("headquarters")[9].path("en", "en")
    before = ask(site, path), ask(site, other)
    today = datetime.now(UTC).date().isoformat()
    site.edit(story.texts["en"].slug, title="A New Title", body="One paragraph.\n\nAnother one.")
    after = ask(site, path, If_None_Match=before[0].headers["ETag"])
    assert after.status == 200
    assert "A New Title" in after.body.decode()
    assert "<p>Another one.</p>" in after.body.decode()
    assert parsedate_to_datetime(after.headers["Last-Modified"]).date().isoformat() >= today
    lastmods = {
        url.findtext("s:loc", "", SITEMAP): url.findtext("s:lastmod", "", SITEMAP)
        for url in sitemap_urls(site)
    }
    assert lastmods[BASE + path][:10] >= today
    assert lastmods[BASE + other] == f"{load('headquarters')[9].day}T12:00:00Z"
    assert ask(site, other, If_None_Match=before[1].headers["ETag"]).status == 304
    with pytest.raises(KeyError, match="no-such-slug"):
        site.edit("no-such-slug", title="x")
