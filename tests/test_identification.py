"""Who we say that we are, and to whom we must say it."""

from __future__ import annotations

import pytest

from iomscrape.identification import NoContact, check_contact, is_loopback, user_agent
from iomscrape.version import __version__


def test_user_agent() -> None:
    assert user_agent("you@example.org") == f"iomscrape/{__version__} (+you@example.org)"
    assert user_agent(None) == f"iomscrape/{__version__}"


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/", "http://127.0.0.1/", "http://127.9.9.9/", "http://[::1]:80/"]
)
def test_this_machine_needs_no_contact(url: str) -> None:
    assert is_loopback(url)
    check_contact([url], None)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.iom.int/",
        "http://192.168.0.1/",
        "http://localhost.example.org/",
        "http://127.0.0.1.nip.io/",
    ],
)
def test_every_other_site_does(url: str) -> None:
    with pytest.raises(NoContact, match="--contact"):
        check_contact(["http://localhost/", url], None)
    check_contact([url], "you@example.org")
    check_contact([url], "https://example.org/our-archive")


@pytest.mark.parametrize(
    "contact", ["nobody", "a@b", "you@example.org)\r\nX-Injected: yes", "ftp://example.org", " "]
)
def test_what_is_no_contact(contact: str) -> None:
    with pytest.raises(NoContact):
        check_contact(["https://www.iom.int/"], contact)
