"""The first step: every table that the first version of the archive had. Released: never changed again."""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = (
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        command TEXT NOT NULL,
        arguments TEXT NOT NULL,
        version TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        outcome TEXT,
        exit_code INTEGER,
        counts TEXT
    ) STRICT""",
    """CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        identity TEXT NOT NULL,
        redirected_from TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        source TEXT NOT NULL,
        status INTEGER,
        content_type TEXT,
        digest TEXT NOT NULL,
        length INTEGER NOT NULL,
        warc_file TEXT,
        warc_offset INTEGER,
        warc_length INTEGER,
        revisit INTEGER NOT NULL DEFAULT 0,
        origin TEXT,
        run_id INTEGER REFERENCES runs(id),
        outcome TEXT NOT NULL,
        UNIQUE (url, fetched_at, digest)
    ) STRICT""",
    """CREATE TABLE articles (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        identity TEXT NOT NULL UNIQUE,
        site TEXT NOT NULL,
        title TEXT NOT NULL,
        subtitle TEXT,
        lang TEXT,
        kind TEXT NOT NULL,
        published TEXT,
        published_printed TEXT,
        updated TEXT,
        dateline TEXT,
        country TEXT,
        region TEXT,
        text TEXT NOT NULL,
        paragraphs TEXT NOT NULL,
        node_id TEXT,
        design TEXT NOT NULL,
        reader_version TEXT NOT NULL,
        confidence REAL NOT NULL,
        warnings TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        digest TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id)
    ) STRICT""",
    """CREATE TABLE addresses (
        identity TEXT NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        url TEXT NOT NULL,
        PRIMARY KEY (identity, article_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sightings (
        capture_id INTEGER NOT NULL REFERENCES captures(id) ON DELETE CASCADE,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        seen_at TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (capture_id, article_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        digest TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        record TEXT NOT NULL,
        reader_version TEXT NOT NULL,
        UNIQUE (article_id, number)
    ) STRICT""",
    """CREATE TABLE contacts (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT,
        role TEXT,
        office TEXT,
        other TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE emails (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        email TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE phones (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
        printed TEXT NOT NULL,
        e164 TEXT,
        kind TEXT NOT NULL,
        extension TEXT,
        valid INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE repairs (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        part TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE themes (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        theme TEXT NOT NULL,
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE links (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        url TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE images (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        url TEXT NOT NULL,
        caption TEXT,
        credit TEXT
    ) STRICT""",
    """CREATE TABLE translations (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        lang TEXT NOT NULL,
        url TEXT NOT NULL,
        PRIMARY KEY (article_id, lang)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE problems (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        capture_id INTEGER REFERENCES captures(id) ON DELETE CASCADE,
        run_id INTEGER REFERENCES runs(id),
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE frontier (
        url TEXT PRIMARY KEY,
        identity TEXT NOT NULL,
        host TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'fetched', 'failed', 'gone')),
        lastmod TEXT,
        etag TEXT,
        last_modified TEXT,
        fetched_at TEXT,
        status INTEGER,
        digest TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        run_id INTEGER REFERENCES runs(id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE columns (
        table_name TEXT NOT NULL,
        column_name TEXT NOT NULL,
        meaning TEXT NOT NULL,
        example TEXT NOT NULL,
        PRIMARY KEY (table_name, column_name)
    ) STRICT, WITHOUT ROWID""",
    """CREATE VIRTUAL TABLE articles_fts USING fts5(
        title, text, content='articles', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )""",
)

# The index is always in step with the articles. An external-content FTS table is told what it
# held before it is told what it holds.
_TRIGGERS = (
    """CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
        INSERT INTO articles_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
    END""",
    """CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, text)
        VALUES ('delete', old.id, old.title, old.text);
    END""",
    """CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, text ON articles BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, text)
        VALUES ('delete', old.id, old.title, old.text);
        INSERT INTO articles_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
    END""",
)

_INDEXES = (
    ("articles", "published"),
    ("articles", "site, published"),
    ("articles", "lang, published"),
    ("articles", "country, published"),
    ("articles", "kind, published"),
    ("articles", "capture_id"),
    ("addresses", "article_id"),
    ("sightings", "article_id, seen_at"),
    ("versions", "capture_id"),
    ("captures", "identity, fetched_at"),
    ("captures", "digest"),
    ("captures", "run_id"),
    ("contacts", "article_id"),
    ("contacts", "name"),
    ("contacts", "office"),
    ("emails", "contact_id"),
    ("emails", "email"),
    ("phones", "contact_id"),
    ("phones", "e164"),
    ("repairs", "article_id"),
    ("repairs", "kind"),
    ("themes", "theme"),
    ("links", "article_id"),
    ("images", "article_id"),
    ("problems", "capture_id"),
    ("problems", "reason"),
    ("problems", "run_id"),
    ("frontier", "identity"),
    ("frontier", "state, host"),
    ("frontier", "run_id"),
)


def first_tables(db: Database) -> None:
    """Everything the first version of the archive knew."""
    for statement in (*_TABLES, *_TRIGGERS):
        db.execute(statement)
    for table, columns in _INDEXES:
        name = "_".join([table, *columns.split(", ")])
        db.execute(f"CREATE INDEX {name} ON {table} ({columns})")
