"""Hostile and broken pages: reading raises nothing but UnreadablePage, in moments, and lets no script through."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iomscrape import Article, UnreadablePage, extract_all
from iomscrape.parts import mailto
from tests.golden import PAGES

SAMPLES = [
    PAGES / name
    for name in (
        "drupal9/arabic.html",
        "drupal9/four-line-contacts.html",
        "drupal9/table-list-quote-notes.html",
        "drupal7/headquarters.html",
        "cms/press-briefing-note.html",
        "jahia/windows-1252.html",
        "aggregator/two-items.html",
    )
]
URL = "https://www.iom.int/news/river"
SECONDS = 10.0
"""What a hostile page of a megabyte may cost, on a slow machine; sound pages take some milliseconds."""


def read(raw: bytes | str) -> list[Article] | str:
    """The articles of a page, or why it cannot be read; whatever else it raises fails the test."""
    started = time.process_time()
    try:
        articles = extract_all(raw, url=URL)
    except UnreadablePage as unreadable:
        return unreadable.reason
    finally:
        assert time.process_time() - started < SECONDS
    for article in articles:
        check(article)
    return articles


def check(article: Article) -> None:
    """What holds for every record, whatever the page was."""
    told = json.dumps(article.to_dict())
    json.loads(told)
    links = [link.url for link in (*article.links, *article.documents)] + [
        image.url for image in article.images
    ]
    assert all(link.startswith(("http://", "https://")) for link in [*links, *article.translations.values()])
    for contact in article.contacts:
        assert all(mailto.valid(address) == address for address in contact.emails)
        assert not any(control in address for address in contact.emails for control in "\r\n\t ")
    assert {repair.kind for repair in article.repairs} <= set(mailto.WOUNDS)
    assert 0 <= article.confidence <= 1


# --- mutated pages ----------------------------------------------------------------------------

JUNK = [
    *(
        b"<",
        b">",
        b'"',
        b"'",
        b"&",
        b"@",
        b"+41 22",
        b"mailto:",
        b"\x00",
        b"\xff\xfe",
        b"\xc3",
        b"&#xD800;",
        b"&#0;",
    ),
    *(
        b"</div>",
        b"</p>",
        b"<p>",
        b"<table><tr><td>",
        b"<h1></h1>",
        b"<body>",
        b"<svg>",
        b"<form>",
        b"<title>",
    ),
    *(b"<!--", b"]]>", b"<script>", b"</script>", b"<style>", b"<textarea>", b"<a href=<br />"),
    *(b"javascript:x()", b'<a href="javascript:x()">', b"<html lang='\xe9'>", b"<meta charset=utf-16>"),
    *(b'<link rel="canonical" href="http://[">', b"<base href='//x'>", b"<time datetime='9999-99-99'>"),
    *("\ue000".encode(), "\ue001x@iom.int".encode()),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sound page after a few accidents: cut off, cut out, doubled, nested, moved, filled with junk."""
    raw = draw(st.sampled_from(SAMPLES)).read_bytes()
    for _ in range(draw(st.integers(1, 5))):
        low, high = sorted(draw(st.integers(0, len(raw))) for _ in range(2))
        match draw(st.sampled_from(["cut off", "cut out", "double", "nest", "insert", "replace", "move"])):
            case "cut off":
                raw = raw[:high]
            case "cut out":
                raw = raw[:low] + raw[min(high, low + 400) :]
            case "double":
                raw = raw[:high] + raw[low:high] + raw[high:]
            case "nest":
                raw = raw[:low] + raw[:high] + raw[low:]
            case "insert":
                raw = raw[:low] + draw(st.sampled_from(JUNK)) * draw(st.sampled_from([1, 3, 50])) + raw[low:]
            case "replace":
                raw = raw[:low] + draw(st.binary(max_size=8)) + raw[low + 4 :]
            case "move":
                raw = raw[high:] + raw[:high]
        raw = raw[:60_000]
    return raw


@given(mutated())
@settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_mutated_pages(raw: bytes) -> None:
    read(raw)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes(raw: bytes) -> None:
    read(raw)


