"""How right the stories are: precision and recall on the labelled set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.stories.labelled import Pair, Sample, demo_samples, fill, found_pairs, samples, true_pairs

LEAST_PRECISION = 0.98
PAGE = (Path(__file__).parents[3] / "docs" / "stories.md").read_text(encoding="utf-8")


def measured(path: Path, half: str) -> tuple[list[Sample], set[Pair], set[Pair]]:
    articles = samples(half)
    with Archive.open(path) as archive:
        numbers = fill(archive, articles)
        assert len(set(numbers.values())) == len(articles)
        archive.build_stories()
        return articles, found_pairs(archive, articles, numbers), true_pairs(articles)


@pytest.mark.parametrize(("half", "least_recall"), [("practice", 0.97), ("heldout", 0.97)])
def test_links_are_right(path: Path, half: str, least_recall: float) -> None:
    articles, found, true = measured(path, half)
    right = found & true
    assert len(right) / len(found) > LEAST_PRECISION, sorted(found - true)
    assert len(right) / len(true) >= least_recall, sorted(true - found)

    # The page says what was measured.
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {half.replace('held', 'held ')}"))
    said = [float(cell) for cell in row.split("|")[2:-1]]
    precision, recall = len(right) / len(found), len(right) / len(true)
    measures = [len(articles), len(true), len(found), round(precision, 2), round(recall, 2)]
    assert said == measures


def test_translations_among_articles_of_one_day_that_name_nobody(path: Path) -> None:
    articles = demo_samples()
    assert len(articles) > 80
    with Archive.open(path) as archive:
        numbers = fill(archive, articles)
        archive.build_stories()
        found, true = found_pairs(archive, articles, numbers), true_pairs(articles)
    assert len(found & true) / len(found) > LEAST_PRECISION, sorted(found - true)
    assert len(found & true) / len(true) > 0.85, sorted(true - found)


@pytest.mark.parametrize("sql", re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
def test_the_questions_on_the_page_have_answers(path: Path, sql: str) -> None:
    with Archive.open(path) as archive:
        # The page asks about article 1; here that is one which has a story.
        fill(archive, sorted(samples("practice"), key=lambda sample: sample.story != "clinic"))
        archive.build_stories()
        assert list(archive.db.query(sql))


def test_the_set_is_large_and_hard_enough() -> None:
    articles = [*samples("practice"), *samples("heldout")]
    assert len(articles) >= 150
    assert len({sample.id for sample in articles}) == len(articles)
    assert len({sample.url for sample in articles}) == len(articles)
    langs = {sample.lang for sample in articles}
    assert f"{len(articles)} invented articles in {len(langs)} languages" in PAGE
    assert len(true_pairs(samples("practice"))) + len(true_pairs(samples("heldout"))) >= 110
    # Each half has items of one day and place that are not the same item.
    for half in ("practice", "heldout"):
        seen: dict[tuple[str, str | None, str], set[str]] = {}
        for sample in samples(half):
            seen.setdefault((sample.published, sample.country, sample.lang), set()).add(sample.story)
        assert sum(len(stories) > 1 for stories in seen.values()) >= 4
