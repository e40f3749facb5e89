"""How many articles fit a question, by year, country, kind, language and theme."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from archive.database import at_once
from archive.filters import Filters
from archive.question import read_question
from archive.search import narrowed

_LABELS = ("year", "lang", "kind", "country")


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of the articles that fit: value to number, the commonest first; years the latest first.

    Articles without the value count under ``""``; an article counts once for each of its themes.
    """

    total: int
    year: dict[str, int]
    country: dict[str, int]
    kind: dict[str, int]
    lang: dict[str, int]
    theme: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


@at_once
def facets(db: Database, query: str, filters: Filters) -> Facets:
    """Count what :func:`archive.search.search` finds; without words and filters the whole archive."""
    question = read_question(query)
    if filters or question or question.not_match or question.not_contacts:
        counted: Iterable[tuple[int, int, int]] = _counted(db, *narrowed(question, filters, with_facets=True))
    else:
        counted = db.conn.execute("SELECT label_id, theme_set_id, count(*) FROM facets GROUP BY 1, 2")
    by_label, by_theme_set = Counter[int](), Counter[int]()
    for label, theme_set, count in counted:
        by_label[label] += count
        by_theme_set[theme_set] += count
    counts = _by_label(db, by_label) | {"theme": _by_theme(db, by_theme_set)}
    return Facets(
        total=by_label.total(),
        year=dict(sorted(counts.pop("year").items(), reverse=True)),
        **{name: dict(sorted(count.items(), key=_commonest)) for name, count in counts.items()},
    )


def _counted(db: Database, source: str, values: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    """How many have the same label and the same subjects: the numbers of both, and how many."""
    # Grouping half a million rows takes SQLite longer than handing their numbers over, both as one, in one string.
    (sets,) = db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM theme_sets").fetchone()
    (numbers,) = db.conn.execute(
        f"SELECT json_group_array(label_id * {sets} + theme_set_id) {source}",  # ours; values are bound
        values,
    ).fetchone()
    for number, count in Counter[int](json.loads(numbers)).items():
        yield *divmod(number, sets), count


def _by_label(db: Database, by_label: Counter[int]) -> dict[str, dict[str, int]]:
    # There may be as many labels as there are combinations, and few of them here.
    rows = db.conn.execute(
        f"SELECT labels.id, {', '.join(_LABELS)} FROM json_each(?) AS each CROSS JOIN labels ON labels.id = each.value",  # noqa: S608  # ours
        (json.dumps(list(by_label)),),
    )
    found = [(by_label[row[0]], row) for row in rows]
    counts: dict[str, dict[str, int]] = {}
    for place, name in enumerate(_LABELS, start=1):
        count = counts[name] = defaultdict(int)
        for number, row in found:
            count[row[place]] += number
    return counts


def _by_theme(db: Database, by_theme_set: Counter[int]) -> dict[str, int]:
    count: dict[str, int] = defaultdict(int)
    for set_id, themes in db.conn.execute("SELECT id, themes FROM theme_sets"):
        if set_id in by_theme_set:
            for theme in json.loads(themes) or [""]:
                count[theme] += by_theme_set[set_id]
    return count


def _commonest(item: tuple[str, int]) -> tuple[int, str]:
    value, number = item
    return -number, value
