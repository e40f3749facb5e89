"""How many articles fit a question, by year, country, kind, language and theme."""

from __future__ import annotations

import json
from collections import Counter
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
    source, values = narrowed(read_question(query), filters, with_facets=True)
    # Grouping half a million rows takes SQLite longer than handing their small numbers over in two strings.
    labels, theme_sets = db.conn.execute(
        f"SELECT json_group_array(label_id), json_group_array(theme_set_id) {source}",  # ours; values are bound
        values,
    ).fetchone()
    by_label: Counter[int] = Counter(json.loads(labels))
    by_theme_set: Counter[int] = Counter(json.loads(theme_sets))
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*_LABELS, "theme")}
    for label_id, *found in db.conn.execute(f"SELECT id, {', '.join(_LABELS)} FROM labels"):  # noqa: S608  # our names
        number = by_label[label_id]
        if number:
            for name, value in zip(_LABELS, found, strict=True):
                counts[name][value] += number
    for set_id, themes in db.conn.execute("SELECT id, themes FROM theme_sets"):
        number = by_theme_set[set_id]
        if number:
            counts["theme"].update(dict.fromkeys(json.loads(themes) or [""], number))
    return Facets(
        total=by_label.total(),
        year=dict(sorted(counts.pop("year").items(), reverse=True)),
        **{name: dict(sorted(count.items(), key=_commonest)) for name, count in counts.items()},
    )


def _commonest(item: tuple[str, int]) -> tuple[int, str]:
    value, number = item
    return -number, value
