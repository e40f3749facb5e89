"""A Common Crawl of a test's own: WARC files of the sample site's pages, their indexes, and both servers."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from iomscrape.demo.pages import Site
from iomscrape.demo.server import NAMES
from iomscrape.demo.site import Answers
from iomscrape.demo.stories import load
from tests.website import Asked, Reply

HOST = "https://www.iom.int"
LATEST, EARLIER, EMPTY = "CC-MAIN-2026-34", "CC-MAIN-2026-30", "CC-MAIN-2019-04"
PAGE_LINES = 7
"""Lines in one page of an index; the real one has some thousands."""


def base32(data: bytes) -> str:
    return base64.b32encode(sha1(data).digest()).decode()


@dataclass
class WarcFile:
    """One WARC file, record by record, and its lines of the index."""

    name: str
    data: bytearray = field(default_factory=bytearray)
    rows: list[dict[str, str]] = field(default_factory=list)

    def add(
        self,
        url: str,
        at: datetime,
        body: bytes,
        *,
        headers: Iterable[tuple[str, str]] = (("Content-Type", "text/html; charset=UTF-8"),),
        status: str = "200 OK",
        kind: str = "response",
        mime: str = "text/html",
        damage: Callable[[bytes], bytes] | None = None,
        fields: Mapping[str, str] | None = None,
        **row: str,
    ) -> dict[str, str]:
        """One record; ``damage`` changes its bytes, ``row`` what the index says."""
        writer = WARCWriter(BytesIO(), gzip=True)
        own = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")} | dict(fields or {})
        head = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        if kind == "revisit":
            record = writer.create_revisit_record(
                url, f"sha1:{base32(body)}", url, own["WARC-Date"], http_headers=head, warc_headers_dict=own
            )
        else:
            record = writer.create_warc_record(
                url, kind, payload=BytesIO(body), length=len(body), http_headers=head, warc_headers_dict=own
            )
        writer.write_record(record)
        member = writer.out.getvalue()
        member = damage(member) if damage else member
        listed = {
            "urlkey": "int,iom)" + urlsplit(url).path.lower(),
            "timestamp": at.strftime("%Y%m%d%H%M%S"),
            "url": url,
            "mime": mime,
            "mime-detected": mime,
            "status": status.partition(" ")[0],
            "digest": base32(body),
            "length": str(len(member)),
            "offset": str(len(self.data)),
            "filename": self.name,
            "languages": "eng",
        } | row
        self.rows.append(listed)
        self.data += member
        return listed


def middle_lost(member: bytes) -> bytes:
    """Sixteen bytes in the middle overwritten: the member has its length and cannot be unpacked."""
    half = len(member) // 2
    return member[:half] + b"\xff" * 16 + member[half + 16 :]


def pages(base: str = HOST) -> dict[str, bytes]:
    """Some pages of the sample site, by address, as its server sends them."""
    site = Site("headquarters", base, NAMES["headquarters"], load("headquarters"))
    answers = Answers(site)
    found = {}
    for story in site.stories:
        for lang in story.texts:
            url = site.url(story, lang)
            answer = answers.answer(urlsplit(url).path, {})
            if answer.status == 200 and "windows" not in answer.headers["Content-Type"]:
                found[url] = answer.body
    return found


@dataclass
class Sample:
    """What lies in the sample's files, for tests to compare with."""

    files: dict[str, WarcFile]
    crawls: dict[str, list[dict[str, str]]]
    good: dict[str, bytes]
    """Address -> page, of those that are whole."""
    damaged: dict[str, str]
    again: str
    """The address of which both crawls hold the same bytes."""


