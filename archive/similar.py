"""Articles like one: those that have its most telling words, found with the full-text index.

Telling are words that stand often in this article and seldom in others. How many others have a word is only
counted up to a bound, and words beyond it are passed over: so the work does not grow with the archive.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from math import log
from typing import Any

from sqlite_utils import Database

from archive.database import fold
from archive.folding import folded, has_unspaced
from archive.searchindex import SUBTITLE_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT

WORDS = 24
"""How many telling words are looked for."""
COMMON = 2_500
"""A word that more articles have than this says little …"""
SHARE = 5
"""… and in a small archive one that more than a fifth of the articles in its language have."""
FEWEST = 2
"""An article that shares fewer of them is not like this one."""
_MOST_FOUND = 10_000  # articles that are ranked, counted by word
_LOOKED_AT = 50  # words whose number of articles is counted
_SPARE = 3  # so many times more articles than asked for are ranked, for those that share too little
_SHORTEST = 3
_TITLE_TIMES = 3  # a word in the title counts as so many in the text
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOKEN = re.compile(r"[^\W_]+")

_RANK = f"bm25(articles_fts, {TITLE_WEIGHT}, {TEXT_WEIGHT}, {SUBTITLE_WEIGHT})"
_SHOWN = "id, url, title, site, lang, kind, country, published"


def similar(db: Database, article_id: int, limit: int) -> list[dict[str, Any]]:
    """The articles that are most like this one, best first; copies and translations of it are left out.

    Each with ``id``, ``url``, ``title``, ``site``, ``lang``, ``kind``, ``country``, ``published``, ``score``
    (bm25, higher is better) and ``words``, the telling words that both have.
    """
    title, text, lang = db.conn.execute(
        "SELECT title, text, lang FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    telling = _telling(db, _counted(title, text), _articles_in(db, lang))
    if not telling:
        return []
    same = {
        row[0]
        for row in db.conn.execute(
            "SELECT other.article_id FROM story_articles AS mine JOIN story_articles AS other USING (story_id) "
            "WHERE mine.article_id = ?",
            (article_id,),
        )
    } | {article_id}
    match = " OR ".join(f'"{word}"' for word in telling)
    found = db.conn.execute(
        f"SELECT rowid, -{_RANK} AS score FROM articles_fts WHERE articles_fts MATCH ? "  # noqa: S608  # our weights
        "ORDER BY score DESC, rowid LIMIT ?",
        (match, _SPARE * max(limit, 0) + len(same)),
    )
    rows = (_row(db, number, round(score, 3), telling) for number, score in found if number not in same)
    return list(islice((row for row in rows if len(row["words"]) >= FEWEST), max(limit, 0)))


def _row(db: Database, article_id: int, score: float, telling: list[str]) -> dict[str, Any]:
    cursor = db.conn.execute(f"SELECT {_SHOWN}, text FROM articles WHERE id = ?", (article_id,))  # noqa: S608  # our names
    row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    words = _counted(row["title"], row.pop("text"))
    return row | {"score": score, "words": [word for word in telling if word in words]}


def _counted(title: str, text: str) -> Counter[str]:
    """How often each word of an article stands in it, as the index has them."""
    counts = Counter(_terms(text))
    for word in _terms(title):
        counts[word] += _TITLE_TIMES
    return counts


def _terms(text: str) -> list[str]:
    """Words; where a script has no spaces between them, each two neighbouring signs."""
    terms, before = [], ""
    for token in _TOKEN.findall(folded(fold(text))):
        alone = len(token) == 1 and has_unspaced(token)
        if alone and before:
            terms.append(f"{before} {token}")
        before = token if alone else ""
        if len(token) >= _SHORTEST and not _YEAR.fullmatch(token):
            terms.append(token)
    return terms


def _telling(db: Database, counts: Counter[str], peers: int) -> list[str]:
    """The most telling words, best first: often here, seldom elsewhere, but not only here.

    ``peers``: how many articles are in its language, see :func:`_articles_in`.
    """
    total = db.conn.execute("SELECT max(id) FROM articles").fetchone()[0]
    # Long words are rarer than short ones; which of them are rare indeed is counted.
    promising = sorted(counts, key=lambda word: (-counts[word] * len(word), word))[:_LOOKED_AT]
    worth: dict[str, tuple[float, int]] = {}
    for word in promising:
        others = _articles_with(db, word)
        if 1 < others <= min(COMMON, max(peers // SHARE, 2)):
            worth[word] = (1 + log(counts[word])) * log(1 + total / others), others
    chosen: list[str] = []
    found = 0
    for word in sorted(worth, key=lambda word: (-worth[word][0], word)):
        if len(chosen) < WORDS and found + worth[word][1] <= _MOST_FOUND:
            chosen.append(word)
            found += worth[word][1]
    return chosen


def _articles_in(db: Database, lang: str | None) -> int:
    """How many articles are in a language, counted as far as it matters."""
    row = db.conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM articles WHERE lang IS ? LIMIT ?)", (lang, SHARE * COMMON)
    ).fetchone()
    return int(row[0])


def _articles_with(db: Database, word: str) -> int:
    """How many articles have a word, counted up to a little more than COMMON."""
    row = db.conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)",
        (f'"{word}"', COMMON + 1),
    ).fetchone()
    return int(row[0])
