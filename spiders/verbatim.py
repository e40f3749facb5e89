"""Which records of other crawlers' files an archive can keep as they are, byte for byte as they were packed.

Only those that say nothing in which two programs could differ: a plain answer in a plain record, alone in its
member of gzip, whole, with right digests. All others are written anew.
"""

from __future__ import annotations

import re
from datetime import datetime

from iomscrape.records import Capture
from spiders.packing import GZIP
from spiders.revisits import digest_differs
from spiders.warcrecords import Record

# Addresses stand in it in UTF-8.
_WARC_HEAD = re.compile(r"WARC/1\.[01]\r\n(?:[A-Za-z0-9-]+: \S(?:[^\r\n]*\S)?\r\n)+\r\n")
# Names are tokens (RFC 9110, 5.6.2), values in ISO 8859-1.
_HTTP_HEAD = re.compile(
    rb"HTTP/1\.[01] [0-9]{3} [ -~]*\r\n"
    rb"(?:[!#$%&'*+\-.^`|~\w]+: [!-~\xa1-\xff](?:[ -~\xa0-\xff]*[!-~\xa1-\xff])?\r\n)+\r\n"
)

_VALUES = {
    "warc-type": re.compile("response"),
    "content-type": re.compile("application/http(?:;.*)?"),
    "warc-record-id": re.compile("<urn:[!-;=?-~]+>"),
    "warc-date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z"),
    "warc-target-uri": re.compile(r"\S+"),
    "warc-payload-digest": re.compile("sha1:[A-Z2-7]{32}"),
    "warc-block-digest": re.compile("|sha1:[A-Z2-7]{32}"),
}
"""What the record's own header must say; that of the block may be left out."""

_MORE = ("x-iomscrape-", "warc-truncated", "warc-segment-")
"""How fields begin that make more of a record than an answer. Ours say where a page came from: elsewhere by now."""

_CODED = frozenset({"content-encoding", "transfer-encoding"})


def as_it_is(record: Record, capture: Capture) -> bytes | None:
    """The member of gzip that holds the record, if it says of this capture all that there is to say; or None.

    The digest of its block must have been looked at before.
    """
    member = record.member
    if member is None or record.remark or not member.packed.startswith(GZIP):
        return None
    is_plain = _is_plain(member.head, record.fields) and _is_plain_answer(record.block, capture)
    return member.packed if is_plain and _says(record, capture) else None


def _is_plain(head: bytes, fields: dict[str, str]) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError:
        return False
    return (
        _WARC_HEAD.fullmatch(text) is not None
        and text.replace("\r\n", "").isprintable()  # no other sign that ends a line
        and text.count("\n") == len(fields) + 2  # no field came twice
        and all(known.fullmatch(fields.get(name, "")) for name, known in _VALUES.items())
        and not any(name.startswith(_MORE) for name in fields)
    )


def _is_plain_answer(block: bytes, capture: Capture) -> bool:
    names = {name.lower() for name, _ in capture.headers}
    return (
        capture.wire is None
        and _HTTP_HEAD.fullmatch(block, 0, len(block) - len(capture.body)) is not None
        and block.endswith(capture.body)
        and _CODED.isdisjoint(names)
        and capture.header("Content-Length") in (None, str(len(capture.body)))
    )


def _says(record: Record, capture: Capture) -> bool:
    fields = record.fields
    try:
        is_then = datetime.fromisoformat(fields["warc-date"]) == capture.fetched_at
    except ValueError:  # the 31st of February
        return False
    return (
        is_then
        and fields.get("warc-target-uri") == capture.url
        and fields.get("content-length") == str(len(record.block))
        and not digest_differs(capture.body, fields["warc-payload-digest"])
    )
