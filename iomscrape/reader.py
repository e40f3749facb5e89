"""Reading: bytes in, records out. Pure: no network, no files, no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping

from iomscrape.designs import recognise
from iomscrape.page import Page
from iomscrape.records import Article, UnreadablePage


def extract(raw: bytes | str, *, url: str | None = None, headers: Mapping[str, str] | None = None) -> Article:
    """The article of a page.

    ``raw`` is the page as fetched (or a text dump of one), ``url`` its address, ``headers`` the
    response's (Content-Type is used). The same input gives the same output for ever.

    Raises :class:`~iomscrape.records.UnreadablePage`, and nothing else, where there is no article.
    """
    articles = extract_all(raw, url=url, headers=headers)
    return articles[0]


def extract_all(
    raw: bytes | str, *, url: str | None = None, headers: Mapping[str, str] | None = None
) -> list[Article]:
    """All articles of a page that prints several whole ones; a list of one for most pages.

    Raises :class:`~iomscrape.records.UnreadablePage`, and nothing else, where there is none.
    """
    page = Page(raw, url=url, headers=headers)
    try:
        design = recognise(page)
        articles = design.read(page)
    except RecursionError:
        raise UnreadablePage("too-deep", "the page is nested too deeply to be read") from None
    if not articles:
        raise UnreadablePage("no-article", "no article was found on the page")
    return articles
