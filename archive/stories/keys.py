"""By which keys articles that may be one item are found, without comparing each with each.

Two texts that share most of their runs of words share a key of MinHash with near certainty; two pages of
which one names the other share the key of that address.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from archive.errors import MissingExtra

PERMUTATIONS = 64
BAND = 4
"""So many values of the signature make one key: 16 keys. Of two texts that share 60 % of their runs 89 % have
one in common, at 70 % 99 %."""
SEED = 42
KEY_BITS = 48
FEWEST_TITLE_WORDS = 4
"""A shorter title (``Press Briefing Notes``) says nothing."""


def method() -> str:
    """How signatures are made; keys that were made otherwise cannot be compared with these.

    Raises MissingExtra where the library is not installed.
    """
    return f"rensa {_rensa().RMinHash.ALGORITHM_VERSION}, {PERMUTATIONS} x {BAND}, {SEED}"


def signature_keys(texts: Sequence[Iterable[str]]) -> list[set[int]]:
    """The keys of texts, each given as its runs of words; none for a text without words."""
    lists = [list(text) for text in texts]
    digests = _rensa().RMinHash.digests_from_token_sets(lists, PERMUTATIONS, SEED)
    return [
        {key_of("words", place, *digest[place : place + BAND]) for place in range(0, PERMUTATIONS, BAND)}
        if runs
        else set()
        for runs, digest in zip(lists, digests, strict=True)
    ]


def key_of(*parts: object) -> int:
    """One number for what is said; the same for ever."""
    said = "\x1f".join(str(part) for part in parts).encode("utf-8", "replace")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big") >> (64 - KEY_BITS)


def pack(keys: Iterable[int]) -> bytes:
    """For the column ``fingerprints.keys``."""
    found = sorted(keys)
    return struct.pack(f"<{len(found)}q", *found)


def unpack(packed: bytes) -> tuple[int, ...]:
    """Undo :func:`pack`."""
    return struct.unpack(f"<{len(packed) // 8}q", packed)


def _rensa() -> Any:
    try:
        import rensa  # not everybody has it
    except ImportError as error:
        raise MissingExtra(
            "finding stories needs the library rensa; install it with: pip install 'iomscrape[stories]'"
        ) from error
    return rensa
