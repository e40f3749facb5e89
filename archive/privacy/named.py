"""Who the contacts of an article are: what a text is searched for when people are left out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.database import fold


@dataclass(frozen=True, slots=True)
class Named:
    """Everything that names or reaches the contacts of one article, folded where it is text."""

    names: frozenset[str] = frozenset()
    details: frozenset[str] = frozenset()
    """Roles and offices: on a line of their own they are part of the contact block."""
    emails: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    """Telephone numbers, digits only."""
    others: frozenset[str] = frozenset()
    """Handles and web addresses."""

    def is_other(self, text: str) -> bool:
        """True if the text is a handle or web address of a contact."""
        return fold(text).strip() in self.others


def named_in(records: Iterable[dict[str, Any]]) -> Named:
    """The contacts of all these records: those of all versions of one article, say."""
    contacts = [contact for record in records for contact in record.get("contacts") or ()]
    phones = [phone for contact in contacts for phone in contact["phones"]]
    return Named(
        names=_folded(contact["name"] for contact in contacts),
        details=_folded(contact[part] for contact in contacts for part in ("role", "office")),
        emails=_folded(address for contact in contacts for address in contact["emails"]),
        numbers=frozenset(
            digits(text) for phone in phones for text in (phone["printed"], phone["e164"]) if text
        ),
        others=_folded(text for contact in contacts for text in contact["other"]),
    )


def folded(text: str) -> str:
    """:func:`archive.database.fold`, at once where there is nothing to fold."""
    return text.casefold() if text.isascii() else fold(text)


def digits(text: str) -> str:
    """The digits of a text as ASCII, whatever script they are printed in."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _folded(texts: Iterable[str | None]) -> frozenset[str]:
    return frozenset(fold(text).strip() for text in texts if text and text.strip())
