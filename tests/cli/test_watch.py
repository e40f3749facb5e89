"""``iomscrape watch``, and a job whose site changes its looks, as a user has them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from iomscrape.demo.server import SampleSites
from iomscrape.demo.site import Answer
from tests.archive.watch.crawls import OFFICE, Crawls
from tests.job.servers import mail_server, web_server
from tests.website import Ended

Program = Callable[..., Ended]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Crawls]:
    crawls = Crawls(tmp_path / "iom.db")
    yield crawls
    crawls.archive.close()


def test_all_as_usual(iomscrape: Program, archive: Crawls) -> None:
    archive.ordinary()
    done = iomscrape("watch")
    assert (done.code, done.err) == (0, "")
    assert "timor-leste.iom.int" in done.out
    assert "all as usual" in done.out


def test_what_changed_is_named(iomscrape: Program, archive: Crawls) -> None:
    archive.ordinary()
    archive.crawl(49, archive.news(5, published=None))
    done = iomscrape("watch")
    assert done.code == 4
    assert "timor-leste.iom.int: field, published, design drupal9" in done.out
    assert done.out.count(f"    {OFFICE}/news/item-") == 3
    found = json.loads(iomscrape("watch", "--json").out)
    [finding] = found["findings"]
    assert (finding["subject"], finding["have"], finding["pages"]) == ("published", 0, 5)
    assert iomscrape("watch", "--run", "7").code == 0
    assert iomscrape("watch", "--least-change", "1").code == 0


@pytest.mark.usefixtures("archive")
def test_no_crawl_is_a_line(iomscrape: Program) -> None:
    for arguments in ((), ("--run", "3")):
        done = iomscrape("watch", *arguments)
        assert (done.code, done.out) == (3, "")
        assert done.err.startswith("Error: ")
        assert done.err.count("\n") == 1


def new_looks(sites: SampleSites) -> None:
    """The headquarters' site hides the day of its news and calls everything by other names."""
    answers = sites._answers["headquarters"]
    before = answers._conditional

    def altered(made: Answer, headers: dict[str, str]) -> Answer:
        html = made.body.decode("utf-8", "surrogateescape")
        html = re.sub(r'<meta property="article:published_time"[^>]*>', "", html)
        html = re.sub(r'<div class="field field--name-field-date">.*?</div>', "<em>3 days ago</em>", html)
        html = html.replace("field--name-field-tags", "labels")
        return before(replace(made, body=html.encode("utf-8", "surrogateescape")), headers)

    answers._conditional = altered  # type: ignore[method-assign]  # the same server, another template


def test_a_site_that_changes_its_looks_is_noticed_in_the_first_run_after_it(
    iomscrape: Program, tmp_path: Path
) -> None:
    with SampleSites() as sites, mail_server() as mails, web_server() as posts:
        answers = sites._answers["headquarters"]
        stories = [story for story in answers.site.stories if not story.texts["en"].traits]
        (tmp_path / "iom.toml").write_text(f"""
[crawl]
sites = ["{sites.headquarters}", "{sites.office}"]
delay = 0
settings = {{ AUTOTHROTTLE_ENABLED = 0 }}
[watch]
report = "report.html"
metrics = "iom.prom"
[mail]
to = ["ada@example.org"]
from = "iomscrape@example.org"
server = "localhost"
port = {mails.port}
security = "none"
[webhook]
url = "{posts.url}"
""")
        for published in (9, 13):
            answers.site = replace(answers.site, stories=tuple(stories[:published]))
            usual = iomscrape("run", "--quiet")
            assert (usual.code, usual.out, usual.err) == (0, "", "")
        assert (mails.letters, posts.got) == ([], [])
        new_looks(sites)
        answers.site = replace(answers.site, stories=tuple(stories[:19]))
        done = iomscrape("run", "--quiet")
    assert done.code == 4
    assert "watch: not as it should be (exit code 4)\n    localhost: 0 of " in done.err
    [letter], [post] = mails.letters, posts.got
    findings = {finding["subject"]: finding for finding in post["findings"]}
    assert {finding["site"] for finding in post["findings"]} == {"localhost"}
    assert {"published"} <= set(findings)
    found = findings["published"]
    assert (found["kind"], found["design"], found["have"]) == ("field", "drupal9", 0)
    assert len(found["examples"]) == 3
    text = next(letter.iter_parts()).get_content()
    for place in (text, (tmp_path / "report.txt").read_text(), (tmp_path / "report.html").read_text()):
        assert "localhost: field, published, design drupal9" in place
        assert all(url in place for url in found["examples"])
    assert (
        'iomscrape_site_findings{job_name="iom",site="localhost",kind="field"}'
        in (tmp_path / "iom.prom").read_text()
    )
    # The pages are there to be read again.
    assert len(found["captures"]) == found["pages"]
    again = iomscrape(*shlex.split(found["reread"])[1:], "--dry-run", "--json")
    assert again.code == 0
    assert json.loads(again.out)["same"] == found["pages"]


def test_an_alert_that_fails_loses_nothing(iomscrape: Program, archive: Crawls, tmp_path: Path) -> None:
    archive.ordinary()
    (tmp_path / "iom.toml").write_text("""
[import]
files = ["in"]
[backup]
folder = "kept"
[webhook]
url = "http://127.0.0.1:9/secret"
when = "always"
[log]
file = "iom.log"
""")
    done = iomscrape("run", "--quiet", "--only", "backup")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("webhook failed: 127.0.0.1: ")
    assert len(list((tmp_path / "kept").glob("iom-*.db"))) == 1
    log = (tmp_path / "iom.log").read_text()
    assert "ERROR webhook: webhook failed: 127.0.0.1" in log
    assert "backup: done" in log
    assert "secret" not in log + done.err
