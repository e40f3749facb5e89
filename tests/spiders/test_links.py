"""Addresses: what is an article, what is one address."""

from __future__ import annotations

import pytest

from spiders import links
from spiders.links import Site

ARTICLES = (
    "https://www.iom.int/news/first-seminar-aims-mobilize",
    "https://www.iom.int/fr/news/droits-des-migrants/refugies-vulnerables",
    "https://iom.int/statements/on-the-day-of-the-sea/",
    "https://storyteller.iom.int/stories/the-baker-of-the-lagoon",
    "https://www.iom.int/ar/node/113086",
    "https://www.iom.int/pt-br/news/reuniao-do-porto",
    "https://www.iom.int/news/%D8%A7%D9%84%D9%87%D8%AC%D8%B1%D8%A9",
    "https://costarica.iom.int/es/news/reunion-del-puerto?utm_source=x#top",
)
OTHERS = (
    "https://www.iom.int/",
    "https://www.iom.int/es",
    "https://www.iom.int/news",
    "https://www.iom.int/news?page=4",
    "https://www.iom.int/newsdesk/20160510",
    "https://www.iom.int/fr/newsdesk/20160510",
    "https://www.iom.int/news/rss.xml",
    "https://www.iom.int/news/feed",
    "https://www.iom.int/node/12/edit",
    "https://www.iom.int/sites/g/files/tmzbdl486/files/report.pdf",
    "https://www.iom.int/news/annex-to-the-plan.pdf",
    "https://www.iom.int/who-we-are",
    "https://www.iom.int/news/" + "/".join(["calendar", "next"] * 8),
    "https://www.iom.int/news/" + "x" * 3000,
    "https://[www.iom.int/news/reunion-del-puerto",
)


@pytest.mark.parametrize("url", ARTICLES)
def test_articles(url: str) -> None:
    assert links.is_article(url)


@pytest.mark.parametrize("url", OTHERS)
def test_no_articles(url: str) -> None:
    assert not links.is_article(url)
    assert not links.was_article(url)


def test_what_is_no_address_holds_no_article() -> None:
    assert not links.may_hold_article("https://[www.iom.int/news/reunion-del-puerto")


def test_one_page_has_one_key() -> None:
    same = {
        links.key(url)
        for url in (
            "https://www.iom.int/news/slug",
            "http://iom.int/news/slug/",
            "https://IOM.int:443/news/slug#part",
            "https://www.iom.int/news/slug?utm_source=mail&fbclid=1",
        )
    }
    assert len(same) == 1
    assert links.key("https://www.iom.int/news?page=1") != links.key("https://www.iom.int/news?page=2")
    assert links.key("https://mena.iom.int/news/slug") not in same
    assert links.key("http://127.0.0.1:8001/news/slug") != links.key("http://127.0.0.1:8002/news/slug")


def test_arabic_slug_is_one_address_encoded_or_not() -> None:
    assert links.clean("https://www.iom.int/ar/news/الهجرة") == links.clean(
        "https://www.iom.int/ar/news/%d8%a7%d9%84%d9%87%d8%ac%d8%b1%d8%a9"
    )


def test_site_owns_its_addresses_and_no_others() -> None:
    site = Site("https://www.iom.int")
    assert site.owns("http://iom.int/news/slug")
    assert not site.owns("https://mena.iom.int/news/slug")
    assert not site.owns("https://www.iom.int:8443/news/slug")
    assert not site.owns("https://www.iom.int.example.org/news/slug")
    assert not site.owns("https://www.iom.int@example.org/news/slug")
    assert not site.owns("file:///etc/passwd")
    assert not Site("").owns("file:///etc/passwd")
    assert links.article_address(site, "http://iom.int/news/slug?page=2#x") == "https://www.iom.int/news/slug"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("www.iom.int", "https://www.iom.int/"),
        (" timor-leste.iom.int/ ", "https://timor-leste.iom.int/"),
        ("HTTP://Iom.Int/es/news", "http://iom.int/es/news"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("http://[::1]:8000/news", "http://[::1]:8000/news"),
    ],
)
def test_what_people_type(typed: str, meant: str) -> None:
    assert links.start_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://iom.int",
        "file:///etc/passwd",
        "iom",
        "http://",
        "http://[::1",
        "https://me:pass@iom.int",
        "a b.int",
    ],
)
def test_what_is_no_site(typed: str) -> None:
    with pytest.raises(ValueError, match=r"address"):
        links.start_address(typed)


def test_password_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="user name") as caught:
        links.start_address("https://me:secret-word@iom.int")
    assert "secret-word" not in str(caught.value)
