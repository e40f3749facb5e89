"""A record as one row: the columns of an export, lists joined in cells."""

from __future__ import annotations

from typing import Any

CONTACT_COLUMNS = ("contacts", "emails", "phones", "repairs")
"""Left out where people are left out."""

COLUMNS = (
    *("id", "url", "site", "lang", "kind", "title", "subtitle", "published", "published_printed", "updated"),
    *("dateline", "country", "region", "themes", "text", "documents", "images", "translations"),
    *CONTACT_COLUMNS,
    *("node_id", "first_seen", "last_seen", "design", "reader_version", "confidence", "warnings"),
)


def columns(*, with_contacts: bool) -> list[str]:
    """The names of the columns, in order."""
    return [name for name in COLUMNS if with_contacts or name not in CONTACT_COLUMNS]


def cells(record: dict[str, Any]) -> dict[str, Any]:
    """The values of a record under the names of :data:`COLUMNS`; lists are joined by ``; ``."""
    contacts = record.get("contacts", [])
    return record | {
        "text": "\n\n".join(record["paragraphs"]),
        "themes": "; ".join(record["themes"]),
        "documents": "; ".join(document["url"] for document in record["documents"]),
        "images": "; ".join(image["url"] for image in record["images"]),
        "translations": "; ".join(f"{lang} {url}" for lang, url in record["translations"].items()),
        "contacts": "; ".join(_contact(contact) for contact in contacts),
        "emails": "; ".join(address for contact in contacts for address in contact["emails"]),
        "phones": "; ".join(
            phone["e164"] or phone["printed"] for contact in contacts for phone in contact["phones"]
        ),
        "repairs": "; ".join(f"{repair['kind']}: {repair['after']}" for repair in record.get("repairs", [])),
        "warnings": "; ".join(record["warnings"]),
    }


def _contact(contact: dict[str, Any]) -> str:
    return ", ".join(filter(None, (contact["name"], contact["role"], contact["office"])))
