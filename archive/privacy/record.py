"""A whole record without the people in its contact block."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from archive.privacy.closing import contact_block, without_contact_sentences, without_names
from archive.privacy.named import Named, named_in
from archive.privacy.numbers import has_address, masked

_REACHES_SOMEBODY = re.compile(
    r"(?:mailto|tel|sms|callto|fax|skype|sip|viber|whatsapp|xmpp|facetime):"
    r"|(?:https?:)?//(?:wa\.me|api\.whatsapp\.com|web\.whatsapp\.com|join\.skype\.com|signal\.me)/"
    r"|.*/cdn-cgi/l/email-protection",
    re.IGNORECASE,
)
_TEXTS = ("title", "subtitle", "dateline", "published_printed", "region")


def without_contacts(record: dict[str, Any], named: Named | None = None) -> dict[str, Any]:
    """The record with ``contacts`` and ``repairs`` empty, and nothing of them left anywhere else.

    ``named``: the contacts of all versions of the article; by default those of the record itself.
    """
    named = named or named_in([record])
    blocks = _body(record["blocks"], named)
    changed = {
        "contacts": [],
        "repairs": [],
        "blocks": blocks,
        "paragraphs": [block["text"] for block in blocks],
        "images": [_masked_values(image, named) for image in record["images"]],
        "links": _links(record["links"], named),
        "documents": _links(record["documents"], named),
        "themes": [masked(theme, named) for theme in record["themes"]],
        "warnings": [masked(warning, named) for warning in record["warnings"]],
    }
    texts = {name: masked(record[name], named) for name in _TEXTS if record.get(name)}
    return record | changed | texts


def _body(blocks: list[dict[str, str]], named: Named) -> list[dict[str, str]]:
    gone = contact_block([block["text"] for block in blocks], named)
    return [
        block | {"text": _text(block["text"], named)}
        for number, block in enumerate(blocks)
        if number not in gone
    ]


def _text(text: str, named: Named) -> str:
    return without_names(masked(without_contact_sentences(text, named), named), named)


def _links(links: list[dict[str, str]], named: Named) -> list[dict[str, str]]:
    """Without those that reach a person; the address of a page is no text and stays as it is."""
    return [
        {"url": link["url"], "text": masked(link["text"], named)}
        for link in links
        if not reaches_somebody(link["url"], named) and not named.is_other(link["text"])
    ]


def reaches_somebody(url: str, named: Named) -> bool:
    """True for an address that writes to or calls a person, or holds an e-mail address."""
    plain = unquote(url).strip()
    return bool(_REACHES_SOMEBODY.match(plain)) or has_address(plain) or named.is_other(plain)


def _masked_values(values: dict[str, str | None], named: Named) -> dict[str, str | None]:
    return {
        name: masked(value, named) if value and name != "url" else value for name, value in values.items()
    }
