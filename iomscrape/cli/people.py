"""``iomscrape people``: who speaks for which office, when, on what, with which numbers."""

from __future__ import annotations

from typing import Any

import click

from iomscrape.cli.output import console, counted, db_option, errors, print_table
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, say

_TABLE_WIDTH = 110  # on a narrower terminal a table of seven columns is harder to read than lines
_FEW = 3
"""So many people are told in full; more of them in a table, where the terminal is wide enough for one."""

_HOW = {
    "same": "the same name",
    "order": "the same words in another order",
    "initials": "initials that fit",
    "shorter": "a part of the name",
    "spelling": "a similar spelling",
    "script": "another script, and an address made of the name",
}


@click.command(short_help="Find people and offices: who speaks for whom, when, on what.")
@click.argument("query", metavar="[NAME]", nargs=-1)
@db_option
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
def command(query: tuple[str, ...], db: str, limit: int, as_json: bool) -> None:
    """Tell who speaks for which office, when, on what, with which numbers and addresses.

    NAME: words in name, role, office (beginnings are enough) or e-mail address, in any order; or a
    telephone number or a part of it. Without it, those who are named most often. Accents and capitals do
    not matter. Spellings of one person are put together only where an office, address or number agrees;
    why stands beside them.

    \b
    Examples:
      iomscrape people
      iomscrape people moreno
      iomscrape people Dili --limit 5
      iomscrape people 7230810 --json
    """
    with asked(db) as archive:
        rows = archive.people(" ".join(query) or None, limit=limit)
        as_table = console.is_terminal and console.width >= _TABLE_WIDTH and len(rows) > _FEW
        if as_json:
            click.echo(as_json_text(rows))
        elif not rows:
            errors.print("Nobody of that name, office, address or number is named.", soft_wrap=True)
        elif as_table:
            print_table(
                ("name", "office", "role", "phone", "e-mail", "articles", "first", "last"),
                [_cells(row) for row in rows],
            )
        for row in [] if as_json or as_table else rows:
            _say(row, in_full=len(rows) <= _FEW)


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    return (
        row["name"],
        "\n".join(office["office"] for office in reversed(row["offices"])),
        "\n".join(row["roles"]),
        "\n".join(row["phones"]),
        "\n".join(row["emails"]),
        row["articles"],
        row["first"],
        row["last"],
    )


def _say(row: dict[str, Any], *, in_full: bool) -> None:
    say(", ".join(filter(None, (row["name"], *row["roles"], row["office"]))) or "(no name)", "bold")
    say(facts(*row["phones"], *row["emails"]), indent=4)
    shown = ", ".join(str(article_id) for article_id in row["article_ids"][:10])
    number = counted(row["articles"], "article")
    say(facts(number, f"{row['first']} to {row['last']}", f"show {shown}"), indent=4)
    if in_full:
        _say_more(row)
    say()


def _say_more(row: dict[str, Any]) -> None:
    """Offices with their years, what was spoken on, and why spellings were put together."""
    if len(row["offices"]) > 1:
        for office in reversed(row["offices"]):
            span = f"{office['first']} to {office['last']}"
            say(f"{office['office']}: {counted(office['articles'], 'article')}, {span}", indent=4)
    on = [f"{name} {number}" for part in ("kinds", "themes") for name, number in row[part].items()]
    say(f"On: {', '.join(on)}", "dim", indent=4)
    for title in row["titles"]:
        say(facts(title["id"], title["published"], title["title"]), "dim", indent=8)
    if len(row["spellings"]) > 1:
        printed = [f"{spelling['name']} ({spelling['articles']})" for spelling in row["spellings"]]
        say(f"Printed: {', '.join(printed)}", "dim", indent=4)
    for step in row["evidence"]:
        both = step["one"] if step["one"] == step["other"] else f"{step['one']} = {step['other']}"
        agreed = ["the same office"] if step["same_office"] else []
        say(f"{both}: {', '.join([_HOW[step['how']], *agreed, *step['shared']])}", "dim", indent=8)
    if row["same_name"]:
        offices = ", ".join(office or "no office" for office in row["same_name"])
        say(f"Perhaps another person of that name: {offices}", "dim", indent=4)
