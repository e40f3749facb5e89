"""How a page was read: verdicts and rules are those of the reading, and the painted page is harmless."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from iomscrape.cli import main
from iomscrape.explain import VERDICTS, explain, overlay

PAGES = Path(__file__).parent / "pages"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

HOSTILE = """<html lang="en"><head><meta name="Generator" content="Drupal 10"><title>A title</title>
<meta http-equiv="refresh" content="0;url=https://evil.example/"><script>document.title = "ran"</script></head>
<body onload="document.title = 'ran'"><nav><a href="/">Who we are</a></nav><main><h1>Goats Cross the River on a Raft</h1>
<article class="node node--type-news node--view-mode-full"><div class="field--name-body field--type-text-with-summary">
<p>Forty goats crossed the river on a raft on Tuesday, and the ferryman asked for one cheese a head.
<img src=x onerror="document.title = 'ran'"></p>
<p><a href="javascript:document.title = 'ran'">Read on</a> in the ferryman's book, which is kept dry in a tin on the roof.</p>
<p>For more information, please contact:<br>
Ada Obi<br>IOM Abuja<br>Email: <a href=<br />"mailto:aobi@iom.int">aobi@iom.int</a></p>
</div></article></main><iframe src="https://evil.example/"></iframe></body></html>"""


@pytest.mark.parametrize(
    "path", sorted(PAGES.rglob("*.html")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_block_of_the_record_is_explained_as_article(path: Path) -> None:
    explanation = explain(path.read_bytes())
    explained = " ".join(block.text for block in explanation.blocks if block.verdict == "article")
    for article in explanation.articles:
        missing = [block.text for block in article.blocks if block.text not in explained]
        assert missing == [] or explanation.design == "unknown"
    assert {block.verdict for block in explanation.blocks} <= VERDICTS.keys()
    assert all(block.rule for block in explanation.blocks)


def test_rules_name_what_decided() -> None:
    blocks = {block.text.split(":")[0]: block for block in explain(HOSTILE).blocks}
    assert blocks["Who we are"].rule == "<nav>"
    assert blocks["Goats Cross the River on a Raft"].verdict == "title"
    assert blocks["For more information, please contact"].rule.startswith("heading: For more information")
    assert blocks[next(text for text in blocks if text.startswith("Forty goats"))].rule.startswith(
        "selector "
    )


def test_a_text_dump_is_explained_too() -> None:
    explanation = explain((PAGES / "textdump" / "menu-hard-wraps.txt").read_bytes())
    assert {block.verdict for block in explanation.blocks} == {"title", "article", "contact"}
    assert "data-iomscrape" in overlay(explanation)


def test_the_command_prints_paints_and_gives_json(tmp_path: Path) -> None:
    page, out = tmp_path / "page.html", tmp_path / "out.html"
    page.write_text(HOSTILE)
    shown = CliRunner().invoke(main, ["explain", str(page)])
    assert shown.exit_code == 0
    assert "Design: drupal9" in shown.output
    assert "Repair: break-in-tag (contact)" in shown.output
    told = json.loads(CliRunner().invoke(main, ["explain", str(page), "--json"]).output)
    assert told["design"] == "drupal9"
    assert CliRunner().invoke(main, ["explain", str(page), "--html", str(out)]).exit_code == 0
    assert 'data-iomscrape="contact"' in out.read_text()


def test_what_cannot_be_explained_is_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "empty.html"
    empty.write_text("")
    for arguments, code in (
        ([str(empty)], 1),
        (["nowhere.html"], 2),
        (["https://www.iom.int/news/x", "--db", str(tmp_path / "no.db")], 2),
    ):
        result = CliRunner().invoke(main, ["explain", *arguments])
        assert result.exit_code == code
        assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed here")
def test_nothing_of_the_page_runs_in_a_real_browser(tmp_path: Path) -> None:
    page = tmp_path / "explained.html"
    page.write_text(overlay(explain(HOSTILE)), encoding="utf-8")
    browser = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}",
    ]  # fmt: skip
    dom = subprocess.run(
        [*browser, "--virtual-time-budget=3000", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    ).stdout  # fmt: skip
    assert "<title>A title</title>" in dom  # the hostile page would have set "ran"
    assert "<script" not in dom
    assert "<iframe" not in dom
    assert "onerror" not in dom
    assert "javascript:" not in dom
    assert 'data-iomscrape="article"' in dom
    assert "read as drupal9" in dom
    picture = tmp_path / "page.png"
    subprocess.run(
        [*browser, "--window-size=900,1200", f"--screenshot={picture}", page.as_uri()],
        capture_output=True, timeout=90, check=True,
    )  # fmt: skip
    assert picture.stat().st_size > 10_000
