"""Reading from bytes to record: charsets, faults of a page, what is no page at all, links that run something."""

from __future__ import annotations

import codecs
import random
import re

import pytest

from iomscrape import UnreadablePage, extract, extract_all
from tests import golden

TITLE = "Le cœur d’un phare bat à Nosy Be"
TEXT = (
    "Nosy Be – Les gardiens du phare ont remonté l’horloge à la main pendant onze nuits, « pour l’honneur »,"
    " dit leur doyenne, et pour quarante pêcheurs qui rentraient sans œil ni boussole…"
)
MORE = (
    "Le déménagement de l’atelier s’achèvera en février, dès que la forêt d’échafaudages aura été démontée."
)


def page(head: str = "", body: str = "", title: str = TITLE) -> str:
    """A page with the title and two paragraphs, in French, for every charset holds other letters of it."""
    text = body or f"<h1>{title}</h1><p>{TEXT}</p><p>{MORE}</p>"
    return f"<!doctype html><html lang=fr><head>{head}<title>{title}</title></head><body><main>{text}</main></body></html>"


def assert_whole(raw: bytes, headers: dict[str, str] | None = None) -> None:
    article = extract(raw, url="https://madagascar.iom.int/fr/news/phare", headers=headers)
    assert (article.title, [block.text for block in article.blocks]) == (TITLE, [TEXT, MORE])


class TestCharset:
    """The bytes are believed before the labels."""

    @pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "windows-1252", "us-ascii"])
    @pytest.mark.parametrize("real", ["utf-8", "cp1252"])
    def test_declared_one_and_written_in_the_other(self, declared: str, real: str) -> None:
        head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
        assert_whole(page(head).encode(real))

    @pytest.mark.parametrize(
        "real",
        [
            "utf-8",
            "cp1252",
        ],
    )
    def test_a_charset_that_nobody_knows(self, real: str) -> None:
        assert_whole(page('<meta charset="x-unheard-of">').encode(real))

    @pytest.mark.parametrize("real", ["utf-8", "cp1252"])
    def test_the_header_is_wrong_and_the_page_says_nothing(self, real: str) -> None:
        other = {"utf-8": "windows-1252", "cp1252": "utf-8"}[real]
        assert_whole(page().encode(real), {"content-type": f"text/html; charset={other}"})

    def test_the_header_is_right_and_the_page_is_wrong(self) -> None:
        raw = page('<meta charset="utf-8">').encode("cp1252")
        assert_whole(raw, {"Content-Type": "text/html; charset=ISO-8859-1"})

    @pytest.mark.parametrize(
        ("bom", "real"),
        [
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
        ],
    )
    def test_a_byte_order_mark_decides(self, bom: bytes, real: str) -> None:
        raw = bom + page('<meta charset="iso-8859-1">').encode(real)
        assert_whole(raw, {"Content-Type": "text/html; charset=windows-1251"})

    @pytest.mark.parametrize("real", ["utf-16-le", "utf-16-be"])
    def test_utf_16_that_only_the_header_tells(self, real: str) -> None:
        assert_whole(page().encode(real), {"Content-Type": f"text/html; charset={real}"})

    def test_a_stray_byte_costs_one_letter_not_the_page(self) -> None:
        raw = page().encode().replace(b"onze nuits", b"onze\x92 nuits")
        text = extract(raw).text
        assert "cœur" in extract(raw).title
        assert "« pour l’honneur »" in text

    @pytest.mark.parametrize(
        ("charset", "title"),
        [("cp1251", "Мост через реку открыли пешеходам"), ("cp1256", "افتتاح جسر للمشاة فوق النهر")],
    )
    def test_other_alphabets_by_their_declared_charset(self, charset: str, title: str) -> None:
        raw = page(
            f'<meta charset="{charset.replace("cp", "windows-")}">',
            f"<h1>{title}</h1>" + f"<p>{title}. </p>" * 4,
        )
        assert extract(raw.replace(TITLE, title).encode(charset, "ignore")).title == title


