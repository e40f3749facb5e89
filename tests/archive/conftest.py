"""Invented articles and captures for the archive's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from iomscrape.records import Article, Block, Capture, Contact, Image, Link, Phone, Repair
from tests.archive.people import fill

MakeArticle = Callable[..., Article]
MakeCapture = Callable[..., Capture]


def _article(title: str = "Bridge School Reopens", *paragraphs: str, **changes: Any) -> Article:
    texts = paragraphs or ("The school by the bridge has opened again.", "Eighty children came.")
    given: dict[str, Any] = {
        "url": "https://www.iom.int/news/bridge-school-reopens",
        "title": title,
        "lang": "en",
        "kind": "press-release",
        "blocks": tuple(Block(text=text) for text in texts),
        "design": "drupal9",
        "reader_version": "1",
        "confidence": 0.9,
        "subtitle": "Lessons resume",
        "published": datetime(2021, 5, 3, tzinfo=UTC).date(),
        "published_printed": "03 May 2021",
        "dateline": "Dili",
        "country": "TL",
        "themes": ("Education", "Shelter"),
        "images": (Image(url="https://www.iom.int/a.jpg", caption="The bridge", credit="IOM/A. Moreno"),),
        "links": (Link(url="https://www.iom.int/about", text="about us"),),
        "documents": (Link(url="https://www.iom.int/a.pdf", text="Report"),),
        "contacts": (
            Contact(
                name="Ada Moreno",
                role="Programme Officer",
                office="IOM Dili",
                phones=(Phone(printed="+670.723.0000", e164="+6707230000"),),
                emails=("amoreno@iom.int",),
            ),
            Contact(name="Benoît Été", office="IOM Dili", emails=("bete@iom.int",), position=1),
        ),
        "repairs": (
            Repair(
                kind="break-in-tag",
                before='<a href=<br />"mailto:amoreno@iom.int">',
                after="amoreno@iom.int",
                where="contact",
            ),
        ),
        "translations": {"es": "https://www.iom.int/es/news/reabre"},
        "node_id": "113086",
    }
    return Article(**(given | changes))


FIRST = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def _capture(day: int = 0, body: bytes = b"<html>page</html>", **changes: Any) -> Capture:
    given: dict[str, Any] = {
        "url": "https://www.iom.int/news/bridge-school-reopens",
        "body": body,
        "fetched_at": FIRST + timedelta(days=day),
        "source": "live",
        "headers": (("Content-Type", "text/html; charset=UTF-8"), ("ETag", '"v1"')),
    }
    return Capture(**(given | changes))


@pytest.fixture(scope="session")
def make_article() -> MakeArticle:
    """``make_article(title, *paragraphs, **changes)``"""
    return _article


@pytest.fixture(scope="session")
def make_capture() -> MakeCapture:
    """``make_capture(day, body, **changes)``: fetched that many days after the first."""
    return _capture


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "iom.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of ``tests/archive/people.py``; not to be changed."""
    path = Path(tmp_path_factory.mktemp("people")) / "iom.db"
    fill(path, _article, _capture)
    return path
