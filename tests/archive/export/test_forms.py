"""Every form of an export, read back with the libraries of others."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, QueryError, StorageError, TargetExists
from archive.content import content_digest
from archive.export import FORMS, form_of
from archive.export.citations import bibtex, csl_json, key, ris
from archive.export.corpus import file_name
from archive.export.lines import FORMULA_STARTS, csv_row
from archive.export.tables import ARTICLE_TABLES, CAPTURE_TABLES, MADE_TABLES, STORY_TABLES, WORK_TABLES
from tests.archive.people import traces_in


@pytest.fixture
def archive(peopled: Path) -> Iterator[Archive]:
    with Archive.open(peopled, readonly=True) as opened:
        yield opened


TITLES = ["Bridge School Reopens", "La rentrée"]


def written(archive: Archive, form: str, **changes: Any) -> bytes:
    sink = io.BytesIO()
    archive.export_stream(sink, form, **changes)
    return sink.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_without_contacts_nothing_leads_to_anybody(archive: Archive, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    assert archive.export_file(target, form, without_contacts=True) == 3
    assert traces_in(target) == []
    if form not in ("bibtex", "ris", "csl-json", "parquet"):
        assert traces_in_prose(target), "the news itself, and its hotline, are there"


def traces_in_prose(target: Path) -> bool:
    files = [target] if target.is_file() else list(target.iterdir())
    return b"0800 12 34 56 is open to 2 870 000 people" in b"".join(file.read_bytes() for file in files)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "sqlite", "text"])
def test_with_contacts_they_are_there(archive: Archive, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    archive.export_file(target, form)
    assert "quispe" in traces_in(target) or form == "parquet"


@pytest.mark.parametrize("form", FORMS)
def test_filters_and_words_narrow_every_form(archive: Archive, tmp_path: Path, form: str) -> None:
    assert archive.export_file(tmp_path / "fr", form, lang="fr", since="2016") == 1
    assert archive.export_file(tmp_path / "bridge", form, "bridge -rentree") == 1
    assert archive.export_file(tmp_path / "none", form, lang="xx") == 0
    with pytest.raises(QueryError):
        archive.export_file(tmp_path / "bad", form, since="soon")
    assert not (tmp_path / "bad").exists()


@given(
    st.lists(
        st.one_of(st.none(), st.integers(), st.floats(allow_nan=False), st.text()), min_size=1, max_size=5
    )
)
def test_a_row_of_csv_comes_back_and_is_no_formula(values: list[Any]) -> None:
    row = csv_row(values)
    cells = next(csv.reader(io.StringIO(row.replace("\x00", ""), newline="")), [""])
    assert len(cells) == len(values)
    for value, cell in zip(values, cells, strict=True):
        if isinstance(value, str):
            value = value.replace("\x00", "")
            assert not cell.startswith(FORMULA_STARTS) or cell.startswith("'")
            assert value == (cell[1:] if cell.startswith("'") else cell)


def test_csv(archive: Archive) -> None:
    rows = list(csv.DictReader(io.StringIO(written(archive, "csv").decode(), newline="")))
    assert [row["title"] for row in rows[:2]] == TITLES
    assert rows[2]["title"].startswith("'=cmd|")
    assert rows[2]["text"].startswith("'@SUM(1)\n\n“quoted”, \r and\nlines")
    assert (rows[2]["subtitle"], rows[2]["dateline"]) == ("'-2+3", "'＝1+1")


def test_parquet_is_typed_and_nested(archive: Archive, tmp_path: Path) -> None:
    archive.export_file(tmp_path / "a.parquet")
    frame = polars.read_parquet(tmp_path / "a.parquet")
    assert frame["title"].to_list()[:2] == TITLES
    assert frame.schema["last_seen"] == polars.Datetime("us", "UTC")
    assert frame["contacts"].to_list()[0][0]["name"] == "Jo Doe"
    assert frame["paragraphs"].to_list()[2] == ["@SUM(1)", "“quoted”, \r and\nlines; \x0b"]
    assert frame["translations"].to_list()[0] == [{"lang": "es", "url": "https://www.iom.int/es/news/reabre"}]
    piped = polars.read_parquet(io.BytesIO(written(archive, "parquet")))
    assert piped.equals(frame)
    without = polars.read_parquet(io.BytesIO(written(archive, "parquet", without_contacts=True)))
    assert not {"contacts", "repairs"} & set(without.columns)
    assert not [trace for trace in ("uispe", "0810") if trace in str(without.to_dicts())]


def test_bibtex(archive: Archive) -> None:
    text = written(archive, "bibtex").decode()
    library = parse_string(text)
    assert not library.failed_blocks
    entries = {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}
    assert len(entries) == 3
    first, _, hostile = entries.values()
    assert first["title"] == "{Bridge School Reopens}"
    assert (first["date"], first["year"], first["month"]) == ("2021-05-03", "2021", "5")
    assert first["author"] == "{International Organization for Migration}"
    assert first["url"] == "https://www.iom.int/news/bridge-school-reopens"
    assert hostile["title"] == (
        r'{=cmd|" /C calc"!A0 \{\textbackslash{}b\} \$x\textasciicircum{}2\$ \& 50\% ER -}'
    )
    assert hostile["keywords"] == "a b, +theme"
    assert "date" not in hostile


def test_ris(archive: Archive) -> None:
    entries = rispy.loads(written(archive, "ris").decode())
    assert len(entries) == 3
    assert [entry["title"] for entry in entries[:2]] == TITLES
    assert entries[0]["year"] == "2021"
    assert entries[0]["urls"] == ["https://www.iom.int/news/bridge-school-reopens"]
    assert entries[0]["keywords"] == ["Education", "Shelter"]
    assert entries[2]["title"] == '=cmd|" /C calc"!A0 {\\b} $x^2$ & 50% ER -'


def test_csl_json(archive: Archive) -> None:
    items = json.loads(written(archive, "csl-json"))
    assert [item["title"] for item in items[:2]] == TITLES
    assert items[0]["issued"] == {"date-parts": [[2021, 5, 3]]}
    assert items[0]["author"] == [{"literal": "International Organization for Migration"}]
    assert "issued" not in items[2]
    assert json.loads(written(archive, "csl-json", lang="xx")) == []


@given(st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_a_reference_is_one_whatever_the_title(title: str, themes: list[str]) -> None:
    record = {
        "url": "https://www.iom.int/news/{a}",
        "title": title,
        "subtitle": title,
        "kind": "press-release",
        "lang": "en",
        "dateline": title,
        "themes": themes,
        "published": "2021-05-03",
        "last_seen": "2026-03-01T09:30:00+00:00",
    }
    library = parse_string("".join(bibtex([record], with_contacts=False)))
    assert (len(library.entries), len(library.failed_blocks)) == (1, 0)
    assert library.entries[0].key == key(record)
    assert key(record).replace("-", "").isalnum()
    assert key(record).isascii()
    text = "".join(ris([record], with_contacts=False))
    assert len(rispy.loads(text)) == 1
    tags = [line[:6] for line in text.split("\r\n") if line]
    assert tags[0] == "TY  - "
    assert tags[-1] == "ER  - "
    assert tags.count("TI  - ") <= 1
    assert len(json.loads("".join(csl_json([record], with_contacts=False)))) == 1


def test_the_corpus_has_safe_names_and_an_index(archive: Archive, tmp_path: Path) -> None:
    archive.export_file(tmp_path / "corpus", "text")
    names = {path.name for path in (tmp_path / "corpus").iterdir()}
    assert names == {
        "index.csv",
        "2021-05-03-en-bridge-school-reopens-1.txt",
        "2021-05-03-fr-la-rentree-2.txt",
        "undated-und-cmd-c-calc-a0-b-x-2-50-er-3.txt",
    }
    text = (tmp_path / "corpus" / "2021-05-03-fr-la-rentree-2.txt").read_text(encoding="utf-8")
    assert text == "La rentrée\n\nLessons resume\n\nLes élèves sont là.\n"
    with (tmp_path / "corpus" / "index.csv").open(encoding="utf-8", newline="") as file:
        index = {row["file"]: row for row in csv.DictReader(file)}
    assert index.keys() == names - {"index.csv"}
    assert index["2021-05-03-fr-la-rentree-2.txt"]["words"] == "8"


@given(st.text(), st.one_of(st.none(), st.text(max_size=12)), st.integers(1, 2**40))
def test_any_title_gives_a_name_that_every_system_holds(title: str, lang: str | None, number: int) -> None:
    name = file_name({"title": title, "lang": lang, "published": None, "id": number})
    assert name.isascii()
    assert len(name) < 120
    assert all(sign.isalnum() or sign in "-." for sign in name)
    assert name.endswith(f"-{number}.txt")


def test_the_subset_is_an_archive(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "part.db"
    archive.export_file(target, lang="en")
    assert [path.name for path in tmp_path.iterdir()] == ["part.db"]
    with Archive.open(target, create=False) as part:
        whole, kept = archive.article(1), part.article(1)
        assert whole is not None
        assert kept == whole | {"story": None}, "a story of one article is none"
        assert [hit.id for hit in part.search("nquispe")] == [1]
        assert [hit.id for hit in part.search('"school by the bridge"')] == [1]
        assert part.article(2) is None
        assert part.people("Doe")[0]["articles"] == 1
        places = list(part.db.query("SELECT warc_file, warc_offset FROM captures ORDER BY id"))
        assert places[1] == {"warc_file": "pages.warc.gz", "warc_offset": 360}
        assert len(places) == 3
        assert not list(part.db.query("PRAGMA foreign_key_check"))
        assert part.db.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert part.stats()["problems"] == 0


def test_the_whole_archive_as_a_subset_lacks_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.export_file(tmp_path / "copy.db")
    with Archive.open(tmp_path / "copy.db", readonly=True) as copy:
        for table in archive.db.table_names():
            if table.startswith("_sqlite") or "_fts" in table or table in MADE_TABLES:
                continue
            sql = f"SELECT * FROM {table}"
            assert list(copy.db.query(sql)) == list(archive.db.query(sql)), table


def test_the_subset_without_contacts_keeps_what_is_news(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "part.db"
    archive.export_file(target, without_contacts=True)
    with Archive.open(target, create=False, readonly=True) as part:
        record = part.article(1)
        assert record is not None
        assert [version["title"] for version in record["versions"]] == [
            "Bridge School Opens",
            "Bridge School Reopens",
        ]
        assert len(record["captures"]) == 3
        assert record["versions"][1]["last_seen"] == record["last_seen"]
        assert record["paragraphs"][1:] == ["Eighty children came."]
        assert part.search("0800 bridge")[0].id == 1
        assert list(part.db.query("SELECT url FROM links WHERE article_id = 1 AND kind = 'link'")) == [
            {"url": "https://www.iom.int/about"}
        ]
        assert part.stats()["contacts"] == part.stats()["repairs"] == part.stats()["emails"] == 0
        assert part.stats()["problems"] == 1
        assert list(part.db.query("SELECT evidence FROM story_links")) == [{"evidence": '{"shape": 1.0}'}]
        for row in part.db.query("SELECT digest, record FROM versions"):
            assert content_digest(json.loads(row["record"])) == row["digest"]
        digests = {row["digest"] for row in part.db.query("SELECT digest FROM versions")}
        assert {row["digest"] for row in part.db.query("SELECT digest FROM sightings")} <= digests
        assert {row["digest"] for row in part.db.query("SELECT digest FROM articles")} <= digests


def test_every_table_has_its_rule(archive: Archive) -> None:
    decided = {*ARTICLE_TABLES, *CAPTURE_TABLES, *STORY_TABLES, *MADE_TABLES, *WORK_TABLES}
    tables = {
        name for name in archive.db.table_names() if not name.startswith("_sqlite") and "_fts" not in name
    }
    assert tables == decided


def test_the_ending_of_a_name_means_a_form() -> None:
    assert [
        form_of(Path(f"a.{ending}")) for ending in ("csv", "ndjson", "parquet", "db", "bib", "ris", "json")
    ] == (["csv", "jsonl", "parquet", "sqlite", "bibtex", "ris", "csl-json"])
    assert form_of(None) == form_of(Path("a.xls")) == "csv"


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_written_over_unless_asked(
    archive: Archive, peopled: Path, tmp_path: Path, form: str
) -> None:
    target = tmp_path / "out"
    archive.export_file(target, form, lang="fr")
    with pytest.raises(TargetExists, match="--force"):
        archive.export_file(target, form)
    assert archive.export_file(target, form, force=True) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    with pytest.raises(TargetExists):
        archive.export_file(peopled, form, force=True)
    with sqlite3.connect(peopled) as conn:
        assert conn.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_folder_with_other_things_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("years of work")
    for force in (False, True):
        with pytest.raises(TargetExists):
            archive.export_file(tmp_path, "text", force=force)
    corpus = tmp_path / "corpus"
    archive.export_file(corpus, "text")
    (corpus / "notes.txt").write_text("mine")
    with pytest.raises(TargetExists, match=r"notes\.txt"):
        archive.export_file(corpus, "text", force=True)
    assert (thesis.read_text(), (corpus / "notes.txt").read_text()) == ("years of work", "mine")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert archive.export_file(empty, "text") == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"]
)
def test_a_failure_half_way_leaves_what_was_there(
    archive: Archive, tmp_path: Path, form: str, error: BaseException
) -> None:
    target = tmp_path / "out"
    archive.export_file(target, form, lang="fr")
    before = {path.name: path.read_bytes() for path in [target, *target.glob("*")] if path.is_file()}

    def fail() -> None:
        raise error

    with pytest.raises((StorageError, KeyboardInterrupt)) as raised:
        archive.export_file(target, form, force=True, step=fail)
    assert raised.type is KeyboardInterrupt or "No space left" in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert {path.name: path.read_bytes() for path in [target, *target.glob("*")] if path.is_file()} == before