@given(
    st.lists(
        st.one_of(st.sampled_from([j.decode("latin-1") for j in JUNK]), st.text(max_size=10)), max_size=20
    ).map("".join)
)
@settings(max_examples=200, deadline=None)
def test_any_text(text: str) -> None:
    read(text)


# --- the list of what bad input is ------------------------------------------------------------

PARAGRAPH = (
    "<p>The river rose in the night and families moved to the school on the hill, the mission said.</p>"
)
HEAD = "<html><head><title>The river</title></head><body><h1>The river</h1>"


def page(inside: str) -> str:
    return f"{HEAD}{PARAGRAPH * 5}{inside}{PARAGRAPH}</body></html>"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\x00" * 1000, "not-a-page"),
        (b"%PDF-1.4 and so on", "not-a-page"),
        (b"\x89PNG\r\n\x1a\n", "not-a-page"),
        (b"PK\x03\x04", "not-a-page"),
        (b"<html></html>", "no-article"),
        (b"<html><head><title>x</title></head><body></body></html>", "no-article"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(raw: bytes, reason: str) -> None:
    assert read(raw) == reason


@pytest.mark.parametrize("size", range(0, 1200, 61))
def test_a_page_cut_off_anywhere(size: int) -> None:
    raw = page('<p>For more information: <a href="mailto:x@iom.int">x@iom.int</a></p>').encode()
    read(raw[:size])
    read(raw[: len(raw) - size])


HOSTILE: dict[str, Callable[[], bytes | str]] = {
    "100,000 nested divs": lambda: "<div>" * 100_000 + PARAGRAPH * 5,
    "100,000 nested spans": lambda: HEAD + "<p>" + "<span>" * 100_000 + "text " * 50,
    "100,000 nested lists": lambda: HEAD + "<ul><li>" * 100_000 + "text " * 50,
    "100,000 nested quotes": lambda: HEAD + "<blockquote>" * 100_000 + PARAGRAPH * 5,
    "nested tables": lambda: HEAD + "<table><tr><td>" * 30_000 + PARAGRAPH * 5,
    "nested tables with text": lambda: HEAD + "<table><tr><td>Words of a cell<i>x</i>" * 8_000 + PARAGRAPH * 5,
    "a dump of damaged addresses": lambda: (
        "The river rose\n\n" + "".join(f'Tel: 1 "mailto:x{n}@iom.int">x{n}@iom.int\n' for n in range(20_000))
    ),
    "a dump full of furniture": lambda: (
        "The river rose\n\n" + "Read more\nFamilies moved to the school\n" * 25_000 + "\nAna Reis, areis@iom.int\n"
    ),
    "nested links": lambda: HEAD + "<p>" + '<a href="mailto:x@iom.int">' * 20_000 + "text " * 50,
    "10 MB attribute": lambda: page(f'<p><a href="{"x" * 10_000_000}">here</a></p>'),
    "10 MB of addresses in an attribute": lambda: page(f'<p><a href="mailto:{"x@iom.int," * 1_000_000}">x</a></p>'),
    "a million a@": lambda: page(f"<p>{'a@' * 500_000}</p>"),
    "a million a@ as a dump": lambda: "a@" * 500_000,
    "a million +1 1 1": lambda: page(f"<p>Tel: {'+1 1 1 1 ' * 110_000}</p>"),
    "a million +1 1 1 as a dump": lambda: "The river rose\n\nTel: " + "+1 1 1 1 " * 110_000,
    "many addresses after a heading": lambda: page(f"<p>For more information contact: {'a@a.aa ' * 60_000}</p>"),
    "many numbers after a heading": lambda: page(f"<p>For more information contact: {'+41 22 717 9111 ' * 10_000}</p>"),
    "broken links without end": lambda: HEAD + "<a href=<br" * 100_000,
    "broken mail links without end": lambda: page('<p><a href=<br />"mailto:x@iom.int">' * 5_000),
    "entity bomb": lambda: (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + f"]>{page('<p>&j;</p>')}"
    ),
    "a million entities": lambda: page(f"<p>{'&amp;&#65;' * 100_000}</p>"),
    "NULs in the text": lambda: page("<p>The ri\x00ver\x00 rose.</p>").encode(),
    "mixed charsets": lambda: (
        page("<p>été</p>").encode("cp1252") + "<p>Ελλάδα été</p>".encode() + b"\xff\xfe" + "<p>ж</p>".encode("koi8-r")
    ),
    "wrong charset declared": lambda: page("<p>été</p>").replace("<head>", "<head><meta charset=utf-16>").encode(),
    "utf-16": lambda: page("<p>été</p>").encode("utf-16"),
    "utf-32": lambda: page("<p>été</p>").encode("utf-32"),
    "surrogates": lambda: page("<p>\ud800 &#xD800; &#1114112; &#0;</p>"),
    "our own marks": lambda: page("<p>a \ue000x@iom.int\ue001 b \ue001\ue000</p>"),
    "deep JSON-LD": lambda: page(f'<script type="application/ld+json">{"[" * 100_000}{"]" * 100_000}</script>'),
    "odd JSON-LD": lambda: page(
        '<script type="application/ld+json">{"@type": ["NewsArticle", 5], "headline": {}, "datePublished": [1],'
        ' "dateModified": 5, "image": null, "@graph": {"a": 1}}</script>'
    ),
    "broken addresses": lambda: page(
        '<link rel=canonical href="http://[x"><base href="http://[y"><a href="http://[z">q</a><img src="http://[w">'
    ),
    "only openings": lambda: "<" * 1_000_000,
    "an attribute name that XML forbids": lambda: page('<p><a href="" ma\ufffex@y.z"">x</a></p>'),
    "200,000 attributes": lambda: page("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + f">{'text ' * 30}</p>"),
    "a paragraph of numbers": lambda: page(f"<p>{'+41 22 555 01 02, ' * 30_000}</p>"),
    "fields without end": lambda: page(
        '<div class="field-name-field-image field-name-field-posted"><b class="field-item"></b></div>' * 40_000
    ).replace("<head>", '<head><meta name="Generator" content="Drupal 7 (http://drupal.org)">'),
    "list items in each other, two at a time": lambda: (
        '<html class="aggregator"><head><meta name="Generator" content="Drupal 7 (http://drupal.org)"></head><body><h1>News</h1>'
        + f'<div class="feed-item"><h3 class="feed-item-title"><a href="/a">A</a></h3>{PARAGRAPH * 4}'
        f'<div class="feed-item"><h3 class="feed-item-title"><a href="/b">B</a></h3>{PARAGRAPH * 4}</div>' * 600
    ),
    "only comments": lambda: page("<!--" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages(name: str) -> None:
    read(HOSTILE[name]())


def test_nuls_and_marks_do_not_come_out() -> None:
    for name in ("NULs in the text", "surrogates"):
        articles = read(HOSTILE[name]())
        assert isinstance(articles, list)
        assert "\x00" not in articles[0].text


SCRIPTS = """
<p><a href="javascript:alert(1)">go</a> <a href=" java\nscript:alert(2)">to</a> <a href="JAVASCRIPT:alert(3)">it</a>
<a href="&#106;avascript:alert(4)">at</a> <a href="vbscript:x">once</a> <a href="data:text/html,x">now</a></p>
<p><a href="javascript:location='mailto:x@iom.int'">Write to us about the river and the school on the hill.</a></p>
<p><a href=<br />"javascript:alert(5)" title=<br />"">Read on about the river and the school on the hill.</a></p>
<p><a href=<br />"mailto:x@iom.int" onclick="javascript:alert(6)">x@iom.int</a></p>
<figure><img src="javascript:alert(7)"><figcaption>The river</figcaption></figure>
<script>javascript:alert(8)</script><iframe src="javascript:alert(9)"></iframe>
<a href="javascript:alert(10)/report.pdf">Report</a>
"""


def test_scripts_come_out_nowhere() -> None:
    articles = read(
        page(SCRIPTS).replace("<h1>", '<h1><a href="javascript:x()">').replace("</h1>", "</a></h1>")
    )
    assert isinstance(articles, list)
    told = json.dumps([article.to_dict() for article in articles]).lower()
    for sign in ("javascript:", "vbscript:", "data:text", "alert("):
        assert sign not in told


def test_a_page_can_be_read_twice_with_the_same_outcome() -> None:
    raw = page(SCRIPTS)
    assert read(raw) == read(raw)
