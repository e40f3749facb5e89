"""Scrapy's reading of robots.txt, for more than two requests that wait for it."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred


class WaitForRobots(RobotsTxtMiddleware):
    """Obeys a robots.txt for all requests that were made before it came.

    Scrapy 2.19 lets them wait for one Deferred, whose result is the parser for the first of them and
    None, which means that everything is allowed, for all others.
    """

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The parser of the request's host; None where it has no robots.txt that can be read."""
        waited = await super().robot_parser(request)
        known = self._parsers.get(urlparse_cached(request).netloc)
        return waited if isinstance(known, Deferred) else known
