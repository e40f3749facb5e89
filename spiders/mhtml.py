"""Pages that a browser saved as one file, MHTML (RFC 2557): a mail whose parts are the page and its pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_SIGNS = (b"multipart/related", b"snapshot-content-location:")


class SavedPage(NamedTuple):
    """The page in such a file."""

    body: bytes
    url: str | None
    saved_at: datetime | None
    content_type: str
    """As its part says it, perhaps with a charset."""


def is_mhtml(start: bytes) -> bool:
    """Whether a file that begins so is MHTML: headers of a mail, of which one names its parts."""
    head = start.lstrip()[:4096].replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    first = head.partition(b":")[0]
    return any(sign in head for sign in _SIGNS) and first.replace(b"-", b"").isalpha()


def page_of(data: bytes) -> SavedPage | None:
    """The page itself; None where the file holds none, or is nested too deeply to be one."""
    try:
        message = message_from_bytes(data)
        part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        body = part.get_payload(decode=True) if part is not None else None
    except (RecursionError, ValueError, LookupError):
        return None
    if part is None or not isinstance(body, bytes):
        return None
    url = _header(part, "Content-Location") or _header(message, "Snapshot-Content-Location")
    return SavedPage(body, url or None, _moment(_header(message, "Date")), _header(part, "Content-Type"))


def _header(message: Message, name: str) -> str:
    # A header in another charset comes as an object of its own; a folded one has line breaks in it.
    return " ".join(str(message.get(name) or "").split())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
