"""The full-text indexes: how they are made, filled, and kept in step with what they index.

What is new is entered by :func:`enter_new` at the end of the transaction that wrote it. Triggers follow
later changes and removals, whoever makes them.

``articles_fts`` holds the words of the view ``search_words`` (see ``archive/folding.py``), while what
SQLite shows of a hit comes from ``articles``. So FTS5's own command ``rebuild``, which would fill it
with unfolded words, is not for this index: use :func:`refill`.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.folding import FOLD_WORDS, folded_sql

TITLE_WEIGHT, TEXT_WEIGHT, SUBTITLE_WEIGHT = 5.0, 1.0, 3.0

# Vowel signs of Indic scripts are marks (M): without them in its categories the tokenizer would cut
# words at each.
_TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"

_COLUMNS = ("title", "text", "subtitle")
_NAMES = ", ".join(_COLUMNS)
_CHANGED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _COLUMNS)
_ENTER = f"INSERT INTO articles_fts (rowid, {_NAMES})"
_ENTER_ALL = f"{_ENTER} SELECT id, {_NAMES} FROM search_words"  # noqa: S608  # our names
# Python folds many times faster than SQL can.
_LENT = ", ".join(f"CASE WHEN plain THEN {name} ELSE {FOLD_WORDS}({name}) END" for name in _COLUMNS)
_ENTER_NEW = (
    f"{_ENTER} SELECT id, {_LENT} FROM articles "  # noqa: S608  # our names
    "WHERE id > (SELECT coalesce(max(id), 0) FROM articles_fts_docsize) ORDER BY id"
)
_FOLDED = ", ".join(f"{folded_sql(name)} AS {name}" for name in _COLUMNS)
# SQLite takes as long to find that there is nothing to fold as to index it all, so the writer tells it.
_WORDS = ", ".join(f"CASE WHEN plain THEN {name} ELSE {folded_sql(name)} END AS {name}" for name in _COLUMNS)
_OLD, _NEW = (", ".join(folded_sql(f"{row}.{name}") for name in _COLUMNS) for row in ("old", "new"))
_LEAVE = f"INSERT INTO articles_fts (articles_fts, rowid, {_NAMES}) VALUES ('delete', old.id, {_OLD})"  # noqa: S608  # our names

_ARTICLES = (
    f"CREATE VIEW search_words AS SELECT id, {_FOLDED} FROM articles",  # noqa: S608  # our names
    f"""CREATE VIRTUAL TABLE articles_fts USING fts5(
        {_NAMES}, content='articles', content_rowid='id', tokenize="{_TOKENIZER}"
    )""",
    # So that ORDER BY rank, in anybody's SQL, ranks as our search does.
    f"""INSERT INTO articles_fts (articles_fts, rank)
        VALUES ('rank', 'bm25({TITLE_WEIGHT}, {TEXT_WEIGHT}, {SUBTITLE_WEIGHT})')""",  # noqa: S608  # our names
)

_CONTACTS = (
    f"""CREATE VIRTUAL TABLE contacts_fts USING fts5(
        name, role, office, content='contacts', content_rowid='id', tokenize="{_TOKENIZER}"
    )""",
)

# A transaction of one article makes a piece of each index of its own, and whoever writes merges pieces on the way:
# by default so eagerly that this is most of the work of storing an article. A question looks into every piece, so
# there must not be too many either; ``iomscrape optimize`` makes one of them all.
_MERGED_FROM = {"automerge": 16, "crisismerge": 32}

# An index without the text itself must be told what it held before, and only what it held.
_ENTERED = "old.id <= (SELECT max(id) FROM {index}_docsize)"
_LEAVE_CONTACTS = (
    "INSERT INTO contacts_fts (contacts_fts, rowid, name, role, office) "
    "VALUES ('delete', old.id, old.name, old.role, old.office)"
)
_FOLLOWING = {
    "articles_fts_delete": f"""AFTER DELETE ON articles WHEN {_ENTERED.format(index="articles_fts")} BEGIN
        {_LEAVE};
    END""",
    "articles_fts_update": f"""AFTER UPDATE OF {_NAMES} ON articles
        WHEN {_ENTERED.format(index="articles_fts")} AND ({_CHANGED}) BEGIN
        {_LEAVE};
        {_ENTER} VALUES (new.id, {_NEW});
    END""",
    "contacts_fts_delete": f"""AFTER DELETE ON contacts WHEN {_ENTERED.format(index="contacts_fts")} BEGIN
        {_LEAVE_CONTACTS};
    END""",
    "contacts_fts_update": f"""AFTER UPDATE OF name, role, office ON contacts
        WHEN {_ENTERED.format(index="contacts_fts")} BEGIN
        {_LEAVE_CONTACTS};
        INSERT INTO contacts_fts (rowid, name, role, office) VALUES (new.id, new.name, new.role, new.office);
    END""",  # noqa: S608  # our names
}
"""Triggers by name."""

_FORMER = (*_FOLLOWING, "articles_fts_insert", "articles_fts_update_before", "contacts_fts_insert")


def build(db: Database) -> None:
    """Make both indexes anew and fill them, whatever there was. Needs an open transaction."""
    for table in ("articles_fts", "contacts_fts"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    db.execute("DROP VIEW IF EXISTS search_words")
    for statement in (*_ARTICLES, *_CONTACTS):
        db.execute(statement)
    merge_seldom(db)
    follow(db)
    refill(db)


def merge_seldom(db: Database) -> None:
    """Let SQLite merge the pieces of both indexes only when there are many. Needs an open transaction."""
    for table in ("articles_fts", "contacts_fts"):
        for name, pieces in _MERGED_FROM.items():
            db.execute(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (name, pieces))  # noqa: S608  # our names


def follow(db: Database) -> None:
    """Make the triggers anew that keep both indexes in step with changes. Needs an open transaction."""
    for trigger in _FORMER:
        db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for name, trigger in _FOLLOWING.items():
        db.execute(f"CREATE TRIGGER {name} {trigger}")


def look_at_marks(db: Database) -> None:
    """Make the view anew from which the index is filled: it gives the same words, sooner. Needs an open transaction."""
    db.execute("DROP VIEW search_words")
    db.execute(f"CREATE VIEW search_words AS SELECT id, {_WORDS} FROM articles")  # noqa: S608  # our names


def doubt_marks(db: Database) -> None:
    """Let the mark fall where others put words into an article that are to be folded. Needs an open transaction."""
    is_folded = " OR ".join(f"new.{name} IS NOT {folded_sql(f'new.{name}')}" for name in _COLUMNS)
    db.execute(f"""CREATE TRIGGER articles_plain AFTER UPDATE OF {_NAMES} ON articles
        WHEN new.plain AND ({is_folded}) BEGIN
        UPDATE articles SET plain = 0 WHERE id = new.id;
    END""")  # noqa: S608  # our names


def enter_new(db: Database) -> None:
    """Enter all articles and contacts that came after the last one in the index. Needs an open transaction.

    At its end, and in one go: SQLite holds what is entered in memory until any statement with a trigger
    begins, and what it then writes out it must later merge.
    """
    db.conn.execute(_ENTER_NEW)
    db.conn.execute(
        "INSERT INTO contacts_fts (rowid, name, role, office) SELECT id, name, role, office FROM contacts "
        "WHERE id > (SELECT coalesce(max(id), 0) FROM contacts_fts_docsize) ORDER BY id"
    )


def refill(db: Database) -> None:
    """Fill both indexes from the articles and contacts that are there. Needs an open transaction."""
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    db.execute(_ENTER_ALL)
    db.execute("INSERT INTO contacts_fts (contacts_fts) VALUES ('rebuild')")
