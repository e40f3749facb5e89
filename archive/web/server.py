"""Listening: binds the port, says where, stops at Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from archive.web.site import Site

_GRACE_SECONDS = 3


class PortTaken(OSError):
    """Another program listens there, or the address is not this machine's."""


def listen(host: str, port: int) -> socket.socket:
    """A socket on ``host`` and ``port``; 0 takes any free port. Raises PortTaken with the reason."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(128)
        except OSError:
            bound.close()
            raise
    except (OSError, OverflowError, UnicodeError) as error:
        raise PortTaken(getattr(error, "strerror", None) or str(error)) from error
    return bound


def serve(site: Site, bound: socket.socket, ready: Callable[[], None]) -> bool:
    """Answer requests until a signal comes; ``ready`` is called when the first can be answered.

    True if a signal ended it.
    """
    server = _Server(site, ready)
    stopped: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        stopped.append(number)

    # uvicorn ends at these signals in good order and then sends them once more to whoever had them before.
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[bound])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        bound.close()
        site.close()
    return bool(stopped)


class _Server(uvicorn.Server):
    def __init__(self, site: Site, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                site.app(),
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()
