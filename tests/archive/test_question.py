"""A person's words never become a syntax error, and mean what the documentation says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, QueryError
from archive.question import MAX_DEPTH, MAX_TERMS, read_question
from iomscrape.records import Contact

WORDS = ("ash", "birch", "cedar")

ADA = Contact(name="Ada Moreno", role="Programme Officer", office="IOM Dili", emails=("amoreno@iom.int",))
BEN = Contact(name="Benoît Été", office="IOM Abidjan", position=1)


@pytest.fixture(scope="module")
def forest(
    tmp_path_factory: pytest.TempPathFactory, make_article: Any, make_capture: Any
) -> Iterator[Archive]:
    """Every combination of the words in titles and texts; 64 articles."""
    with Archive.open(Path(tmp_path_factory.mktemp("question")) / "iom.db") as archive:
        with archive.together():
            for number, there in enumerate(product([False, True], repeat=6)):
                named = [word for word, is_there in zip(WORDS * 2, there, strict=True) if is_there]
                title = [word for word, is_there in zip(WORDS, there, strict=False) if is_there]
                url = f"https://www.iom.int/{number}"
                text = " ".join(["wood", *named[len(title) :]])
                article = make_article(" ".join(["tree", *title]), text, url=url, contacts=(), subtitle=None)
                archive.store(make_capture(url=url), [article])
        yield archive


@pytest.fixture(scope="module")
def everything(forest: Archive) -> dict[int, tuple[set[str], set[str]]]:
    rows = forest.db.conn.execute("SELECT id, title, text FROM articles")
    return {number: (set(title.split()), set(text.split())) for number, title, text in rows}


# A question as a tree: ("word", column, word) or ("group", alternatives, excluded).
Tree = tuple[Any, ...]
_WORD = st.tuples(st.just("word"), st.sampled_from(["", "title", "text"]), st.sampled_from(WORDS))
TREES = st.recursive(
    _WORD,
    lambda inner: st.tuples(
        st.just("group"),
        st.lists(st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3),
        st.lists(inner, max_size=2),
    ),
    max_leaves=12,
)


def written(tree: Tree, *, outer: bool = False) -> str:
    if tree[0] == "word":
        return f"{tree[1]}:{tree[2]}" if tree[1] else str(tree[2])
    alternatives = " OR ".join(" ".join(map(written, each)) for each in tree[1])
    whole = " ".join([alternatives, *(f"-{written(each)}" for each in tree[2])])
    return whole if outer else f"({whole})"


def fits(tree: Tree, title: set[str], text: set[str]) -> bool:
    if tree[0] == "word":
        where = {"title": title, "text": text, "": title | text}[tree[1]]
        return tree[2] in where
    wanted = any(all(fits(part, title, text) for part in each) for each in tree[1])
    return wanted and not any(fits(part, title, text) for part in tree[2])


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_a_question_finds_what_logic_says(
    forest: Archive, everything: dict[int, tuple[set[str], set[str]]], tree: Tree
) -> None:
    expected = {number for number, (title, text) in everything.items() if fits(tree, title, text)}
    query = written(tree, outer=True)
    if query.count("(") > MAX_DEPTH:
        with suppress(QueryError):
            forest.search(query)
        return
    assert {hit.id for hit in forest.search(query, limit=100)} == expected
    assert forest.facets(query).total == len(expected)


SIGNS = ['"', "-", "*", "(", ")", "{", "}", ":", "^", "+", " ", "'", "\x00", "❤️", "🌍", "--", ";", "\u0301"]
PIECES = [
    "OR",
    "AND",
    "NOT",
    "NEAR(",
    "NEAR/2",
    "title:",
    "text:",
    "contact:",
    "ash",
    "a*",
    '"b c"',
    "DROP TABLE",
]


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(SIGNS + PIECES), max_size=14).map("".join),
        st.lists(st.sampled_from(SIGNS + PIECES), max_size=14).map(" ".join),
        st.lists(st.sampled_from(["(", ")", "ash", " OR ", "-"]), max_size=60).map("".join),
    )
)
def test_no_text_is_a_syntax_error(forest: Archive, query: str) -> None:
    for ask in (
        lambda: forest.search(query, limit=1),
        lambda: forest.search(query, lang="en", sort="date", limit=1),
        lambda: forest.facets(query),
        lambda: list(forest.export(query)),
    ):
        # QueryError is an answer; an error of SQLite's would come through.
        with suppress(QueryError):
            ask()


@pytest.mark.parametrize(
    "query", ['"', "NEAR(", "*", "-- DROP", "🌍", "❤️", "()", '"" ()', "\x00", "\ud800", "'", "^"]
)
def test_signs_alone_are_no_words(forest: Archive, query: str) -> None:
    if query in ("NEAR(", "-- DROP"):
        assert forest.search(f"tree {query.replace('-- ', '')}") == []
    else:
        with pytest.raises(QueryError, match="no word in the query"):
            forest.search(query)
        assert len(forest.search(f"cedar {query}", limit=100)) == 48


def test_too_much_is_said_in_one_line(forest: Archive) -> None:
    with pytest.raises(QueryError, match=f"10000 words; {MAX_TERMS} is the most"):
        forest.search(" ".join(["word"] * 10_000))
    with pytest.raises(QueryError, match="no word"):
        forest.search("(" * 10_000 + ")" * 20_000)
    deep = "ash (" * (MAX_DEPTH + 2) + "birch cedar"
    with pytest.raises(QueryError, match=f"more than {MAX_DEPTH} deep"):
        forest.search(deep)
    assert len(forest.search("((((((((((((ash))))))))))))", limit=100)) == 48
    assert forest.search(" ".join(["الهجرة"] * MAX_TERMS)) == []


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ('a "b c" d* -e OR f', '(("a" AND "b c" AND "d"*) OR "f") NOT ("e")'),
        ("title:a text:(b OR c)", 'title : "a" AND (text : "b" OR text : "c")'),
        ("a NOT b", '("a") NOT ("b")'),
        ("a AND b", '"a" AND "b"'),
        ("a and not b", '"a" AND "and" AND "not" AND "b"'),
        ("(-a) b", '("b") NOT ("a")'),
        ("subtitle:", '"subtitle:"'),
        ("...", None),
    ],
)
def test_the_expression_is_as_documented(query: str, expression: str | None) -> None:
    assert read_question(query).match == expression


@pytest.fixture
def named(archive: Archive, make_article: Any, make_capture: Any) -> Archive:
    for number, contacts in enumerate([(ADA,), (BEN,), (ADA, BEN), ()]):
        url = f"https://www.iom.int/{number}"
        archive.store(make_capture(url=url), [make_article("A title", url=url, contacts=contacts)])
    return archive


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("contact:moreno", [1, 3]),
        ("contact:ETE", [2, 3]),
        ('contact:"ada moreno" contact:abidjan', [3]),
        ("contact:mor*", [1, 3]),
        ("contact:amoreno@iom.int", [1, 3]),
        ("contact:AMoreno@", [1, 3]),
        ("title -contact:moreno", [2, 4]),
        ("contact:dili -contact:abidjan", [1]),
        ("contact:dili -school", []),
        ("contact:dili -zeppelin", [1, 3]),
        ("title contact:officer", [1, 3]),
        ("title contact:nobody", []),
        ("moreno", []),
    ],
)
def test_contacts_narrow_the_whole_query(named: Archive, query: str, ids: list[int]) -> None:
    assert sorted(hit.id for hit in named.search(query)) == ids
    assert sorted(hit.id for hit in named.search(query, lang="en", sort="date")) == ids
    assert named.facets(query).total == len(ids)
    assert [record["id"] for record in named.export(query)] == ids


@pytest.mark.parametrize(
    "query", ["a OR contact:moreno", "contact:moreno OR a", "(contact:moreno)", "-contact:moreno"]
)
def test_where_a_contact_cannot_stand(named: Archive, query: str) -> None:
    with pytest.raises(QueryError, match=r"narrows the whole query|only excludes"):
        named.search(query)


@pytest.mark.parametrize("name", ["منى الأحمد", "Łukasz Wałęsa", "王小明"])
def test_contacts_of_any_script_are_found_as_written(
    archive: Archive, make_article: Any, make_capture: Any, name: str
) -> None:
    archive.store(make_capture(), [make_article(contacts=(Contact(name=name),))])
    for query in (f'contact:"{name}"', f"contact:{name.split()[0]}", f"contact:{name[:2]}*"):
        assert [hit.id for hit in archive.search(query)] == [1], query


def test_an_index_follows_contacts_that_change(named: Archive, make_article: Any, make_capture: Any) -> None:
    url = "https://www.iom.int/0"
    named.store(make_capture(9, url=url), [make_article("A title", url=url, contacts=(BEN,))])
    assert sorted(hit.id for hit in named.search("contact:moreno")) == [3]
    assert sorted(hit.id for hit in named.search("contact:abidjan")) == [1, 2, 3]
