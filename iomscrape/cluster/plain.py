"""What workers tell of files, as plain JSON types and back: nothing that comes from another machine is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from archive import Problem
from archive.content import Wording
from archive.packed import Packed
from archive.prepared import Prepared
from archive.told import Told
from iomscrape.cluster.remote import RemoteFile
from iomscrape.filework import KNOWN, About, Began, Known, Message, Some
from iomscrape.filework import Told as Item
from iomscrape.records import Capture
from spiders.files import FileOpener
from spiders.passed import Passed
from spiders.revisits import Noted, Opener, Revisit
from spiders.unfetched import Unfetched
from spiders.wacz import PartOpener

Plain = dict[str, Any]


def of_item(item: Item) -> Plain:
    """An item, but for the bytes of its record."""
    if isinstance(item, Prepared):
        return {"page": _of_page(item)}
    if isinstance(item, Unfetched):
        return {"unfetched": asdict(item)}
    return {"known": None} if isinstance(item, Known) else {"passed": item.why}


def to_item(plain: Plain, record: bytes | None) -> Item:
    """The item again."""
    [(what, value)] = plain.items()
    makers: dict[str, Callable[[Any], Item]] = {
        "page": lambda page: _to_page(page, record),
        "unfetched": lambda fields: Unfetched(**fields),
        "known": lambda _: KNOWN,
        "passed": Passed,
    }
    return makers[what](value)


def of_message(message: Message) -> Plain:
    """A message without its items."""
    if isinstance(message, Began):
        return {"began": message.place}
    if isinstance(message, About):
        return {"about": message.place}
    return {
        "some": {
            "number": message.number,
            "size": message.size,
            "place": message.place,
            "kind": message.kind,
            "reached": message.reached,
            "noted": None if message.noted is None else _of_noted(message.noted),
        }
    }


def to_message(plain: Plain) -> Message:
    """The message again; items are to be added."""
    [(what, value)] = plain.items()
    if what == "began":
        return Began(value)
    if what == "about":
        return About(value)
    noted = value.pop("noted")
    return Some(**value, noted=None if noted is None else _to_noted(noted))


def _of_page(page: Prepared) -> Plain:
    capture = page.capture
    return {
        "url": capture.url,
        "fetched_at": capture.fetched_at.isoformat(),
        "source": capture.source,
        "status": capture.status,
        "headers": capture.headers,
        "redirected_from": capture.redirected_from,
        "origin": capture.origin,
        "digest": page.digest,
        "length": page.length,
        "record": None if page.record is None else [page.record.digest, page.record.is_revisit],
        "articles": [
            {
                "key": told.key,
                "url": told.url,
                "own": told.own,
                "record": told.said.record,
                "digest": told.said.digest,
            }
            for told in page.articles
        ],
        "problem": None if page.problem is None else [page.problem.reason, page.problem.detail],
    }


def _to_page(plain: Plain, record: bytes | None) -> Prepared:
    capture = Capture(
        url=plain["url"],
        body=b"",
        fetched_at=datetime.fromisoformat(plain["fetched_at"]),
        source=plain["source"],
        status=plain["status"],
        headers=tuple((name, value) for name, value in plain["headers"]),
        redirected_from=tuple(plain["redirected_from"]),
        origin=plain["origin"],
    )
    if (record is None) != (plain["record"] is None):
        raise ValueError(f"the record of {capture.url} is missing")
    return Prepared(
        capture=capture,
        digest=plain["digest"],
        length=plain["length"],
        record=None if record is None else Packed(record, *plain["record"]),
        articles=tuple(
            Told(told["key"], told["url"], told["own"], Wording(told["record"], told["digest"]))
            for told in plain["articles"]
        ),
        problem=None if plain["problem"] is None else Problem(*plain["problem"]),
    )


def _of_noted(noted: Noted) -> Plain:
    return {
        "files": [[name, _of_opener(opener)] for name, opener in noted.files],
        "places": noted.places,
        "waiting": [asdict(one) | {"fetched_at": one.fetched_at.isoformat()} for one in noted.waiting],
    }


def _to_noted(plain: Plain) -> Noted:
    return Noted(
        [(name, _to_opener(opener)) for name, opener in plain["files"]],
        [(key, number, place) for key, number, place in plain["places"]],
        [_to_revisit(fields) for fields in plain["waiting"]],
    )


def _to_revisit(fields: Plain) -> Revisit:
    return Revisit(
        **fields
        | {
            "fetched_at": datetime.fromisoformat(fields["fetched_at"]),
            "headers": tuple((name, value) for name, value in fields["headers"]),
            "keys": tuple(fields["keys"]),
        }
    )


def _of_opener(opener: Opener) -> list[Any]:
    if isinstance(opener, PartOpener):
        return ["part", _of_opener(opener.opener), opener.path]
    if not isinstance(opener, FileOpener):
        raise TypeError(f"{opener!r} cannot be sent")
    path: object = opener.path
    return ["remote", path.url] if isinstance(path, RemoteFile) else ["file", str(path)]


def _to_opener(plain: list[Any]) -> Opener:
    what, *rest = plain
    if what == "part":
        return PartOpener(_to_opener(rest[0]), rest[1])
    return FileOpener(RemoteFile(rest[0]) if what == "remote" else Path(rest[0]))  # type: ignore[arg-type]  # stands for a path
