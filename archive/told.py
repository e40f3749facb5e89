"""The articles of a page as the archive knows them: under which names, in which words. Asks no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from archive.addresses import fragment, identity, readable
from archive.content import Wording, digest_of, wording
from iomscrape.records import Article


class Told(NamedTuple):
    """One article of a page."""

    key: str
    """Its identity."""
    url: str
    """The address under which it stands in the archive."""
    own: str
    """The address that the reader gave it."""
    said: Wording


def tell(articles: Sequence[Article]) -> tuple[Told, ...]:
    """The articles of one page, in their order."""
    return tuple(
        Told(key, url, article.url, wording(article, url))
        for (key, url), article in zip(names_of(articles), articles, strict=True)
    )


def names_of(articles: Sequence[Article]) -> list[tuple[str, str]]:
    """Identity and address of each article of one page, in their order.

    Items of a listing that share an address but for the fragment are several articles, not one: they
    keep their fragment, or get one made of the node's number or the title.
    """
    plain = [identity(article.url) for article in articles]
    shared = {key for key, number in Counter(plain).items() if number > 1}
    names: list[tuple[str, str]] = []
    for key, article in zip(plain, articles, strict=True):
        url = readable(article.url)
        if key in shared:
            own = readable(
                fragment(article.url) or article.node_id or digest_of(readable(article.title).encode())[7:19]
            )
            taken = sum(name.startswith(f"{key}#{own}") for name, _ in names)
            own = f"{own}-{taken + 1}" if taken else own
            key, url = f"{key}#{own}", f"{url.partition('#')[0]}#{own}"
        names.append((key, url))
    return names
