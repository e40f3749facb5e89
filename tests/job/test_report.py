"""Reports and metrics: what sites say cannot run in them, nor break them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from prometheus_client.parser import text_string_to_metric_families

from iomscrape.job import metrics
from iomscrape.job.report import as_html, as_text
from iomscrape.job.telling import tell
from tests.job.accounts import FINDING, SITE, job, profile

NASTY = st.sampled_from(
    ['"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>", "javascript:alert(1)", "\x1b[31m", "a\nb",
     "{} {0}", "\u202etxt.exe", "&lt;", "\\", '"', "العربية"]
) | st.text(max_size=30)  # fmt: skip


@given(NASTY, NASTY, NASTY)
def test_what_sites_say_cannot_run(site: str, said: str, url: str) -> None:
    finding = FINDING | {
        "site": site,
        "said": said,
        "examples": [url, f"https://a.int/{url}"],
        "reread": said,
    }
    account = job(finding, site={"site": site, "designs": {said: 5}, "problems": {url: 1}})
    page = html.fromstring(as_html(account))
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "small", "ul", "li", "a", "code", "pre", "br",
        "table", "tr", "th", "td", "tbody",
    }  # fmt: skip
    for element in page.iter("a"):
        assert str(element.get("href")).startswith(("http://", "https://"))
    assert not [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]
    assert "default-src 'none'" in as_html(account)
    lines = as_text(account)
    assert all(sign.isprintable() or sign == "\n" for sign in lines)
    assert "\n" not in account.headline


@given(NASTY, NASTY)
def test_metrics_are_read_as_prometheus_reads_them(site: str, reason: str) -> None:
    account = job(FINDING, site={"site": site, "problems": {reason: 2}})
    text = metrics.as_text(account, alerts_failed=1)
    found: dict[str, list[Any]] = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation == metrics.HELP[family.name]
        found[family.name] = list(family.samples)
    assert set(found) == set(metrics.HELP)
    [problems] = found["iomscrape_site_problems"]
    assert problems.labels == {"job_name": "iom", "site": site, "reason": reason}
    assert problems.value == 2
    ratios = {sample.labels["field"]: sample.value for sample in found["iomscrape_site_field_ratio"]}
    assert ratios == {"title": 1.0, "published": 0.0}
    assert all(math.isfinite(sample.value) for samples in found.values() for sample in samples)
    assert [sample.value for sample in found["iomscrape_job_end_time_seconds"]] == [1795578000.0]


def test_files_are_whole_and_in_their_place(tmp_path: Path) -> None:
    place = profile(tmp_path, 'report = "out/report.html"', 'metrics = "out/iom.prom"')
    for account in (job(), job(FINDING)):
        assert tell(place, account) == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "iom.prom",
        "report.html",
        "report.txt",
    ]
    assert (
        (tmp_path / "out/report.txt")
        .read_text()
        .startswith("iom: timor-leste.iom.int: published not as usual\n")
    )
    assert (tmp_path / "out/iom.prom").stat().st_mode & 0o777 == 0o644
    assert 'kind="field"} 1' in (tmp_path / "out/iom.prom").read_text()


def test_growth_is_told() -> None:
    said = "The archive has 90 articles of 120 captures; the crawl brought 5 articles (usually 4.5) and 1.2 MB of raw pages."
    assert said in as_text(job())
    assert said in as_html(job())


def test_a_report_of_a_job_without_a_crawl() -> None:
    account = job(FINDING)
    short = type(account)(
        job="iom", archive="iom.db", ended_at=account.ended_at, exit_code=0, steps=account.steps[2:]
    )
    assert "Sites" not in as_html(short)
    assert "iomscrape_site_pages_read" not in metrics.as_text(short, alerts_failed=0)
    assert short.headline == "iom: done"


@pytest.mark.parametrize("key", ["report", "metrics"])
def test_a_file_that_cannot_be_written_is_a_line(tmp_path: Path, key: str) -> None:
    (tmp_path / "file").write_text("in the way")
    [said] = tell(profile(tmp_path, f'{key} = "file/x.html"'), job(FINDING))
    assert said.startswith(f"{key} failed: ")
    assert SITE["site"] not in said
