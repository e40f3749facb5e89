"""iomscrape: the archive of what the International Organization for Migration has told the press.

    >>> from iomscrape import extract
    >>> article = extract(open("page.html", "rb").read(), url="https://www.iom.int/news/slug")
    >>> article.title, article.contacts[0].emails

Everything that users need is imported from here; the rooms behind it (``iomscrape.parts``,
``spiders``, ``archive``) may change their shape between versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iomscrape.reader import extract, extract_all
from iomscrape.records import (
    Article,
    Block,
    Capture,
    Contact,
    Image,
    Link,
    Phone,
    Repair,
    Role,
    UnreadablePage,
)
from iomscrape.version import __version__

if TYPE_CHECKING:
    from archive import Archive

__all__ = [
    "Archive",
    "Article",
    "Block",
    "Capture",
    "Contact",
    "Image",
    "Link",
    "Phone",
    "Repair",
    "Role",
    "UnreadablePage",
    "__version__",
    "extract",
    "extract_all",
]


def __getattr__(name: str) -> Any:
    # PEP 562: reading never loads the archive, and there is no import circle.
    if name == "Archive":
        from archive import Archive

        return Archive
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
