"""What an article says, apart from how it was read: the fingerprint that tells versions apart."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, NamedTuple

from archive.addresses import readable
from iomscrape.records import Article

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


_JSON = json.JSONEncoder(ensure_ascii=False)
_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


class Sighting(NamedTuple):
    """One capture's word on one article."""

    capture_id: int
    seen_at: str
    digest: str


class Wording(NamedTuple):
    """What an article says at one time."""

    record: dict[str, Any]
    """As ``Article.to_dict()``, fit for UTF-8."""
    digest: str

    @property
    def text(self) -> str:
        """The body, paragraphs apart by an empty line."""
        return "\n\n".join(block["text"] for block in self.record["blocks"])

    def kept(self) -> str:
        """The record as JSON, its body as blocks only, as earlier versions are kept."""
        return as_json({name: value for name, value in self.record.items() if name != "paragraphs"})


def wording(article: Article, url: str) -> Wording:
    """What an article says, under the address by which the archive knows it."""
    record = article.to_dict() | {"url": url}
    digest = _digest(record)
    # Paragraphs are the texts of the blocks, which the digest has looked at.
    rest = {name: record[name] for name in NOT_CONTENT if name != "paragraphs"}
    if digest is None or _stored(as_json(rest)) is None:
        record = storable(record)
        digest = content_digest(record)
    return Wording(record, digest)


def _digest(record: dict[str, Any]) -> str | None:
    """As :func:`content_digest`; None if the record holds anything that is not storable."""
    content = _stored(_SORTED.encode({key: value for key, value in record.items() if key not in NOT_CONTENT}))
    return None if content is None else _half(content)


def _stored(text: str) -> bytes | None:
    """JSON as it is stored; None if it cannot be."""
    # Controls are escaped in JSON, lone surrogates are not.
    if "\\u0000" in text:
        return None
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def digest_of(data: bytes) -> str:
    """``sha256:`` and the hexadecimal digest."""
    return f"sha256:{sha256(data).hexdigest()}"


def content_digest(record: dict[str, Any]) -> str:
    """The fingerprint of everything a reader sees in an article, from its ``to_dict()``: half a SHA-256."""
    content = {key: value for key, value in record.items() if key not in NOT_CONTENT}
    return _half(_SORTED.encode(content).encode())


def _half(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


def storable(value: Any) -> Any:
    """Plain JSON types with every text fit for UTF-8 and SQLite, whose functions end a text at a NUL.

    Lone surrogates become question marks, NULs replacement characters.
    """
    if isinstance(value, str):
        return readable(value).replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {storable(key): storable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part) for part in value]
    return value


def as_json(value: Any) -> str:
    """Compact JSON that keeps Arabic and accents readable."""
    if value == []:  # as most lists of an article are
        return "[]"
    return _JSON.encode(value)
