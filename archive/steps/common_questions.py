"""Indexes for questions that are asked often. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

_INDEXES = (
    # What is new in the archive; by which design; the same page in another language.
    "articles_first_seen ON articles (first_seen)",
    "articles_design ON articles (design)",
    "articles_node_id ON articles (node_id) WHERE node_id IS NOT NULL",
    "translations_url ON translations (url)",
    # Who spoke for which office, without a look at the rows of contacts.
    "contacts_name ON contacts (name, office, article_id)",
    "contacts_office ON contacts (office, name, article_id)",
    # Subjects are asked for in any capitals.
    "themes_theme ON themes (theme COLLATE NOCASE, article_id)",
)
_REPLACED = ("contacts_name", "contacts_office", "themes_theme")


def common_questions(db: Database) -> None:
    """Add the indexes; three of them take the place of narrower ones."""
    for name in _REPLACED:
        db.execute(f"DROP INDEX {name}")
    for index in _INDEXES:
        db.execute(f"CREATE INDEX {index}")
