"""What a browser may do with our pages: show them. The same for every answer, Datasette's own included.

The pages need no script at all, so none may run, from anywhere. Nothing may be fetched from elsewhere, so
that reading an article tells nobody that it is read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from ipaddress import ip_address
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""For our pages and Datasette's: our one style sheet, our favicon, forms that lead to us."""

STORED_PAGE_POLICY = (
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""For raw pages: no script, no form, no origin, nothing fetched, shown in our own frame only."""

_HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    # Chromium looks up the names of all links of a page unless it is told not to.
    b"x-dns-prefetch-control": b"off",
    # Whoever shows an archive to others shows people in it; no search engine should list them.
    b"x-robots-tag": b"noindex, nofollow",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


def is_loopback(host: str) -> bool:
    """True for ``localhost`` and addresses that only this machine can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def safe(app: App, host: str) -> App:
    """``app`` with the headers above on every answer, for reading requests only.

    ``host``: where the server listens. On loopback only requests to a loopback name are answered:
    otherwise a page elsewhere could have its own name lead here and read along (DNS rebinding).
    """
    names = _LOCAL_NAMES | {host.lower()} if is_loopback(host) else None

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                given = {name.lower() for name, _ in headers}
                headers += [pair for pair in _HEADERS.items() if pair[0] not in given]
                message = {**message, "headers": headers}
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await _refuse(send_safely, 405, "This archive is only shown: ask with GET.")
        elif b"\\" in scope.get("raw_path", b"") or scope["path"].startswith("//"):
            # Sent back as the place to go on to, a browser would take it for the name of a server.
            await _refuse(send_safely, 404, "There is nothing under this address.")
        elif names is not None and _asked_host(scope) not in names:
            await _refuse(send_safely, 421, "Ask for this archive by 127.0.0.1 or localhost.")
        else:
            await app(scope, receive, send_safely)

    return answer


def _asked_host(scope: Scope) -> str:
    headers: Collection[tuple[bytes, bytes]] = scope.get("headers", [])
    asked = next((value for name, value in headers if name.lower() == b"host"), b"").decode("latin-1").lower()
    host, colon, port = asked.rpartition(":")
    return (host if colon and port.isdecimal() else asked).strip("[]")


async def _refuse(send: Send, status: int, text: str) -> None:
    body = f"{text}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
