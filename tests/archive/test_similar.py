from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive, similar
from tests.archive.stories.labelled import fill, samples


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, dict[str, int]]]:
    with Archive.open(Path(tmp_path_factory.mktemp("similar")) / "iom.db") as archive:
        numbers = fill(archive, [*samples("practice"), *samples("heldout")])
        archive.build_stories()
        yield archive, numbers


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("fire-hq", {"fire-dhaka", "fire-update"}),
        ("boat-1", {"boat-1-late", "boat-1-second"}),
        ("calais-quiet", {"calais-next", "calais-after"}),
        ("votes", {"votes-result"}),
        ("book-nairobi", {"book"}),
    ],
)
def test_what_is_about_the_same_comes_first(
    filled: tuple[Archive, dict[str, int]], of: str, expected: set[str]
) -> None:
    archive, numbers = filled
    rows = archive.similar(numbers[of], limit=4)
    assert rows is not None
    assert {numbers[name] for name in expected} <= {row["id"] for row in rows}


def test_each_says_what_it_shares(filled: tuple[Archive, dict[str, int]]) -> None:
    archive, numbers = filled
    rows = archive.similar(numbers["fire-hq"])
    assert rows
    assert rows[0]["id"] == numbers["fire-update"]
    assert {"fire", "bazar"} <= set(rows[0]["words"])
    assert all(len(row["words"]) >= similar.FEWEST for row in rows)
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert set(rows[0]) == {
        *("id", "url", "title", "site", "lang", "kind", "country", "published", "score", "words")
    }


def test_copies_and_translations_and_itself_are_left_out(filled: tuple[Archive, dict[str, int]]) -> None:
    archive, numbers = filled
    rows = archive.similar(
        "https://www.iom.int/news/floating-clinic-reaches-river-islands-cut-floods", limit=100
    )
    assert rows is not None
    clinic = {number for name, number in numbers.items() if name.startswith("clinic")}
    assert len(clinic) == 5
    assert not clinic & {row["id"] for row in rows}


def test_in_a_script_without_spaces_two_neighbours_are_a_word(path: Path) -> None:
    chinese = [sample for sample in samples("heldout") if sample.id.startswith("zh-line")]
    with Archive.open(path) as archive:
        numbers = fill(archive, chinese)
        rows = archive.similar(numbers["zh-line"])
        assert rows
        assert rows[0]["id"] == numbers["zh-line-copy"]
        assert "热 线" in rows[0]["words"]


def test_limits_and_strangers(filled: tuple[Archive, dict[str, int]]) -> None:
    archive, numbers = filled
    assert len(archive.similar(numbers["fire-hq"], limit=1) or ()) == 1
    assert archive.similar(numbers["fire-hq"], limit=0) == []
    assert archive.similar(10_000) is None
    assert archive.similar("https://nowhere.example/") is None


def test_words_that_everybody_has_are_passed_over(
    filled: tuple[Archive, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, numbers = filled
    monkeypatch.setattr(similar, "COMMON", 3)
    rows = archive.similar(numbers["fire-hq"])
    assert rows is not None
    for row in rows:
        for word in row["words"]:
            assert len(archive.search(f'"{word}"', limit=10)) <= 3


def test_an_article_without_words_is_like_none(path: Path) -> None:
    sample = next(sample for sample in samples("practice") if sample.id == "bees")
    with Archive.open(path) as archive:
        (number,) = fill(archive, [sample]).values()
        assert archive.similar(number) == []
