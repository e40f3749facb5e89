"""What an address looks like, whether its form is valid, and how a repair of one is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from email_validator import EmailNotValidError, validate_email

from iomscrape.records import Repair

_KNOWN_ENDS = "int|org|com|net|edu|gov|info"
LOCAL = r"(?<![A-Za-z0-9@])(?<![A-Za-z0-9@][._%+'-])[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}"
"""The part before the @. It does not start in the middle of a word or of another address."""
TOP = (
    r"(?:(?-i:[a-z]{2,24}|[A-Z]{2,24}|Int|Org|Com|Net|Edu|Gov)(?![A-Za-z0-9]|-[A-Za-z0-9])"
    rf"|(?-i:(?:{_KNOWN_ENDS})(?=[A-Z][a-z])))"
)
"""The last label of a domain, in one case: ``x@iom.int.Tel: …`` and ``x@iom.intPosted: …`` end at ``int``."""

ADDRESS = re.compile(rf"{LOCAL}@(?:[A-Za-z0-9-]{{1,63}}\.){{1,6}}{TOP}")
"""An address standing in text. ASCII only: letters of other scripts beside it belong to the text."""

_BEFORE = 64
"""Characters that stand before the @ of an address, at most."""


def addresses_in(text: str) -> Iterator[re.Match[str]]:
    """What ``ADDRESS.finditer`` gives, several times as fast: only what stands around each ``@`` is looked at."""
    at, end = text.find("@"), 0
    while at >= 0 and (found := ADDRESS.search(text, max(end, at - _BEFORE))):
        yield found
        end = found.end()
        at = text.find("@", end)


def has_address(text: str) -> bool:
    """Whether an address stands anywhere in ``text``."""
    return any(True for _ in addresses_in(text))


_UNSEEN = (0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF)
_UNSEEN_RANGES = (range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2065), range(0x2066, 0x206A))
INVISIBLE: dict[int, None] = dict.fromkeys(chain(_UNSEEN, *_UNSEEN_RANGES))
"""Characters that take no room: soft hyphen, zero-width space and joiners, direction marks."""

QUOTES = "\"'`´“”„‟‘’‚«»"


@lru_cache(maxsize=4096)
def valid(address: str) -> str | None:
    """The address in lower case if its form is valid (RFC 5321 through email-validator), else None."""
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, ValueError):
        return None
    return checked.normalized.lower()


def decode_cfemail(code: str) -> str | None:
    """The address in Cloudflare's ``data-cfemail``: hex bytes, each XORed with the first one.

    None unless it decodes to one valid address: a page may hold anything under that name.
    """
    try:
        key, *rest = bytes.fromhex(code[:1000].strip())
        decoded = bytes(byte ^ key for byte in rest).decode("utf-8").strip()
    except ValueError:
        return None
    # …decoded with the headers of a mail link: x@iom.int?subject=Press
    decoded = decoded.partition("?")[0].removeprefix("mailto:")
    return decoded if ADDRESS.fullmatch(decoded) and valid(decoded) else None


_SCRIPT = re.compile(r"(?:java|vb)\s{0,9}script\s{0,9}:[^\"'<>]{0,500}", re.I)


def repair(kind: str, before: str, after: str) -> Repair:
    """The record of one repair, cut to a length that a person can read; no script link comes through it."""
    return Repair(kind=kind, before=_told(before), after=_told(after), where="contact")


def _told(text: str) -> str:
    text = text[:500]
    return _SCRIPT.sub("[script]", text) if "script" in text.casefold() else text
