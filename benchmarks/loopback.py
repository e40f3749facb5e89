"""A site of any size, see ``tests/generated.py``, answered as fast as one process can."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from tests.generated import Made


def serve(line: Connection, pages: int, traits: dict[str, Any]) -> None:
    """Serve until killed. Sends the address, then answers each ``count`` with (requests, bytes)."""
    asyncio.run(_serve(line, Made(pages, **traits)))


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
