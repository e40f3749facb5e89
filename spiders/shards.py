"""A crawl shared by several machines: which sites are whose, without anybody who tells them.

A site belongs to the part whose name together with the site's own has the highest SHA-256 (rendezvous
hashing). So every machine finds the same answer, whatever its Python, and where there is one machine more, all
sites that change hands go to that one.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

MOST = 1000
"""Parts that a crawl can have; there are fewer sites than that."""


class Shard(NamedTuple):
    """Part ``number`` (from 1) of ``of``."""

    number: int
    of: int

    def __str__(self) -> str:
        """As it is written: ``2/3``."""
        return f"{self.number}/{self.of}"

    def has(self, site: str) -> bool:
        """Whether the site (:func:`spiders.links.site_key`) falls into this part."""
        return owner(site, self.of) == self.number


def owner(site: str, parts: int) -> int:
    """The number, from 1, of the part that a site falls into."""
    return max(range(1, parts + 1), key=lambda number: sha256(f"{number} {site}".encode()).digest())


def shard_of(text: str) -> Shard | None:
    """``2/3``, or None for nothing; ValueError with a line for the person who wrote it."""
    text = text.strip()
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,9})\s*/\s*(\d{1,9})", text, re.ASCII)
    if found is None:
        raise ValueError(f"shard is {text!r}; write it as 2/3: the second of three parts")
    number, of = int(found[1]), int(found[2])
    if not 1 <= of <= MOST:
        raise ValueError(f"shard is {text!r}; a crawl can have 1 to {MOST} parts")
    if not 1 <= number <= of:
        raise ValueError(f"shard is {text!r}; the parts of {of} are 1/{of} to {of}/{of}")
    return Shard(number, of)
