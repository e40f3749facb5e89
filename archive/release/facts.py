"""What a release says of the archive that it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from archive.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Counts and days; days are ISO 8601, None where the archive is empty."""

    title: str
    program_version: str
    with_contacts: bool
    narrowed: str | None
    """The filters in words, where it is not the whole archive."""
    articles: int
    sites: tuple[str, ...]
    languages: tuple[str, ...]
    first_published: str | None
    last_published: str | None
    first_capture: str | None
    last_capture: str | None
    reader_versions: tuple[tuple[str, int], ...]
    """Reader version and how many articles it read."""
    schema_version: int = SCHEMA_VERSION

    @property
    def version(self) -> str:
        """The release's version: the day of the last capture, ``2026.03.07``."""
        return (self.last_capture or "0").replace("-", ".")


def facts_of(
    db: Database, *, title: str, program_version: str, with_contacts: bool, narrowed: str | None
) -> Facts:
    """Count what is in ``db``."""

    def column(sql: str) -> tuple[str, ...]:
        return tuple(row[0] for row in db.conn.execute(sql))

    first, last = db.conn.execute(
        "SELECT substr(min(published), 1, 10), substr(max(published), 1, 10) FROM articles"
    ).fetchone()
    first_capture, last_capture = db.conn.execute(
        "SELECT substr(min(fetched_at), 1, 10), substr(max(fetched_at), 1, 10) FROM captures"
    ).fetchone()
    return Facts(
        title=title,
        program_version=program_version,
        with_contacts=with_contacts,
        narrowed=narrowed,
        articles=db.conn.execute("SELECT count(*) FROM articles").fetchone()[0],
        sites=column("SELECT DISTINCT site FROM articles ORDER BY site"),
        languages=column("SELECT DISTINCT lang FROM articles WHERE lang IS NOT NULL ORDER BY lang"),
        first_published=first,
        last_published=last,
        first_capture=first_capture,
        last_capture=last_capture,
        reader_versions=tuple(
            db.conn.execute("SELECT reader_version, count(*) FROM articles GROUP BY 1 ORDER BY 1")
        ),
    )
