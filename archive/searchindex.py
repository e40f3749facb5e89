"""The full-text indexes: how they are made, filled, and kept in step with what they index.

``articles_fts`` holds the words of the view ``search_words`` (see ``archive/folding.py``), while what
SQLite shows of a hit comes from ``articles``. So FTS5's own command ``rebuild``, which would fill it
with unfolded words, is not for this index: use :func:`refill`.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.folding import folded_sql

TITLE_WEIGHT, TEXT_WEIGHT, SUBTITLE_WEIGHT = 5.0, 1.0, 3.0

# Vowel signs of Indic scripts are marks (M): without them in its categories the tokenizer would cut
# words at each.
_TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"

_COLUMNS = ("title", "text", "subtitle")
_NAMES = ", ".join(_COLUMNS)
_CHANGED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _COLUMNS)
_ENTER = f"INSERT INTO articles_fts (rowid, {_NAMES}) SELECT id, {_NAMES} FROM search_words"  # noqa: S608  # our names
_LEAVE = (
    f"INSERT INTO articles_fts (articles_fts, rowid, {_NAMES}) "  # noqa: S608  # our names
    f"SELECT 'delete', id, {_NAMES} FROM search_words"
)
_FOLDED = ", ".join(f"{folded_sql(name)} AS {name}" for name in _COLUMNS)
# SQLite takes as long to find that there is nothing to fold as to index it all, so the writer tells it.
_WORDS = ", ".join(f"CASE WHEN plain THEN {name} ELSE {folded_sql(name)} END AS {name}" for name in _COLUMNS)

_ARTICLES = (
    f"CREATE VIEW search_words AS SELECT id, {_FOLDED} FROM articles",  # noqa: S608  # our names
    f"""CREATE VIRTUAL TABLE articles_fts USING fts5(
        {_NAMES}, content='articles', content_rowid='id', tokenize="{_TOKENIZER}"
    )""",
    # So that ORDER BY rank, in anybody's SQL, ranks as our search does.
    f"""INSERT INTO articles_fts (articles_fts, rank)
        VALUES ('rank', 'bm25({TITLE_WEIGHT}, {TEXT_WEIGHT}, {SUBTITLE_WEIGHT})')""",  # noqa: S608  # our names
    # An external-content index is told what it held before it is told what it holds: while that can
    # still be read.
    f"""CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
        {_ENTER} WHERE id = new.id;
    END""",
    f"""CREATE TRIGGER articles_fts_delete BEFORE DELETE ON articles BEGIN
        {_LEAVE} WHERE id = old.id;
    END""",
    f"""CREATE TRIGGER articles_fts_update_before BEFORE UPDATE OF {_NAMES} ON articles WHEN {_CHANGED} BEGIN
        {_LEAVE} WHERE id = old.id;
    END""",
    f"""CREATE TRIGGER articles_fts_update AFTER UPDATE OF {_NAMES} ON articles WHEN {_CHANGED} BEGIN
        {_ENTER} WHERE id = new.id;
    END""",
)

_CONTACTS = (
    f"""CREATE VIRTUAL TABLE contacts_fts USING fts5(
        name, role, office, content='contacts', content_rowid='id', tokenize="{_TOKENIZER}"
    )""",
    """CREATE TRIGGER contacts_fts_insert AFTER INSERT ON contacts BEGIN
        INSERT INTO contacts_fts (rowid, name, role, office) VALUES (new.id, new.name, new.role, new.office);
    END""",
    """CREATE TRIGGER contacts_fts_delete AFTER DELETE ON contacts BEGIN
        INSERT INTO contacts_fts (contacts_fts, rowid, name, role, office)
        VALUES ('delete', old.id, old.name, old.role, old.office);
    END""",
    """CREATE TRIGGER contacts_fts_update AFTER UPDATE OF name, role, office ON contacts BEGIN
        INSERT INTO contacts_fts (contacts_fts, rowid, name, role, office)
        VALUES ('delete', old.id, old.name, old.role, old.office);
        INSERT INTO contacts_fts (rowid, name, role, office) VALUES (new.id, new.name, new.role, new.office);
    END""",
)

_FORMER = ("articles_fts_insert", "articles_fts_delete", "articles_fts_update_before", "articles_fts_update")


def build(db: Database) -> None:
    """Make both indexes anew and fill them, whatever there was. Needs an open transaction."""
    for trigger in (*_FORMER, "contacts_fts_insert", "contacts_fts_delete", "contacts_fts_update"):
        db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for table in ("articles_fts", "contacts_fts"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    db.execute("DROP VIEW IF EXISTS search_words")
    for statement in (*_ARTICLES, *_CONTACTS):
        db.execute(statement)
    refill(db)


def look_at_marks(db: Database) -> None:
    """Make the view that the triggers read anew: it gives the same words, sooner. Needs an open transaction."""
    db.execute("DROP VIEW search_words")
    db.execute(f"CREATE VIEW search_words AS SELECT id, {_WORDS} FROM articles")  # noqa: S608  # our names


def refill(db: Database) -> None:
    """Fill both indexes from the articles and contacts that are there. Needs an open transaction."""
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    db.execute(_ENTER)
    db.execute("INSERT INTO contacts_fts (contacts_fts) VALUES ('rebuild')")
