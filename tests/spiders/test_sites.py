"""The bundled list of sites, and what people may call them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from twisted.python.failure import Failure

from spiders import links
from spiders.links import Site
from spiders.site import SiteSpider
from spiders.sites import addresses, as_of, known_sites, office
from spiders.unfetched import Unfetched
from tests.spiders.crawled import slugs
from tests.website import QUICK, Reply, Web, article, listing, run


def test_the_list_is_dated_and_whole() -> None:
    assert date.fromisoformat(as_of()) >= date(2026, 1, 1)
    sites = known_sites()
    assert len(sites) > 170
    assert sites[0].host == "www.iom.int"
    assert len({site.host for site in sites}) == len(sites)
    countries = [site.countries for site in sites if site.kind == "country"]
    assert all(len(codes) == 1 and re.fullmatch("[A-Z]{2}", codes[0]) for codes in countries)
    assert len({codes[0] for codes in countries}) == len(countries)


def test_every_row_says_how_sure_it_is() -> None:
    sure = {site.host: site.sure for site in known_sites()}
    assert set(sure.values()) == {"seen", "likely"}
    assert sure["timor-leste.iom.int"] == "seen"
    assert all(re.fullmatch(r"[a-z-]+\.iom\.int", host) for host in sure)


def test_paths_to_try_come_in_the_languages_of_the_site() -> None:
    assert {"/robots.txt", "/sitemap.xml", "/news/rss.xml", "/news", "/pt/news"} < set(office("tl").paths)


@pytest.mark.parametrize("name", ["timor-leste", "Timor Leste", "TL", " tl "])
def test_names_of_an_office(name: str) -> None:
    assert office(name).host == "timor-leste.iom.int"


def test_an_unknown_office_is_named_with_its_neighbours() -> None:
    with pytest.raises(ValueError, match="timor-leste"):
        office("timor-lest")


def test_sites_by_host_address_and_all() -> None:
    assert addresses(("iom.int", "http://127.0.0.1:80/es/news"), ("costarica",)) == [
        "https://www.iom.int/",
        "http://127.0.0.1:80/es/news",
        "https://costarica.iom.int/",
    ]
    assert addresses(("iom.int/es/news",), ()) == ["https://iom.int/es/news"]
    assert len(addresses(("all", "www.iom.int"), ("tl",))) == len(known_sites())


def test_offices_are_below_headquarters() -> None:
    headquarters = Site("https://www.iom.int")
    assert links.is_office_of(headquarters, "https://mena.iom.int/news")
    for url in (
        "https://www.iom.int/",
        "https://iom.int.example.org/",
        "https://xiom.int/",
        "file:///x.iom.int",
    ):
        assert not links.is_office_of(headquarters, url)


def test_linked_offices_join_the_run(web: Web, tmp_path: Path) -> None:
    """Both names are served by one proxy, as no name server knows them."""

    def pages(base: str, slug: str, home: str) -> None:
        web.pages[f"{base}/"] = Reply(home)
        web.pages[f"{base}/news/{slug}"] = Reply(article(slug))

    office_link = '<a href="http://dili.press.test/about">Dili</a><a href="http://elsewhere.test/">x</a>'
    pages("http://www.press.test", "of-headquarters", listing(["/news/of-headquarters"], after=office_link))
    pages(
        "http://dili.press.test",
        "of-the-office",
        listing(["/news/of-the-office"], after="<a href='http://bau.press.test/'>x</a>"),
    )
    given = ("crawl", "http://www.press.test", "--contact", "you@example.org", *QUICK)
    proxy = {"http_proxy": web.base, "no_proxy": ""}
    assert run(*given, cwd=tmp_path, env=proxy).code == 0
    assert slugs(tmp_path) == ["of-headquarters"]
    assert run(*given, "--offices", "linked", cwd=tmp_path, env=proxy).code == 0
    assert slugs(tmp_path) == ["of-the-office", "of-headquarters"]
    hosts = {asked.path.split("/")[2] for asked in web.log}
    # The office's own links do not lead on: it was not given.
    assert hosts == {"www.press.test", "dili.press.test"}


@pytest.mark.parametrize(
    ("host", "error", "reason"),
    [
        ("southernafrica.iom.int", CannotResolveHostError("none"), "no-such-site"),
        ("www.iom.int", CannotResolveHostError("none"), "dns"),
        ("southernafrica.iom.int", DownloadConnectionRefusedError("no"), "refused"),
    ],
)
def test_a_site_that_is_only_supposed_may_not_exist(host: str, error: Exception, reason: str) -> None:
    spider = SiteSpider(url=host)
    failure = Failure(error)  # type: ignore[no-untyped-call]  # Twisted has no types for it
    failure.request = Request(f"https://{host}/")  # type: ignore[attr-defined]  # as Scrapy does
    [item] = spider.site_failed(failure)
    assert isinstance(item, Unfetched)
    assert (item.reason, item.site) == (reason, True)
