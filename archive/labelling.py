"""The small rows of articles that questions narrow and count by: the table ``facets`` and what it points at.

They are written at the end of the transaction that wrote the articles, for all of them together. Triggers
follow changes of single columns, and remove a row with its article.
"""

from __future__ import annotations

from sqlite_utils import Database

_LABEL = (
    "coalesce(substr(articles.published, 1, 4), ''), coalesce(articles.lang, ''), articles.kind, "
    "coalesce(articles.country, '')"
)
THEMES = (
    "(SELECT json_group_array(theme) FROM "
    "(SELECT DISTINCT theme FROM themes WHERE article_id = {article} ORDER BY theme))"
)
"""An SQL expression for the subjects of an ``article``, as a JSON array in which each comes once."""
_THEMES_OF_EACH = THEMES.format(article="articles.id")

_NEW = f"""
    SELECT id, published, lang, kind, country, site,
        (SELECT id FROM labels WHERE (year, lang, kind, country) = ({_LABEL})),
        (SELECT id FROM theme_sets WHERE themes = {_THEMES_OF_EACH})
    FROM articles WHERE id > (SELECT coalesce(max(article_id), 0) FROM facets) ORDER BY id"""  # noqa: S608  # our names
_ENTER = (
    "INSERT INTO facets (article_id, published, lang, kind, country, site, label_id, theme_set_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_LABELS_OF = (
    f"INSERT OR IGNORE INTO labels (year, lang, kind, country) SELECT {_LABEL} FROM articles WHERE id = ?"  # noqa: S608  # our names
)
_THEME_SETS_OF = (
    f"INSERT OR IGNORE INTO theme_sets (themes) SELECT {_THEMES_OF_EACH} FROM articles WHERE id = ?"  # noqa: S608  # our names
)


def label_new(db: Database) -> None:
    """Write the rows of all articles that came after the last one that has its row. Needs an open transaction."""
    rows = db.conn.execute(_NEW).fetchall()
    # Most are labelled as others were before.
    unlabelled = [row[:1] for row in rows if row[-2] is None]
    without_set = [row[:1] for row in rows if row[-1] is None]
    if unlabelled:
        db.conn.executemany(_LABELS_OF, unlabelled)
    if without_set:
        db.conn.executemany(_THEME_SETS_OF, without_set)
    if unlabelled or without_set:
        rows = db.conn.execute(_NEW).fetchall()
    db.conn.executemany(_ENTER, rows)


def label_again(db: Database, article_id: int) -> None:
    """Correct the subjects in an article's row after they were written anew. Needs an open transaction."""
    themes = THEMES.format(article="?1")
    db.conn.execute(f"INSERT OR IGNORE INTO theme_sets (themes) VALUES ({themes})", (article_id,))  # noqa: S608  # our names
    db.conn.execute(
        f"UPDATE facets SET theme_set_id = (SELECT id FROM theme_sets WHERE themes = {themes}) "  # noqa: S608  # our names
        "WHERE article_id = ?1",
        (article_id,),
    )
