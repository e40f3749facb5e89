"""With which articles one is compared: those that share a key, and those of the same days with its facts."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqlite_utils import Database

from archive.addresses import identity
from archive.stories.copies import Text, prepare
from archive.stories.facts import Facts
from archive.stories.fingerprints import COMPARED, facts_of
from archive.stories.translations import LEAST_AGREEMENT, WINDOW_DAYS, Naming

MOST_AT_A_KEY = 64
"""Of the articles that share one key (a headline that returns every week), so many: the nearest in time."""
_TELLING = 0.8  # numbers that are less so (days, hours) are in every article
_SLACK = 1.5  # what such numbers may add
_KEPT_TEXTS = 2000


def sharing_keys(db: Database, facts: Facts, keys: Iterable[int]) -> set[int]:
    """Articles that were compared already and share a key with this one."""
    found: set[int] = set()
    for key in keys:
        rows = db.conn.execute(
            "SELECT story_keys.article_id FROM story_keys JOIN fingerprints USING (article_id) "
            "WHERE key = ? AND story_keys.article_id <> ? AND state >= ? "
            "ORDER BY abs(julianday(day) - julianday(?)), story_keys.article_id LIMIT ?",
            (key, facts.article_id, COMPARED, facts.day and facts.day.isoformat(), MOST_AT_A_KEY),
        )
        found.update(row[0] for row in rows)
    return found


class Window:
    """The facts of the articles around a day, read from the archive day by day as it moves on."""

    def __init__(self, db: Database) -> None:
        """Nothing is read yet."""
        self._db = db
        self._days: dict[date, dict[int, Facts]] = {}
        self._index: dict[date, dict[str, list[int]]] = {}
        self._compared: set[int] = set()

    def sharing_facts(self, facts: Facts) -> list[Facts]:
        """Compared articles in other languages, of the days around, that may share enough numbers and names."""
        if facts.day is None or facts.lang is None:
            return []
        span = [facts.day + timedelta(days) for days in range(-WINDOW_DAYS, WINDOW_DAYS + 1)]
        for day in [day for day in self._days if day < span[0] or day > span[-1]]:
            self._compared.difference_update(self._days.pop(day))
            del self._index[day]
        found = []
        for day in span:
            index = self._index[day] if day in self._index else self._read(day)
            both: dict[int, float] = defaultdict(float)
            for key, worth in facts.telling.items():
                for number in index.get(key, ()):
                    both[number] += worth
            found += [
                other
                for number, shared in both.items()
                if number in self._compared and _is_promising(facts, other := self._days[day][number], shared)
            ]
        return found

    def was_compared(self, article_id: int) -> None:
        """From now on others are compared with this one."""
        self._compared.add(article_id)

    def _read(self, day: date) -> dict[str, list[int]]:
        self._days[day] = {}
        index: dict[str, list[int]] = defaultdict(list)
        for facts, state in facts_of(self._db, "day = ?", day.isoformat()):
            self._days[day][facts.article_id] = facts
            for key, worth in facts.telling.items():
                if worth >= _TELLING:
                    index[key].append(facts.article_id)
            if state >= COMPARED:
                self._compared.add(facts.article_id)
        self._index[day] = index
        return index


def _is_promising(facts: Facts, other: Facts, shared: float) -> bool:
    """True unless the facts that were counted cannot be enough of all."""
    if shared <= _TELLING or other.lang in (None, facts.lang):
        return False
    # Where names cannot be compared, there is less to agree on.
    most = max(facts.heft, other.heft) if facts.is_latin and other.is_latin else 0.0
    return shared + _SLACK >= LEAST_AGREEMENT * most


class Shelf:
    """Texts prepared for comparison, the latest used ones kept."""

    def __init__(self, db: Database) -> None:
        """Nothing is kept yet."""
        self._db = db
        self._texts: OrderedDict[int, Text] = OrderedDict()

    def text(self, article_id: int) -> Text:
        """The article's text, taken apart."""
        if article_id not in self._texts:
            title, text, published = self._db.conn.execute(
                "SELECT title, text, published FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            self._texts[article_id] = prepare(article_id, title, text, published)
            if len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(article_id)
        return self._texts[article_id]


def naming(db: Database, one: int, other: int) -> Naming:
    """What the pages of two articles say of each other."""
    addresses, targets, numbers = [], [], []
    for article_id in (one, other):
        addresses.append(
            {
                row[0]
                for row in db.conn.execute(
                    "SELECT identity FROM addresses WHERE article_id = ?", (article_id,)
                )
            }
        )
        targets.append(
            {
                identity(row[0])
                for row in db.conn.execute("SELECT url FROM translations WHERE article_id = ?", (article_id,))
            }
        )
        numbers.append(
            db.conn.execute("SELECT site, node_id FROM articles WHERE id = ?", (article_id,)).fetchone()
        )
    return Naming(
        forth=bool(targets[0] & addresses[1]),
        back=bool(targets[1] & addresses[0]),
        same_number=bool(numbers[0][1]) and numbers[0] == numbers[1],
    )
