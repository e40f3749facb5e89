"""``iomscrape crawl --dry-run``: what a crawl would ask for, from the archive, robots.txt and sitemaps alone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iomscrape.cli.output import archive_errors, console, counted, print_json, print_table
from iomscrape.cli.rehearsal import duration, rehearsed

if TYPE_CHECKING:
    from archive import Archive
    from spiders.walk import Walk


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a crawl of one site would come to."""

    site: str
    listed: int
    """Addresses of articles in its sitemaps."""
    new: int
    """Of these, and of those left queued in the archive, not fetched yet."""
    conditional: int
    """Known pages that would be asked for only if they changed."""
    skipped: int
    """Known pages whose sitemap says that they have not changed."""
    other: int
    """Home page, robots.txt, sitemaps, feeds, first pages of lists: at least."""
    delay: float
    """Seconds between requests."""
    refused: str
    """Why the site would not be crawled at all; empty where it would."""
    reason: str
    """The same in one word, as in the archive's ``problems``; empty where it would."""

    @property
    def requests(self) -> int:
        """At least so many."""
        return 0 if self.refused else self.new + self.conditional + self.other

    @property
    def seconds(self) -> float:
        """At least so long."""
        return self.requests * self.delay


def survey(arguments: Mapping[str, Any], chosen: Mapping[str, Any], *, as_json: bool) -> int:
    """Ask for robots.txt and sitemaps, look into the archive, print; nothing is stored. The exit code."""
    from iomscrape.crawling import ArchiveRun
    from iomscrape.extensions import Politeness
    from spiders.unfetched import REFUSALS

    crawler = rehearsed("site", arguments, chosen)
    walks: dict[str, Walk] = getattr(crawler.spider, "walks", {})
    politeness = crawler.get_extension(Politeness)
    least = max(crawler.settings.getfloat("DOWNLOAD_DELAY"), 0.0)
    delays = {site: max(least, politeness.delays.get(site, 0.0) if politeness else 0.0) for site in walks}
    full = crawler.settings.getbool("IOMSCRAPE_FULL")
    run = crawler.get_extension(ArchiveRun)
    out = {site: (item.detail, item.reason) for site, item in run.out.items()} if run else {}
    with archive_errors(), _opened(chosen["IOMSCRAPE_DB"]) as archive:
        found = [
            _forecast(walk, delays[site], *out.get(site, ("", "")), archive, full=full)
            for site, walk in walks.items()
        ]
    limit = int(arguments.get("max_pages") or 0)
    _print(found, limit, str(arguments.get("shard") or ""), as_json=as_json)
    if not found or not all(forecast.reason for forecast in found):
        return 0
    return 5 if any(forecast.reason in REFUSALS for forecast in found) else 3


def _opened(db: str) -> AbstractContextManager[Archive | None]:
    """The archive, read only; nothing where there is none yet."""
    from archive import Archive

    return Archive.open(db, create=False, readonly=True) if Path(db).exists() else nullcontext()


def _forecast(
    walk: Walk, delay: float, refused: str, reason: str, archive: Archive | None, *, full: bool
) -> Forecast:
    from spiders import links

    new = conditional = skipped = 0
    for key, lastmod in (walk.seen | _remembered(walk, archive)).items():
        known = archive.known(walk.address(key)) if archive else None
        if known is None or known.fetched_at is None:
            new += 1
        elif full or known.state != "fetched" or not _is_unchanged(lastmod, known.fetched_at):
            conditional += 1
        else:
            skipped += 1
    other = 2 + len(walk.sitemaps) + len(links.FEEDS) + len(links.LISTINGS)
    return Forecast(walk.site.key, len(walk.seen), new, conditional, skipped, other, delay, refused, reason)


def _is_unchanged(lastmod: datetime | None, fetched_at: datetime) -> bool:
    return lastmod is not None and lastmod <= fetched_at


def _remembered(walk: Walk, archive: Archive | None) -> dict[str, datetime | None]:
    """Pages of the site that only the archive knows: lists and feeds would lead there again."""
    from urllib.parse import urlsplit

    from spiders import links

    if archive is None:
        return {}
    host = urlsplit(walk.site.origin).hostname or ""
    hosts = (host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}")
    rows = archive.db.conn.execute("SELECT url FROM frontier WHERE host IN (?, ?, ?)", hosts)
    keys = (links.key(url) for (url,) in rows if walk.site.owns(url) and links.is_article(url))
    return {key: None for key in keys if key not in walk.seen}


def _print(found: list[Forecast], limit: int, shard: str, *, as_json: bool) -> None:
    if as_json:
        rows = [asdict(one) | {"requests": one.requests, "seconds": round(one.seconds)} for one in found]
        print_json({"sites": rows, "max_pages": limit or None, "shard": shard or None})
        return
    columns = (
        "site",
        "listed",
        "new",
        "asked if changed",
        "not asked",
        "others",
        "requests",
        "delay",
        "time",
    )
    table = [
        (
            *(one.site, one.listed, one.new, one.conditional, one.skipped, one.other, one.requests),
            *(f"{one.delay:g} s", one.reason or duration(one.seconds)),
        )
        for one in found
    ]
    print_table(columns, table)
    longest = max((one.seconds for one in found), default=0.0)
    requests = sum(one.requests for one in found)
    console.print(
        f"At least {counted(requests, 'request')}, {duration(longest)}; sites are crawled side by side. "
        "Pages that only lists and feeds tell of come on top.",
        soft_wrap=True,
    )
    if shard:
        console.print(f"Part {shard} of the crawl has {counted(len(found), 'site')}.")
    if limit:
        console.print(f"--max-pages ends the run after {counted(limit, 'page')}.")
    console.print("Only robots.txt and sitemaps were asked for; nothing was stored.")
