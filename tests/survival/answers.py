"""Answers of a server that is broken, or means no good: whole HTTP messages around mutated pages."""

from __future__ import annotations

import gzip
import random
import socket
import struct
import zlib
from collections.abc import Callable
from time import sleep

from tests.spiders.rawserver import Answer, whole
from tests.survival.mutated import flip_bytes, mutated

STATUSES = (
    "200 OK", "201 Created", "202 Accepted", "203 Non-Authoritative",
    "204 No Content", "205 Reset", "206 Partial Content",
    "226 IM Used", "299 x", "300 Choices", "301 Moved", "302 Found",
    "303 See", "304 Not Modified", "305 x", "306 x", "307 x",
    "308 x", "400 Bad", "401 Who", "402 Pay", "403 No", "404 Not Found",
    "405 x", "406 x", "408 Timeout", "410 Gone", "418 Teapot",
    "451 Law", "500 Error", "501 x", "502 Bad Gateway",
    "504 Gateway", "508 Loop", "520 x", "599 x", "600 x", "999 Denied",
    "099 x", "20 x", "2000 x", "-1 x", "abc", "", "200", "200 " + "x" * 5000, "200 \xe9\xff\x00",
)  # fmt: skip
"""429 and 503 are left out: they slow a crawl down for its rest or end it, as they should."""

TARGETS = (
    "javascript:alert(1)", "file:///etc/passwd", "mailto:x@iom.int",
    "data:text/html,x", "ftp://127.0.0.1/x", "//", "///", "",
    "http://", "http://[::1", "http://169.254.169.254/latest",
    "http://10.0.0.1/", "http://127.0.0.1:1/news/x", "http://x@y:z/",
    "/", "/news", "?", "#", "..", "/news/" + "a" * 9000,
    "/news/%00%0d%0aX-Evil:%201", "/news/\xff\xfe", "http://iom.int\\@x/",
    "HTTP://127.0.0.1", "https://xn--/", "http://.../",
    "http://%zz/", "\\\\host\\share", "http://127.0.0.1:99999/",
)  # fmt: skip

TYPES = (
    "text/html", "text/html; charset=utf-8", "text/html; charset=none",
    "text/html; charset=utf-16", "text/plain", "TEXT/HTML;;;",
    "application/pdf", "image/png", "application/json", "text/xml",
    "application/xhtml+xml", "", "x", "/", "text/html\x00", ";",
    "text/html; charset=" + "x" * 3000, "multipart/mixed; boundary=x", "text/html, text/plain", "\xe9/\xff",
)  # fmt: skip

HEADERS = (
    "Set-Cookie: a=" + "b" * 4000, "ETag: \"\x01\x7f\xff\"",
    "Last-Modified: yesterday", "Last-Modified: Sat, 31 Feb 2099 99:99:99 GMT",
    "Refresh: 0; url=http://10.0.0.1/", "Link: <javascript:x>; rel=canonical",
    "Retry-After: " + "9" * 400, "Retry-After: -1",
    "X-No-Colon", ": no name", "X Y: space", "X-Fold: a\r\n b\r\n c",
    "X-Long: " + "x" * 15_000, "Content-Length: 7", "Age: -1",
    "Content-Encoding: identity", "Content-Encoding: gzip, gzip, gzip",
    "Content-Encoding: x", "Content-Encoding: ", "Vary: *",
    "Transfer-Encoding: x", "cf-mitigated: none", "Date: 0",
    "Location: http://10.0.0.1/", "Content-Disposition: attachment; filename=../../x",
    "Strict-Transport-Security: max-age=x", "Trailer: X",
    "Upgrade: h2c", "Warning: 199 - \"\x00\"", "X-Robots-Tag: noindex",
    "Content-Range: bytes 0-0/99999999999999999999",
    "Memento-Datetime: nonsense", *(f"X-{n}: {n}" for n in range(3)),
)  # fmt: skip

Maker = Callable[[bytes, random.Random], Answer]


def _closing(*parts: bytes, wait: float = 0.0, reset: bool = False) -> Callable[[socket.socket], None]:
    """Write these parts, with pauses or not, and close the connection, or break it."""

    def write(client: socket.socket) -> None:
        for part in parts:
            client.sendall(part)
            sleep(wait)
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return write


def page(raw: bytes, dice: random.Random) -> Answer:
    """A mutated page, sent as it should be."""
    return whole(raw, f"Content-Type: {dice.choice(TYPES[:5])}")


def odd_headers(raw: bytes, dice: random.Random) -> Answer:
    """Headers that no server should send, none or hundreds."""
    lines = [dice.choice(HEADERS) for _ in range(dice.choice((1, 2, 5, 300)))]
    return whole(raw, f"Content-Type: {dice.choice(TYPES)}", *lines)


def status(raw: bytes, dice: random.Random) -> Answer:
    """Any status, also such as there are none."""
    lines = [f"Location: {dice.choice(TARGETS)}"] if dice.random() < 0.5 else []
    return whole(raw, *lines, status=dice.choice(STATUSES))