def sample() -> Sample:
    """Two crawls in three files: good pages and everything that can be wrong between them."""
    whole = pages()
    urls = list(whole)[:14]
    start = datetime(2026, 8, 10, 12, 0, 0, tzinfo=UTC)
    prefix = f"crawl-data/{LATEST}/segments/1754151279781.29/warc/{LATEST}"
    first, second = WarcFile(f"{prefix}-00001.warc.gz"), WarcFile(f"{prefix}-00002.warc.gz")
    earlier = WarcFile(f"crawl-data/{EARLIER}/segments/1.1/warc/{EARLIER}-00001.warc.gz")
    good: dict[str, bytes] = {}
    damaged: dict[str, str] = {}
    for number, url in enumerate(urls[:12]):
        file, at = (first, second)[number % 2], start + timedelta(minutes=number)
        body = whole[url]
        if number == 4:
            row = file.add(url, at, body, damage=middle_lost)
            damaged["unpack"] = f"{file.name}:{row['offset']}"
        elif number == 7:
            row = file.add(url, at, body, digest=base32(b"another page"))
            damaged["digest"] = f"{file.name}:{row['offset']}"
        elif number == 8:
            # As a crawler that keeps what came: chunks and gzip.
            sent = gzip.compress(body, mtime=0)
            chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(sent), sent)
            kept = (
                ("Content-Type", "text/html; charset=UTF-8"),
                ("Transfer-Encoding", "chunked"),
                ("Content-Encoding", "gzip"),
            )
            file.add(url, at, chunked, headers=kept)
            good[url] = body
        else:
            file.add(url, at, body)
            good[url] = body
    first.add(f"{HOST}/news/report", start, b"%PDF-1.7", mime="application/pdf")
    first.add(urls[0], start + timedelta(days=1), whole[urls[0]], kind="revisit", mime="warc/revisit")
    second.add(f"{HOST}/news", start, b"<html><title>News</title></html>")
    second.add(f"{HOST}/news/moved-away", start, b"", status="301 Moved Permanently")
    again = urls[0]
    earlier.add(again.replace("https:", "http:"), start - timedelta(days=30), whole[again])
    old = urls[1]
    earlier.add(old, start - timedelta(days=30), whole[old].replace(b"</title>", b" (first print)</title>"))
    for url in urls[12:14]:
        earlier.add(url, start - timedelta(days=29), whole[url])
        good[url] = whole[url]
    crawls = {LATEST: [*first.rows, *second.rows], EARLIER: earlier.rows, EMPTY: []}
    for rows in crawls.values():
        rows.sort(key=lambda row: (row["urlkey"], row["timestamp"]))
    return Sample({f.name: f for f in (first, second, earlier)}, crawls, good, damaged, again)


