"""What a request ended with, as a reason: the part of :mod:`spiders.unfetched` that knows Scrapy's errors.

A file of its own, since imports and their processes tell of what they could not read without Scrapy.
"""

from __future__ import annotations

import zlib
from gzip import BadGzipFile

from scrapy import exceptions
from scrapy.exceptions import IgnoreRequest

from spiders.unfetched import REASONS


class Left(IgnoreRequest):
    """Raised by middlewares: this request is not made.

    ``reason`` is one of :data:`REASONS`, or None where nothing needs to be recorded.
    """

    def __init__(
        self, reason: str | None, detail: str, *, fetched_before: bool = False, held: bool = False
    ) -> None:
        """``held``: the archive has it; ``fetched_before``: by the interrupted run that this one goes on with."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.fetched_before = fetched_before
        self.held = held or fetched_before


_DECODERS = frozenset({"brotli", "_brotli", "backports.zstd", "compression.zstd"})
"""Modules whose errors mean that a body could not be unpacked."""

_BY_TYPE: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.CannotResolveHostError, "dns"),
    (exceptions.DownloadConnectionRefusedError, "refused"),
    (exceptions.DownloadTimeoutError, "timeout"),
    (exceptions.ResponseDataLossError, "cut-off"),
    (exceptions.DownloadCancelledError, "too-large"),
)


def reason_of(error: BaseException) -> tuple[str | None, str]:
    """Reason and detail for what a download ended with; (None, …) where nothing needs recording."""
    said = " ".join(str(error).split())[:300] or type(error).__name__
    if isinstance(error, Left):
        return error.reason, error.detail
    if isinstance(error, IgnoreRequest):
        lowered = said.lower()
        if "robots.txt" in lowered:
            return "robots", REASONS["robots"]
        if "max redirections" in lowered:
            return "redirect-loop", REASONS["redirect-loop"]
        if "maxsize" in lowered:
            return "too-large", REASONS["too-large"]
        return "network", said
    if isinstance(error, zlib.error | BadGzipFile | EOFError) or type(error).__module__ in _DECODERS:
        return "bad-encoding", f"{REASONS['bad-encoding']} ({said})"
    for kind, reason in _BY_TYPE:
        if isinstance(error, kind):
            return reason, REASONS[reason]
    if any(sign in said.lower() for sign in ("ssl", "tls", "certificate")):
        return "tls", f"{REASONS['tls']} ({said})"
    return "network", f"{REASONS['network']} ({said})"
