"""The labelled set: invented articles in many languages, and which of them are the same item.

A file holds the articles of one scene; its first lines say what is hard about it. ``story`` names the item
(an article without one is an item of its own); ``copy_of`` takes another article's text and fields, and
``edits`` are what a person changed in it. ``practice/`` was looked at while the rules were made,
``heldout/`` only when they were done.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from archive import Archive
from iomscrape.records import Article, Block, Capture, Contact, Phone

SEEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
FOLDER = Path(__file__).parent
DEMO = FOLDER.parents[2] / "iomscrape" / "demo" / "articles"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled article."""

    id: str
    story: str
    url: str
    lang: str
    published: str
    title: str
    text: str
    country: str | None = None
    node: str | None = None
    contacts: tuple[str, ...] = ()
    """``Name | Office | e-mail | +number``."""
    translations: dict[str, str] = field(default_factory=dict)


def samples(half: str) -> list[Sample]:
    """All articles of ``practice`` or ``heldout``, in the order of their files."""
    return [sample for path in sorted((FOLDER / half).glob("*.toml")) for sample in _read(path)]


def _read(path: Path) -> list[Sample]:
    rows: dict[str, dict[str, Any]] = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["article"]:
        whole = rows[row.pop("copy_of")] | {"story": row["id"]} | row if "copy_of" in row else dict(row)
        whole.setdefault("story", row["id"])
        for before, after in row.get("edits", ()):
            if whole["text"].count(before) != 1:
                raise ValueError(f"{path}: {row['id']}: {before!r} does not stand there once")
            whole["text"] = whole["text"].replace(before, after)
        rows[row["id"]] = whole
    return [
        Sample(
            **{key: row[key] for key in ("id", "story", "url", "lang", "published", "title")},
            text=row["text"].strip(),
            country=row.get("country"),
            node=row.get("node"),
            contacts=tuple(row.get("contacts", ())),
            translations=row.get("translations", {}),
        )
        for row in rows.values()
    ]


def demo_samples() -> list[Sample]:
    """The articles of ``iomscrape demo``, written by somebody else; as if all had come out on one day.

    They name each other on their pages; here they do not, nor is a country known.
    """
    found = []
    for path in sorted(DEMO.glob("*.toml")):
        story = tomllib.loads(path.read_text(encoding="utf-8"))
        contacts = [
            f"{contact.get('name', '')} |  | {contact.get('mail', '')} | {contact.get('phone', '')}"
            for contact in story.get("contact", ())
        ]
        found += [
            Sample(
                id=f"{path.stem}-{lang}",
                story=path.stem,
                url=f"https://demo.iom.int/{lang}/{path.stem}",
                lang=lang,
                published="2020-01-01",
                title=told["title"],
                text=told["body"].strip(),
                contacts=tuple(contacts),
            )
            for lang, told in story.items()
            if isinstance(told, dict) and "body" in told
        ]
    return found


def true_pairs(articles: list[Sample]) -> set[Pair]:
    """All pairs of one item."""
    return {(one.id, other.id) for one, other in combinations(articles, 2) if one.story == other.story}


def fill(archive: Archive, articles: list[Sample]) -> dict[str, int]:
    """Store the articles; returns their numbers by id."""
    numbers = {}
    with archive.together():
        for sample in articles:
            capture = Capture(url=sample.url, body=sample.url.encode(), fetched_at=SEEN, source="live")
            stored = archive.store(capture, [record(sample)])
            numbers[sample.id] = stored.article_ids[0]
    return numbers


def record(sample: Sample) -> Article:
    """The article as reading would have given it."""
    return Article(
        url=sample.url,
        title=sample.title,
        lang=sample.lang,
        kind="press-release",
        blocks=tuple(Block(text=text) for text in sample.text.split("\n\n")),
        design="drupal9",
        reader_version="1",
        confidence=0.9,
        published=date.fromisoformat(sample.published) if sample.published else None,
        country=sample.country,
        contacts=tuple(_contact(text) for text in sample.contacts),
        translations=sample.translations,
        node_id=sample.node,
    )


def _contact(text: str) -> Contact:
    name, office, email, number = (part.strip() for part in text.split(" | "))
    return Contact(
        name=name or None,
        office=office or None,
        emails=(email,) if email else (),
        phones=(Phone(printed=number, e164=number.replace(" ", "")),) if number else (),
    )


def found_pairs(archive: Archive, articles: list[Sample], numbers: dict[str, int]) -> set[Pair]:
    """All pairs that the archive has in one story."""
    rows = archive.db.conn.execute("SELECT article_id, story_id FROM story_articles")
    story_of = dict(rows.fetchall())
    return {
        (one.id, other.id)
        for one, other in combinations(articles, 2)
        if numbers[one.id] in story_of and story_of[numbers[one.id]] == story_of.get(numbers[other.id])
    }