class CommonCrawl:
    """Both servers on one port each; what they do wrong is in the hands of the test.

    ``index_faults``: answers given in the place of the next pages of an index. ``data_faults``: what the
    next requests for records get. ``ignores_ranges``: sends the file and then goes on and on.
    """

    def __init__(self, held: Sample) -> None:
        self.held = held
        self.index_log: list[Asked] = []
        self.data_log: list[Asked] = []
        self.index_faults: list[Reply] = []
        self.data_faults: list[Callable[[bytes, str], Reply]] = []
        self.robots = {"index": "", "data": ""}
        self.ignores_ranges = False
        self.wait = 0.0
        self.sent = 0
        """Bytes of files sent."""
        self._index = _serve(self._answer_index)
        self._data = _serve(self._answer_data)
        self.server = f"http://127.0.0.1:{self._index.server_address[1]}"
        self.data = f"http://127.0.0.1:{self._data.server_address[1]}"

    def close(self) -> None:
        for server in (self._index, self._data):
            server.shutdown()
            server.server_close()

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--server", self.server, "--data", self.data)

    def asked_pages(self) -> list[str]:
        return [asked.path for asked in self.index_log if "&page=" in asked.path]

    def asked_records(self) -> list[tuple[str, str]]:
        return [(asked.path, asked.headers["range"]) for asked in self.data_log if "range" in asked.headers]

    # The index ---------------------------------------------------------------------------------

    def _answer_index(self, request: BaseHTTPRequestHandler) -> None:
        self.index_log.append(_asked(request))
        parts = urlsplit(request.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        crawl = parts.path.strip("/").removesuffix("-index")
        if parts.path == "/robots.txt" and self.robots["index"]:
            _send(request, Reply(self.robots["index"]))
        elif parts.path == "/collinfo.json":
            _send(request, Reply(json.dumps(self._crawls()), headers={"Content-Type": "application/json"}))
        elif crawl not in self.held.crawls:
            _send(request, Reply("Not Found", 404))
        else:
            _send(request, self._page(crawl, query))

    def _crawls(self) -> list[dict[str, str]]:
        days = {LATEST: "2026-08", EARLIER: "2026-07", EMPTY: "2019-01"}
        return [
            {
                "id": crawl,
                "name": f"{crawl} Index",
                "cdx-api": f"https://index.commoncrawl.org/{crawl}-index",
                "from": f"{days[crawl]}-05T00:00:00",
                "to": f"{days[crawl]}-25T00:00:00",
            }
            for crawl in self.held.crawls
        ]

    def _page(self, crawl: str, query: dict[str, str]) -> Reply:
        rows = [row for row in self.held.crawls[crawl] if _matches(query["url"], row["url"])]
        none = Reply(json.dumps({"message": f"No Captures found for: {query['url']}"}), 404)
        count = -(-len(rows) // PAGE_LINES)
        if "showNumPages" in query:
            return Reply(json.dumps({"pages": count, "pageSize": 5, "blocks": count * 5})) if count else none
        if self.index_faults:
            return self.index_faults.pop(0)
        place = int(query["page"]) * PAGE_LINES
        # Filters come after the cutting into pages, so a page may be empty.
        wanted = [
            row for row in rows[place : place + PAGE_LINES] if f"=status:{row['status']}" in query["filter"]
        ]
        fields = query["fl"].split(",")
        return Reply(as_lines(wanted, fields), headers={"Content-Type": "text/x-ndjson"}) if wanted else none

    # The files ---------------------------------------------------------------------------------

    def _answer_data(self, request: BaseHTTPRequestHandler) -> None:
        asked = _asked(request)
        self.data_log.append(asked)
        if request.path == "/robots.txt":
            _send(request, Reply(self.robots["data"], 200 if self.robots["data"] else 404))
            return
        sleep(self.wait)
        data = bytes(self.held.files[request.path.lstrip("/")].data)
        if self.ignores_ranges:
            self._send_all(request, data)
            return
        first, last = (int(number) for number in asked.headers["range"].removeprefix("bytes=").split("-"))
        part = data[first : last + 1]
        said = f"bytes {first}-{first + len(part) - 1}/{len(data)}"
        fault = self.data_faults.pop(0) if self.data_faults else None
        _send(request, fault(part, said) if fault else partial(part, said))

    def _send_all(self, request: BaseHTTPRequestHandler, data: bytes) -> None:
        """A gigabyte, as the real files have: the file, then zeros, as long as somebody listens."""
        request.send_response(200)
        request.send_header("Content-Length", str(1_000_000_000))
        request.end_headers()
        try:
            request.wfile.write(data)
            while self.sent < 100_000_000:
                request.wfile.write(bytes(65536))
                self.sent += 65536
        except OSError:
            pass
        request.close_connection = True


def partial(part: bytes, said: str) -> Reply:
    return Reply(part, 206, {"Content-Range": said, "Content-Type": "application/octet-stream"})


def as_lines(rows: Iterable[Mapping[str, str]], fields: Iterable[str] | None = None) -> str:
    wanted = set(fields or ())
    return "".join(
        json.dumps({name: value for name, value in row.items() if not wanted or name in wanted}) + "\n"
        for row in rows
    )


def _matches(asked: str, url: str) -> bool:
    """The index's own rule: no scheme, no ``www.``; a star at the end, or ``*.`` for a domain."""
    plain = url.partition("://")[2].removeprefix("www.")
    if asked.startswith("*."):
        host = plain.partition("/")[0]
        return host == asked[2:] or host.endswith(asked[1:])
    asked = asked.removeprefix("www.")
    return plain.startswith(asked[:-1]) if asked.endswith("*") else plain == asked


def _asked(request: BaseHTTPRequestHandler) -> Asked:
    return Asked(monotonic(), request.path, {k.lower(): v for k, v in request.headers.items()})


def _send(request: BaseHTTPRequestHandler, reply: Reply) -> None:
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    headers = {"Content-Length": str(len(body))} | dict(reply.headers)
    try:
        request.send_response(reply.status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)
    except OSError:
        pass  # the program was killed in between, as the test wanted
    if int(headers["Content-Length"]) != len(body):
        request.close_connection = True


def _serve(answer: Callable[[BaseHTTPRequestHandler], Any]) -> ThreadingHTTPServer:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are two writes

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
