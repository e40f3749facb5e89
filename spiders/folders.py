"""Folders of files: which of them hold pages, in an order that is always the same."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from spiders import mirrors, saved
from spiders.dumps import looks_like_html
from spiders.passed import ASSET, Passed
from spiders.unfetched import Unfetched

KINDS = {
    ".warc": "warc",
    ".arc": "warc",
    ".wacz": "wacz",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".txt": "text",
    ".text": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""How a file's name ends, but for .gz and .zst: what it is."""

PACKED = (".gz", ".zst")

# page.html has its pictures in page_files; so do browsers in other languages call that folder.
_ASSETS = re.compile(
    r"(?P<stem>.+)(?:[_\-.](?:files|file|fichiers|archivos|arquivos|dateien|bestanden|filer|pliki|elemei|soubory|failid)"
    r"|_ملفات)",
    re.IGNORECASE,
)
# Beside mirrors and dumps: what tools write for themselves.
_NO_PAGES = frozenset(
    {
        "robots.txt",
        "hts-log.txt",
        "cookies.txt",
        "urls.txt",
        "requirements.txt",
        "package.json",
        "datapackage.json",
    }
)
# In a mirror a page may be called anything but this.
_NO_PAGE_NAMES = re.compile(
    r"\.(?:css|m?js|json|xml|txt|rss|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|svg|webp|ico|bmp|tiff?|mp[34]|m4[av]|avi"
    r"|mov|woff2?|ttf|eot|otf|swf|exe)(?:[?@].*)?$",
    re.IGNORECASE,
)


def kind_by_name(name: str) -> str | None:
    """What a file of that name is; None where the name does not tell."""
    name = name.lower()
    bare = next((name.removesuffix(ending) for ending in PACKED if name.endswith(ending)), name)
    return next((kind for ending, kind in KINDS.items() if bare.endswith(ending)), None)


def files_in(folder: Path) -> Iterator[Path | Unfetched | Passed]:
    """The files below the folder that may hold pages, and what is left out or cannot be read.

    Folders come in the order of their names behind the files beside them. Hidden files, the folders
    with a saved page's pictures, and what has no name of a page are left out; a folder that links lead to
    twice is read once.
    """
    yield from _walk(folder, set())


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path | Unfetched | Passed]:
    try:
        told = folder.stat()
        if (told.st_dev, told.st_ino) in seen:
            return
        seen.add((told.st_dev, told.st_ino))
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    pages = {Path(entry.name).stem for entry in entries if kind_by_name(entry.name) == "html"}
    below: list[Path] = []
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        try:
            mode = entry.stat().st_mode
        except OSError as error:  # a link that leads nowhere, or in a circle
            yield _unreadable(path, error)
            continue
        if stat.S_ISDIR(mode):
            assets = _ASSETS.fullmatch(entry.name)
            if assets and assets["stem"] in pages:
                yield ASSET
            else:
                below.append(path)
        elif not stat.S_ISREG(mode):
            yield Unfetched(
                url=str(path), reason="unreadable-file", detail="It is no file but a pipe or device."
            )
        else:
            yield path if _may_hold_pages(path) else ASSET
    for path in below:
        yield from _walk(path, seen)


def _may_hold_pages(path: Path) -> bool:
    name = path.name
    if name.lower() in _NO_PAGES or saved.is_beside(path):
        return False
    kind = kind_by_name(name)
    if mirrors.host_folder(path) is None:
        return kind is not None
    if kind in ("text", "json"):
        return False
    return kind is not None or (not _NO_PAGE_NAMES.search(name) and _begins_as_page(path))


def _begins_as_page(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return looks_like_html(stream.read(4096))
    except OSError:
        return True  # the error is told where the file is read


def _unreadable(path: Path, error: OSError) -> Unfetched:
    return Unfetched(
        url=str(path), reason="unreadable-file", detail=f"It cannot be read: {error.strerror or error}"
    )
