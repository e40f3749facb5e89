"""Questions to several archives as if they were one: those of the years, or of the parts of a crawl.

Each archive is opened by itself, so there may be more than the ten that SQLite can attach. What is found is ranked
by the words of all archives together: how rare a word is, and how long articles are, differs from year to
year, and an archive by itself does not know. So of each article that fits, how often it has each of the words
is taken out of FTS5's own rank, and the rank made anew (BM25, as FTS5 has it).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from heapq import nlargest
from pathlib import Path
from typing import Any, NamedTuple, Unpack

from sqlite_utils import Database

from archive.archive import Archive
from archive.database import snapshot
from archive.errors import QueryError, storage
from archive.facets import Facets, facets
from archive.filters import Filters, Narrowing
from archive.question import Question, read_question
from archive.search import RANKED, SORTS, Hit, hit_of, narrowed, search
from archive.searchindex import SUBTITLE_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

_K1, _B = 1.2, 0.75  # as in FTS5
_LEAST = 1e-6  # what a word weighs that stands in more than half of all articles
_RANK = f"bm25(articles_fts, {TITLE_WEIGHT}, {TEXT_WEIGHT}, {SUBTITLE_WEIGHT})"
_PHRASES = re.compile(
    r'(?:(?P<column>title|subtitle|text) : )?(?P<spellings>\("[^"]*"(?: OR "[^"]*")+\)|"[^"]*"\*?)'
)
_PHRASE = re.compile(r'"[^"]*"\*?')


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, and the archive in which it is."""

    archive: Path
    hit: Hit

    def to_dict(self, start: str = "[", end: str = "]") -> dict[str, Any]:
        """As ``Hit.to_dict``, with the archive's file."""
        return {"archive": str(self.archive), **self.hit.to_dict(start, end)}


class _Size(NamedTuple):
    """How large an index is."""

    articles: int
    words: int

    @property
    def usual(self) -> float:
        """Words of an article."""
        return self.words / self.articles if self.articles else 0.0


class Several:
    """Archives that are asked together. Use as a context manager, or call :meth:`close`."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Open them to be read; raises as :meth:`Archive.open` does."""
        self.archives: list[Archive] = []
        try:
            for path in paths:
                self.archives.append(Archive.open(path, create=False, readonly=True))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close them all."""
        for archive in self.archives:
            archive.close()

    def __enter__(self) -> Several:
        """Return the archives."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self.close()

    def search(
        self,
        query: str = "",
        *,
        sort: str = "relevance",
        limit: int = 20,
        offset: int = 0,
        **filters: Unpack[Narrowing],
    ) -> list[Found]:
        """As ``Archive.search`` of an archive that holds all of them. Raises QueryError for a bad question."""
        if sort not in SORTS:
            raise QueryError(f"{sort!r} is no order; give relevance or date")
        question, chosen = read_question(query), Filters(**filters)
        limit, offset = max(limit, 0), max(offset, 0)
        if question.match is None or sort == "date":
            return self._latest(query, chosen, limit, offset, sort)
        ranked = self._ranked(question, chosen)
        best = nlargest(offset + limit, ranked, key=lambda one: (one[0], -one[1], one[2]))[offset:]
        found = []
        for score, place, number in best:
            archive = self.archives[place]
            with storage(archive.path):
                found.append(Found(archive.path, hit_of(archive.db, question.match, number, score)))
        return found

    def facets(self, query: str = "", **filters: Unpack[Narrowing]) -> Facets:
        """As ``Archive.facets``, of all of them together."""
        chosen = Filters(**filters)
        total, counts = 0, {name: Counter[str]() for name in ("year", "country", "kind", "lang", "theme")}
        for archive in self.archives:
            with storage(archive.path):
                one = asdict(facets(archive.db, query, chosen))
            total += one["total"]
            for name, count in counts.items():
                count.update(one[name])
        years = dict(sorted(counts.pop("year").items(), reverse=True))
        commonest = {
            name: dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))
            for name, count in counts.items()
        }
        return Facets(total=total, year=years, **commonest)

    def _latest(self, query: str, chosen: Filters, limit: int, offset: int, sort: str) -> list[Found]:
        """The latest of all; of one day those of the archive that was named first."""
        found: list[tuple[str, int, Found]] = []
        for place, archive in enumerate(self.archives):
            with storage(archive.path):
                hits = search(archive.db, query, chosen, offset + limit, 0, sort)
            found += [(hit.published or "", place, Found(archive.path, hit)) for hit in hits]
        found.sort(key=lambda one: one[1])
        found.sort(key=lambda one: one[0], reverse=True)
        return [one[2] for one in found[offset : offset + limit]]

    def _ranked(self, question: Question, chosen: Filters) -> list[tuple[float, int, int]]:
        """Score, place of the archive and number of each article that fits."""
        phrases = phrases_of(question.match or "")
        fitting = []
        sizes, having = [], [0] * len(phrases)
        for archive in self.archives:
            with storage(archive.path), snapshot(archive.db):
                size = _size(archive.db)
                numbers = _fitting(archive.db, question, chosen)
                often = []
                for place, phrase in enumerate(phrases):
                    count, frequencies = _often(archive.db, phrase, size, numbers)
                    having[place] += count
                    often.append(frequencies)
            sizes.append(size)
            fitting.append((numbers, often))
        whole = _Size(sum(size.articles for size in sizes), sum(size.words for size in sizes))
        weights = [_weight(whole.articles, count) for count in having]
        return [
            (_score(number, length, often, weights, whole.usual), place, number)
            for place, (numbers, often) in enumerate(fitting)
            for number, length in numbers.items()
        ]


