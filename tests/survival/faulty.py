"""Generated sites of any size that answer as bad servers do: what goes wrong with which page is drawn by a seed.

Nine pages in ten are whole at once. Of the rest some are wrong for one request and right for the next, others
stay what they are: an error, a redirect, a file of another kind, a page that nobody can read. With each edition
some of the pages have other words.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from functools import partial
from typing import NamedTuple

from tests.generated import Made

SOON_RIGHT = {"500-once": 10, "closed": 5, "cut-off": 4, "silent": 1}
"""Faults that are gone when a page is asked for again, in pages of a thousand."""
LASTING = {"500": 3, "404": 2, "410": 2, "moved": 10, "pdf": 4, "challenge": 3, "empty": 2, "noise": 2}
"""Faults that stay."""
CHANGED = 50
"""Pages of a thousand that an edition changes."""
REFUSALS = 2
"""Of each site and edition: pages that are first answered with 429; each makes the crawl slower from there on."""

CHALLENGE = b"<html><title>One moment</title><script src='/cdn-cgi/challenge-platform/x'></script></html>"


class Answer(NamedTuple):
    """What is sent, and how."""

    status: int
    body: bytes = b""
    headers: str = "Content-Type: text/html; charset=utf-8\r\n"
    manner: str = "whole"
    """whole, closed (nothing is sent), cut-off (half of it), silent (nothing comes, and the line stays open)."""


def fault_of(seed: int, site: int, page: int) -> str:
    """What is wrong with a page; empty where nothing is."""
    place = random.Random(f"{seed} {site} {page}").randrange(1000)
    for name, share in (SOON_RIGHT | LASTING).items():
        place -= share
        if place < 0:
            return name
    return ""


class FaultySite:
    """One of the sites."""

    def __init__(self, seed: int, number: int, pages: int) -> None:
        """``number``: which one it is."""
        self.made = Made(pages)
        # Every page is an article of its own, whatever address the sample gives for itself.
        self.made.templates = [_without_own_address(raw) for raw in self.made.templates]
        self.seed, self.number, self.pages = seed, number, pages
        self.edition = 1
        self.answered = Counter[str]()
        self.visits = Counter[int]()

    def answer(self, path: str, head: bytes) -> Answer:
        """What is sent for an address."""
        page = int(path.rpartition("-")[2]) if path.startswith("/news/page-") else -1
        if not 0 <= page < self.pages:
            self.answered["other"] += 1
            status, body, more = self.made.answer(path, head)
            return Answer(status, body, more or "Content-Type: text/html\r\n")
        self.visits[page] += 1
        answer = self._page(page, path, head)
        self.answered["pages"] += 1
        self.answered[str(answer.status) if answer.manner == "whole" else answer.manner] += 1
        return answer

    def _page(self, page: int, path: str, head: bytes) -> Answer:
        fault = fault_of(self.seed, self.number, page)
        if self.visits[page] == 1 and (fault in SOON_RIGHT or self._refuses(page)):
            if fault == "500-once":
                return Answer(500, b"<h1>Try again</h1>")
            if fault:
                return self._whole(page, path, b"")._replace(manner=fault)
            return Answer(429, b"", "Retry-After: 1\r\n")
        if fault in ("500", "404", "410"):
            return Answer(int(fault), b"<h1>No</h1>")
        match fault:
            case "moved":
                return Answer(301, b"", f"Location: /news/page-{(page + 1) % self.pages}\r\n")
            case "pdf":
                return Answer(200, b"%PDF-1.4" + bytes(3000), "Content-Type: application/pdf\r\n")
            case "challenge":
                return Answer(403, CHALLENGE, "Content-Type: text/html\r\ncf-mitigated: challenge\r\n")
            case "empty":
                return Answer(200)
            case "noise":
                return Answer(200, random.Random(page).randbytes(5000))
        return self._whole(page, path, head)

    def _whole(self, page: int, path: str, head: bytes) -> Answer:
        edition = self._edition_of(page)
        etag = f'"{page}-{edition}"'
        if f"if-none-match: {etag}".encode() in head.lower():
            return Answer(304, b"", f"ETag: {etag}\r\n")
        raw = self.made.templates[page % len(self.made.templates)]
        words = f"<p>Page {page} of this site in its edition {edition}, which says so itself.</p>".encode()
        at = raw.index(b"<p>", raw.index(b"<article"))
        body = raw[:at] + words + raw[at:] + f"<!-- {path} -->".encode()
        return Answer(200, body, f"ETag: {etag}\r\nContent-Type: text/html; charset=utf-8\r\n")

    def _edition_of(self, page: int) -> int:
        """The last edition that changed the page."""
        changed = (
            number
            for number in range(self.edition, 1, -1)
            if random.Random(f"{number} {self.number} {page}").randrange(1000) < CHANGED
        )
        return next(changed, 1)

    def _refuses(self, page: int) -> bool:
        return page in random.Random(f"{self.seed} {self.edition}").sample(range(self.pages), REFUSALS)


def _without_own_address(raw: bytes) -> bytes:
    return b"".join(
        part if place == 0 else b"<link" + part
        for place, part in enumerate(raw.split(b"<link"))
        if place == 0 or b"canonical" not in part.partition(b">")[0]
    )


class _Answering(asyncio.Protocol):
    def __init__(self, site: FaultySite) -> None:
        self.site, self.rest = site, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest and not self.transport.is_closing():
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            self._send(self.site.answer(head.split(b" ", 2)[1].decode(), head + b"\r\n"))

    def _send(self, answer: Answer) -> None:
        if answer.manner == "silent":
            return
        if answer.manner == "closed":
            self.transport.abort()
            return
        head = f"HTTP/1.1 {answer.status} x\r\n{answer.headers}Content-Length: {len(answer.body)}\r\n\r\n"
        if answer.manner == "cut-off":
            self.transport.write(head.encode() + answer.body[: len(answer.body) // 2])
            self.transport.close()
            return
        self.transport.write(head.encode() + answer.body)


async def serve(seed: int, sites: int, pages: int) -> None:
    """Serve until stdin ends, ``pages`` of each site. Prints the addresses, then a line for each line that comes.

    A number: that is the edition from now on. Anything else: what was answered so far, by all sites.
    """
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    served = [FaultySite(seed, number, pages) for number in range(sites)]
    for site in served:
        server = await loop.create_server(partial(_Answering, site), "127.0.0.1", 0)
        site.made.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(json.dumps([site.made.base for site in served]), flush=True)

    def told() -> None:
        asked = sys.stdin.readline()
        if not asked:
            ended.set()
        elif asked.strip().isdigit():
            for site in served:
                site.edition = int(asked)
                site.visits.clear()
        print(json.dumps(sum((site.answered for site in served), Counter[str]())), flush=True)

    loop.add_reader(sys.stdin.fileno(), told)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
