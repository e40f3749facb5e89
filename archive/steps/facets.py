"""One small row for each article with all that questions narrow and count by. Released: never changed again.

The rows of ``articles`` are as long as their texts. A question about a hundred thousand of them reads
this table instead, and counts whole combinations by their number.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = (
    """CREATE TABLE labels (
        id INTEGER PRIMARY KEY,
        year TEXT NOT NULL,
        lang TEXT NOT NULL,
        kind TEXT NOT NULL,
        country TEXT NOT NULL,
        UNIQUE (year, lang, kind, country)
    ) STRICT""",
    """CREATE TABLE theme_sets (
        id INTEGER PRIMARY KEY,
        themes TEXT NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE facets (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
        published TEXT,
        lang TEXT,
        kind TEXT NOT NULL,
        country TEXT,
        site TEXT NOT NULL,
        label_id INTEGER NOT NULL REFERENCES labels(id),
        theme_set_id INTEGER NOT NULL REFERENCES theme_sets(id)
    ) STRICT""",
)

_YEAR = "coalesce(substr({row}published, 1, 4), '')"
_LABEL = f"{_YEAR}, coalesce({{row}}lang, ''), {{row}}kind, coalesce({{row}}country, '')"
_LABEL_ID = f"(SELECT id FROM labels WHERE (year, lang, kind, country) = ({_LABEL}))"  # noqa: S608  # our names
_NEW_LABEL = f"INSERT OR IGNORE INTO labels (year, lang, kind, country) VALUES ({_LABEL.format(row='new.')});"  # noqa: S608  # our names
_NO_THEMES = "(SELECT id FROM theme_sets WHERE themes = '[]')"
_THEMES = (
    "(SELECT json_group_array(theme) FROM "
    "(SELECT DISTINCT theme FROM themes WHERE article_id = {article} ORDER BY theme))"
)


def _on_themes(event: str, row: str) -> str:
    themes = _THEMES.format(article=f"{row}.article_id")
    return f"""CREATE TRIGGER facets_themes_{event} AFTER {event} ON themes BEGIN
        INSERT OR IGNORE INTO theme_sets (themes) VALUES ({themes});
        UPDATE facets SET theme_set_id = (SELECT id FROM theme_sets WHERE themes = {themes})
        WHERE article_id = {row}.article_id;
    END"""  # noqa: S608  # our names


_TRIGGERS = (
    f"""CREATE TRIGGER facets_insert AFTER INSERT ON articles BEGIN
        {_NEW_LABEL}
        INSERT INTO facets (article_id, published, lang, kind, country, site, label_id, theme_set_id)
        VALUES (new.id, new.published, new.lang, new.kind, new.country, new.site,
            {_LABEL_ID.format(row="new.")}, {_NO_THEMES});
    END""",  # noqa: S608  # our names
    f"""CREATE TRIGGER facets_update AFTER UPDATE OF published, lang, kind, country, site ON articles BEGIN
        {_NEW_LABEL}
        UPDATE facets SET published = new.published, lang = new.lang, kind = new.kind,
            country = new.country, site = new.site, label_id = {_LABEL_ID.format(row="new.")}
        WHERE article_id = new.id;
    END""",  # noqa: S608  # our names
    _on_themes("insert", "new"),
    _on_themes("delete", "old"),
)


def facets(db: Database) -> None:
    """Make the tables, fill them from the articles that are there, keep them in step by triggers."""
    for statement in _TABLES:
        db.execute(statement)
    labels = _LABEL.format(row="")
    db.execute(f"INSERT OR IGNORE INTO labels (year, lang, kind, country) SELECT {labels} FROM articles")  # noqa: S608  # our names
    db.execute("INSERT INTO theme_sets (themes) VALUES ('[]')")
    themes = _THEMES.format(article="articles.id")
    db.execute(f"INSERT OR IGNORE INTO theme_sets (themes) SELECT {themes} FROM articles")  # noqa: S608  # our names
    db.execute(
        "INSERT INTO facets (article_id, published, lang, kind, country, site, label_id, theme_set_id) "  # noqa: S608  # our names
        f"SELECT id, published, lang, kind, country, site, {_LABEL_ID.format(row='articles.')}, "
        f"(SELECT id FROM theme_sets WHERE themes = {themes}) FROM articles"
    )
    for statement in _TRIGGERS:
        db.execute(statement)
