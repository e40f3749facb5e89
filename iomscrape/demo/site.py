"""From an address to an answer: all that a sample site does to whoever asks, without the network.

Redirects, a 404, a 500 that heals, a slow page, a page in windows-1252, validators for conditional requests.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit

from iomscrape.demo import listings
from iomscrape.demo.pages import Site, article_page
from iomscrape.demo.stories import Story, read_blocks

SLOW = 1.0
"""Seconds that the slow page takes."""
SECTIONS = ("news", "statements", "stories")
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""One grey point, for all pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back; ``wait`` in seconds comes first."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


class Answers:
    """Answers for one sample site. Stories may be edited between two crawls."""

    def __init__(self, site: Site) -> None:
        """Answer for ``site``, nothing edited and nothing healed yet."""
        self.site = site
        self._healed: set[str] = set()

    def edit(self, slug: str, *, title: str | None = None, body: str | None = None) -> None:
        """Change the title or the whole body of the story whose page in some language has that slug.

        Its Last-Modified and its lastmod in the sitemap become now. KeyError where no story has the slug.
        """
        for number, story in enumerate(self.site.stories):
            for lang, text in story.texts.items():
                if text.slug == slug:
                    edited = replace(
                        text,
                        title=title or text.title,
                        blocks=read_blocks(body) if body else text.blocks,
                        changed=datetime.now(UTC).replace(microsecond=0),
                    )
                    changed = replace(story, texts={**story.texts, lang: edited})
                    stories = (*self.site.stories[:number], changed, *self.site.stories[number + 1 :])
                    self.site = replace(self.site, stories=stories)
                    return
        raise KeyError(slug)

    def answer(self, target: str, headers: dict[str, str]) -> Answer:
        """The answer to GET ``target`` (path and query); ``headers`` of the request in lower case."""
        parts = urlsplit(target)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        lang, path = self._language(parts.path)
        made = (
            self._plain(parts.path, query)
            or self._moved(lang, path, query)
            or self._story(parts.path)
            or self._list(lang, path, query)
            or self._page(404, listings.missing(self.site, lang))
        )
        return self._conditional(made, headers)

    def _language(self, path: str) -> tuple[str, str]:
        for lang in self.site.languages[1:]:
            if path == f"/{lang}" or path.startswith(f"/{lang}/"):
                return lang, path.removeprefix(f"/{lang}") or "/"
        return self.site.first, path

    def _plain(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == "/robots.txt":
            # Every crawl asks for it once, first: from here on the ailing page ails again.
            self._healed.clear()
            return self._page(200, listings.robots(self.site), "text/plain")
        if path == "/sitemap.xml":
            page = _number(query.get("page"))
            if page is None:
                return self._page(200, listings.sitemap_index(self.site), "text/xml")
            if 1 <= page <= listings.sitemap_pages(self.site):
                return self._page(200, listings.sitemap_page(self.site, page), "text/xml")
            return None
        if path.startswith("/admin/"):
            return self._page(403, listings.missing(self.site, self.site.first))
        if path.endswith((".png", ".svg")):
            return Answer(status=200, body=PICTURE, headers={"Content-Type": "image/png"})
        return None

    def _moved(self, lang: str, path: str, query: dict[str, str]) -> Answer | None:
        number = _number(query.get("entryId") if path.startswith("/jahia/") else path.removeprefix("/node/"))
        story = next((story for story in self.site.stories if story.node == number), None)
        if story is None or lang not in story.texts:
            return None
        return Answer(
            status=301,
            headers={
                "Location": self.site.url(story, lang),
                "Content-Type": "text/html; charset=UTF-8",
                "Cache-Control": "max-age=86400, public",
                "X-Redirect-ID": str(story.node),
            },
        )

    def _story(self, path: str) -> Answer | None:
        for story in self.site.stories:
            for lang in story.texts:
                if story.path(lang, self.site.first) == path:
                    return self._story_page(story, lang, path)
        return None

    def _story_page(self, story: Story, lang: str, path: str) -> Answer:
        traits = story.texts[lang].traits
        if "heals" in traits and path not in self._healed:
            self._healed.add(path)
            return self._page(500, "The website encountered an unexpected error. Try again later.")
        charset = "windows-1252" if "windows-1252" in traits else "UTF-8"
        made = self._page(200, article_page(self.site, story, lang), charset=charset)
        stamp = {"Last-Modified": format_datetime(story.modified(lang), usegmt=True)}
        return replace(made, headers={**made.headers, **stamp}, wait=SLOW if "slow" in traits else 0.0)

    def _list(self, lang: str, path: str, query: dict[str, str]) -> Answer | None:
        section = path.strip("/")
        if path == "/":
            return self._page(200, listings.home(self.site, lang))
        if section in SECTIONS:
            return self._page(
                200, listings.listing(self.site, lang, section, _number(query.get("page")) or 0)
            )
        if section == "news/rss.xml":
            return self._page(200, listings.feed(self.site, lang), "application/rss+xml")
        if section in ("about", "search") or section.startswith("tags/"):
            return self._page(200, listings.landing(self.site, lang))
        return None

    def _page(self, status: int, text: str, kind: str = "text/html", *, charset: str = "UTF-8") -> Answer:
        body = text.encode(charset, "xmlcharrefreplace")
        headers = {
            "Content-Type": f"{kind}; charset={charset}",
            "Vary": "Cookie, Accept-Encoding",
            "X-Generator": "Drupal 10 (https://www.drupal.org)",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "max-age=0, must-revalidate" if status == 200 else "no-cache, private",
        }
        if status == 200:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        return Answer(status=status, body=body, headers=headers)

    def _conditional(self, made: Answer, headers: dict[str, str]) -> Answer:
        """304 where the asker has this version already; If-None-Match decides before the date (RFC 9110)."""
        if made.status != 200:
            return made
        tags, since = headers.get("if-none-match"), headers.get("if-modified-since")
        if tags is not None:
            same = made.headers.get("ETag", "-") in [
                tag.strip().removeprefix("W/") for tag in tags.split(",")
            ]
        else:
            same = bool(since) and _unchanged_since(made.headers.get("Last-Modified"), since or "")
        if not same:
            return made
        kept = {key: value for key, value in made.headers.items() if key != "Content-Type"}
        return Answer(status=304, headers=kept, wait=made.wait)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None


def _unchanged_since(modified: str | None, since: str) -> bool:
    if modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except ValueError:
        return False
