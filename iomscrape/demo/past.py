"""What a few pages of the sample sites said before they were changed, as an archive of the web kept them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iomscrape.demo.pages import Site, article_page
from iomscrape.records import Capture


def old_captures(site: Site) -> Iterator[Capture]:
    """The captures of earlier years: pages of today's markup with the words of then."""
    for story in site.stories:
        for lang, text in story.texts.items():
            for before in text.before:
                then = replace(story, texts={**story.texts, lang: text.as_of(before)})
                yield Capture(
                    url=site.url(story, lang),
                    body=article_page(site, then, lang).encode(),
                    fetched_at=before.seen,
                    source="wayback",
                    headers=(("Content-Type", "text/html; charset=UTF-8"),),
                )
