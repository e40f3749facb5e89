"""The bundled list of IOM's sites, ``sites.csv``: which there are, and how sure that is."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from spiders import links


@dataclass(frozen=True, slots=True)
class KnownSite:
    """One row of the list."""

    name: str
    host: str
    kind: str
    """headquarters, regional or country."""
    countries: tuple[str, ...]
    """ISO 3166 codes; empty where there are many, or none."""
    languages: tuple[str, ...]
    """The usual one first."""
    sure: str
    """``seen``: people kept pages of it; ``likely``: the host follows the rule of those."""

    @property
    def paths(self) -> tuple[str, ...]:
        """What a crawl tries there: robots.txt, sitemaps, feeds, and lists in the site's languages."""
        prefixes = ["", *(f"/{lang}" for lang in self.languages if lang != "en")]
        lists = (prefix + path for prefix in prefixes for path in links.LISTINGS)
        return ("/", "/robots.txt", *links.SITEMAPS, *links.FEEDS, *lists)


@lru_cache(maxsize=1)
def known_sites() -> tuple[KnownSite, ...]:
    """All sites of the list, headquarters first."""
    rows = csv.DictReader(line for line in _text().splitlines() if not line.startswith("#"))
    return tuple(
        KnownSite(
            row["name"],
            row["host"],
            row["kind"],
            tuple(row["countries"].split()),
            tuple(row["languages"].split()),
            row["sure"],
        )
        for row in rows
    )


@lru_cache(maxsize=1)
def _likely_hosts() -> frozenset[str]:
    return frozenset(
        links.site_key(f"https://{site.host}/") for site in known_sites() if site.sure == "likely"
    )


def is_likely(url: str) -> bool:
    """Whether the site of an address stands in the list by a rule only, so that it may not exist."""
    return links.site_key(url) in _likely_hosts()


def as_of() -> str:
    """The day of the list, ``YYYY-MM-DD``."""
    found = re.search(r"As of (\d{4}-\d\d-\d\d)", _text())
    if found is None:
        raise ValueError("spiders/sites.csv has lost its day")
    return found[1]


def addresses(sites: tuple[str, ...], offices: tuple[str, ...]) -> list[str]:
    """What ``--site`` and ``--office`` mean: ``all``, hosts, addresses; names of offices, or their countries.

    Raises ValueError with a line for the person who typed them.
    """
    found: list[str] = []
    for site in sites:
        if site.strip().lower() == "all":
            found += [f"https://{known.host}/" for known in known_sites()]
        else:
            asked = links.start_address(site)
            listed = next(
                (k for k in known_sites() if links.site_key(f"https://{k.host}") == links.site_key(asked)),
                None,
            )
            # iom.int alone is www.iom.int; an address with a path is what was meant.
            root = asked.rstrip("/").count("/") == 2
            found.append(f"https://{listed.host}/" if listed and root else asked)
    return list(dict.fromkeys([*found, *(f"https://{office(name).host}/" for name in offices)]))


def office(name: str) -> KnownSite:
    """The site of an office by its host's first word, its country's name or code; ValueError for none."""
    wanted = _plain(name)
    matches = [
        site
        for site in known_sites()
        if wanted in (_plain(site.host.partition(".")[0]), _plain(site.name))
        or (len(site.countries) == 1 and wanted == site.countries[0].lower())
    ]
    if not matches:
        from difflib import get_close_matches

        labels = [site.host.partition(".")[0] for site in known_sites()]
        near = get_close_matches(wanted, labels, n=2)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `iomscrape sites` lists them"
        raise ValueError(f"There is no office {name!r} in the list{hint}")
    return matches[0]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(sign for sign in folded if sign.isalnum() and not unicodedata.combining(sign))


def _text() -> str:
    return files("spiders").joinpath("sites.csv").read_text(encoding="utf-8")
