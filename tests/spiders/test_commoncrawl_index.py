"""What is asked of Common Crawl's index, and what is read of its answers, whole or not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import crawl_index, kept
from spiders.crawl_index import BadIndex
from spiders.links import was_article
from tests.spiders.common_crawl import LATEST, as_lines, sample
from tests.website import Ended, Reply, Web, article, run

ROWS = sample().crawls[LATEST]
LINES = as_lines(ROWS).encode()


def crawls(*names: str) -> bytes:
    return json.dumps(
        [
            {
                "id": name,
                "cdx-api": "x",
                "from": f"{name[8:12]}-02-01T00:00:00",
                "to": f"{name[8:12]}-02-20T00:00:00",
            }
            for name in names
        ]
    ).encode()


THREE = crawls("CC-MAIN-2019-09", "CC-MAIN-2026-08", "CC-MAIN-2022-05")
ANY = kept.span_of("", "")


@pytest.mark.parametrize(
    ("site", "asked"),
    [
        ("www.iom.int", "www.iom.int/*"),
        ("https://timor-leste.iom.int/", "timor-leste.iom.int/*"),
        ("*.iom.int", "*.iom.int"),
        ("https://www.iom.int/es/news", "www.iom.int/es/news*"),
        ("https://www.iom.int/news/bridge-school-reopens", "www.iom.int/news/bridge-school-reopens"),
        (
            "http://www.iom.int/jahia/Jahia/pbnAS/cache/offonce?entryId=8203",
            "www.iom.int/jahia/Jahia/pbnAS/cache/offonce?entryId=8203",
        ),
    ],
)
def test_what_is_asked_for(site: str, asked: str) -> None:
    assert crawl_index.asked_of(site) == asked
    url = crawl_index.query("http://x", "CC-MAIN-2026-08", asked, 3)
    parts = urlsplit(url)
    assert parts.path == "/CC-MAIN-2026-08-index"
    query = parse_qs(parts.query)
    assert (query["url"], query["page"], query["output"]) == ([asked], ["3"], ["json"])
    assert query["filter"] == ["=status:200"]


@pytest.mark.parametrize("site", ["", "*.iom.int/news", "ftp://www.iom.int", "two words", "*."])
def test_what_is_no_site(site: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        crawl_index.asked_of(site)


@pytest.mark.parametrize(
    ("wanted", "start", "end", "years"),
    [
        ("", "", "", [2026]),
        ("latest:2", "", "", [2026, 2022]),
        ("latest:9", "", "", [2026, 2022, 2019]),
        ("all", "", "", [2026, 2022, 2019]),
        ("CC-MAIN-2019-09,latest:1", "", "", [2026, 2019]),
        ("", "2019", "2022", [2022, 2019]),
        ("latest:2", "", "2022-02-01", [2022]),
        ("all", "2023", "2025", []),
    ],
)
def test_choice_of_crawls(wanted: str, start: str, end: str, years: list[int]) -> None:
    chosen = crawl_index.choose(crawl_index.read_crawls(THREE), wanted, kept.span_of(start, end))
    assert [int(crawl.id[8:12]) for crawl in chosen] == years


@pytest.mark.parametrize(
    "wanted", ["latest:0", "latest:x", "latest:-1", "../x", "CC MAIN", "CC-MAIN-2031-01"]
)
def test_no_choice_of_crawls(wanted: str) -> None:
    with pytest.raises(ValueError, match=r"crawl"):
        crawl_index.choose(crawl_index.read_crawls(THREE), wanted, ANY)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[]", b'[{"id": "../../etc"}]', b"[" * 5000])
def test_no_list_of_crawls(body: bytes) -> None:
    with pytest.raises(BadIndex):
        crawl_index.read_crawls(body)


@pytest.mark.parametrize(
    ("body", "pages"), [(b'{"pages": 3, "pageSize": 5, "blocks": 12}', 3), (b" 4\n", 4), (b'{"pages": 0}', 0)]
)
def test_number_of_pages(body: bytes, pages: int) -> None:
    assert crawl_index.read_page_count(body) == pages


@pytest.mark.parametrize(
    "body", [b"", b"many", b'{"pages": -1}', b'{"pages": true}', b"[3]", b"1e9", b"9999999999"]
)
def test_no_number_of_pages(body: bytes) -> None:
    with pytest.raises(BadIndex):
        crawl_index.read_page_count(body)


def test_rows_are_pages_that_may_be_articles() -> None:
    found = crawl_index.read_rows(LINES)
    assert (found.bad, found.cut) == ((), False)
    wanted = [row for row in ROWS if row["mime"] == "text/html" and row["status"] == "200"]
    assert {row.url for row in found.rows} == {row["url"] for row in wanted if was_article(row["url"])}
    first = found.rows[0]
    assert first.at == datetime.strptime(wanted[0]["timestamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert first.place == f"{wanted[0]['filename']}:{wanted[0]['offset']}"


@given(st.integers(0, len(LINES)))
def test_rows_of_an_answer_that_is_cut_anywhere(length: int) -> None:
    whole, found = crawl_index.read_rows(LINES), crawl_index.read_rows(LINES[:length])
    assert found.rows == whole.rows[: len(found.rows)]
    assert found.bad == ()
    # A line that only lacks its end is whole.
    between = length == 0 or LINES[length - 1 : length] == b"\n" or LINES[length : length + 1] == b"\n"
    assert found.cut is not between


@given(st.lists(st.binary(max_size=40) | st.sampled_from(LINES.splitlines())).map(b"\n".join))
def test_no_answer_is_too_bad_to_be_read(body: bytes) -> None:
    found = crawl_index.read_rows(body)
    assert set(found.rows) <= set(crawl_index.read_rows(LINES).rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"filename": "../../etc/passwd"},
        {"filename": "https://elsewhere.example/x.warc.gz"},
        {"filename": "/x.warc.gz"},
        {"filename": "a?b"},
        {"offset": "-1"},
        {"length": "0"},
        {"length": "99999999999"},
        {"offset": "many"},
        {"digest": "-"},
        {"timestamp": "20261399000000"},
        {"timestamp": "2026"},
    ],
)
def test_rows_that_lead_nowhere(wrong: dict[str, str]) -> None:
    found = crawl_index.read_rows(as_lines([next(r for r in ROWS if was_article(r["url"])) | wrong]).encode())
    assert (found.rows, len(found.bad), found.cut) == ((), 1, False)


def test_nothing_is_an_answer() -> None:
    assert crawl_index.is_no_captures(b'{"message": "No Captures found for: www.iom.int/*"}')
    assert not crawl_index.is_no_captures(b"<h1>Not found</h1>")
    assert crawl_index.read_rows(b"").rows == ()


@pytest.mark.parametrize(
    ("url", "was"),
    [
        ("http://www.iom.int/jahia/Jahia/pbnAS/cache/offonce?entryId=8203", True),
        ("http://www.iom.int/jahia/Jahia/pbnAM/cache/offonce/lang/es?entryId=15402", True),
        (
            "http://www.iom.int/cms/en/sites/iom/home/news-and-views/press-briefing-notes/pbn-2013/pbn-listing/x.html",
            True,
        ),
        ("https://www.iom.int/news/bridge-school-reopens", True),
        ("http://www.iom.int/jahia/Jahia/pbnAS", False),
        ("http://www.iom.int/cms/en/sites/iom/home/about-iom.html", False),
        ("https://www.iom.int/news", False),
    ],
)
def test_addresses_of_all_times(url: str, was: bool) -> None:
    assert was_article(url) is was


def test_robots_txt_holds_for_all_who_wait_for_it(web: Web, tmp_path: Path) -> None:
    """Here because an index is asked for many things at once; the live crawl shows it best."""
    paths = [f"/news/ferry-number-{number}" for number in range(4)]
    web.pages |= {path: Reply(article(path[6:])) for path in paths}
    web.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n", wait=0.2)
    ended: Ended = run("crawl", *(web.base + path for path in paths), "--delay", "0", cwd=tmp_path)
    assert ended.code == 5
    assert {asked.path for asked in web.log} == {"/robots.txt"}
