"""Full-text search: a person's words become an FTS5 query that is never a syntax error.

The syntax: words must all occur; ``"a phrase"``; ``migrat*`` for beginnings; ``-word`` for what must
not occur; ``OR`` between alternatives. Everything else is a word or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from archive.addresses import readable
from archive.errors import QueryError
from archive.filters import Filters
from archive.folding import folded
from archive.searchindex import SUBTITLE_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

HIT_START, HIT_END = "\ue000", "\ue001"
"""Private-use characters around what was found, in :attr:`Hit.snippet` and :attr:`Hit.marked_title`."""

SNIPPET_WORDS = 28
MAX_TERMS = 64

_TERM = re.compile(r'(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))(\*?)')


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
    """Relevance, higher is better (bm25 with the title counting five times); 0 without a query."""

    def to_dict(self, start: str = "[", end: str = "]") -> dict[str, Any]:
        """Plain JSON types; what was found stands between ``start`` and ``end`` in the snippet."""
        row = asdict(self)
        row["snippet"] = self.snippet.replace(HIT_START, start).replace(HIT_END, end)
        del row["marked_title"]
        return row


def match_expression(query: str) -> str | None:
    """The FTS5 expression for a person's query; None if there is not a single word in it.

    Raises QueryError for a query of exclusions only, and for one of more than MAX_TERMS words.
    """
    alternatives: list[list[str]] = [[]]
    excluded: list[str] = []
    terms = 0
    for minus, phrase, word, star in _TERM.findall(_plain(query)):
        if word == "OR" and not minus:
            alternatives.append([])
            continue
        text = folded(phrase or word)
        if not any(_is_word_part(sign) for sign in text):
            continue
        terms += 1
        is_prefix = bool(star) or (bool(word) and word.endswith("*"))
        term = f'"{text}"' + ("*" if is_prefix else "")
        (excluded if minus else alternatives[-1]).append(term)
    if terms > MAX_TERMS:
        raise QueryError(f"the query has {terms} words; {MAX_TERMS} is the most")
    wanted = [" AND ".join(words) for words in alternatives if words]
    if not wanted:
        if excluded:
            raise QueryError("the query only excludes; give at least one word to look for")
        return None
    expression = " OR ".join(f"({part})" for part in wanted)
    return f"({expression}) NOT ({' OR '.join(excluded)})" if excluded else expression


def search(db: Database, query: str, filters: Filters, limit: int, offset: int) -> list[Hit]:
    """Articles that match, best first; without words in the query, those that pass the filters, latest first.

    Raises QueryError if there is neither a word nor a filter.
    """
    expression = match_expression(query)
    tests, values = filters.where()
    values |= {"limit": max(limit, 0), "offset": max(offset, 0)}
    if expression is None:
        if not filters:
            raise QueryError("there is no word in the query; give a word to look for, or a filter")
        marked, source = "articles.title, substr(articles.text, 1, 300), 0.0", "articles"
        order = "articles.published DESC, articles.id DESC"
    else:
        tests.append("articles_fts MATCH :match")
        values |= {"match": expression, "start": HIT_START, "end": HIT_END}
        rank = f"bm25(articles_fts, {TITLE_WEIGHT}, {TEXT_WEIGHT}, {SUBTITLE_WEIGHT})"
        marked = (
            "highlight(articles_fts, 0, :start, :end), "
            f"snippet(articles_fts, 1, :start, :end, ' … ', {SNIPPET_WORDS}), -{rank}"
        )
        source = "articles_fts JOIN articles ON articles.id = articles_fts.rowid"
        order = f"{rank}, articles.published DESC, articles.id"
    sql = (
        "SELECT articles.id, articles.url, articles.title, articles.site, articles.lang, articles.kind, "  # noqa: S608  # conditions are ours, values are bound
        f"articles.country, articles.published, articles.dateline, {marked} FROM {source} "
        f"WHERE {' AND '.join(tests)} ORDER BY {order} LIMIT :limit OFFSET :offset"
    )
    return [_hit(row) for row in db.conn.execute(sql, values)]


def _hit(row: tuple[Any, ...]) -> Hit:
    *fields, marked_title, snippet, score = row
    fields += [" ".join(snippet.split()), marked_title, round(score, 6)]
    return Hit(*fields)


def _plain(query: str) -> str:
    # FTS5 ends its reading at a NUL; control characters are no part of any word.
    return "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in readable(query))


def _is_word_part(sign: str) -> bool:
    # What FTS5's unicode61 counts as part of a word.
    category = unicodedata.category(sign)
    return category[0] in "LNM" or category == "Co"
