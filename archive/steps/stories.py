"""Which articles are one item. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = (
    """CREATE TABLE story_articles (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
        story_id INTEGER NOT NULL,
        relation TEXT NOT NULL CHECK (relation IN ('first', 'copy', 'translation'))
    ) STRICT""",
    """CREATE TABLE story_links (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        score REAL NOT NULL,
        evidence TEXT NOT NULL,
        used INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (article_id, other_id),
        CHECK (article_id < other_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE fingerprints (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
        day TEXT,
        state INTEGER NOT NULL,
        facts TEXT NOT NULL,
        keys BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE story_keys (
        key INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        PRIMARY KEY (key, article_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE story_method (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX story_articles_story_id ON story_articles (story_id)",
    "CREATE INDEX story_links_other_id ON story_links (other_id)",
    "CREATE INDEX fingerprints_day ON fingerprints (day)",
    """CREATE TRIGGER fingerprints_outdated AFTER UPDATE OF digest ON articles
    WHEN old.digest <> new.digest BEGIN
        UPDATE fingerprints SET state = 0 WHERE article_id = new.id;
    END""",
    "CREATE INDEX fingerprints_state ON fingerprints (state) WHERE state < 3",
)


def stories(db: Database) -> None:
    """Stories: their articles, why those belong together, and what is remembered to find more."""
    for statement in _TABLES:
        db.execute(statement)
