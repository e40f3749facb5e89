"""Words are compared in one form, in Python and in the database, whatever script they are in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.folding import (
    _PERHAPS_FOLDED,
    _PERHAPS_UNSPACED,
    _UNSPACED,
    FOLDED,
    folded,
    folded_sql,
    is_plain,
)

SIGNS = st.one_of(
    st.sampled_from([*FOLDED, "移", "民", "ไ", "ខ", "é", "a", "Z", " ", "’", "'", "\n"]),
    st.characters(exclude_categories=["Cs", "Cc"]),
)


@pytest.fixture(scope="module")
def folding() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE said (text TEXT)")
    conn.execute("INSERT INTO said VALUES ('')")
    conn.execute(f"CREATE VIEW folded AS SELECT {folded_sql('text')} AS text FROM said")
    yield conn
    conn.close()


@settings(deadline=None, max_examples=200)
@given(st.lists(SIGNS, max_size=40).map("".join))
def test_python_and_the_database_agree(folding: sqlite3.Connection, text: str) -> None:
    folding.execute("UPDATE said SET text = ?", (text,))
    ((in_database,),) = folding.execute("SELECT text FROM folded")
    assert in_database == folded(text)


@pytest.mark.parametrize("length", [100, 101, 20_000, 20_001, 45_678])
def test_long_texts_are_folded_as_short_ones_are(folding: sqlite3.Connection, length: int) -> None:
    text = ("Plain words for a while, then ٣ أ 移民 and é again. " * 1000)[:length]
    folding.execute("UPDATE said SET text = ?", (text,))
    assert folding.execute("SELECT text FROM folded").fetchone() == (folded(text),)


def test_the_time_of_folding_grows_with_the_text(folding: sqlite3.Connection) -> None:
    # A million signs took half an hour when each was looked for from the start of the text.
    text = "移 a word " * 100_000
    folding.execute("UPDATE said SET text = ?", (text,))
    assert folding.execute("SELECT length(text) FROM folded").fetchone() == (len(folded(text)),)


def test_the_first_look_misses_nothing() -> None:
    assert all(re.match(_PERHAPS_FOLDED, sign) for sign in FOLDED)
    assert all(re.match(_PERHAPS_UNSPACED, sign) for pair in _UNSPACED for sign in pair)
    assert not any(is_plain(f"{before}{sign}") for sign in FOLDED for before in ("a", "é", "’"))
    assert all(folded(chr(number)) == chr(number) for number in range(256) if is_plain(f"é{chr(number)}"))
    assert is_plain("Été à Genève")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("قالت المُنَظَّمَة الدُّوَلِيَّة", "المنظمة الدولية"),  # vowel signs
        ("العـــودة الطوعية", "العودة"),  # tatweel
        ("أعلن الإتحاد عن الآلية", "اعلن الاتحاد الالية"),  # forms of alef
        ("إلى مستشفى", "الي مستشفي"),  # alef maksura
        ("عودة", "عوده"),  # teh marbuta
        ("في ٣٠ نوفمبر ۲۰۲۱", "30 2021"),  # digits
        ("کمک‌های بشری", "كمك"),  # Persian letters
        ("Łódź, Đà Nẵng, Straße, Tromsø", "lodz da nang strasse tromso"),
        ("De\u0301place\u0301s", "deplaces"),  # accents as signs of their own
        ("королёва", "королева"),
        ("हिन्दी में समाचार", "हिन्दी"),
        ("国际移民组织今天表示", "移民组织"),
        ("องค์การระหว่างประเทศ", "ระหว่าง"),
    ],
)
def test_what_is_written_differently_is_found(
    archive: Archive, make_article: Any, make_capture: Any, text: str, query: str
) -> None:
    archive.store(make_capture(), [make_article("A title", text)])
    for asked in (query, text):
        assert [hit.id for hit in archive.search(asked)] == [1], asked


def test_letters_that_differ_stay_different(archive: Archive, make_article: Any, make_capture: Any) -> None:
    archive.store(make_capture(), [make_article("A title", "国际移民 हिन्दी محمد")])
    for other in ("民移", "हिन्द", "محمود"):
        assert archive.search(other) == []
    assert len(archive.search("हिन्द*")) == 1


def test_the_index_stays_in_step_with_what_changes(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    for day, text in enumerate(("العـودة", "移民组织", "return", "المُنظّمة")):
        archive.store(make_capture(day, text.encode()), [make_article("A title", text, subtitle=text)])
    for query, number in (("العودة", 0), ("移民", 0), ("return", 0), ("المنظمة", 1)):
        assert len(archive.search(query)) == number
    archive.db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, row)")
    words = archive.db.conn.execute("SELECT term, cnt FROM words ORDER BY term").fetchall()
    assert words == [("a", 1), ("title", 1), ("المنظمه", 2)]
    archive.db.execute("DELETE FROM articles")
    assert archive.db.conn.execute("SELECT count(*) FROM words").fetchone() == (0,)
