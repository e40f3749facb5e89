"""Scrapy's downloader middlewares: which requests are made, and what is kept of the answers.

Their numbers are in ``iomscrape/settings.py``; the order matters: a request passes them from the
first to the last, its answer the other way.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Self, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings

from iomscrape import outcome
from iomscrape.clock import WrongClock, sent_at
from iomscrape.crawling import ArchiveRun
from iomscrape.extensions import Politeness
from iomscrape.identification import is_inner
from spiders.answers import refusal
from spiders.ended import Left
from spiders.links import site_key
from spiders.unfetched import REASONS

A_DAY = timedelta(days=1)

_T = TypeVar("_T")


def _extension(crawler: Crawler, kind: type[_T]) -> _T:
    found = crawler.get_extension(kind)
    if found is None:
        raise RuntimeError(f"EXTENSIONS lacks {kind.__module__}.{kind.__name__}")
    return found


class OwnSites:
    """Lets requests pass that go to the sites of the run, and to no other: also after redirects.

    A site that redirects to another host, to an address inside the own network or to ``file:`` gets a
    row in ``problems``.
    """

    def __init__(self, crawler: Crawler) -> None:
        """The spider's sites are looked up with each request, they come after this."""
        self.crawler = crawler
        self.run = _extension(crawler, ArchiveRun)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Left for a request that is not to be made."""
        if "site" not in request.meta and not self.run.begun:
            return  # not on our spider's way: `scrapy shell`, `scrapy parse`
        if not self.run.ready():
            raise Left(None, "The archive cannot be used.")
        site = site_key(request.url)
        if site not in getattr(self.crawler.spider, "walks", {}):
            inner = ", an address of an inner network," if is_inner(request.url) else ","
            raise Left(
                "off-site", f"It leads to {site or 'no web address'}{inner} which this run was not given."
            )
        # Also for robots.txt and after redirects, as the spider did with its own requests.
        request.meta["download_slot"] = site


class Memory:
    """Leaves out what the archive has, and asks for the rest only if it changed.

    Not asked for: pages whose sitemap says that they have not changed since they were fetched, and pages
    that the interrupted run which this one goes on with has fetched. All others carry the ETag and
    Last-Modified of their last answer, so that the site can say 304. With IOMSCRAPE_FULL none of this.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Ask the crawl's archive."""
        self.crawler = crawler
        self.run = _extension(crawler, ArchiveRun)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Left for a page that the archive has; set the conditions on the others."""
        # A redirected request still carries the conditions of the address before.
        request.headers.pop("If-None-Match", None)
        request.headers.pop("If-Modified-Since", None)
        if not request.meta.get("page") or self.run.full:
            return
        if "offered" in request.meta:
            self._leave_out_held(*request.meta["offered"])
            return
        known = self.run.known(request.url)
        if known is None or known.fetched_at is None:
            return
        lastmod = request.meta.get("lastmod")
        resumed = known.run_id in self.run.resumed and known.state in ("fetched", "gone")
        unchanged = lastmod is not None and lastmod <= known.fetched_at and known.state == "fetched"
        # Fetched at a time that is still to come: a clock was wrong, and the page may well have changed.
        unchanged = unchanged and known.fetched_at <= datetime.now(UTC) + A_DAY
        if (resumed or unchanged) and "redirect_times" not in request.meta:
            self.run.skip(request.url)
            raise Left(None, "The archive has it.", fetched_before=resumed, held=True)
        if known.state == "fetched" and known.etag:
            request.headers["If-None-Match"] = known.etag
        if known.state == "fetched" and known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified

    def _leave_out_held(self, url: str, moment: datetime) -> None:
        """``meta["offered"]``: an archive elsewhere offers its capture of ``url`` at ``moment``."""
        held = self.run.holds(url, moment)
        if held.here:
            self.run.skip(url)
            raise Left(None, "The archive has it.", fetched_before=held.resumed, held=True)


class SiteClocks:
    """Lets the answers of the sites be witnesses of what time it is; a wrong clock ends the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        """The crawl's archive knows its clock."""
        self.run = _extension(crawler, ArchiveRun)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Compare the clocks."""
        sent = sent_at(response)
        if sent is not None and self.run.clock is not None and not self.run.broken:
            try:
                self.run.clock.compare(sent, request.url)
            except WrongClock as error:
                self.run.stop(outcome.SETTINGS, error)
        return response


class RobotsUnavailable:
    """A robots.txt that fails with 5xx forbids everything (RFC 9309, 2.3.1.4); Scrapy would allow all."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Put a forbidding robots.txt in the place of the error."""
        if not request.meta.get("dont_obey_robotstxt") or urlsplit(request.url).path != "/robots.txt":
            return response
        if response.status < 500:
            return response
        return response.replace(status=200, body=b"User-agent: *\nDisallow: /\n")