def redirect(_: bytes, dice: random.Random) -> Answer:
    """To places where no crawl should go, or where none is."""
    return whole(
        "", f"Location: {dice.choice(TARGETS)}", status=dice.choice(("301 Moved", "302 Found", "308 x"))
    )


def packed(raw: bytes, dice: random.Random) -> Answer:
    """Compressed, and then damaged; or not, and said to be."""
    sound = gzip.compress(raw, 1, mtime=0)
    body = dice.choice(
        (
            sound,
            flip_bytes(sound, dice),
            sound[: dice.randint(0, len(sound))],
            sound + dice.randbytes(50),
            gzip.compress(sound, mtime=0),
            zlib.compress(raw),
            zlib.compress(raw)[2:],
            raw,
            sound * 3,
        )
    )
    said = dice.choice(
        ("gzip", "gzip", "gzip", "x-gzip", "deflate", "br", "zstd", "gzip, br", "GZIP", "gzip;q=1")
    )
    return whole(body, f"Content-Encoding: {said}")


def bomb(_: bytes, dice: random.Random) -> Answer:
    """Little to send, much to unpack."""
    unit = dice.choice((b"\0", b"<p>", b"a@b.int ", b"<p>The river rose again in the night.</p>\n"))
    unpacked = unit * (int(10 ** dice.uniform(6, 8)) // len(unit))
    return whole(gzip.compress(unpacked, 6, mtime=0), "Content-Encoding: gzip")


def length(raw: bytes, dice: random.Random) -> Answer:
    """Another length than is said."""
    said = dice.choice(
        (
            b"0",
            b"1",
            b"-1",
            b"x",
            b"99999999999999999999",
            b"%d" % (len(raw) + 7),
            b"5, 6",
            b"",
            b"0x10",
            b"+5",
        )
    )
    again = b"Content-Length: 3\r\n" if dice.random() < 0.2 else b""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + said + b"\r\n" + again
    return head + b"Connection: close\r\n\r\n" + raw


def chunked(raw: bytes, dice: random.Random) -> Answer:
    """In chunks, of which some are not what they say."""
    size = dice.choice((1, 100, 4096, 1_000_000))
    parts = [raw[at : at + size] for at in range(0, min(len(raw), size * 50), size)]
    told = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
    if told:
        told[dice.randrange(len(told))] = dice.choice(
            (
                told[0],
                b"",
                b"ffffffffffffffff\r\n",
                b"-1\r\nx\r\n",
                b"zz\r\nx\r\n",
                b"5;a=" + b"b" * 9000 + b"\r\nabcde\r\n",
                b"\r\n",
            )
        )
    end = dice.choice((b"0\r\n\r\n", b"0\r\n\r\n", b"", b"0\r\nX-Trailer: 1\r\n\r\n", b"00000000000\r\n\r\n"))
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
    )
    head += b"Content-Length: 5\r\n" if dice.random() < 0.1 else b""
    return head + b"\r\n" + b"".join(told) + end


def no_http(raw: bytes, dice: random.Random) -> Answer:
    """Nothing, half a head, a page without one, something else: then the connection is closed or broken."""
    sound = whole(raw)
    return dice.choice(
        (
            _closing(),
            _closing(reset=True),
            _closing(sound[: dice.randint(1, 100)]),
            _closing(sound[: dice.randint(1, len(sound))], reset=True),
            _closing(raw),
            _closing(dice.randbytes(2000)),
            _closing(sound.replace(b"\r\n", b"\n")),
            _closing(b"HTTP/1.1 100 Continue\r\n\r\n" * 500 + sound),
            _closing(sound + sound),
            _closing(b"SSH-2.0-OpenSSH\r\n"),
            _closing(b"HTTP/3.7 200 OK\r\n\r\n" + raw),
            _closing(b"HTTP/1.0 200 OK\r\n\r\n" + raw),
        )
    )


def slow(raw: bytes, _: random.Random) -> Answer:
    """A byte now and then, for longer than a crawl waits."""
    return _closing(whole(raw, length=100_000)[:100], *[b"x"] * 40, wait=0.2)


MAKERS: tuple[Maker, ...] = (
    *(page,) * 6, *(odd_headers,) * 4, *(status,) * 4, redirect, *(packed,) * 3, *(length,) * 2, *(chunked,) * 2, no_http,
)  # fmt: skip
SELDOM: tuple[Maker, ...] = (slow, bomb, bomb)


def answer(seed: int, number: int) -> tuple[Answer, str]:
    """An answer, and how it was made."""
    dice = random.Random(f"answer {seed}/{number}")
    maker = dice.choice(SELDOM) if dice.random() < 0.01 else dice.choice(MAKERS)
    raw, how = mutated(seed + 1, number)
    return maker(raw, dice), f"{maker.__name__}({how})"
