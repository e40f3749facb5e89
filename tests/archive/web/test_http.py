"""The pages over HTTP, from a server that was really started."""

from __future__ import annotations

import re

import httpx
import pytest
from lxml import html

PAGES = (
    "/",
    "/search",
    "/search?q=ferry",
    "/article/2",
    "/article/1?as-of=2026-03-01",
    "/versions/1",
    "/versions/2",
    "/similar/1",
    "/similar/10",
    "/raw/2",
    "/months",
    "/months?by=country",
    "/people",
    "/person?name=Rosa+Tavares",
    "/offices",
    "/office?name=IOM+Dili",
    "/archive",
    "/archive/articles",
    "/archive/articles/2",
    "/archive/articles?_facet=lang&country=TL",
    "/archive?sql=select+count(*)+from+articles",
)


def text_of(answer: httpx.Response) -> str:
    return " ".join(html.document_fromstring(answer.text).text_content().split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_one_of_ours_and_well_made(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 200, text_of(answer)
    tree = html.document_fromstring(answer.text)
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//h1")) == 1
    assert tree.xpath("//body/*[1]/@href") == ["#content"]
    assert tree.xpath("//script | //style | //@*[starts-with(name(), 'on')]") == []
    ids = tree.xpath("//@id")
    if not path.startswith("/archive"):
        assert sorted(ids) == sorted(set(ids))
    for reference in tree.xpath("//@aria-labelledby | //@aria-describedby | //label/@for"):
        assert reference in ids
    for field in tree.xpath("//main//input[not(@type='hidden' or @type='submit')] | //main//select"):
        assert path.startswith("/archive") or field.get("id") in tree.xpath("//label/@for")


def test_the_front_page_counts(http: httpx.Client) -> None:
    text = text_of(http.get("/"))
    assert "28 articles, published 2003 to 2022, in 4 languages on 2 sites" in text
    assert "1 problem" in text
    assert "Last run: crawl," in text


def test_an_article_is_shown_whole(http: httpx.Client) -> None:
    answer = http.get("/article/1")
    text = text_of(answer)
    for words in (
        "Bridge School Reopens",
        "Lessons resume",
        "The school by the bridge has opened again.",
        "Timor-Leste",
        "printed “03 May 2021”",
        "Education",
        "Rosa Tavares",
        "Field Coordinator",
        "+6707234321",
        "ext. 14",
        "not in today’s numbering plan",
        "break in tag",
        "IOM/P. Photographer",
        "Bridge School Opens",
        "capture 2",
    ):
        assert words in text, words
    assert "<h2>What comes next</h2>" in answer.text
    assert "<ul><li>More desks</li><li>A new roof</li></ul>" in answer.text
    assert "<blockquote>" in answer.text
    assert 'href="tel:+6707234321"' in answer.text
    assert 'href="mailto:rtavares@iom.int"' in answer.text
    assert 'href="/article/2">article 2</a>' in answer.text


def test_an_article_is_found_by_its_address(http: httpx.Client) -> None:
    for address in (
        "https://www.iom.int/news/school",
        "http://iom.int/news/school/",
        "iom.int/news/school",
    ):
        answer = http.get(f"/article/{address}")
        assert (answer.status_code, answer.headers["location"]) == (302, "/article/1")


def test_what_an_article_said_earlier(http: httpx.Client) -> None:
    text = text_of(http.get("/article/1?as-of=2026-03-01"))
    assert "version 1 of 2" in text
    assert "The school by the bridge has opened." in text
    assert "has opened again" not in text
    assert "first seen on 2026-03-01" in text_of(http.get("/article/1?as-of=2025"))
    assert http.get("/article/1?as-of=2025").status_code == 404
    assert http.get("/article/1?as-of=soon").status_code == 400


def test_what_changed_word_by_word(http: httpx.Client) -> None:
    answer = http.get("/versions/1")
    assert "Bridge School <del>Opens</del><ins>Reopens</ins>" in answer.text
    assert "The school by the bridge has opened<ins> again</ins>." in answer.text
    assert "<ins>What comes next</ins>" in answer.text
    assert '<option value="1" selected>version 1, seen 2026-03-01</option>' in answer.text
    backwards = http.get("/versions/1?from=2&to=1").text
    assert "Bridge School <del>Reopens</del><ins>Opens</ins>" in backwards
    assert "Only one version" in http.get("/versions/2").text
    assert http.get("/versions/1?from=7").status_code == 400
    assert http.get("/versions/4711").status_code == 404


def test_articles_like_one(http: httpx.Client) -> None:
    text = text_of(http.get("/similar/10"))
    assert "Like Ferry Timetable" in text
    # What nearly every article says tells nothing about any.
    assert "No article shares enough of its telling words." in text
    assert http.get("/similar/4711").status_code == 404


def test_arabic_runs_from_the_right(http: httpx.Client) -> None:
    for path in ("/article/3", "/search?q=قوارب"):
        assert '<article lang="ar" dir="rtl">' in http.get("/article/3").text
        assert 'lang="ar" dir="rtl"' in http.get(path).text


def test_a_search_finds_marks_and_pages(http: httpx.Client) -> None:
    answer = http.get("/search?q=ferry")
    assert "<mark>Ferry</mark> Timetable" in answer.text
    assert answer.text.count('class="headline"') == 20
    assert 'rel="next"' in answer.text
    second = http.get("/search?q=ferry&page=2")
    assert second.text.count('class="headline"') == 4
    assert 'rel="next"' not in second.text
    assert "Nothing found" in http.get("/search?q=submarine").text
    narrowed = http.get("/search?q=ferry&country=CO&since=2010")
    assert 0 < narrowed.text.count('class="headline"') < 12


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/search?q=-ferry", 400, "The query only excludes"),
        ("/search?q=ferry&since=soon", 400, "is no date"),
        ("/article/4711", 404, "no such article"),
        ("/article/99999999999999999999", 404, "no such article"),
        ("/raw/4711", 404, "no such capture"),
        ("/raw/4711/page", 404, "no raw page"),
        ("/person?name=Nobody", 404, "Nobody of that name"),
        ("/nowhere", 404, "Not found"),
        ("/archive/nothing", 404, "Not found"),
        ("/archive?sql=select+nonsense", 400, "no such column: nonsense"),
        ("/archive.db", 403, "forbidden"),
    ],
)
def test_what_cannot_be_shown_says_why(http: httpx.Client, path: str, status: int, words: str) -> None:
    answer = http.get(path)
    assert answer.status_code == status
    assert words.lower() in text_of(answer).lower()
    assert "Traceback" not in answer.text


