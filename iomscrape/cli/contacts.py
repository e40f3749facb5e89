"""``iomscrape contacts``: people and offices over all articles."""

from __future__ import annotations

from typing import Any

import click

from iomscrape.cli.output import console, db_option, errors, print_table
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, say

_TABLE_WIDTH = 110  # on a narrower terminal a table of eight columns is harder to read than lines


@click.command(short_help="Find people and offices that articles name as contacts.")
@click.argument("query", nargs=-1)
@db_option
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
def command(query: tuple[str, ...], db: str, limit: int, as_json: bool) -> None:
    """List people and offices that articles name for questions, those named most often first.

    QUERY: words in name, role, office or e-mail address, in any order; or a telephone number or a part
    of it. Accents and capitals do not matter.

    \b
    Examples:
      iomscrape contacts
      iomscrape contacts Dili
      iomscrape contacts 7230810 --json
    """
    with asked(db) as archive:
        as_table = console.is_terminal and console.width >= _TABLE_WIDTH
        rows = archive.contacts(" ".join(query) or None, limit=limit)
        if as_json:
            click.echo(as_json_text(rows))
        elif not rows:
            errors.print("No such contact.", soft_wrap=True)
        elif as_table:
            print_table(
                ("name", "role", "office", "phone", "e-mail", "articles", "first", "last"),
                [_cells(row) for row in rows],
            )
        for row in [] if as_json or as_table else rows:
            _say(row)


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    return (
        row["name"],
        "\n".join(row["roles"]),
        row["office"],
        "\n".join(row["phones"]),
        "\n".join(row["emails"]),
        row["articles"],
        row["first"],
        row["last"],
    )


def _say(row: dict[str, Any]) -> None:
    say(", ".join(filter(None, (row["name"], *row["roles"], row["office"]))) or "(no name)")
    say(facts(*row["phones"], *row["emails"]), indent=4)
    number = f"{row['articles']} article{'' if row['articles'] == 1 else 's'}"
    shown = ", ".join(str(article_id) for article_id in row["article_ids"][:10])
    say(facts(number, f"{row['first']} to {row['last']}", f"show {shown}"), indent=4)
    say()
