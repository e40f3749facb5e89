"""The stories of the sample sites, read from ``articles/*.toml`` into plain records.

Every person, project and number in them is invented; places are real.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

SECTIONS = {
    "press-release": "news",
    "briefing-note": "news",
    "local-news": "news",
    "statement": "statements",
    "feature": "stories",
}
"""Kind of a story -> the first part of its path."""

MARKS = {"## ": "h3", "- ": "li", "> ": "blockquote"}
"""How a paragraph of a TOML body starts -> the element it becomes; all others are ``p``."""

PAGE_TRAITS = {
    "slow": "answers after a second",
    "heals": "answers 500 once in each crawl, then as it should",
    "windows-1252": "is sent in windows-1252, said in the Content-Type header alone",
}
"""What may be peculiar about the page of a story in one language -> what that means."""

STORY_TRAITS = {
    "listing-only": "is missing from the sitemap",
    "sitemap-only": "is missing from the lists and the feed",
    "sitemap-by-number": "stands in the sitemap as /node/NUMBER, which redirects",
    "listed-by-entry": "stands in the lists under an address of the site before Drupal, which redirects",
}
"""What may be peculiar about a story in all its languages -> what that means."""

HARD_BREAKS_BEFORE = date(2013, 1, 1)
"""Older texts came from mails: their lines are broken by hand inside the paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading, list item or quote: its element and its text."""

    element: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the press may ask; ``wound`` names what is wrong with the mail link (see ``wounds.py``)."""

    name: str
    role: str | None
    office: str
    phone: str | None
    mail: str
    wound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a page said before it was changed, and when somebody kept it."""

    seen: datetime
    title: str | None
    """Its title then, where that was another one."""
    swaps: tuple[tuple[str, str], ...]
    """What stands in the body now, and what stood there then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A story in one language."""

    lang: str
    slug: str
    title: str
    subtitle: str | None
    dateline: str | None
    blocks: tuple[Block, ...]
    caption: str | None
    people: tuple[Person, ...]
    traits: frozenset[str]
    """Of ``PAGE_TRAITS``."""
    changed: datetime | None = None
    """When it was edited after its publication, in UTC."""
    before: tuple[Before, ...] = ()

    def as_of(self, before: Before) -> Text:
        """The text as it was then. ValueError where a swap is not to be found in it."""
        blocks = self.blocks
        for now, then in before.swaps:
            if not any(now in block.text for block in blocks):
                raise ValueError(f"{self.slug} does not say {now!r}")
            blocks = tuple(replace(block, text=block.text.replace(now, then)) for block in blocks)
        return replace(self, title=before.title or self.title, blocks=blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story with all its languages; ``node`` is its number on the site, the same in all of them."""

    node: int
    site: str
    kind: str
    day: date
    country: str | None
    """ISO 3166-1 alpha-2; its name is the last of the tags."""
    tags: tuple[str, ...]
    goals: tuple[int, ...]
    traits: frozenset[str]
    """Of ``STORY_TRAITS``."""
    texts: dict[str, Text]

    @property
    def section(self) -> str:
        """``news``, ``statements`` or ``stories``."""
        return SECTIONS[self.kind]

    @property
    def hard_breaks(self) -> bool:
        """Whether its lines are broken by hand and its contacts stand on a line for each thing."""
        return self.day < HARD_BREAKS_BEFORE

    def modified(self, lang: str) -> datetime:
        """When the page last changed, in UTC: noon of its day unless it was edited."""
        return self.texts[lang].changed or datetime.combine(self.day, time(12), UTC)

    def path(self, lang: str, first: str) -> str:
        """The address of its page in ``lang`` on a site whose first language is ``first``."""
        prefix = "" if lang == first else f"/{lang}"
        return f"{prefix}/{self.section}/{self.texts[lang].slug}"


@cache
def load(site: str) -> tuple[Story, ...]:
    """The stories of ``headquarters`` or ``office``, newest first."""
    folder = files("iomscrape.demo") / "articles"
    entries = [
        _story(tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    chosen = [story for story in entries if story.site == site]
    return tuple(sorted(chosen, key=lambda story: (story.day, story.node), reverse=True))


def _story(table: dict[str, Any]) -> Story:
    langs = {key: value for key, value in table.items() if isinstance(value, dict)}
    return Story(
        node=table["node"],
        site=table["site"],
        kind=table["kind"],
        day=table["day"],
        country=table.get("country"),
        tags=tuple(table["tags"]),
        goals=tuple(table.get("goals", ())),
        traits=frozenset(table.get("traits", ())),
        texts={lang: _text(lang, value, table.get("contact", [])) for lang, value in langs.items()},
    )


def _text(lang: str, table: dict[str, Any], contacts: list[dict[str, Any]]) -> Text:
    return Text(
        lang=lang,
        slug=table["slug"],
        title=table["title"],
        subtitle=table.get("subtitle"),
        dateline=table.get("dateline"),
        blocks=read_blocks(table["body"]),
        caption=table.get("caption"),
        people=tuple(_person(lang, contact) for contact in contacts),
        traits=frozenset(table.get("traits", ())),
        before=tuple(_before(entry) for entry in table.get("before", [])),
    )


def _before(table: dict[str, Any]) -> Before:
    swaps = tuple((now, then) for now, then in table.get("swaps", []))
    return Before(seen=table["seen"], title=table.get("title"), swaps=swaps)


def read_blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a TOML body: apart by empty lines, marked by how they start (``MARKS``)."""
    blocks = []
    for chunk in re.split(r"\n\s*\n", body.strip()):
        text = " ".join(chunk.split())
        mark = next((mark for mark in MARKS if text.startswith(mark)), "")
        blocks.append(Block(element=MARKS.get(mark, "p"), text=text.removeprefix(mark)))
    return tuple(blocks)


def _person(lang: str, contact: dict[str, Any]) -> Person:
    return Person(
        name=contact["name"],
        role=contact.get("role", {}).get(lang),
        office=contact["office"][lang],
        phone=contact.get("phone"),
        mail=contact["mail"],
        wound=contact.get("wound", "none"),
    )
