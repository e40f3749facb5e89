"""WARC files of invented pages, as large and as full of furniture as those of the site since 2021.

Each page is an invented article in the markup of the sample sites, with menus, styles and scripts around it
that make it 60 to 100 kB. The same numbers give the same files, which are kept for the next time.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from benchmarks.invented import Invention
from iomscrape.demo.furniture import FURNITURE
from iomscrape.demo.pages import Site, article_page
from iomscrape.demo.stories import Block, Person, Story, Text
from iomscrape.demo.wounds import WOUNDS
from iomscrape.records import Article, Role

FILE_PAGES = 20_000
"""Pages of one file."""
PIECE = 1000
"""Pages that a process makes at a time."""
SIZES = range(60_000, 100_000)
"""Bytes of a page."""
BASE = "https://www.iom.int"
_VERSION = 1  # of what is made: raised when that changes
_FETCHED = datetime(2024, 5, 1, tzinfo=UTC)


def files(pages: int, folder: Path | None = None) -> list[Path]:
    """WARC files that together hold so many pages, made where they are not there yet."""
    folder = folder or Path(tempfile.gettempdir(), "iomscrape-benchmarks")
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for start in range(0, pages, FILE_PAGES):
        stop = min(start + FILE_PAGES, pages)
        path = folder / f"pages-{_VERSION}-{start}-{stop}.warc.gz"
        if not path.exists():
            print(f"making {path}", flush=True)
            made = path.with_suffix(".part")
            with made.open("wb") as out, ProcessPoolExecutor() as pool:
                for piece in pool.map(_records, range(start, stop, PIECE), [stop] * (stop // PIECE + 1)):
                    out.write(piece)
            made.rename(path)
        found.append(path)
    return found


def _records(start: int, stop: int) -> bytes:
    """Packed records of the pages from ``start`` on, each with the request before it."""
    packed = []
    for number, (url, page) in enumerate(pages(start, min(start + PIECE, stop)), start):
        at = f"{_FETCHED + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}"
        path = url.removeprefix(BASE)
        request = f"GET {path} HTTP/1.1\r\nHost: www.iom.int\r\nUser-Agent: invented\r\n\r\n".encode()
        head = (
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=UTF-8\r\nX-Drupal-Cache: HIT\r\n"
            f"Cache-Control: max-age=900, public\r\nContent-Length: {len(page)}\r\n\r\n"
        ).encode()
        packed.append(_record("request", url, at, request, ""))
        packed.append(_record("response", url, at, head + page, f"WARC-Payload-Digest: {_sha1(page)}\r\n"))
    return b"".join(packed)


def _record(kind: str, url: str, at: str, block: bytes, more: str) -> bytes:
    name = hashlib.md5(f"{kind} {url}".encode(), usedforsecurity=False).hexdigest()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{name}>\r\nWARC-Date: {at}\r\n"
        f"WARC-Target-URI: {url}\r\n{more}WARC-Block-Digest: {_sha1(block)}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6, mtime=0)


def _sha1(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


# Pages --------------------------------------------------------------------------------------------


@cache
def _invention() -> Invention:
    return Invention()


def pages(start: int, stop: int) -> Iterator[tuple[str, bytes]]:
    """Address and bytes of the pages with these numbers."""
    invention = _invention()
    for number in range(start, stop):
        chance = random.Random(number)
        article = invention.article(number, chance)
        site = Site("headquarters", BASE, {"en": "IOM", "es": "La OIM", "fr": "L'OIM"}, ())
        story = _story(article, number, chance)
        [lang] = story.texts
        size = chance.choice(SIZES)
        yield site.url(story, lang), _filled(article_page(site, story, lang).encode(), size, chance)


def _story(article: Article, number: int, chance: random.Random) -> Story:
    lang = article.lang if article.lang in FURNITURE else "en"
    assert isinstance(article.published, date)
    text = Text(
        lang=lang or "en",
        slug=article.url.rpartition("/")[2],
        title=article.title,
        subtitle=None,
        dateline=article.dateline,
        blocks=tuple(
            Block(element="h3" if block.role is Role.HEADING else "p", text=block.text)
            for block in article.blocks
        ),
        caption="People at a meeting" if chance.random() < 0.7 else None,
        people=tuple(
            Person(
                name=contact.name or "",
                role=contact.role,
                office=contact.office or "",
                phone=contact.phones[0].printed,
                mail=contact.emails[0],
                wound=chance.choice(sorted(WOUNDS)) if chance.random() < 0.1 else "none",
            )
            for contact in article.contacts
        ),
        traits=frozenset(),
    )
    return Story(
        node=100_000 + number,
        site="headquarters",
        kind="press-release",
        day=article.published,
        country=article.country,
        tags=(),
        goals=(8, 10),
        texts={text.lang: text},
        traits=frozenset(),
    )


@cache
def _furniture() -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Many different style rules, menu entries and settings, of which each page has some."""
    chance = random.Random(7)
    words = _invention().languages[0].words[:3000]

    def word() -> str:
        return chance.choice(words)

    rules = [
        f".{word()}-{word()} .{word()} > a{{padding:{chance.random():.2f}rem {chance.randrange(9)}px;"
        f"color:#{chance.randrange(2**24):06x}}}@media (min-width:{chance.randrange(400, 1400)}px)"
        f"{{.{word()}{{display:grid}}}}\n".encode()
        for _ in range(600)
    ]
    entries = [
        f'<li class="tb-megamenu-item level-{chance.randrange(1, 4)} mega" data-id="menu_link_content:{word()}">'
        f'<a href="/{word()}/{word()}" class="nav-link is-{word()}" title="{word()} {word()}">{word()} {word()}</a>'
        "</li>\n".encode()
        for _ in range(600)
    ]
    settings = [
        f'"{word()}":{{"{word()}":"{word()}","path":"\\/{word()}\\/{word()}","id":{chance.randrange(9999)}}},'.encode()
        for _ in range(600)
    ]
    return rules, entries, settings


def _filled(page: bytes, size: int, chance: random.Random) -> bytes:
    """A page with as much furniture as a real one: a third styles, half menus, the rest settings for scripts."""
    missing = max(0, size - len(page))
    kinds = [
        b"".join(chance.choices(kind, k=int(missing * share / (sum(map(len, kind)) / len(kind)))))
        for kind, share in zip(_furniture(), (0.33, 0.5, 0.17), strict=True)
    ]
    style = b"<style>" + kinds[0] + b"</style></head>"
    menu = b'<nav class="tb-megamenu"><ul>' + kinds[1] + b"</ul></nav></header>"
    script = b'<script type="application/json">{' + kinds[2] + b'"end":0}</script></body>'
    page = page.replace(b"</head>", style, 1).replace(b"</header>", menu, 1)
    return page.replace(b"</body>", script, 1)


if __name__ == "__main__":
    print(*files(int(os.environ.get("PAGES", FILE_PAGES))), sep="\n")
