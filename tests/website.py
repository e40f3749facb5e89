"""A web server of a test's own, pages to put on it, and the program as a user runs it."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parent.parent

LATE = 0.15
"""Seconds that a request may take to its server where the machine has other work: pauses seem shorter by so much."""


@dataclass(frozen=True)
class Asked:
    """One request that the server got."""

    time: float
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What the server answers."""

    body: str | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0

    def gzipped(self) -> Reply:
        raw = self.body.encode() if isinstance(self.body, str) else self.body
        return Reply(gzip.compress(raw), self.status, {**self.headers, "Content-Encoding": "gzip"}, self.wait)


class Web:
    """A site on loopback: ``pages`` maps a path, with its query, to a reply or to a function that makes one.

    With a ``certificate`` (and its key, in one file) for localhost it answers over TLS only.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.pages: dict[str, Reply | Callable[[Asked], Reply]] = {}
        self.log: list[Asked] = []
        web = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake belongs to the thread of each connection, not to the one that accepts them all.
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.base = f"https://localhost:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = Asked(monotonic(), request.path, {k.lower(): v for k, v in request.headers.items()})
        self.log.append(asked)
        found = self.find(request.path)
        reply = found(asked) if callable(found) else found
        sleep(reply.wait)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        body = b"" if reply.status == 304 else body
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))} | dict(
            reply.headers
        )
        try:
            request.send_response(reply.status)
            for name, value in headers.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            pass  # the crawler was killed in between, as the test wanted

    def find(self, path: str) -> Reply | Callable[[Asked], Reply]:
        return self.pages.get(path, Reply("<h1>Not found</h1>", 404))

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.log if asked.path == path]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def article(slug: str, *, lang: str = "en", head: str = "", words: str = "") -> str:
    """A page that the reader reads: invented, in plain clothes."""
    text = (
        words
        or f"The ferry crews of {slug.replace('-', ' ')} met to plan the winter timetable with islanders."
    )
    paragraphs = "".join(
        f"<p>{text} Paragraph number {number} says that the harbour office counted passengers, "
        "looked after their luggage, and wrote down what every family still needed.</p>"
        for number in range(4)
    )
    title = slug.replace("-", " ").title()
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    )


def listing(hrefs: list[str], *, after: str = "") -> str:
    cards = "".join(f'<article><h3><a href="{href}">A headline</a></h3></article>' for href in hrefs)
    return f"<!doctype html><html><head><title>News</title></head><body><main>{cards}</main>{after}</body></html>"


def sitemap(entries: Mapping[str, str | None], kind: str = "url") -> str:
    root = "urlset" if kind == "url" else "sitemapindex"
    inner = "".join(
        f"<{kind}><loc>{loc}</loc>" + (f"<lastmod>{day}</lastmod>" if day else "") + f"</{kind}>"
        for loc, day in entries.items()
    )
    return (
        f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'
    )


def fill(web: Web) -> None:
    """A small whole site: robots.txt, sitemap index of two sitemaps, six articles, nothing else."""
    slugs = [f"harbour-meeting-{number}" for number in range(6)]
    web.pages["/"] = Reply(listing([]))
    web.pages["/robots.txt"] = Reply(f"User-agent: *\nDisallow: /admin/\nSitemap: {web.base}/sitemap.xml\n")
    index = {f"{web.base}/sitemap.xml?page={page}": None for page in (1, 2)}
    web.pages["/sitemap.xml"] = Reply(sitemap(index, "sitemap"))
    for page in (1, 2):
        part = slugs[(page - 1) * 3 : page * 3]
        web.pages[f"/sitemap.xml?page={page}"] = Reply(
            sitemap({f"{web.base}/news/{slug}": None for slug in part})
        )
    for slug in slugs:
        web.pages[f"/news/{slug}"] = Reply(article(slug))


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


QUICK = (
    "-s",
    "RETRY_TIMES=1",
    "-s",
    "IOMSCRAPE_BACKOFF=0.1",
    "-s",
    "AUTOTHROTTLE_ENABLED=False",
    "--delay",
    "0",
)


def program(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("IOMSCRAPE_")}
    return subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "from iomscrape.cli import main; main(prog_name='iomscrape')",
            *arguments,
        ],
        cwd=cwd,
        env=clean | dict(env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run the program to its end."""
    with program(*arguments, cwd=cwd, env=env) as running:
        try:
            out, err = running.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
        return Ended(running.returncode, out, err)


@contextmanager
def served(db: Path, *options: str) -> Iterator[str]:
    """``iomscrape serve`` on any free port; gives the address and stops it at the end."""
    with program("serve", "--db", str(db), "--port", "0", *options, cwd=db.parent) as running:
        assert running.stdout
        line = running.stdout.readline()
        try:
            assert " is at http://" in line, running.stderr and running.stderr.read()
            yield line.split(" is at ")[1].split(" ")[0].rstrip("/")
        finally:
            running.terminate()
            _, complaints = running.communicate(timeout=20)
    assert not complaints, complaints


class Trap:
    """A port on which nobody should ever knock."""

    def __init__(self) -> None:
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        self.listening.listen()
        self.listening.setblocking(False)
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def knocked(self) -> bool:
        """True if somebody opened a connection since this was last asked, even one without a request."""
        try:
            self.listening.accept()[0].close()
        except BlockingIOError:
            return False
        return True
