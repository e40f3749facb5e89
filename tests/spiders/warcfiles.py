"""WARC, ARC and WACZ files of invented pages, made byte by byte."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from iomscrape.records import Capture
from spiders import warcs
from spiders.passed import Item, Passed
from spiders.revisits import Originals
from spiders.unfetched import Unfetched
from tests.website import article

DAY = "2012-03-04T05:06:07Z"
SITE = "https://www.iom.int/news"


def sha1(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def record(kind: str, url: str, block: bytes, *, length: int | None = None, **fields: Any) -> bytes:
    """One WARC record; fields are named WARC_Date and the like. ``length``: a wrong one."""
    lines = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{hashlib.sha256(url.encode() + block).hexdigest()[:32]}>",
        "WARC-Date": DAY,
        "WARC-Target-URI": url,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block) if length is None else length),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def answer(
    body: bytes,
    status: str = "200 OK",
    *,
    headers: Mapping[str, str] | None = None,
    protocol: str = "HTTP/1.1",
    end: str = "\r\n",
) -> bytes:
    """An HTTP answer."""
    given = {"Content-Type": "text/html; charset=utf-8"} | dict(headers or {})
    head = end.join([f"{protocol} {status}", *(f"{name}: {value}" for name, value in given.items()), "", ""])
    return head.encode() + body


def page(number: int) -> tuple[str, bytes]:
    """Address and body of an invented page."""
    slug = f"harbour-meeting-{number}"
    return f"{SITE}/{slug}", article(slug).encode()


def page_record(number: int, **fields: Any) -> bytes:
    """A page as a WARC record."""
    url, body = page(number)
    return record("response", url, answer(body), **fields)


def packed(records: list[bytes]) -> bytes:
    """Each record a gzip member of its own."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def arc(pages: list[tuple[str, bytes]]) -> bytes:
    """An ARC file, version 1."""
    version = b"1 0 Invented\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://pages.arc 0.0.0.0 20020304050607 text/plain {len(version)}\n".encode()
    found = head + version + b"\n"
    for url, block in pages:
        found += f"{url} 192.0.2.1 20020304050607 text/html {len(block)}\n".encode() + block + b"\n"
    return found


def wacz(
    path: Path,
    parts: Mapping[str, bytes],
    *,
    digests: Mapping[str, str] | None = None,
    deflated: bool = False,
) -> Path:
    """A WACZ file with these parts; ``digests`` in place of the right ones."""
    resources = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": (digests or {}).get(name, f"sha256:{hashlib.sha256(data).hexdigest()}"),
            "bytes": len(data),
        }
        for name, data in parts.items()
    ]
    package = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
        file.writestr("datapackage.json", package)
    return path


def read(data: bytes) -> list[Item]:
    """What a WARC file of these bytes gives, revisits in the end."""
    originals = Originals()
    originals.begin("pages.warc", lambda: BytesIO(data))
    found = list(warcs.captures(BytesIO(data), "pages.warc", originals))
    return found + [item for _, item in warcs.revisited(originals)]


def pages_of(items: list[Item]) -> list[Capture]:
    return [item for item in items if isinstance(item, Capture)]


def wrong_of(items: list[Item]) -> list[Unfetched]:
    return [item for item in items if isinstance(item, Unfetched)]


def passed_of(items: list[Item]) -> list[str]:
    return [item.why for item in items if isinstance(item, Passed)]