def phrases_of(match: str) -> list[str]:
    """The phrases of an FTS5 expression as :mod:`archive.question` makes them, each as an expression by itself."""
    found = []
    for group in _PHRASES.finditer(match):
        column = f"{group['column']} : " if group["column"] else ""
        found += [column + phrase for phrase in _PHRASE.findall(group["spellings"])]
    return found


def _score(
    number: int, length: int, often: Sequence[dict[int, float]], weights: Sequence[float], usual: float
) -> float:
    """BM25 of an article among all."""
    norm = _K1 * (1 - _B + _B * length / usual)
    score = 0.0
    for frequencies, weight in zip(often, weights, strict=True):
        frequency = frequencies.get(number, 0.0)
        score += weight * frequency * (_K1 + 1) / (frequency + norm)
    return score


def _weight(articles: int, having: int) -> float:
    """How much a phrase says that so many of the articles have."""
    weight = math.log((articles - having + 0.5) / (having + 0.5))
    return weight if weight > 0 else _LEAST


def _fitting(db: Database, question: Question, chosen: Filters) -> dict[int, int]:
    """The articles that fit, with their lengths: of very many those that came last, and those with the words in
    their titles, as in :mod:`archive.search`.
    """
    source, values = narrowed(question, chosen)
    numbers = f"SELECT articles_fts.rowid AS id {source} ORDER BY id DESC LIMIT {RANKED}"
    found = {number for (number,) in db.conn.execute(numbers, values)}
    if len(found) == RANKED:
        titles = values | {"in_title": f"title : ({question.match})"}
        rows = db.conn.execute(numbers.replace("MATCH :match", "MATCH :in_title"), titles)
        found.update(number for (number,) in rows)
    lengths = {}
    for number in sorted(found):
        (sizes,) = db.conn.execute("SELECT sz FROM articles_fts_docsize WHERE id = ?", (number,)).fetchone()
        lengths[number] = sum(_varints(sizes))
    return lengths


def _often(db: Database, phrase: str, size: _Size, numbers: dict[int, int]) -> tuple[int, dict[int, float]]:
    """How many articles have a phrase, and how often, by columns weighted, each of the ``numbers`` has it."""
    (having,) = db.conn.execute(
        "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (phrase,)
    ).fetchone()
    weight = _weight(size.articles, having)
    frequencies = {}
    # FTS5 ranks by this one phrase; its formula is solved for the frequency.
    for number, rank in db.conn.execute(
        f"SELECT rowid, {_RANK} FROM articles_fts WHERE articles_fts MATCH ?",  # noqa: S608  # ours
        (phrase,),
    ):
        if number in numbers:
            norm = _K1 * (1 - _B + _B * numbers[number] / size.usual)
            part = -rank / weight
            frequencies[number] = part * norm / (_K1 + 1 - part)
    return having, frequencies


def _size(db: Database) -> _Size:
    """What FTS5 itself goes by: rows, and words of all columns (https://sqlite.org/fts5.html#fts5_data_structures)."""
    row = db.conn.execute("SELECT block FROM articles_fts_data WHERE id = 1").fetchone()
    articles, *words = _varints(row[0]) if row and row[0] else (0,)
    return _Size(articles, sum(words))


def _varints(data: bytes) -> list[int]:
    """SQLite's numbers of one to nine bytes, the highest bit of each saying whether more follow."""
    found, value, length = [], 0, 0
    for byte in data:
        length += 1
        value = value << 8 | byte if length == 9 else value << 7 | byte & 0x7F
        if length == 9 or not byte & 0x80:
            found.append(value)
            value = length = 0
    return found
