"""Who we say that we are: the User-Agent with an address where a site's people can reach someone."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from iomscrape.version import __version__


class NoContact(ValueError):
    """A public site would be asked by somebody who cannot be reached; the message says what to do."""


class Identification:
    """Scrapy add-on: makes USER_AGENT of IOMSCRAPE_CONTACT, unless the user set a USER_AGENT."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl."""
        settings.set("USER_AGENT", user_agent(settings.get("IOMSCRAPE_CONTACT")), priority="addon")


def user_agent(contact: str | None) -> str:
    """``iomscrape/0.1.0 (+mailto or web address)``; without the bracket where there is no contact."""
    return f"iomscrape/{__version__} (+{contact.strip()})" if contact else f"iomscrape/{__version__}"


# you@example.org   https://example.org/about-our-crawler
_CONTACT = re.compile(r"[^\s@()<>;,]+@[^\s@()<>;,]+\.[^\s@()<>;,]+|https?://[^\s()<>]+")


def check_contact(sites: Iterable[str], contact: str | None) -> None:
    """Raise NoContact where a site that is not on this machine would be asked without an address."""
    if contact:
        if not _CONTACT.fullmatch(contact.strip()):
            raise NoContact(
                f"{contact!r} is no contact; give an e-mail or web address, as in --contact you@example.org"
            )
        return
    public = next((site for site in sites if not is_loopback(site)), None)
    if public:
        raise NoContact(
            f"{urlsplit(public).hostname} must be able to reach whoever crawls it: give an e-mail or "
            "web address with --contact ADDRESS or in IOMSCRAPE_CONTACT"
        )


def is_loopback(url: str) -> bool:
    """Whether the address is one of this machine: localhost, 127.0.0.0/8, ::1."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_inner(url: str) -> bool:
    """Whether the host is this machine or a number of a network that is not public (10.0.0.1, 169.254.169.254)."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return is_loopback(url)