class LeftSites:
    """Lets nothing pass to a site that was left in this run: also where its robots.txt was the reason.

    So it stands behind the reading of robots.txt.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Ask the crawl's politeness."""
        self.politeness = _extension(crawler, Politeness)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Left, without a further row in ``problems``: the site has its own."""
        site = site_key(request.url)
        if site in self.politeness.left:
            raise Left(None, self.politeness.left[site])


AS_EVER = 20
"""How many times the patience may be taken up by pages that the site always refused."""


class PatientRetry(RetryMiddleware):
    """Scrapy's retries, and an end to them where a site does not want us.

    A 429 that stays after the retries and IOMSCRAPE_MAX_REFUSALS refused pages in a row mean that the
    site is left. The pauses before retries are made in ``extensions.Politeness``.
    """

    def __init__(self, settings: BaseSettings) -> None:
        """See the settings."""
        super().__init__(settings)
        self.max_refusals = settings.getint("IOMSCRAPE_MAX_REFUSALS")
        self.refusals: dict[str, int] = {}
        self.as_ever: dict[str, int] = {}

    def process_response(  # type: ignore[override]  # Scrapy 2.14 gave up the argument `spider`
        self, request: Request, response: Response
    ) -> Request | Response:
        """Retry, or hand the answer on."""
        if "Memento-Datetime" in response.headers:
            return response  # what a site said long ago, from an archive (RFC 7089)
        politeness = _extension(self.crawler, Politeness)
        site = site_key(request.url)
        result: Request | Response = response
        if site not in politeness.left:
            result = super().process_response(request, response)
        if isinstance(result, Response):
            self._count(site, request, result, politeness)
        return result

    def _count(self, site: str, request: Request, response: Response, politeness: Politeness) -> None:
        """Count refusals in a row, and leave the site at the last one of our patience."""
        if "site" not in request.meta or request.meta.get("dont_retry"):
            return  # not ours, or asked again by the spider itself
        refused = refusal(response)
        if response.status == 429:
            politeness.leave(site, request.url, "rate-limited", REASONS["rate-limited"])
        elif refused and refused[0] in ("forbidden", "challenge"):
            if self._is_as_ever(site, request.url):
                return
            self.refusals[site] = self.refusals.get(site, 0) + 1
            if response.status < 400:  # a challenge that says 200; the others were met by `Politeness`
                politeness.back_off(request, self.refusals[site] - 1)
            if self.refusals[site] >= self.max_refusals:
                detail = f"It refused {self.max_refusals} requests in a row; the last one: {refused[1]}"
                politeness.leave(site, request.url, refused[0], detail)
        else:
            self.refusals[site] = self.as_ever[site] = 0

    def _is_as_ever(self, site: str, url: str) -> bool:
        """Whether this page was refused before while others were given: those are not asked for again now.

        Such pages follow each other then, and say nothing of the site; a great many of them do.
        """
        if self.as_ever.get(site, 0) >= AS_EVER * self.max_refusals:
            return False
        if not _extension(self.crawler, ArchiveRun).is_refused_alone(url):
            return False
        self.as_ever[site] = self.as_ever.get(site, 0) + 1
        return True


class AsSent:
    """Keeps headers and body as the site sent them, for the WARC record.

    Stands below HttpCompression (590), which undoes the compression and forgets the header. Only what
    is compressed is kept twice.
    """

    def process_request(self, request: Request) -> None:
        """Forget what an earlier try or redirect brought."""
        request.meta.pop("wire", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember a compressed page on its request."""
        if request.meta.get("page") and response.headers.get("Content-Encoding"):
            request.meta["wire"] = (response.headers.copy(), response.body)
        return response


class WholeAnswers:
    """Takes no page for whole whose compressed bytes break off, though their length was as announced.

    Stands above HttpCompression, which gives what it could unpack. A gzip stream ends with the length of what
    it holds (RFC 1952, 2.3.1).
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise Left for a page that broke off."""
        sent: tuple[Headers, bytes] | None = request.meta.get("wire")
        if sent is None:
            return response
        encoding, wire = sent[0].get("Content-Encoding") or b"", sent[1]
        if encoding.strip().lower() in (b"gzip", b"x-gzip") and wire.startswith(b"\x1f\x8b"):
            announced = int.from_bytes(wire[-4:], "little")
            if announced > len(response.body):
                raise Left("cut-off", "Its gzip stream breaks off.")
        return response
