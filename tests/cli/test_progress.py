"""What a person sees while a crawl runs."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from scrapy.signalmanager import SignalManager

from iomscrape.cli.progress import ROWS, Progress
from iomscrape.crawling import SITE_OUT, TOOK
from spiders.links import Site
from spiders.unfetched import Unfetched
from spiders.walk import Bounds, Walk


def walk(host: str, found: int) -> Walk:
    made = Walk(Site(f"https://{host}"))
    for number in range(found):
        made.find(f"https://{host}/news/page-{number}", Bounds())
    return made


@pytest.fixture
def crawler() -> Any:
    run = SimpleNamespace(
        tallies={
            "a.int": Counter(new=3, changed=1, problem=1, problems=2),
            "b.int": Counter(unchanged=5),
        }
    )
    return SimpleNamespace(
        signals=SignalManager(),
        spider=SimpleNamespace(walks={"a.int": walk("a.int", 10), "b.int": walk("b.int", 0)}),
        extensions=object(),
        get_extension=lambda kind: run,
    )


def shown(progress: Progress, width: int = 120) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(progress.table())
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_row_for_each_site_and_one_for_all(crawler: Any) -> None:
    progress = Progress(crawler, Console(file=io.StringIO()))
    progress.started -= 60
    head, first, second, total, *_ = shown(progress)
    assert head.split() == "site done queued new changed unchanged problems a minute left".split()
    assert first.split()[:8] == ["a.int", "5", "10", "3", "1", "0", "2", "5"]
    assert first.endswith("about 2 min")
    assert second.split() == ["b.int", "5", "0", "0", "0", "5", "0", "5", "–"]
    assert total.split()[:4] == ["all", "10", "10", "3"]


def test_many_sites_show_the_busiest(crawler: Any) -> None:
    crawler.spider.walks |= {f"s{n}.int": walk(f"s{n}.int", 0) for n in range(40)}
    lines = shown(Progress(crawler, Console(file=io.StringIO())))
    assert len([line for line in lines if ".int" in line]) == ROWS
    assert any(line.startswith("a.int") for line in lines)


def test_one_line_for_logs(crawler: Any) -> None:
    out = io.StringIO()
    progress = Progress(crawler, Console(file=out, width=40), plain_seconds=0)
    hostile = Unfetched(url="https://a.int/news/\x1b[31mred", reason="dns", detail="x")
    crawler.signals.send_catch_log(TOOK, item=hostile)
    assert progress.last == hostile.url
    [line] = out.getvalue().splitlines()
    assert line.startswith("10 pages done, 10 queued: 3 new, 1 changed, 5 unchanged, 2 problems, ")
    assert "\x1b" not in line


def test_a_site_that_is_out_is_one_line(crawler: Any) -> None:
    out = io.StringIO()
    progress = Progress(crawler, Console(file=out, width=40))
    for reason in ("forbidden", "dns"):
        item = Unfetched(url="https://www.a.int/", reason=reason, detail="So it is.", site=True)
        crawler.signals.send_catch_log(SITE_OUT, item=item)
    refused, unknown = out.getvalue().splitlines()
    assert refused == (
        "https://www.a.int/: So it is. (forbidden) Other ways to its pages: "
        "iomscrape wayback www.a.int, iomscrape commoncrawl www.a.int"
    )
    assert unknown == "https://www.a.int/: So it is. (dns)"
    crawler.signals.send_catch_log(SITE_OUT, item=replace(item, reason="no-such-site"))
    assert len(out.getvalue().splitlines()) == 2
    assert progress.last == ""
