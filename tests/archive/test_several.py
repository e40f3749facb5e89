"""Several archives asked as one: the same hits, ranks and counts as of an archive that holds all of them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import pytest

from archive import Archive, QueryError, TargetExists, WarcWriter, warc_folder
from archive.rawpages import find_raw
from archive.several import Several, phrases_of
from archive.splitting import split
from archive.tidying import tidy
from iomscrape.records import Block
from tests.archive.conftest import _article, _capture
from tests.archive.merging.plain import plain
from tests.website import ROOT

WORDS = (
    "bridge school water well camp return home migrant family border health clinic road river Général".split()
)
YEARS = (2014, 2015, 2016, None)
QUERIES = (
    "bridge",
    "school water",
    '"water well"',
    "migra* OR river",
    "title:clinic camp",
    "bridge -school",
    "(home OR school) text:road",
    "subtitle:bridge OR camp",
    "general border",
    "contact:moreno road",
    "camp NOT (water well)",
    "الهجرة OR bridge",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of four years, in which the same words are common in one and rare in another."""
    path = tmp_path_factory.mktemp("whole") / "iom.db"
    chance = Random(7)
    with (
        Archive.open(path) as archive,
        WarcWriter(warc_folder(path), run="1", software="t") as writer,
        archive.together(),
    ):
        for number in range(100):
            place = number % len(YEARS)
            year = YEARS[place]
            weights = [1 + (place * other) % 5 for other in range(len(WORDS))]
            words = chance.choices(WORDS, weights=weights, k=chance.randint(5, 20 + 20 * place))
            capture = _capture(url=f"https://www.iom.int/news/{number}", body=b"%d" % number, status=200)
            article = _article(
                " ".join(chance.choices(WORDS, k=4)),
                url=capture.url,
                subtitle=chance.choice(WORDS),
                lang=chance.choice(["en", "fr"]),
                published=date(year, 1 + number % 12, 1 + number % 28) if year else None,
                blocks=(Block(text=" ".join([*words, "والهجرة" if number % 7 == 0 else ""]).strip()),),
            )
            archive.store(capture, [article], place=writer.write(capture))
    return path


@pytest.fixture(scope="module")
def parts(whole: Path) -> list[Path]:
    folder = whole.parent / "years"
    with Archive.open(whole, readonly=True) as archive:
        made = list(split(archive, folder))
    assert [(part.year, part.articles) for part in made] == [
        ("undated", 25), ("2014", 25), ("2015", 25), ("2016", 25),
    ]  # fmt: skip
    return [part.path for part in made]


@pytest.mark.parametrize("query", QUERIES)
def test_ranks_are_those_of_one_archive(whole: Path, parts: list[Path], query: str) -> None:
    with Archive.open(whole, readonly=True) as archive, Several(parts) as several:
        expected = archive.search(query, limit=1000)
        found = several.search(query, limit=1000)
        assert len(expected) > 2
        assert {(one.hit.url, round(one.hit.score, 5)) for one in found} == {
            (hit.url, round(hit.score, 5)) for hit in expected
        }
        scores = [one.hit.score for one in found]
        assert scores == sorted(scores, reverse=True)
        assert {one.hit.snippet for one in found} == {hit.snippet for hit in expected}
        assert [one.hit.url for one in several.search(query, limit=3, offset=2)] == [
            one.hit.url for one in found[2:5]
        ]
        narrowed = {hit.url for hit in archive.search(query, limit=1000, lang="fr", since="2015")}
        assert {one.hit.url for one in several.search(query, limit=1000, lang="fr", since="2015")} == narrowed


@pytest.mark.parametrize("query", ["", "bridge", "camp OR river"])
def test_the_latest_and_the_counts_are_those_of_one_archive(
    whole: Path, parts: list[Path], query: str
) -> None:
    with Archive.open(whole, readonly=True) as archive, Several(parts) as several:
        expected = archive.search(query, sort="date", lang="en", limit=30)
        found = several.search(query, sort="date", lang="en", limit=30)
        assert [one.hit.published for one in found] == [hit.published for hit in expected]
        assert len(found) > 10
        assert several.facets(query) == archive.facets(query)
        assert several.facets(query, lang="fr") == archive.facets(query, lang="fr")


def test_phrases_are_taken_apart_as_the_index_does() -> None:
    assert phrases_of('(title : "a b" AND "c"*) OR subtitle : ("d" OR "e") AND "f" NOT ("g")') == [
        'title : "a b"', '"c"*', 'subtitle : "d"', 'subtitle : "e"', '"f"', '"g"',
    ]  # fmt: skip


def test_bad_questions_are_told(parts: list[Path]) -> None:
    with Several(parts) as several:
        with pytest.raises(QueryError, match="give a word"):
            several.search("")
        with pytest.raises(QueryError, match="no order"):
            several.search("bridge", sort="size")


def test_a_part_is_a_whole_archive_with_its_raw_pages(whole: Path, parts: list[Path]) -> None:
    before = plain(whole)
    found = [plain(part) for part in parts]
    for table in ("articles", "versions", "captures", "sightings", "addresses", "facets"):
        assert sorted((row for one in found for row in one[table]), key=repr) == before[table], table
    for part in parts:
        with Archive.open(part, readonly=True) as archive:
            for row in archive.db.query("SELECT id, url FROM captures LIMIT 3"):
                capture = find_raw(archive.db, row["id"], warc_folder(part))
                assert capture is not None
                assert capture.url == row["url"]


def test_parts_that_are_there_are_replaced_only_where_told(whole: Path, parts: list[Path]) -> None:
    times = [part.stat().st_mtime_ns for part in parts]
    with Archive.open(whole, readonly=True) as archive:
        with pytest.raises(TargetExists, match="--force"):
            list(split(archive, parts[0].parent))
        assert [part.stat().st_mtime_ns for part in parts] == times
        assert sum(part.articles for part in split(archive, parts[0].parent, force=True)) == 100


def test_an_archive_that_is_put_in_order_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "iom.db"
    with Archive.open(path) as archive:
        for number in range(40):
            # Each in a transaction of its own: the index grows in as many pieces.
            url = f"https://www.iom.int/news/{number}"
            archive.store(_capture(url=url, body=b"%d" % number), [_article(f"Bridge {number}", url=url)])
        archive.store(_capture(5, b"again"), [_article("Boats Cross")])
        segments = "SELECT count(DISTINCT segid) FROM articles_fts_idx"
        before, hits = archive.db.conn.execute(segments).fetchone(), archive.search("bridge", limit=99)
        done = tidy(archive, vacuum=True)
        assert before[0] > 1
        assert archive.db.conn.execute(segments).fetchone() == (1,)
        assert done.steps >= 2
        assert archive.db.conn.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] > 10
        assert archive.search("bridge", limit=99) == hits
        assert path.with_name("iom.db-wal").stat().st_size == 0
    assert len(plain(path)["articles"]) == 41


def test_the_sql_of_the_docs_runs_over_parts(parts: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    [sql] = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), re.S)
    monkeypatch.chdir(parts[0].parent.parent)
    with closing(sqlite3.connect(":memory:")) as conn:
        attach, other, langs, titles = sql.strip().rstrip(";").split(";")
        for statement in (attach, other):
            conn.execute(statement)
        assert sum(number for _, number in conn.execute(langs)) == 50
        assert len(conn.execute(titles).fetchall()) > 2