class TestFaultsOfAPage:
    def test_no_h1_and_the_title_only_in_the_title_tag(self) -> None:
        raw = page(body=f"<p>{TEXT}</p><p>{MORE}</p>").replace("</title>", " | OIM Madagascar</title>")
        assert_whole(raw.encode())

    @pytest.mark.parametrize(
        "gap", ["<br><br>", "<br /><br />", "<BR>\n<BR>", "<br>&nbsp;<br>", "<br/> <br/> <br/>"]
    )
    def test_paragraphs_by_line_breaks_alone(self, gap: str) -> None:
        assert_whole(page(body=f"<h1>{TITLE}</h1><div>{TEXT}{gap}{MORE}</div>").encode())

    def test_upper_case_and_unclosed(self) -> None:
        raw = page(body=f"<H1>{TITLE}</H1><P>{TEXT}<P>{MORE}")
        tags = ("html", "head", "title", "body", "main")
        for tag in tags:
            raw = raw.replace(f"<{tag}", f"<{tag.upper()}").replace(f"</{tag}>", f"</{tag.upper()}>")
        assert_whole(raw.encode())

    def test_cut_off_in_the_middle(self) -> None:
        raw = page().encode()
        article = extract(raw[: raw.index("échafaudages".encode())])
        assert article.title == TITLE
        assert article.blocks[0].text == TEXT

    def test_no_head_no_body_no_html(self) -> None:
        assert_whole(f"<h1>{TITLE}</h1><p>{TEXT}</p><p>{MORE}</p>".encode())

    @pytest.mark.parametrize(
        ("machine", "day"),
        [
            ("2023-03-14T12:00:00Z", "2023-03-14"),
            ("2023-03-13T23:00:00Z", "2023-03-14"),
            ("2023-03-14T00:00:00+0100", "2023-03-14"),
        ],
    )
    def test_the_day_that_people_read_is_the_day(self, machine: str, day: str) -> None:
        stamp = f'<time datetime="{machine}">14 March 2023</time>'
        raw = page(body=f"<article><h1>{TITLE}</h1>{stamp}<p>{TEXT}</p><p>{MORE}</p></article>")
        generator = '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">'
        article = extract(raw.replace("<head>", f"<head>{generator}"))
        assert (article.design, article.to_dict()["published"]) == ("drupal9", day)

    def test_a_canonical_address_on_another_host_is_ignored(self) -> None:
        url = "https://madagascar.iom.int/fr/news/phare"
        foreign = page('<link rel="canonical" href="https://cdn.example.net/copy-of/phare">').encode()
        own = page('<link rel="canonical" href="https://www.madagascar.iom.int/fr/node/77">').encode()
        assert extract(foreign, url=url).url == url
        assert extract(own, url=url).url == "https://www.madagascar.iom.int/fr/node/77"

    def test_a_canonical_address_that_is_only_the_front_page_is_ignored(self) -> None:
        url = "https://madagascar.iom.int/fr/news/phare"
        raw = page('<link rel="canonical" href="https://madagascar.iom.int/">').encode()
        assert extract(raw, url=url).url == url


MENU_ONLY = "".join(
    f'<li><a href="/{word}">{word.title()}</a></li>' for word in "about work news jobs contact".split()
)


class TestUnreadable:
    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"", "empty"),
            (b" \r\n\t \n", "empty"),
            (codecs.BOM_UTF8, "empty"),
            (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj", "not-a-page"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "not-a-page"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "not-a-page"),
            (b"GIF89a\x01\x00\x01\x00", "not-a-page"),
            (b"PK\x03\x04\x14\x00\x06\x00", "not-a-page"),
            (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "not-a-page"),
            (b"\x00\x01\x02\x03" * 2000, "not-a-page"),
            (f"<html><body><nav><ul>{MENU_ONLY}</ul></nav></body></html>".encode(), "no-article"),
            (f"<html><body><div><ul>{MENU_ONLY}</ul></div></body></html>".encode(), "no-article"),
            (b"<html><head><title>Soon</title></head><body></body></html>", "no-article"),
            (b"-\nWho we are\n-\nOur Work\nWhat We Do\nWhat We Do\n- Where we work\n", "no-article"),
            (b"<html><body><script>document.write('hello')</script></body></html>", "no-article"),
        ],
    )
    def test_the_reason(self, raw: bytes, reason: str) -> None:
        for reads in (extract, extract_all):
            with pytest.raises(UnreadablePage) as caught:
                reads(raw, url="https://www.iom.int/news/x")
            assert caught.value.reason == reason
            assert reason in str(caught.value)
            assert caught.value.detail


