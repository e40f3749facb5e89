"""What a file holds and is no page that anybody would want: left out, and counted."""

from __future__ import annotations

from dataclasses import dataclass

from iomscrape.records import Capture
from spiders.unfetched import Unfetched


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing that was left out on purpose."""

    why: str
    """One of the words below."""


NOT_HTML = Passed("not-html")
"""A picture, a script, a PDF: no page of text."""
REDIRECT = Passed("redirect")
"""An answer that leads elsewhere."""
ERROR = Passed("error")
"""An answer of 400 and above (not found, server error) that is not at an article's address."""
LIST = Passed("list")
"""A home page, a list of articles, robots.txt: nothing that :func:`spiders.links.may_hold_article`."""
ASSET = Passed("asset")
"""A file beside a saved page, or one in a folder that has not the name of a page."""

Item = Capture | Unfetched | Passed
"""What a file gives."""
