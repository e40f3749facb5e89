"""The sample sites over real HTTP on loopback.

``python -m iomscrape.demo.server [PORT [PORT]]`` serves them until Ctrl-C.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from time import time
from types import TracebackType
from typing import NamedTuple, Self

import click
from aiohttp import web

from iomscrape.demo.pages import Site
from iomscrape.demo.site import Answer, Answers
from iomscrape.demo.stories import load

NAMES = {
    "headquarters": {"en": "IOM", "es": "La OIM", "fr": "L'OIM"},
    "office": {"en": "IOM Timor-Leste", "pt": "A OIM Timor-Leste"},
}
"""Site -> its languages, the one without a prefix first, and what it calls itself in each."""

HOSTS = {"headquarters": "localhost", "office": "127.0.0.1"}
"""Two names for one machine, so that a crawler's politeness towards each host is put to the test."""

SMALL = 500
"""Bytes below which nothing is compressed."""
TRIES = 20
"""How often a free port is looked for that is free on IPv4 and IPv6."""


class Request(NamedTuple):
    """One request that a site got, and how it answered."""

    time: float
    """Seconds since the epoch."""
    method: str
    host: str
    path: str
    """With its query."""
    status: int
    user_agent: str


class SampleSites:
    """Both sample sites, served from a thread of their own as long as the context lasts.

    ``ports`` are those of headquarters and office, 0 for any free one. ``edited`` maps slugs to what
    :meth:`edit` takes. OSError where a given port is taken.
    """

    headquarters: str
    """``http://localhost:PORT``, in English, Spanish and French."""
    office: str
    """``http://127.0.0.1:PORT``, in English and Portuguese."""
    requests: list[Request]
    """All requests so far, in the order of their answers."""

    def __init__(
        self, *, ports: tuple[int, int] = (0, 0), edited: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """Prepare; nothing is opened before the context is entered."""
        self.requests = []
        self._ports = ports
        self._edited = edited or {}
        self._answers: dict[str, Answers] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sample-sites", daemon=True)
        self._runners: list[web.ServerRunner] = []

    def __enter__(self) -> Self:
        """Listen and answer from here on."""
        sockets = {}
        try:
            for key, port in zip(HOSTS, self._ports, strict=True):
                sockets[key] = _listen(port)
        except OSError:
            for opened in sockets.values():
                for listening in opened:
                    listening.close()
            self._loop.close()
            raise
        for key, opened in sockets.items():
            base = f"http://{HOSTS[key]}:{opened[0].getsockname()[1]}"
            self._answers[key] = Answers(Site(key, base, NAMES[key], load(key)))
        self.headquarters, self.office = (self._answers[key].site.base for key in HOSTS)
        for slug, changes in self._edited.items():
            self.edit(slug, **changes)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(sockets), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the answers under way, then close both ports."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def edit(self, slug: str, *, title: str | None = None, body: str | None = None) -> None:
        """Change a story's title or body between two crawls; KeyError where no story has the slug."""
        for answers in self._answers.values():
            with contextlib.suppress(KeyError):
                return answers.edit(slug, title=title, body=body)
        raise KeyError(slug)

    def site(self, key: str) -> Site:
        """What is served as ``headquarters`` or ``office``: its stories and their addresses."""
        return self._answers[key].site

    async def _serve(self, sockets: Mapping[str, list[socket.socket]]) -> None:
        for key, opened in sockets.items():
            runner = web.ServerRunner(web.Server(_responder(self._answers[key], self.requests)))
            await runner.setup()
            self._runners.append(runner)
            for listening in opened:
                await web.SockSite(runner, listening).start()

    async def _stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()


def _responder(
    answers: Answers, requests: list[Request]
) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """The aiohttp side of one site: takes a request, counts it, sends its answer."""

    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        came = time()
        if request.method in ("GET", "HEAD"):
            headers = {key.lower(): value for key, value in request.headers.items()}
            made = answers.answer(request.raw_path, headers)
        else:
            made = Answer(status=405, headers={"Allow": "GET, HEAD"})
        agent = request.headers.get("User-Agent", "")
        requests.append(Request(came, request.method, request.host, request.raw_path, made.status, agent))
        await asyncio.sleep(made.wait)
        response = web.Response(status=made.status, body=made.body, headers=made.headers)
        if len(made.body) > SMALL and not made.headers["Content-Type"].startswith("image/"):
            response.enable_compression()  # gzip or deflate, where the client accepts it
        return response

    return respond


def _listen(port: int) -> list[socket.socket]:
    """Sockets on one port of 127.0.0.1 and, where the machine has it, of ::1: ``localhost`` may be either."""
    for _ in range(TRIES if port == 0 else 1):
        first = socket.create_server(("127.0.0.1", port))
        try:
            return [first, socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6)]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [first]  # no IPv6 here
            first.close()  # free on the one, taken on the other
    raise OSError(errno.EADDRINUSE, f"port {port or 'any'} of loopback is taken")


@click.command()
@click.argument("headquarters", type=click.IntRange(0, 65535), default=8601)
@click.argument("office", type=click.IntRange(0, 65535), default=8602)
def main(headquarters: int, office: int) -> None:
    """Serve both sample sites on these ports of loopback (0: any free one) until Ctrl-C."""
    try:
        with SampleSites(ports=(headquarters, office)) as sites:
            click.echo(f"headquarters {sites.headquarters}\noffice       {sites.office}\nCtrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()
    except OSError as error:
        raise click.ClickException(f"The sample sites cannot be served: {error}") from error


if __name__ == "__main__":
    main()
