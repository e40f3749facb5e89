"""Full-text search: the articles that fit a person's words, best first. The words' syntax: ``question``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from heapq import nsmallest
from typing import Any

from sqlite_utils import Database

from archive.database import at_once
from archive.errors import QueryError
from archive.filters import Filters
from archive.folding import has_unspaced
from archive.marking import HIT_END, HIT_START, marked, window
from archive.question import Question, read_question
from archive.searchindex import SUBTITLE_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

SORTS = ("relevance", "date")
SNIPPET_WORDS = 28

RANKED = 20_000
"""The most articles that are compared by relevance; see :func:`_by_relevance`."""

_Scores = list[tuple[int, float]]

_RANK = f"bm25(articles_fts, {TITLE_WEIGHT}, {TEXT_WEIGHT}, {SUBTITLE_WEIGHT})"


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found; the best come first."""

    id: int
    url: str
    title: str
    site: str
    lang: str | None
    kind: str
    country: str | None
    published: str | None
    dateline: str | None
    snippet: str
    """Where it was found, the words between HIT_START and HIT_END; without a query the beginning."""
    marked_title: str
    """The title, words found marked in the same way."""
    score: float
    """Relevance, higher is better (bm25 with the title counting five times); 0 where nothing was ranked."""

    def to_dict(self, start: str = "[", end: str = "]") -> dict[str, Any]:
        """Plain JSON types; what was found stands between ``start`` and ``end`` in the snippet."""
        row = asdict(self)
        row["snippet"] = self.snippet.replace(HIT_START, start).replace(HIT_END, end)
        del row["marked_title"]
        return row


@at_once
def search(
    db: Database, query: str, filters: Filters, limit: int, offset: int, sort: str = "relevance"
) -> list[Hit]:
    """Articles that fit the words and pass the filters, best first or, with ``sort="date"``, latest first.

    Without words to rank by the latest come first anyhow. Raises QueryError if nothing is asked at all.
    """
    if sort not in SORTS:
        raise QueryError(f"{sort!r} is no order; give relevance or date")
    question = read_question(query)
    if not filters:
        question.require("give a word to look for, or a filter")
    limit, offset = max(limit, 0), max(offset, 0)
    if question.match is None:
        return _latest(db, question, filters, limit, offset)
    find = _by_relevance if sort == "relevance" else _by_date
    return [
        hit_of(db, question.match, article_id, score)
        for article_id, score in find(db, question, filters, limit, offset)
    ]


def narrowed(
    question: Question, filters: Filters, *, with_facets: bool = False
) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE for the articles that fit, and their parameters.

    ``articles_fts`` is there if words are asked for; ``facets``, the small rows that say what a filter must
    know, if they are needed, if nothing else is there, or if wanted.
    """
    tests, values = filters.where("facets")
    more, contacts = question.where("facets.article_id")
    tests += more
    values |= contacts
    source = "facets"
    if question.match is not None:
        # CROSS JOIN: first the words, in the index's own order, then a look at each row.
        join = " CROSS JOIN facets ON facets.article_id = articles_fts.rowid"
        source = f"articles_fts{join if tests or with_facets else ''}"
        tests.append("articles_fts MATCH :match")
        values["match"] = question.match
    return f"FROM {source} WHERE {' AND '.join(tests) or '1'}", values


def _by_relevance(db: Database, question: Question, filters: Filters, limit: int, offset: int) -> _Scores:
    """Numbers and scores, best first.

    Words that stand in very many articles say little about any of them, and to compare a million would
    take seconds. So of more than RANKED articles that fit, those are compared that came into the archive
    last, and those that have the words in their titles.
    """
    source, values = narrowed(question, filters)
    found = f"SELECT articles_fts.rowid AS id, {_RANK} AS rank {source} ORDER BY id DESC LIMIT {RANKED}"
    if "facets" in source:
        # Of many, a filter mostly leaves few; only to count them would take as long as to find them.
        few = db.conn.execute(found, values).fetchall()
        are_many = len(few) == RANKED
        if not are_many:
            best = nsmallest(offset + limit, ((rank, -article_id) for article_id, rank in few))
            return [(-key, -rank) for rank, key in best[offset:]]
    else:
        are_many = _are_many(db, question)
    if are_many:
        titles = found.replace("MATCH :match", "MATCH :in_title")
        values["in_title"] = f"title : ({question.match})"
        found = (
            f"SELECT id, min(rank) AS rank FROM (SELECT * FROM ({found}) UNION ALL SELECT * FROM ({titles})) "  # noqa: S608  # ours
            "GROUP BY id"
        )
    return db.conn.execute(
        f"SELECT id, -rank FROM ({found}) ORDER BY rank, id DESC LIMIT :limit OFFSET :offset",  # noqa: S608  # ours
        values | {"limit": limit, "offset": offset},
    ).fetchall()


def _by_date(db: Database, question: Question, filters: Filters, limit: int, offset: int) -> _Scores:
    source, values = narrowed(question, filters, with_facets=True)
    return db.conn.execute(
        f"SELECT articles_fts.rowid, 0.0 {source} "
        "ORDER BY facets.published DESC, facets.article_id DESC LIMIT :limit OFFSET :offset",
        values | {"limit": limit, "offset": offset},
    ).fetchall()


def _are_many(db: Database, question: Question) -> bool:
    (number,) = db.conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)",
        (question.match, RANKED),
    ).fetchone()
    return bool(number == RANKED)


_SHOWN = (
    *("articles.id", "articles.url", "articles.title", "articles.site", "articles.lang", "articles.kind"),
    *("articles.country", "articles.published", "articles.dateline"),
)


def _latest(db: Database, question: Question, filters: Filters, limit: int, offset: int) -> list[Hit]:
    tests, values = filters.where()
    more, contacts = question.where("articles.id")
    rows = db.conn.execute(
        f"SELECT {', '.join(_SHOWN)}, substr(articles.text, 1, 300), articles.title FROM articles "  # noqa: S608  # ours; values are bound
        f"WHERE {' AND '.join([*tests, *more])} "
        "ORDER BY articles.published DESC, articles.id DESC LIMIT :limit OFFSET :offset",
        values | contacts | {"limit": limit, "offset": offset},
    )
    return [Hit(*(*fields, " ".join(text.split()), title, 0.0)) for *fields, text, title in rows]


def hit_of(db: Database, match: str, article_id: int, score: float) -> Hit:
    """An article that fits the expression, as it is shown."""
    # One at a time: for a whole list SQLite would make the snippets of all that fit, not of those shown.
    *fields, text, snippet, title = db.conn.execute(
        f"SELECT {', '.join(_SHOWN)}, articles.text, "  # noqa: S608  # ours; values are bound
        f"snippet(articles_fts, 1, :start, :end, ' … ', {SNIPPET_WORDS}), "
        "highlight(articles_fts, 0, :start, :end) "
        "FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid "
        "WHERE articles_fts MATCH :match AND articles_fts.rowid = :id",
        {"start": HIT_START, "end": HIT_END, "match": match, "id": article_id},
    ).fetchone()
    if has_unspaced(fields[2] + text):
        # The index has other words there than the text, so it cannot tell where they stand.
        title, snippet = marked(fields[2], match), window(marked(text, match))
    return Hit(*(*fields, " ".join(snippet.split()), title, round(score, 6)))
