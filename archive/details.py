"""What hangs on an article: contacts, their phones and e-mails, repairs, themes, links, images …"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from archive.content import as_json

_TABLES = ("contacts", "repairs", "themes", "links", "images", "translations")


def clear_details(db: Database, article_id: int) -> None:
    """Take away all details of an article. Needs an open transaction."""
    for table in _TABLES:
        # Phones and e-mails go with their contacts (ON DELETE CASCADE).
        db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608  # our names


def write_details(db: Database, article_id: int, record: dict[str, Any]) -> None:
    """Write the record's details for an article that has none. Needs an open transaction."""
    for contact in record["contacts"]:
        _write_contact(db, article_id, contact)
    _write_many(
        db,
        "repairs (article_id, position, kind, before, after, part)",
        [
            (article_id, position, repair["kind"], repair["before"], repair["after"], repair["where"])
            for position, repair in enumerate(record["repairs"])
        ],
    )
    _write_many(
        db,
        "themes (article_id, position, theme)",
        [(article_id, position, theme) for position, theme in enumerate(record["themes"])],
    )
    _write_many(
        db,
        "links (article_id, position, kind, url, text)",
        [
            (article_id, position, kind, link["url"], link["text"])
            for kind, links in (("link", record["links"]), ("document", record["documents"]))
            for position, link in enumerate(links)
        ],
    )
    _write_many(
        db,
        "images (article_id, position, url, caption, credit)",
        [
            (article_id, position, image["url"], image["caption"], image["credit"])
            for position, image in enumerate(record["images"])
        ],
    )
    _write_many(
        db,
        "translations (article_id, lang, url)",
        [(article_id, lang, url) for lang, url in record["translations"].items()],
    )


def _write_contact(db: Database, article_id: int, contact: dict[str, Any]) -> None:
    cursor = db.conn.execute(
        "INSERT INTO contacts (article_id, position, name, role, office, other) VALUES (?, ?, ?, ?, ?, ?)",
        (
            article_id,
            contact["position"],
            contact["name"],
            contact["role"],
            contact["office"],
            as_json(contact["other"]),
        ),
    )
    contact_id = cursor.lastrowid
    _write_many(db, "emails (contact_id, email)", [(contact_id, address) for address in contact["emails"]])
    _write_many(
        db,
        "phones (contact_id, printed, e164, kind, extension, valid)",
        [
            (
                contact_id,
                phone["printed"],
                phone["e164"],
                phone["kind"],
                phone["extension"],
                int(phone["valid"]),
            )
            for phone in contact["phones"]
        ],
    )


def _write_many(db: Database, target: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    places = ", ".join("?" for _ in target.split(","))
    db.conn.executemany(f"INSERT INTO {target} VALUES ({places})", rows)  # noqa: S608  # our names
