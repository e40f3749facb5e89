"""A site of any size, made of the sample articles, answered as fast as one process can."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from itertools import cycle, islice
from multiprocessing.connection import Connection
from typing import Any

from iomscrape.demo.pages import Site
from iomscrape.demo.site import Answers
from iomscrape.demo.stories import load

SITEMAP_PAGE = 2000
"""Addresses in one page of the sitemap, as Drupal's module has them."""

SIZE = 40_000
"""Bytes to which the sample pages are filled with styles, as real ones are."""


def serve(line: Connection, pages: int, traits: dict[str, Any]) -> None:
    """Serve until killed. Sends the address, then answers each ``count`` with (requests, bytes)."""
    asyncio.run(_serve(line, Made(pages, **traits)))


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


class _Answering(asyncio.Protocol):
    def __init__(self, made: Made) -> None:
        self.made, self.rest = made, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            status, body, more = self.made.answer(head.split(b" ", 2)[1].decode(), head + b"\r\n")
            reply = f"HTTP/1.1 {status} x\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
            self.made.requests += 1
            self.made.bytes += len(reply)
            self.transport.write(reply)  # type: ignore[attr-defined]


async def _serve(line: Connection, made: Made) -> None:
    loop = asyncio.get_running_loop()
    make: Callable[[], asyncio.Protocol] = lambda: _Answering(made)  # noqa: E731
    server = await loop.create_server(make, "127.0.0.1", 0)
    made.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    line.send(made.base)

    def tell() -> None:
        line.recv()
        line.send((made.requests, made.bytes))
        made.requests = made.bytes = 0

    loop.add_reader(line.fileno(), tell)
    await server.serve_forever()


def _filled(raw: bytes) -> bytes:
    rule = b".tb-megamenu .nav > li > a{padding:.5rem 1rem;color:#0033a0}\n"
    head, tag, rest = raw.partition(b"</head>")
    return head + b"<style>" + rule * max(0, (SIZE - len(raw)) // len(rule)) + b"</style>" + tag + rest