NOISE = random.Random(3).randbytes(4000)
ITEM = "<item><title>A lamp</title><description>The lamp of the pier was lit for the first time since May.</description></item>"
CARD = (
    '<div class="search-card"><a href="/news/{0}"><img src="/x"></a><div class="article-detail"><div class="tag">News</div>'
    '<h5 class="title"><a href="/news/{0}">Lamp number {0} is lit on the pier</a></h5><div class="date">{0} May 2024</div>'
    "<p>It took two meetings and a ladder to agree on the place of the lamp, and then…</p></div></div>"
)
CARDS = (
    '<!doctype html><html lang="en"><head><title>News | International Organization for Migration</title>'
    '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)"></head><body class="path-search">'
    '<main role="main"><h1 class="page-title">News</h1><div class="view-content">'
    + "".join(CARD.format(number) for number in range(1, 13))
    + '</div><nav class="pager"><a href="?page=1">Next</a></nav></main></body></html>'
)
NOT_PAGES = {
    "bytes of no kind": NOISE,
    "bytes of no kind, no NUL": NOISE.replace(b"\x00", b"\x01"),
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + NOISE,
    "elf": b"\x7fELF\x02\x01\x01" + NOISE,
    "json": b'{"title": "A lamp", "body": "' + b"The lamp of the pier was lit. " * 20 + b'"}',
    "feed": f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{ITEM * 6}</channel></rss>'.encode(),
    "sitemap": b'<?xml version="1.0"?><urlset>'
    + b"<url><loc>https://www.iom.int/news/a-lamp-on-the-pier</loc></url>" * 8
    + b"</urlset>",
    "robots.txt": b"User-agent: *\nDisallow: /admin/\nDisallow: /search/\nSitemap: https://www.iom.int/sitemap.xml\n",
    "script": b'(function () { window.addEventListener("load", function () { console.log("lit"); }); })();\n'
    * 9,
    "challenge": b"<!doctype html><html><head><title>Just a moment...</title></head><body><div><noscript>"
    b"<h2>Enable JavaScript and cookies to continue</h2></noscript></div></body></html>",
    "list of news": CARDS.encode(),
    "front page": b"<!doctype html><html lang=en><head><title>International Organization for Migration</title></head><body>"
    b'<nav><a href="/about">About</a></nav><main>'
    + b'<section><h2><a href="/w">Our work</a></h2><p>Learn about our work.</p></section>' * 8
    + b"</main></body></html>",
    "not found, with status 200": page(
        body="<h1>Page not found</h1><p>The requested page could not be found.</p>"
    ).encode(),
    "refusal": b"<!doctype html><html><head><title>Attention Required!</title></head><body><h1>You have been blocked</h1>"
    b"<p>This website is using a security service to protect itself from online attacks. The action you just "
    b"performed triggered the security solution.</p></body></html>",
}
"""What crawls bring home that is no page of the site."""


@pytest.mark.parametrize("raw", NOT_PAGES.values(), ids=NOT_PAGES)
def test_what_is_no_page_of_the_site_gives_no_article(raw: bytes) -> None:
    with pytest.raises(UnreadablePage) as caught:
        extract(raw, url="https://www.iom.int/news/x")
    assert caught.value.reason in ("not-a-page", "no-article")


SCRIPTED = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "jav&#x09;ascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html;base64,PHA+",
    "file:///etc/hostname",
    "javascript://www.iom.int/%0aalert(1)//x.pdf",
]


@pytest.mark.parametrize("href", SCRIPTED)
def test_links_that_run_something_stand_in_no_field(href: str) -> None:
    head = (
        f'<link rel="canonical" href="{href}"><meta property="og:url" content="{href}">'
        f'<link rel="alternate" hreflang="es" href="{href}">'
    )
    body = (
        f'<h1>{TITLE}</h1><p>{TEXT} <a href="{href}">ici</a></p><p>{MORE}</p>'
        f'<figure><img src="{href}"><figcaption>Le phare</figcaption></figure>'
        f'<p>Pour plus d’informations : Lalao Peyron, OIM Madagascar, <a href="{href}">lpeyron@iom.int</a></p>'
    )
    record = extract(page(head, body), url="https://madagascar.iom.int/fr/news/phare").to_dict()
    addresses = [
        record["url"],
        *record["translations"].values(),
        *(item["url"] for field in ("links", "documents", "images") for item in record[field]),
    ]
    assert all(address.startswith("https://madagascar.iom.int/") for address in addresses)
    squeezed = re.sub(r"\s", "", " ".join(golden.texts(record))).lower()
    assert not [word for word in ("script:", "alert(", "data:", "file:") if word in squeezed]
    assert record["contacts"][0]["emails"] == ["lpeyron@iom.int"]
