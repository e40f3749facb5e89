"""A site of any size, made of the sample articles: what it answers, for tests and benchmarks that serve it."""

from __future__ import annotations

import re
from itertools import cycle, islice

from iomscrape.demo.pages import Site
from iomscrape.demo.site import Answers
from iomscrape.demo.stories import load

SITEMAP_PAGE = 2000
"""Addresses in one page of the sitemap, as Drupal's module has them."""

SIZE = 40_000
"""Bytes to which the sample pages are filled with styles, as real ones are."""


class Made:
    """What the site answers. ``lastmod``: of every page in the sitemap; None for none."""

    def __init__(self, pages: int, lastmod: str | None = None, etags: bool = True) -> None:
        """Make the templates; pages are cut from them when asked for."""
        self.pages, self.lastmod, self.etags, self.base = pages, lastmod, etags, ""
        self.requests = self.bytes = 0
        own = Site(
            "headquarters",
            "http://made.invalid",
            {"en": "IOM", "es": "La OIM", "fr": "L'OIM"},
            load("headquarters"),
        )
        answers = Answers(own)
        found = [
            answers.answer(own.url(story, own.first).removeprefix(own.base), {}) for story in own.stories
        ]
        bodies = [
            _filled(answer.body) for answer in found if answer.status == 200 and b"<article" in answer.body
        ]
        self.templates = list(islice(cycle(bodies), min(pages, len(bodies))))

    def answer(self, path: str, head: bytes) -> tuple[int, bytes, str]:
        """Status, body and further header lines."""
        slug = re.fullmatch(r"/news/page-(\d+)", path)
        if slug and int(slug[1]) < self.pages:
            etag = f'"v-{slug[1]}"'
            if self.etags and f"if-none-match: {etag}".encode() in head.lower():
                return 304, b"", f"ETag: {etag}\r\n"
            body = self.templates[int(slug[1]) % len(self.templates)] + f"<!-- {path} -->".encode()
            return (
                200,
                body,
                f"ETag: {etag}\r\nContent-Type: text/html; charset=utf-8\r\n" if self.etags else "",
            )
        made = {"/": self._home, "/robots.txt": self._robots, "/sitemap.xml": self._index}.get(path)
        if made is None and path.startswith("/sitemap.xml?page="):
            return 200, self._sitemap(int(path.rpartition("=")[2])).encode(), "Content-Type: text/xml\r\n"
        return (200, made().encode(), "Content-Type: text/html\r\n") if made else (404, b"none", "")

    def _home(self) -> str:
        return "<html><head><title>Made</title></head><body><main></main></body></html>"

    def _robots(self) -> str:
        return f"User-agent: *\nDisallow: /admin/\nSitemap: {self.base}/sitemap.xml\n"

    def _index(self) -> str:
        numbers = range((self.pages - 1) // SITEMAP_PAGE + 1)
        inner = "".join(
            f"<sitemap><loc>{self.base}/sitemap.xml?page={n + 1}</loc></sitemap>" for n in numbers
        )
        return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'

    def _sitemap(self, page: int) -> str:
        numbers = range((page - 1) * SITEMAP_PAGE, min(page * SITEMAP_PAGE, self.pages))
        day = f"<lastmod>{self.lastmod}</lastmod>" if self.lastmod else ""
        inner = "".join(f"<url><loc>{self.base}/news/page-{n}</loc>{day}</url>" for n in numbers)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'


def _filled(raw: bytes) -> bytes:
    rule = b".tb-megamenu .nav > li > a{padding:.5rem 1rem;color:#0033a0}\n"
    head, tag, rest = raw.partition(b"</head>")
    return head + b"<style>" + rule * max(0, (SIZE - len(raw)) // len(rule)) + b"</style>" + tag + rest
