from __future__ import annotations

import json
from typing import Any

from archive import Archive, Problem, WarcPlace


def test_an_empty_archive_counts_nothing(archive: Archive) -> None:
    counted = archive.stats()
    assert counted["articles"] == counted["raw_bytes"] == 0
    assert counted["by_site"] == {}
    assert counted["first_published"] is None
    assert counted["bytes"] > 0


def test_everything_is_counted(archive: Archive, make_article: Any, make_capture: Any) -> None:
    run = archive.start_run("crawl", {}, version="1")
    place = WarcPlace("a", 0, 900, "sha256:x")
    archive.store(make_capture(0), [make_article()], run_id=run, place=place)
    archive.store(make_capture(1), [make_article("Changed")], run_id=run)
    url = "https://timor-leste.iom.int/b"
    undated = make_article(url=url, lang=None, published=None, country=None)
    archive.store(make_capture(url=url, source="html"), [undated])
    archive.record_problem("https://iom.int/c", Problem("timeout", "No answer."), run_id=run)
    counted = archive.stats()
    assert (counted["articles"], counted["versions"], counted["changed_articles"]) == (2, 3, 1)
    assert (counted["captures"], counted["problems"], counted["runs"]) == (3, 1, 1)
    assert counted["raw_bytes"] == 900
    assert counted["by_site"] == {"iom.int": 1, "timor-leste.iom.int": 1}
    assert counted["by_lang"] == {"": 1, "en": 1}
    assert counted["by_year"] == {"2021": 1, "": 1}
    assert counted["by_source"] == {"live": 2, "html": 1}
    assert counted["by_problem"] == {"timeout": 1}
    assert counted["by_repair"] == {"break-in-tag": 2}
    json.dumps(counted)
