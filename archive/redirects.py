"""Addresses that only lead to a page which is here already: further addresses of its article."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from archive import frontier
from archive.addresses import identity
from archive.store import note_addresses

_ARTICLE = """
SELECT id, identity FROM articles WHERE identity = :name
UNION SELECT articles.id, articles.identity
FROM other_addresses JOIN articles ON articles.id = other_addresses.article_id
WHERE other_addresses.identity = :name
"""


def note_redirects(
    db: Database, redirects: Iterable[tuple[str, str]], at: datetime, run_id: int | None
) -> list[tuple[str, str]]:
    """Write down addresses and the addresses they led to; returns those that led to no article that is here.

    Needs an open transaction.
    """
    nowhere: list[tuple[str, str]] = []
    for url, target in redirects:
        articles = db.conn.execute(_ARTICLE, {"name": identity(target)}).fetchall()
        for article_id, key in articles:
            note_addresses(db, article_id, key, (url,))
        if articles:
            frontier.mark(db, url, "fetched", at=at, status=301, run_id=run_id)
        else:
            nowhere.append((url, target))
    return nowhere
