"""``iomscrape stories``: which articles are one item, at several addresses or in several languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from iomscrape.cli.output import (
    NOTHING,
    STOPPED,
    WRONG_USE,
    Failure,
    archive_errors,
    console,
    counted,
    db_option,
    errors,
    safe,
)
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, say

if TYPE_CHECKING:
    from archive.stories.build import Watch


@click.command(short_help="Find articles that are one item: copies and translations.")
@click.argument("article", metavar="[ID|URL]", required=False)
@db_option
@click.option("--list", "listed", metavar="N", type=click.IntRange(min=1), help="List the latest N stories.")
@click.option("--again", is_flag=True, help="Compare all articles anew, not only what is new or has changed.")
@json_option
def command(article: str | None, db: str, listed: int | None, again: bool, as_json: bool) -> None:
    """Find articles that are one item: the same text at several addresses, and its translations.

    Without an argument, what is new or has changed is compared with the rest, and the stories are brought
    up to date. With an article, its story is shown: each copy and translation, and why it was taken for one.

    \b
    Examples:
      iomscrape stories
      iomscrape stories --list 10
      iomscrape stories https://www.iom.int/news/some-title
      iomscrape stories 42 --json
    """
    if (article is not None) + (listed is not None) + again > 1:
        raise Failure("give only one of: an article, --list, --again", WRONG_USE)
    if article is not None:
        _show(article, db, as_json=as_json)
    elif listed is not None:
        _list(listed, db, as_json=as_json)
    else:
        _build(db, again=again, as_json=as_json)


def _build(db: str, *, again: bool, as_json: bool) -> None:
    from archive import Archive

    with archive_errors(), Archive.open(db, create=False) as archive:
        try:
            with _progress() as watch:
                built = archive.build_stories(again=again, watch=watch)
        except KeyboardInterrupt:
            raise Failure("Stopped; the same command goes on from here.", STOPPED) from None
    if as_json:
        click.echo(as_json_text(asdict(built)))
    else:
        line = (
            f"{counted(built.compared, 'article')} compared: {counted(built.articles, 'article')} in "
            f"{built.stories} {'story' if built.stories == 1 else 'stories'}, {counted(built.links, 'link')} -> {db}"
        )
        console.print(safe(line), soft_wrap=True)


@contextmanager
def _progress() -> Iterator[Watch]:
    """A bar for each of the passes, on a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    tasks = {
        word: bar.add_task(word, total=None, visible=False) for word in ("looking", "comparing", "grouping")
    }
    with bar:
        yield lambda word, done, total: bar.update(tasks[word], completed=done, total=total, visible=True)


def _list(number: int, db: str, *, as_json: bool) -> None:
    with asked(db) as archive:
        rows = archive.stories(limit=number)
        if as_json:
            click.echo(as_json_text(rows))
        elif not rows:
            errors.print("There are no stories yet; 'iomscrape stories' finds them.", soft_wrap=True)
        for row in [] if as_json else rows:
            say(facts(row["article_id"], row["title"]), "bold")
            number_of = counted(row["articles"], "article")
            say(facts((row["published"] or "")[:10], number_of, ", ".join(row["languages"])), "dim", indent=4)
            say(facts(*row["sites"]), "dim", indent=4)


def _show(article: str, db: str, *, as_json: bool) -> None:
    key = int(article) if article.isdecimal() and article.isascii() else article
    with asked(db) as archive:
        if archive.article(key) is None:
            raise Failure(
                f"There is no article {article} in {db}; find one with 'iomscrape search WORDS'.", NOTHING
            )
        story = archive.story(key)
        if as_json:
            click.echo(as_json_text(story))
        elif story is None:
            errors.print(
                "It stands alone: no copy and no translation of it was found. "
                "'iomscrape stories' compares what is new.",
                soft_wrap=True,
            )
        else:
            show_story(story)
            for link in story["links"]:
                _say_link(link)


def show_story(story: dict[str, Any]) -> None:
    """Print the articles of a story, one line and an address each."""
    for row in story["articles"]:
        say(facts(row["id"], row["relation"], row["lang"], (row["published"] or "")[:10], row["title"]))
        say(row["url"], "blue", indent=4)


def _say_link(link: dict[str, Any]) -> None:
    doubt = "" if link["used"] else "not used: another link is surer"
    say()
    say(facts(f"{link['article_id']} and {link['other_id']}", link["reason"], f"{link['score']:.2f}", doubt))
    for name, value in link["evidence"].items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if shown not in ("", None, False, 0):
            say(f"{name.replace('_', ' ')}: {shown}", "dim", indent=4)
