"""The third step: the text of an article is kept once. Released: never changed again.

Until here an archive kept a body five times: in ``articles`` as text and as paragraphs, in ``versions`` as
text and twice within the record. From here on what an article says today stands in ``articles`` and the
tables that hang on it; only what earlier versions said is kept as records. Names that had tables of their
own (``versions``, ``addresses``) are views from now on. Fingerprints of contents are half as long, which is
enough, and indexes hold no more than they need.
"""

from __future__ import annotations

from sqlite_utils import Database

# The body comes last, so that questions about the rest need not step over it. Two captures with one
# address, time and digest are told apart by the program; the index for that took more room than it is worth.
_NEW_TABLES = (
    """CREATE TABLE new_articles (
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
        node_id TEXT,
        design TEXT NOT NULL,
        reader_version TEXT NOT NULL,
        confidence REAL NOT NULL,
        warnings TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        digest TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        versions INTEGER NOT NULL DEFAULT 1,
        record TEXT,
        roles TEXT NOT NULL DEFAULT '{}',
        text TEXT NOT NULL,
        paragraphs TEXT NOT NULL GENERATED ALWAYS AS (
            CASE text WHEN '' THEN '[]' ELSE
                '[' || replace(json_quote(replace(text, char(10, 10), char(65535))), char(65535), '","') || ']'
            END
        ) VIRTUAL
    ) STRICT""",
    """CREATE TABLE new_captures (
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
        outcome TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE earlier_versions (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        digest TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (article_id, number)
    ) STRICT""",
    """CREATE TABLE new_sightings (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        capture_id INTEGER NOT NULL REFERENCES captures(id) ON DELETE CASCADE,
        seen_at TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (article_id, capture_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE other_addresses (
        identity TEXT NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        url TEXT NOT NULL,
        PRIMARY KEY (identity, article_id)
    ) STRICT, WITHOUT ROWID""",
)

_MOVES = (
    """INSERT INTO new_articles (id, url, identity, site, title, subtitle, lang, kind, published,
        published_printed, updated, dateline, country, region, node_id, design, reader_version, confidence,
        warnings, first_seen, last_seen, digest, capture_id, text, versions, roles, record)
    SELECT id, url, identity, site, title, subtitle, lang, kind, published, published_printed, updated,
        dateline, country, region, node_id, design, reader_version, confidence, warnings, first_seen,
        last_seen, substr(digest, 8, 32), capture_id, text, number, (
            SELECT json_group_object(CAST(block.key AS TEXT), json_extract(block.value, '$.role'))
            FROM json_each(record, '$.blocks') AS block
            WHERE json_extract(block.value, '$.role') <> 'paragraph'
        ), json_remove(record, '$.paragraphs')
    FROM (
        SELECT articles.*, versions.number, versions.record
        FROM articles JOIN versions ON versions.article_id = articles.id AND versions.number = (
            SELECT max(number) FROM versions WHERE article_id = articles.id
        )
    )""",
    """INSERT INTO earlier_versions (article_id, number, capture_id, first_seen, last_seen, digest, record)
    SELECT article_id, number, capture_id, first_seen, last_seen, substr(digest, 8, 32),
        json_remove(record, '$.paragraphs')
    FROM versions AS version
    WHERE number < (SELECT max(number) FROM versions WHERE article_id = version.article_id)""",
    """INSERT INTO new_sightings (article_id, capture_id, seen_at, digest)
    SELECT article_id, capture_id, seen_at, substr(digest, 8, 32) FROM sightings""",
    """INSERT INTO other_addresses (identity, article_id, url)
    SELECT addresses.identity, article_id, addresses.url FROM addresses
    JOIN articles ON articles.id = article_id WHERE articles.identity <> addresses.identity""",
    """INSERT INTO new_captures SELECT id, url, identity, redirected_from, fetched_at, source, status,
        content_type, digest, length, warc_file, warc_offset, warc_length, revisit, origin, run_id, outcome
    FROM captures""",
    "DROP TABLE versions",
    "DROP TABLE addresses",
    "DROP TABLE articles",
    "DROP TABLE captures",
    "DROP TABLE sightings",
    "ALTER TABLE new_articles RENAME TO articles",
    "ALTER TABLE new_captures RENAME TO captures",
    "ALTER TABLE new_sightings RENAME TO sightings",
)

_INDEXES = (
    "articles_published ON articles (published)",
    "articles_site_published ON articles (site, published)",
    "articles_lang_published ON articles (lang, published)",
    "articles_country_published ON articles (country, published)",
    "articles_kind_published ON articles (kind, published)",
    "articles_capture_id ON articles (capture_id)",
    "captures_identity ON captures (identity)",
    # Part of the digest is enough to find it by.
    "captures_digest ON captures (substr(digest, 8, 16))",
    "captures_run_id ON captures (run_id)",
    "sightings_capture_id ON sightings (capture_id)",
    "earlier_versions_capture_id ON earlier_versions (capture_id)",
    "other_addresses_article_id ON other_addresses (article_id)",
)

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


def text_once(db: Database) -> None:
    """Move everything over. Foreign keys must not be enforced: dropping a table would empty those that point at it."""
    for statement in (*_NEW_TABLES, *_MOVES):
        db.execute(statement)
    for index in _INDEXES:
        db.execute(f"CREATE INDEX {index}")
    for trigger in _TRIGGERS:
        db.execute(trigger)
