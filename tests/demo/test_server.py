"""The sample sites as a client on loopback sees them."""

from __future__ import annotations

import gzip
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from iomscrape.demo.server import SampleSites
from iomscrape.demo.site import SLOW


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(url: str, *, method: str = "GET", **headers: str) -> Reply:
    """One request, no redirect followed, nothing decompressed; header names with _ for -."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, headers={"User-Agent": "test", **named})
    response = connection.getresponse()
    reply = Reply(response.status, response.headers, response.read())
    connection.close()
    return reply


@pytest.fixture(scope="module")
def sites() -> Iterator[SampleSites]:
    with SampleSites() as started:
        yield started


def test_both_sites_answer_under_a_host_name_of_their_own(sites: SampleSites) -> None:
    assert sites.headquarters.startswith("http://localhost:")
    assert sites.office.startswith("http://127.0.0.1:")
    assert "La OIM" in ask(f"{sites.headquarters}/es").body.decode()
    assert "A OIM Timor-Leste" in ask(f"{sites.office}/pt").body.decode()


def test_headquarters_answers_on_every_address_that_localhost_has(sites: SampleSites) -> None:
    port = int(sites.headquarters.rpartition(":")[2])
    for *_, address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM):
        with socket.create_connection((str(address[0]), port), timeout=5):
            pass


def test_it_works_without_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.create_server

    def only_ipv4(address: tuple[str, int], **options: int) -> socket.socket:
        if ":" in address[0]:
            raise OSError(99, "Cannot assign requested address")
        return real(address, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_server", only_ipv4)
    with SampleSites() as sites:
        port = int(sites.headquarters.rpartition(":")[2])
        assert ask(f"http://127.0.0.1:{port}/robots.txt").status == 200


def test_links_and_canonical_addresses_are_those_of_the_server(sites: SampleSites) -> None:
    page = ask(f"{sites.office}/news/grandmothers-correct-flood-map-maliana").body.decode()
    assert (
        f'<link rel="canonical" href="{sites.office}/news/grandmothers-correct-flood-map-maliana" />' in page
    )
    assert "iom.int/" not in page


def test_gzip_for_those_who_accept_it(sites: SampleSites) -> None:
    url = f"{sites.headquarters}/news"
    plain, packed = ask(url), ask(url, Accept_Encoding="gzip")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.body) == plain.body


def test_a_304_has_validators_and_no_body(sites: SampleSites) -> None:
    url = f"{sites.office}/news/grandmothers-correct-flood-map-maliana"
    etag = ask(url).headers["ETag"]
    reply = ask(url, If_None_Match=etag, Accept_Encoding="gzip")
    assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", etag)


def test_the_slow_page_keeps_nobody_else_waiting(sites: SampleSites) -> None:
    slug = next(
        text.slug
        for story in sites.site("headquarters").stories
        for text in story.texts.values()
        if "slow" in text.traits
    )
    parts = urlsplit(sites.headquarters)
    began = time.monotonic()
    waiting = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    waiting.request("GET", f"/news/{slug}")
    assert ask(f"{sites.headquarters}/news").status == 200
    assert time.monotonic() - began < SLOW
    assert waiting.getresponse().status == 200
    assert time.monotonic() - began >= SLOW
    waiting.close()


def test_requests_are_written_down() -> None:
    with SampleSites() as sites:
        ask(f"{sites.office}/news?page=0", User_Agent="iomscrape/test (+you@example.org)")
        ask(f"{sites.headquarters}/nowhere", method="HEAD")
        ask(f"{sites.headquarters}/news", method="POST")
    first, second, third = sites.requests
    assert (first.method, first.path, first.status) == ("GET", "/news?page=0", 200)
    assert f"http://{first.host}" == sites.office
    assert first.user_agent == "iomscrape/test (+you@example.org)"
    assert abs(first.time - time.time()) < 60
    assert (second.method, second.path, second.status) == ("HEAD", "/nowhere", 404)
    assert (third.method, third.status) == ("POST", 405)


def test_editing_before_and_during() -> None:
    slug = "last-seat-on-number-nine-bus"
    with SampleSites(edited={slug: {"title": "The Very Last Seat"}}) as sites:
        url = f"{sites.headquarters}/stories/{slug}"
        first = ask(url)
        assert "The Very Last Seat" in first.body.decode()
        sites.edit(slug, title="No Seat Left")
        second = ask(url, If_None_Match=first.headers["ETag"])
        assert "No Seat Left" in second.body.decode()
        with pytest.raises(KeyError, match="no-such-slug"):
            sites.edit("no-such-slug", title="x")


def test_ports_may_be_given_and_a_taken_one_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), SampleSites(ports=(0, port)):
            pass
    with SampleSites() as sites:
        ports = [int(base.rpartition(":")[2]) for base in (sites.headquarters, sites.office)]
    with SampleSites(ports=(ports[0], ports[1])) as again:
        assert again.office == f"http://127.0.0.1:{ports[1]}"


def test_nothing_answers_after_the_end() -> None:
    with SampleSites() as sites:
        assert ask(f"{sites.office}/").status == 200
    with pytest.raises(ConnectionRefusedError):
        ask(f"{sites.office}/")


def test_in_the_foreground() -> None:
    command = [sys.executable, "-m", "iomscrape.demo.server", "0", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        headquarters = server.stdout.readline().split()[-1]
        assert ask(f"{headquarters}/robots.txt").status == 200
        server.terminate()
    assert server.returncode == -15