def test_hostile_queries_are_only_queries(http: httpx.Client) -> None:
    for query in ('"', "NEAR(", "*", "-- DROP", "🦆", "'; DELETE FROM articles; --", "a" * 5000, "\x00", "%"):
        assert http.get("/search", params={"q": query}).status_code in (200, 400)
    assert http.get("/search", params={"q": "word " * 1000}).status_code == 400
    for path in ("/search?page=0", "/search?page=-1", "/search?page=x", "/search?q=ferry&page=999999"):
        assert http.get(path).status_code == 200


def test_tables_and_columns_are_explained(http: httpx.Client) -> None:
    answer = http.get("/archive/phones")
    assert "Telephone numbers of contacts." in text_of(answer)
    assert "empty where country or number cannot be told" in text_of(answer)
    rows = http.get("/archive/articles.json?_shape=array&lang=ar").json()
    assert [row["country"] for row in rows] == ["YE"]
    assert http.get("/archive/articles.csv?_size=max").text.count("\r\n") >= 29
    found = http.get("/archive/articles.json?_shape=array&_search=timetable&_size=max").json()
    assert len(found) == 24


def test_the_raw_page_is_shown_without_what_is_active(http: httpx.Client) -> None:
    frame = http.get("/raw/6").text
    assert re.search(
        r'<iframe class="raw" sandbox referrerpolicy="no-referrer"[^>]+src="/raw/6/page">', frame
    )
    page = http.get("/raw/6/page")
    assert "Text of the storm." in page.text
    for word in ("<script", "onerror", "onload", "javascript:", "<iframe", "<link", "<meta", "<form", "src="):
        assert word not in page.text.lower()
    assert "sandbox; default-src 'none'" in page.headers["content-security-policy"]
    source = http.get("/raw/6/source")
    assert source.headers["content-type"] == "text/plain; charset=utf-8"
    assert "<script>" in source.text
    assert "sandbox" in source.headers["content-security-policy"]
