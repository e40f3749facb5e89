"""What was stored comes back, whatever it was, although it is taken apart into tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.content import content_digest, storable
from iomscrape.records import Article, Block, Contact, Image, Link, Phone, Repair, Role

SIGNS = st.sampled_from(
    ["a", "é", "ه", "\n", "\n\n", "\\", '"', "\x00", "\x1f", "\uffff", "😀", "\ud800", " "]
)
TEXT = st.lists(SIGNS, max_size=6).map("".join)
MAYBE = st.none() | TEXT
PHONES = st.builds(Phone, printed=TEXT, e164=MAYBE, kind=TEXT, extension=MAYBE, valid=st.booleans())
CONTACTS = st.builds(
    Contact,
    name=MAYBE,
    role=MAYBE,
    office=MAYBE,
    phones=st.lists(PHONES, max_size=2).map(tuple),
    emails=st.lists(TEXT, max_size=2).map(tuple),
    other=st.lists(TEXT, max_size=2).map(tuple),
    position=st.integers(0, 2),
)
LINKS = st.lists(st.builds(Link, url=TEXT, text=TEXT), max_size=2).map(tuple)
ARTICLES = st.builds(
    Article,
    url=st.sampled_from(["https://www.iom.int/news/a", "https://www.iom.int/news/b#c"]),
    title=TEXT,
    lang=MAYBE,
    kind=TEXT,
    blocks=st.lists(st.builds(Block, text=TEXT, role=st.sampled_from(Role)), max_size=4).map(tuple),
    design=TEXT,
    reader_version=TEXT,
    confidence=st.floats(0, 1) | st.just(1 / 3),
    subtitle=MAYBE,
    published=st.none() | st.dates() | st.datetimes(),
    published_printed=MAYBE,
    themes=st.lists(TEXT, max_size=3).map(tuple),
    images=st.lists(st.builds(Image, url=TEXT, caption=MAYBE, credit=MAYBE), max_size=2).map(tuple),
    links=LINKS,
    documents=LINKS,
    contacts=st.lists(CONTACTS, max_size=3).map(tuple),
    repairs=st.lists(st.builds(Repair, kind=TEXT, before=TEXT, after=TEXT, where=TEXT), max_size=2).map(
        tuple
    ),
    translations=st.dictionaries(TEXT, TEXT, max_size=2),
    node_id=MAYBE,
    warnings=st.lists(TEXT, max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("records") / "iom.db") as archive:
        yield archive


@settings(deadline=None, max_examples=60)
@given(said=st.lists(ARTICLES, min_size=1, max_size=2))
def test_every_version_comes_back_as_it_was(shared: Archive, make_capture: Any, said: list[Article]) -> None:
    shared.db.conn.execute("BEGIN")
    try:
        for day, article in enumerate(said):
            shared.store(make_capture(day, url=article.url), [article])
        records = shared.db.conn.execute("SELECT record, text FROM versions ORDER BY first_seen").fetchall()
    finally:
        shared.db.conn.execute("ROLLBACK")
    wanted = [storable(article.to_dict()) for article in said]
    found = [json.loads(record) for record, _ in records]
    assert found[-1] in wanted[-1:] or content_digest(found[-1]) == content_digest(wanted[-1])
    assert all(record in wanted for record in found)
    assert [text for _, text in records] == ["\n\n".join(record["paragraphs"]) for record in found]


def test_what_pages_say_is_kept_once(path: Path, make_article: Any, make_capture: Any) -> None:
    with Archive.open(path) as archive:
        blocks = (
            Block(text="A heading", role=Role.HEADING),
            Block(text='He said "no".'),
            Block(text="Two\nlines"),
        )
        archive.store(make_capture(), [make_article(blocks=blocks)])
    conn = sqlite3.connect(path)
    roles, paragraphs, record = conn.execute("SELECT roles, paragraphs, record FROM articles").fetchone()
    assert json.loads(roles) == {"0": "heading"}
    assert json.loads(paragraphs) == ["A heading", 'He said "no".', "Two\nlines"]
    assert record is None
    assert path.read_bytes().count(b'He said "no".') == 1
    shown = json.loads(conn.execute("SELECT record FROM versions").fetchone()[0])
    assert shown["blocks"] == [{"text": block.text, "role": block.role.value} for block in blocks]
    conn.close()
