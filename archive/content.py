"""What an article says, apart from how it was read: the fingerprint that tells versions apart."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from archive.addresses import readable

# Not what a reader of the page sees, but where it was, how we read it, or (paragraphs) the same again.
# published_printed is out because pages print "17 hours ago", which is never the same twice.
NOT_CONTENT = frozenset(
    {
        "url",
        "published_printed",
        "paragraphs",
        "repairs",
        "design",
        "reader_version",
        "confidence",
        "warnings",
    }
)


def digest_of(data: bytes) -> str:
    """``sha256:`` and the hexadecimal digest."""
    return f"sha256:{sha256(data).hexdigest()}"


def content_digest(record: dict[str, Any]) -> str:
    """The fingerprint of everything a reader sees in an article, from its ``to_dict()``."""
    seen = {key: value for key, value in record.items() if key not in NOT_CONTENT}
    return digest_of(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode("utf-8"))


def storable(value: Any) -> Any:
    """Plain JSON types with every text fit for UTF-8 (lone surrogates become question marks)."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {readable(key): storable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part) for part in value]
    return value


def as_json(value: Any) -> str:
    """Compact JSON that keeps Arabic and accents readable."""
    return json.dumps(value, ensure_ascii=False)
