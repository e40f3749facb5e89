"""An archive without its numbers: everything that it says, by addresses, times and bytes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive import Archive
from archive.checking import agreement, open_for_check, records, structure

_RUN = "command || arguments || started_at"
_RUN_OF = f"(SELECT {_RUN} FROM runs WHERE runs.id = run_id)"
_CAPTURE = "(SELECT url || ' ' || fetched_at || ' ' || digest FROM captures WHERE captures.id = {}capture_id)"
_ARTICLE = "(SELECT identity FROM articles WHERE articles.id = article_id)"

PLAIN = {
    "runs": "SELECT command, arguments, version, started_at, ended_at, outcome, exit_code, counts FROM runs",
    "captures": "SELECT url, identity, redirected_from, fetched_at, source, status, content_type, digest, length, "
    f"warc_file, warc_offset, warc_length, revisit, origin, outcome, {_RUN_OF} FROM captures",
    "articles": "SELECT identity, url, site, title, text, paragraphs, published, lang, country, kind, design, "
    f"reader_version, first_seen, last_seen, digest, versions, plain, roles, {_CAPTURE.format('articles.')} FROM articles",
    "versions": "SELECT (SELECT identity FROM articles WHERE articles.id = article_id), number, first_seen, last_seen, "
    f"digest, {_CAPTURE.format('versions.')}, record FROM versions",
    "addresses": f"SELECT identity, url, {_ARTICLE} FROM other_addresses",
    "sightings": f"SELECT {_ARTICLE}, {_CAPTURE.format('sightings.')}, seen_at, digest FROM sightings",
    "problems": f"SELECT url, {_CAPTURE.format('problems.')}, {_RUN_OF}, reason, detail, at FROM problems",
    "frontier": "SELECT url, identity, host, state, lastmod, etag, last_modified, fetched_at, status, digest, tries, "
    f"{_RUN_OF} FROM frontier",
    "imports": f"SELECT path, size, modified, digest, kind, url, pages, problems, finished_at, {_RUN_OF} FROM imports",
    "corrections": f"SELECT {_RUN_OF}, {_CAPTURE.format('corrections.')}, coalesce({_ARTICLE}, article_id < 0), url, "
    "kind, reader_version, said FROM corrections",
    "facets": f"SELECT {_ARTICLE}, facets.published, facets.lang, facets.kind, "
    "facets.country, facets.site, labels.year, theme_sets.themes FROM facets "
    "JOIN labels ON labels.id = label_id JOIN theme_sets ON theme_sets.id = theme_set_id",
}
"""Table -> query for it."""


def plain(path: Path, *but: str) -> dict[str, list[Any]]:
    """All of an archive, and that it is whole; without the tables ``but``."""
    with Archive.open(path, create=False):
        pass  # brought up to date
    with closing(open_for_check(path)) as conn:
        assert [*structure(conn), *agreement(conn, thorough=True), *records(conn, lambda: None)] == []
    with closing(sqlite3.connect(path)) as conn:
        return {
            table: sorted(map(_readable, conn.execute(sql)), key=repr)
            for table, sql in PLAIN.items()
            if table not in but
        }


def _readable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """JSON as what it says."""
    return tuple(
        json.loads(value) if isinstance(value, str) and value[:1] in "{[" and value else value
        for value in row
    )
