"""The body of a story's page: paragraphs, datelines, lines broken by hand, and the contact block with its wounds."""

from __future__ import annotations

import textwrap
from html import escape
from itertools import groupby

from iomscrape.demo.furniture import Furniture
from iomscrape.demo.stories import Block, Person, Story, Text
from iomscrape.demo.wounds import mail_link

LINE = 66
"""Columns of a line broken by hand."""

DATELINES_WITH_DAY = 2021
"""From this year on datelines carry the day beside the place."""


def print_body(story: Story, text: Text, words: Furniture) -> str:
    """All blocks of a story as HTML, the first one opened by the dateline."""
    opening = _opening(story, text, words)
    blocks = [Block(element=text.blocks[0].element, text=opening + text.blocks[0].text), *text.blocks[1:]]
    parts = []
    for element, group in groupby(blocks, key=lambda block: block.element):
        printed = [_block(block, hard_breaks=story.hard_breaks) for block in group]
        parts.extend(["<ul>" + "".join(printed) + "</ul>"] if element == "li" else printed)
    return "\n".join(parts)


def print_contacts(story: Story, text: Text, words: Furniture) -> str:
    """The contact block: a line for each thing in old texts, a line for each person in newer ones."""
    if not text.people:
        return ""
    between = "<br />\n" if story.hard_breaks else ", "
    people = [between.join(_things(person, words)) for person in text.people]
    return "<p>" + "<br />\n".join([escape(words.press, quote=False), *people]) + "</p>"


def _opening(story: Story, text: Text, words: Furniture) -> str:
    if not text.dateline or story.hard_breaks:
        return ""
    if story.day.year < DATELINES_WITH_DAY:
        return f"{text.dateline} – "
    return f"{text.dateline}, {words.print_day(story.day)} – "


def _block(block: Block, *, hard_breaks: bool) -> str:
    text = textwrap.fill(block.text, LINE, break_on_hyphens=False) if hard_breaks else block.text
    printed = escape(text, quote=False)
    if block.element == "blockquote":
        return f"<blockquote><p>{printed}</p></blockquote>"
    return f"<{block.element}>{printed}</{block.element}>"


def _things(person: Person, words: Furniture) -> list[str]:
    things = [person.name, person.role, person.office]
    if person.phone:
        things.append(f"{words.phone}: {person.phone}")
    things.append(f"{words.mail}: {mail_link(person.mail, person.wound)}")
    return [thing for thing in things if thing]
