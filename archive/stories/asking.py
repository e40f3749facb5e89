"""The story of an article, with the reasons, and the list of stories. Reading only."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

_ARTICLES = (
    "SELECT articles.id, relation, articles.lang, articles.published, articles.site, articles.title, articles.url "
    "FROM story_articles JOIN articles ON articles.id = article_id WHERE story_id = ? "
    "ORDER BY relation <> 'first', relation, articles.published, articles.id"
)
_LINKS = (
    "SELECT article_id, other_id, reason, score, evidence, used FROM story_links "
    "WHERE article_id IN (SELECT article_id FROM story_articles WHERE story_id = ?1) "
    "OR other_id IN (SELECT article_id FROM story_articles WHERE story_id = ?1) "
    "ORDER BY used DESC, score DESC, article_id, other_id"
)


def story_of(db: Database, article_id: int) -> dict[str, Any] | None:
    """The story that an article is part of; None if it stands alone or was not compared yet.

    ``story_id``; ``articles``, the earliest first, each with ``id``, ``relation``, ``lang``, ``published``,
    ``site``, ``title`` and ``url``; ``links``, each with the two articles' numbers, ``reason``, ``score``,
    ``evidence`` and whether it is ``used``.
    """
    row = db.conn.execute(
        "SELECT story_id FROM story_articles WHERE article_id = ?", (article_id,)
    ).fetchone()
    if row is None:
        return None
    return {
        "story_id": row[0],
        "articles": _rows(db, _ARTICLES, row[0]),
        "links": [
            link | {"evidence": json.loads(link["evidence"]), "used": bool(link["used"])}
            for link in _rows(db, _LINKS, row[0])
        ],
    }


def stories(db: Database, limit: int, offset: int) -> list[dict[str, Any]]:
    """The stories, the latest first: the rows of the view ``stories``."""
    return [
        row
        | {
            "sites": sorted(json.loads(row["sites"])),
            "languages": sorted(json.loads(row["languages"])),
        }
        for row in _rows(
            db,
            "SELECT * FROM stories ORDER BY published IS NULL, published DESC, story_id LIMIT ? OFFSET ?",
            max(limit, 0),
            max(offset, 0),
        )
    ]


def _rows(db: Database, sql: str, *values: object) -> list[dict[str, Any]]:
    cursor = db.conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
