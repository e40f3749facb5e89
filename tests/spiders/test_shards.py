"""A crawl shared by several machines: who has which site, and that each asks for its own alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from iomscrape.job.profile import ProfileError, parse
from iomscrape.job.steps import steps
from spiders.links import site_key
from spiders.shards import Shard, owner, shard_of
from spiders.site import SiteSpider
from spiders.sites import known_sites
from tests.spiders.crawled import Crawl, rows, slugs
from tests.website import QUICK, ROOT, Reply, Web, article, fill, listing, run

SITES = [site_key(f"https://{site.host}/") for site in known_sites()]


@pytest.fixture
def webs() -> Iterator[list[Web]]:
    """Two sites, of which the first falls into part 1/2, the second into part 2/2."""
    made: list[Web] = []
    while {owner(site_key(web.base), 2) for web in made} != {1, 2}:
        made.append(Web())
    chosen = [next(web for web in made if owner(site_key(web.base), 2) == number) for number in (1, 2)]
    for web in chosen:
        fill(web)
    yield chosen
    for web in made:
        web.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2", "write it as 2/3"),
        ("a/b", "write it as 2/3"),
        ("-1/2", "write it as 2/3"),
        ("1/2/3", "write it as 2/3"),
        ("²/3", "write it as 2/3"),
        ("0/2", "1/2 to 2/2"),
        ("3/2", "1/2 to 2/2"),
        ("1/0", "1 to 1000 parts"),
        ("1/1001", "1 to 1000 parts"),
    ],
)
def test_what_is_no_part_is_told_everywhere(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        shard_of(text)
    with pytest.raises(ValueError, match=said):
        SiteSpider(url="https://www.iom.int", shard=text)
    with pytest.raises(ProfileError, match='write a part as "2/3"'):
        parse(f'[crawl]\nsites = ["a.int"]\nshard = "{text}"\n', tmp_path / "iom.toml")


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--offices", "linked")])
def test_a_wrong_part_ends_before_the_first_request(
    webs: list[Web], crawl: Crawl, tmp_path: Path, more: tuple[str, ...]
) -> None:
    ended = crawl(webs[0].base, "--shard", "3/2", *more)
    assert ended.code == 2
    assert "--shard is '3/2'" in ended.err
    assert "Traceback" not in ended.err
    assert not webs[0].log
    assert list(tmp_path.iterdir()) == []


def test_who_has_which_site_never_changes() -> None:
    """Archives remember what they fetched: a site that went to another machine would be fetched again."""
    hosts = ("iom.int", "timor-leste.iom.int", "mena.iom.int", "127.0.0.1:8602")
    assert [[owner(host, parts) for parts in (1, 2, 3, 7)] for host in hosts] == [
        [1, 2, 2, 2],
        [1, 1, 1, 1],
        [1, 1, 1, 5],
        [1, 2, 2, 2],
    ]


def test_each_site_is_in_one_part_and_the_parts_are_about_equal() -> None:
    for parts in (2, 3, 5):
        shards = [Shard(number, parts) for number in range(1, parts + 1)]
        assert all(sum(shard.has(site) for shard in shards) == 1 for site in SITES)
        sizes = Counter(owner(site, parts) for site in SITES)
        assert len(sizes) == parts
        assert min(sizes.values()) > len(SITES) / parts / 2


def test_one_machine_more_takes_sites_over_and_moves_no_others() -> None:
    for parts in (1, 2, 5):
        moved = [site for site in SITES if owner(site, parts) != owner(site, parts + 1)]
        assert moved
        assert {owner(site, parts + 1) for site in moved} == {parts + 1}


def test_each_part_asks_for_its_own_sites_alone(webs: list[Web], crawl: Crawl, tmp_path: Path) -> None:
    given = [web.base for web in webs]
    assert crawl(*given, "--shard", "1/2").code == 0
    assert webs[0].log
    assert not webs[1].log
    assert len(slugs(tmp_path)) == 6
    [(arguments,)] = rows(tmp_path, "SELECT arguments FROM runs")
    assert json.loads(arguments)["shard"] == "1/2"
    assert json.loads(arguments)["sites"] == [f"{webs[0].base}/"]


def test_plain_scrapy_shares_alike(webs: list[Web], tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("IOMSCRAPE_")}
    env |= {"SCRAPY_SETTINGS_MODULE": "iomscrape.settings", "PYTHONPATH": str(ROOT)}
    url = ",".join(web.base for web in webs)
    subprocess.run(
        [
            *(sys.executable, "-m", "scrapy", "crawl", "site"),
            *("-a", f"url={url}", "-a", "shard=2/2", *QUICK[:-2], "-s", "DOWNLOAD_DELAY=0"),
        ],
        cwd=tmp_path,
        env=env,
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert not webs[0].log
    assert len(slugs(tmp_path)) == 6


def test_a_dry_run_tells_of_the_own_part(webs: list[Web], crawl: Crawl) -> None:
    told = json.loads(crawl(*(web.base for web in webs), "--shard", "2/2", "--dry-run", "--json").out)
    assert told["shard"] == "2/2"
    assert [site["site"] for site in told["sites"]] == [site_key(webs[1].base)]
    assert not webs[0].log


def test_a_part_without_a_site_is_no_failure(webs: list[Web], crawl: Crawl, tmp_path: Path) -> None:
    ended = crawl(webs[0].base, "--shard", "2/2", "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["new"] == 0
    assert "No site falls into part 2/2" in ended.err
    assert not webs[0].log
    assert rows(tmp_path, "SELECT outcome, exit_code FROM runs") == [("done", 0)]


def test_the_part_of_a_profile_is_that_of_the_command(tmp_path: Path) -> None:
    source = '[crawl]\nsites = ["a.int"]\nshard = "2/3"\n'
    [step] = steps(parse(source, tmp_path / "iom.toml"))
    assert step.arguments[:5] == ("crawl", "--site", "a.int", "--shard", "2/3")


def test_the_part_that_has_an_office_finds_it_by_the_home_page_of_headquarters(
    web: Web, tmp_path: Path
) -> None:
    """Both names are served by one proxy, as no name server knows them."""
    assert owner("press.test", 2) == 1
    office = next(
        name for name in ("dili", "bau", "lae", "suva", "apia", "vila") if owner(f"{name}.press.test", 2) == 2
    )
    for base, slug in (
        ("http://www.press.test", "of-headquarters"),
        (f"http://{office}.press.test", "of-it"),
    ):
        link = f'<a href="http://{office}.press.test/about">the office</a>'
        web.pages[f"{base}/"] = Reply(listing([f"/news/{slug}"], after=link))
        web.pages[f"{base}/news/{slug}"] = Reply(article(slug))
    given = ("crawl", "http://www.press.test", "--contact", "you@example.org", "--offices", "linked", *QUICK)
    proxy = {"http_proxy": web.base, "no_proxy": ""}
    for shard, found in (("1/2", ["of-headquarters"]), ("2/2", ["of-it"])):
        web.log.clear()
        db = f"part{shard[0]}.db"
        assert run(*given, "--shard", shard, "--db", db, cwd=tmp_path, env=proxy).code == 0
        assert slugs(tmp_path, db) == found
    asked_there = [asked.path for asked in web.log if "//www.press.test" in asked.path]
    assert asked_there == ["http://www.press.test/robots.txt", "http://www.press.test/"]
