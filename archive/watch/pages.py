"""What each page of some runs had: fields, design, length; from the rows of the time, whatever they became later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlite_utils import Database

PAGES_A_SITE = 500
"""So many pages of a site are looked at in each run. A crawl fetches the newest first, so of the first crawl of a
site, which brings twenty years, those are counted that are most like what comes later."""

SITE = (
    "substr(substr(identity, 1, instr(identity || '/', '/') - 1), 1, "
    "instr(substr(identity, 1, instr(identity || '/', '/') - 1) || ':', ':') - 1)"
)
"""The host, without port, of a row that has an ``identity``."""

_SCALARS = ("title", "subtitle", "dateline", "lang", "country")
_REACHED = "SELECT 1 FROM contacts JOIN {0} ON {0}.contact_id = contacts.id WHERE article_id = articles.id"

_IN_NEED = "date-of-dateline"
"""The warning of a date that was found in the last resort: the field that it stands in is not there."""

FIELDS: dict[str, tuple[str, str]] = {
    "published": (
        f"articles.published <> '' AND instr(articles.warnings, '{_IN_NEED}') = 0",
        "json_extract(record, '$.published') <> '' "
        f"AND instr(coalesce(json_extract(record, '$.warnings'), ''), '{_IN_NEED}') = 0",
    ),
    **{name: (f"articles.{name} <> ''", f"json_extract(record, '$.{name}') <> ''") for name in _SCALARS},
    **{
        name: (
            f"EXISTS (SELECT 1 FROM {name} WHERE article_id = articles.id)",  # noqa: S608  # our names
            f"json_array_length(record, '$.{name}') > 0",
        )
        for name in ("themes", "images", "contacts")
    },
    **{
        name: (
            f"EXISTS ({_REACHED.format(name)})",
            "EXISTS (SELECT 1 FROM json_each(record, '$.contacts') "  # noqa: S608  # our names
            f"WHERE json_array_length(value, '$.{name}') > 0)",
        )
        for name in ("emails", "phones")
    },
}
"""Field: (is it filled in a row of ``articles``; is it filled in the record of an earlier version)."""

_QUERY = """
WITH shown AS (
    SELECT captures.id, captures.run_id, captures.url, {site} AS site, article_id, sightings.digest,
        dense_rank() OVER (PARTITION BY captures.run_id, {site} ORDER BY captures.id) AS place
    FROM captures JOIN sightings ON sightings.capture_id = captures.id
    WHERE captures.run_id IN ({runs}) AND source = 'live' AND coalesce(status, 0) <> 304
)
SELECT run_id, shown.id, shown.site, shown.url, design, confidence, length(text), coalesce(title, ''),
    coalesce(node_id, 'capture ' || shown.id), {now}
FROM shown JOIN articles ON articles.id = article_id AND articles.digest = shown.digest
WHERE place <= {most}
UNION ALL
SELECT run_id, shown.id, shown.site, shown.url, json_extract(record, '$.design'),
    json_extract(record, '$.confidence'),
    (SELECT coalesce(sum(length(json_extract(value, '$.text'))), 0) FROM json_each(record, '$.blocks')),
    coalesce(json_extract(record, '$.title'), ''),
    coalesce(json_extract(record, '$.node_id'), 'capture ' || shown.id), {then}
FROM shown JOIN earlier_versions AS version
    ON version.article_id = shown.article_id AND version.digest = shown.digest
WHERE place <= {most} AND NOT EXISTS (
    SELECT 1 FROM articles WHERE articles.id = shown.article_id AND articles.digest = shown.digest
)
ORDER BY 1, 2
"""


class Page(NamedTuple):
    """One article that one capture showed."""

    run: int
    capture: int
    site: str
    url: str
    design: str
    confidence: float
    length: int
    """Of the body, in characters."""
    title: str
    item: str
    """The same for all languages of one item, where the site numbers its items."""
    fields: frozenset[str]
    """Those of FIELDS that are filled."""


def pages(db: Database, runs: Mapping[int, int]) -> list[Page]:
    """The pages that these runs fetched and read, in the order of the runs. What a site did not send again
    (304) says nothing of its looks.

    ``runs``: the number of each run, to that of the run it counts with (see :func:`archive.watch.tried.numbers`).
    """
    sql = _QUERY.format(
        site=SITE,
        runs=", ".join(str(int(run)) for run in runs),
        most=PAGES_A_SITE,
        now=", ".join(f"coalesce({now}, 0)" for now, _ in FIELDS.values()),
        then=", ".join(f"coalesce({then}, 0)" for _, then in FIELDS.values()),
    )
    return [
        Page(runs[run], capture, site, url, design, confidence, length, title, item,
             frozenset(name for name, is_filled in zip(FIELDS, filled, strict=True) if is_filled))
        for run, capture, site, url, design, confidence, length, title, item, *filled in db.conn.execute(sql)
    ]  # fmt: skip
