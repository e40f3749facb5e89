"""``iomscrape similar``: articles like one."""

from __future__ import annotations

import click

from iomscrape.cli.output import NOTHING, Failure, db_option, errors
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, say


@click.command(short_help="Find articles like one.")
@click.argument("article", metavar="ID|URL")
@db_option
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=10, show_default=True)
@json_option
def command(article: str, db: str, limit: int, as_json: bool) -> None:
    """Find articles that share the most telling words of one, best first.

    Telling are words that stand often in it and seldom in others. Its own copies and translations are left
    out; 'iomscrape stories' shows those.

    \b
    Examples:
      iomscrape similar 42
      iomscrape similar https://www.iom.int/news/some-title --limit 5
      iomscrape similar 42 --json
    """
    key = int(article) if article.isdecimal() and article.isascii() else article
    with asked(db) as archive:
        rows = archive.similar(key, limit=limit)
        if rows is None:
            raise Failure(
                f"There is no article {article} in {db}; find one with 'iomscrape search WORDS'.", NOTHING
            )
        if as_json:
            click.echo(as_json_text(rows))
        elif not rows:
            errors.print("No other article has its telling words.", soft_wrap=True)
        for row in [] if as_json else rows:
            say(facts(row["id"], row["title"]), "bold")
            day = (row["published"] or "")[:10]
            say(facts(day, row["kind"], row["lang"], row["country"], row["site"]), "dim", indent=4)
            say(f"Both have: {', '.join(row['words'])}", indent=4)
            say(row["url"], "blue", indent=4)
            say()
