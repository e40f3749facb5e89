"""A server that breaks the rules of HTTP: it writes on the socket what a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

Answer = bytes | Callable[[socket.socket], None]
"""All bytes of an answer, its head included; or what writes them."""


def whole(body: bytes | str, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An answer with a true length, or with another one."""
    raw = body.encode() if isinstance(body, str) else body
    said = len(raw) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {said}", "Connection: close", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        lines.append("Content-Type: text/html; charset=utf-8")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + raw


class RawServer:
    """Answers each path by what ``pages`` holds, then closes the connection; 404 for all others."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sent: dict[str, int] = {}
        """Bytes that the socket took, by path, of answers written by :meth:`pour`."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def pour(self, path: str, head: Mapping[str, str], part: bytes, times: int) -> None:
        """Answer a path with so many parts, and count what went out."""

        def write(client: socket.socket) -> None:
            self.sent[path] = 0
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            client.sendall(f"HTTP/1.1 200 OK\r\n{lines}Connection: close\r\n\r\n".encode())
            for _ in range(times):
                client.sendall(part)
                self.sent[path] += len(part)

        self.pages[path] = write

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            asked = b""
            while b"\r\n\r\n" not in asked:
                part = client.recv(65536)
                if not part:
                    return
                asked += part
            path = asked.split(b" ", 2)[1].decode()
            self.asked.append(path)
            found = self.pages.get(path, whole("none", status="404 Not Found"))
            if callable(found):
                found(client)
            else:
                client.sendall(found)
