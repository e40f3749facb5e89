"""The full-text index holds what the archive says, in whatever order and company it was stored."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.checking import agreement
from iomscrape.records import Contact

WORDS = ("harbour", "Été à Łódź", "الهِجْرَة إلى", "移民 学校", "straße")


def faults(archive: Archive) -> list[str]:
    found = agreement(archive.db.conn, thorough=True)
    return [fault.detail for fault in found if fault.kind in ("search-index", "facets")]


STORED = st.tuples(
    st.integers(0, 3),  # which page
    st.integers(0, 5),  # on which day
    st.sampled_from(WORDS),
    st.sampled_from(("Ada Moreno", "Benoît Été", None)),
    st.sampled_from(((), ("Shelter",), ("Shelter", "Education"))),
)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.lists(STORED, max_size=5), min_size=1, max_size=4))
def test_it_agrees_after_every_transaction(
    make_article: Any, make_capture: Any, transactions: list[list[Any]]
) -> None:
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "iom.db") as archive:
        for stored in transactions:
            with archive.together():
                for page, day, word, name, themes in stored:
                    url = f"https://www.iom.int/news/page-{page}"
                    contacts = (Contact(name=name, role=word),) if name else ()
                    said = make_article(f"About {word}", word, url=url, contacts=contacts, themes=themes)
                    archive.store(make_capture(day, f"{page} {word} {name}".encode(), url=url), [said])
            assert faults(archive) == []


def test_what_others_change_in_the_tables_is_followed(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(), [make_article("Bridge School Reopens")])
    conn = archive.db.conn
    conn.execute("UPDATE articles SET title = 'Straße nach Łódź'")
    conn.execute("UPDATE contacts SET name = 'Zoë Ward' WHERE position = 0")
    assert faults(archive) == []
    assert [hit.id for hit in archive.search("strasse lodz")] == [1]
    assert archive.search("reopens") == []
    conn.execute("DELETE FROM contacts WHERE position = 1")
    conn.execute("DELETE FROM articles")
    assert faults(archive) == []


def test_what_others_put_into_the_tables_is_found_after_the_next_page(
    archive: Archive, make_article: Any, make_capture: Any
) -> None:
    archive.store(make_capture(), [make_article("Bridge School Reopens")])
    conn = archive.db.conn
    names = [row[1] for row in conn.execute("PRAGMA table_info(articles)")]
    copied = {"id": "99", "url": "url || '-2'", "identity": "identity || '-2'", "title": "'A lantern'"}
    conn.execute(
        f"INSERT INTO articles ({', '.join(names)}) SELECT {', '.join(copied.get(n, n) for n in names)} FROM articles"
    )
    other = "https://www.iom.int/news/other"
    archive.store(make_capture(url=other), [make_article("Other", url=other)])
    assert [hit.id for hit in archive.search("lantern")] == [99]
    assert faults(archive) == []
