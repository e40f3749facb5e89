"""Scrapy's reading of robots.txt, for more than two requests that wait for it."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

AGAIN = "again"
"""Flag of a response that was here already, so that no request was made."""


class WaitForRobots(RobotsTxtMiddleware):
    """Obeys a robots.txt for all requests that were made before it came, and asks for it once.

    Scrapy 2.19 lets them wait for one Deferred, whose result is the parser for the first of them and
    None, which means that everything is allowed, for all others. And it keeps the parser only: a spider
    that looks for sitemaps in robots.txt would have it sent again.
    """

    def __init__(self, crawler: Crawler) -> None:
        """No robots.txt was read yet."""
        super().__init__(crawler)
        self._answers: dict[str, Response] = {}

    async def process_request(  # type: ignore[override]  # Scrapy's gives None only
        self, request: Request
    ) -> Response | None:
        """Raise IgnoreRequest for what is forbidden; answer requests for a robots.txt that is here."""
        await super().process_request(request)
        parts = urlparse_cached(request)
        is_robots = parts.path == "/robots.txt" and not request.meta.get("dont_obey_robotstxt")
        known = self._answers.get(parts.netloc) if is_robots else None
        return known.replace(request=request, flags=[*known.flags, AGAIN]) if known is not None else None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        self._answers[netloc] = response
        await super()._parse_robots(response, netloc, request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The parser of the request's host; None where it has no robots.txt that can be read."""
        waited = await super().robot_parser(request)
        known = self._parsers.get(urlparse_cached(request).netloc)
        return waited if isinstance(known, Deferred) else known
