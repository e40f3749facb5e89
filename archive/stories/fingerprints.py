"""What is remembered of each article so that its copies and translations can be found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from archive.addresses import identity
from archive.stories.copies import FEWEST_WORDS
from archive.stories.facts import (
    Facts,
    day_of,
    file_names,
    fingerprint,
    is_latin,
    packed,
    paragraph,
    unpacked,
)
from archive.stories.keys import FEWEST_TITLE_WORDS, key_of, pack, signature_keys, unpack
from archive.stories.words import shingles, words

OUTDATED, NEW, COMPARED, DONE = range(4)
"""The column ``state``: changed since; to be compared; compared; put into stories."""

_PARAGRAPHS = 200  # of a whole book only the beginning


def outdated(db: Database) -> list[int]:
    """The articles that are new or have changed since they were last looked at."""
    return [
        row[0]
        for row in db.conn.execute(
            "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM fingerprints) "
            "UNION SELECT article_id FROM fingerprints WHERE state = ? ORDER BY 1",
            (OUTDATED,),
        )
    ]


def remember(db: Database, article_ids: Sequence[int]) -> None:
    """Look at these articles anew; what was known of them and their links is forgotten. Needs a transaction."""
    forget(db, article_ids)
    named = _named(db, article_ids)
    contacts, files = _contacts(db, article_ids), _files(db, article_ids)
    rows = db.conn.execute(
        "SELECT id, lang, country, published, title, text, site, node_id FROM articles "  # noqa: S608  # places only
        f"WHERE id IN ({_places(article_ids)})",
        list(article_ids),
    ).fetchall()
    texts = [words(row[5]) for row in rows]
    signatures = signature_keys([shingles(text) if len(text) >= FEWEST_WORDS else () for text in texts])
    for row, signature in zip(rows, signatures, strict=True):
        article_id, lang, country, published, title, text, site, node_id = row
        day = day_of(published)
        facts = Facts(
            article_id=article_id,
            lang=lang,
            country=country,
            day=day,
            is_latin=is_latin(title + text),
            paragraphs=tuple(paragraph(part) for part in (title, *text.split("\n\n")[:_PARAGRAPHS])),
            contacts=frozenset(contacts[article_id]),
            files=file_names(files[article_id]),
        )
        keys = signature | {key_of("address", name) for name in named[article_id]}
        if len(in_title := words(title)) >= FEWEST_TITLE_WORDS:
            keys.add(key_of("title", *in_title))
        if node_id:
            keys.add(key_of("node", site, node_id))
        _write(db, facts, keys)


def forget(db: Database, article_ids: Iterable[int]) -> None:
    """Take out what is known of these articles; those that were linked with them go back for grouping."""
    for article_id in article_ids:
        db.conn.execute(
            "UPDATE fingerprints SET state = min(state, ?1) WHERE article_id IN ("
            "SELECT other_id FROM story_links WHERE article_id = ?2 "
            "UNION SELECT article_id FROM story_links WHERE other_id = ?2)",
            (COMPARED, article_id),
        )
        db.conn.execute("DELETE FROM story_links WHERE article_id = ?1 OR other_id = ?1", (article_id,))
        row = db.conn.execute("SELECT keys FROM fingerprints WHERE article_id = ?", (article_id,)).fetchone()
        for key in unpack(row[0]) if row else ():
            db.conn.execute("DELETE FROM story_keys WHERE key = ? AND article_id = ?", (key, article_id))
        db.conn.execute("DELETE FROM fingerprints WHERE article_id = ?", (article_id,))


def facts_of(db: Database, condition: str, *values: object) -> list[tuple[Facts, int]]:
    """What is remembered of the articles that fulfil a condition, each with its state."""
    rows = db.conn.execute(
        "SELECT fingerprints.article_id, lang, country, day, facts, state FROM fingerprints "  # noqa: S608  # our conditions
        f"JOIN articles ON articles.id = fingerprints.article_id WHERE {condition}",
        values,
    )
    return [
        (
            unpacked(json.loads(kept), {"article_id": number, "lang": lang, "country": country, "day": day}),
            state,
        )
        for number, lang, country, day, kept, state in rows
    ]


def _write(db: Database, facts: Facts, keys: set[int]) -> None:
    db.conn.execute(
        "INSERT INTO fingerprints (article_id, day, state, facts, keys) VALUES (?, ?, ?, ?, ?)",
        (
            facts.article_id,
            facts.day.isoformat() if facts.day else None,
            NEW,
            json.dumps(packed(facts), ensure_ascii=False, separators=(",", ":")),
            pack(keys),
        ),
    )
    db.conn.executemany(
        "INSERT INTO story_keys (key, article_id) VALUES (?, ?)", [(key, facts.article_id) for key in keys]
    )


def _named(db: Database, article_ids: Sequence[int]) -> dict[int, set[str]]:
    """The addresses of each article and those of the translations that it names."""
    found: dict[int, set[str]] = defaultdict(set)
    places = _places(article_ids)
    for article_id, url in db.conn.execute(
        f"SELECT article_id, url FROM translations WHERE article_id IN ({places})",  # noqa: S608  # places only
        list(article_ids),
    ):
        found[article_id].add(identity(url))
    for article_id, name in db.conn.execute(
        f"SELECT article_id, identity FROM addresses WHERE article_id IN ({places})",  # noqa: S608  # places only
        list(article_ids),
    ):
        found[article_id].add(name)
    return found


def _contacts(db: Database, article_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for table, column in (("emails", "email"), ("phones", "coalesce(e164, printed)")):
        for article_id, value in db.conn.execute(
            f"SELECT article_id, {column} FROM contacts JOIN {table} ON contact_id = contacts.id "  # noqa: S608  # our names
            f"WHERE article_id IN ({_places(article_ids)})",
            list(article_ids),
        ):
            found[article_id].add(fingerprint(value))
    return found


def _files(db: Database, article_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for source in ("images WHERE 1", "links WHERE kind = 'document'"):
        for article_id, url in db.conn.execute(
            f"SELECT article_id, url FROM {source} AND article_id IN ({_places(article_ids)})",  # noqa: S608  # our names
            list(article_ids),
        ):
            found[article_id].add(url)
    return found


def _places(items: Sequence[object]) -> str:
    return ", ".join("?" * len(items))
