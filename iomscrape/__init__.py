"""iomscrape: the archive of what the International Organization for Migration has told the press.

    >>> from iomscrape import extract
    >>> article = extract(open("page.html", "rb").read(), url="https://www.iom.int/news/slug")
    >>> article.title, article.contacts[0].emails

Everything that users need is imported from here; the rooms behind it (``iomscrape.parts``,
``spiders``, ``archive``) may change their shape between versions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from iomscrape.version import __version__

if TYPE_CHECKING:
    from archive import Archive
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


# PEP 562: each name is imported when it is first asked for. Reading never loads the archive, asking the
# archive never loads the reader, and there is no import circle.
_ROOMS = {"Archive": "archive", "extract": "iomscrape.reader", "extract_all": "iomscrape.reader"}


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(_ROOMS.get(name, "iomscrape.records")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
