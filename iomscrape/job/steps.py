"""Which commands a profile means, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from iomscrape.job.profile import Profile


class Step(NamedTuple):
    """One command of a job."""

    name: str
    arguments: tuple[str, ...]
    """Of ``iomscrape``."""
    environment: tuple[tuple[str, str], ...] = ()


def steps(profile: Profile) -> list[Step]:
    """The steps of a job in their order: what brings pages in, what watches it, what uses it, the backup."""
    makers: dict[str, Callable[[Profile], Iterator[str]]] = {
        "crawl": _crawl,
        "wayback": _wayback,
        "commoncrawl": _commoncrawl,
        "import": _import,
    }
    raw_pages = profile.get("archive", "raw_pages")
    environment = (("IOMSCRAPE_WARC_DIR", str(profile.place(raw_pages))),) if raw_pages else ()
    common = ("--db", str(profile.place(profile.get("archive", "database"))), "--json")
    found = [
        Step(name, (name, *make(profile), *common), environment)
        for name, make in makers.items()
        if profile.has(name)
    ]
    if profile.has("watch"):
        options = ("false_alarm_once_in", "least_change", "least_pages", "runs")
        found.append(Step("watch", ("watch", *_options(profile, "watch", *options), *common), environment))
    if profile.get("stories", "find"):
        found.append(Step("stories", ("stories", *common), environment))
    if profile.has("backup"):
        found.append(Step("backup", ("backup", *_backup(profile), *common), environment))
    return found


def _crawl(profile: Profile) -> Iterator[str]:
    for site in profile.get("crawl", "sites"):
        yield from ("--site", site)
    for office in profile.get("crawl", "offices"):
        yield from ("--office", office)
    if profile.get("crawl", "linked_offices"):
        yield from ("--offices", "linked")
    for lang in profile.get("crawl", "languages"):
        yield from ("--lang", lang)
    yield from _options(profile, "crawl", "since", "max_pages", "shard", "delay", "contact")
    for pair in profile.get("crawl", "settings"):
        yield from ("-s", pair)


def _wayback(profile: Profile) -> Iterator[str]:
    yield from profile.get("wayback", "targets")
    yield from _options(profile, "wayback", "from", "to", "limit", "server")
    which = profile.get("wayback", "which")
    if which in ("year", "month"):
        yield from ("--per", which)
    elif which:
        yield f"--{which}"
    yield from _options(profile, "crawl", "contact")


def _commoncrawl(profile: Profile) -> Iterator[str]:
    yield from profile.get("commoncrawl", "targets")
    if crawls := profile.get("commoncrawl", "crawls"):
        yield from ("--crawl", crawls)
    yield from _options(profile, "commoncrawl", "limit", "server", "data")
    yield from _options(profile, "crawl", "contact")


def _import(profile: Profile) -> Iterator[str]:
    for file in profile.get("import", "files"):
        yield str(profile.place(file))
    yield from _options(profile, "import", "cluster", "parts")


def _backup(profile: Profile) -> Iterator[str]:
    yield str(profile.place(profile.get("backup", "folder")))
    yield from _options(profile, "backup", "keep")
    if not profile.get("backup", "raw_pages"):
        yield "--without-warc"


def _options(profile: Profile, section: str, *keys: str) -> Iterator[str]:
    """``--max-pages 50`` for each key that has a value."""
    for key in keys:
        value = profile.get(section, key)
        if value is not None:
            yield from (f"--{key.replace('_', '-')}", str(value))
