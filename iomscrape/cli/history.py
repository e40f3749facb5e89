"""``iomscrape history``: what an article said over time, and when it was seen changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import counted, db_option
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, key_of, minute, no_article, say

if TYPE_CHECKING:
    from archive import Version


@click.command(short_help="List the versions of an article and what changed.")
@click.argument("article", metavar="ID|URL")
@db_option
@json_option
def command(article: str, db: str, as_json: bool) -> None:
    """List the versions of an article, oldest first, with what changed from one to the next.

    A version is what the article said from one capture on until it was seen changed; the change itself
    happened at some time between two captures. "diff" shows it word by word.

    \b
    Examples:
      iomscrape history 42
      iomscrape history https://www.iom.int/news/some-title --json
    """
    with asked(db) as archive:
        versions = archive.history(key_of(article))
        if not versions:
            raise no_article(article, db)
        if as_json:
            click.echo(as_json_text([version.to_dict() for version in versions]))
            return
        for version in versions:
            _show(version)


def _show(version: Version) -> None:
    say(facts(f"{version.number}", version.title), "bold")
    seen = f"seen {minute(version.first_seen)} to {minute(version.last_seen)}"
    say(facts(seen, counted(version.captures, "capture")), "dim", indent=4)
    if version.number > 1:
        amount = [f"{counted(version.added_words, 'word')} new"] if version.added_words else []
        amount += [f"{counted(version.removed_words, 'word')} gone"] if version.removed_words else []
        say(facts(f"changed: {', '.join(version.changed)}", *amount), indent=4)
