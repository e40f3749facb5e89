"""``iomscrape diff``: two versions of an article, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from iomscrape.cli.output import console, counted, db_option, safe
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, key_of, minute, no_article, say

if TYPE_CHECKING:
    from archive import Compared, Version
    from archive.difference import Changed, ChangedContact, Difference, Passage

# As in wdiff, for where there are no colours.
_PLAIN = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_STYLES = {"same": "", "removed": "red strike", "added": "green underline"}


@click.command(short_help="Compare two versions of an article, word by word.")
@click.argument("article", metavar="ID|URL")
@click.argument("versions", metavar="[A [B]]", nargs=-1)
@db_option
@click.option("--full", is_flag=True, help="Print the paragraphs that are the same, too.")
@json_option
def command(article: str, versions: tuple[str, ...], db: str, full: bool, as_json: bool) -> None:
    """Show what changed in an article: words, contacts, and everything else its page says.

    A and B are numbers of versions, as "history" prints them, or dates (2016, 2016-05, 2016-05-03):
    what the archive had last seen by then. Without them the last two versions are compared; with A alone,
    A and the latest. [-gone-] and {+new+} are red and green on a terminal.

    \b
    Examples:
      iomscrape diff 42
      iomscrape diff 42 1 3
      iomscrape diff https://www.iom.int/news/some-title 2016 2021-05 --json
    """
    if len(versions) > 2:  # A and B
        raise click.UsageError("Give at most two versions, A and B.")
    with asked(db) as archive:
        compared = archive.diff(key_of(article), *versions)
        if compared is None:
            raise no_article(article, db)
        if as_json:
            click.echo(as_json_text(compared.to_dict()))
        else:
            _show(compared, full=full)


def _show(compared: Compared, *, full: bool) -> None:
    say(compared.after.title, "bold")
    say(compared.url, "blue")
    for version in (compared.before, compared.after):
        say(_named(version), "dim")
    difference = compared.difference
    if not difference.changed:
        say()
        say("Nothing is different.")
    for change in difference.fields:
        say()
        _show_change(change)
    _show_text(difference, full=full)
    for contact in difference.contacts:
        say()
        _show_contact(contact)


def _named(version: Version) -> str:
    seen = f"seen {minute(version.first_seen)} to {minute(version.last_seen)}"
    return facts(f"version {version.number}", seen)


def _show_change(change: Changed, indent: int = 0) -> None:
    name = (f"{change.name}: ", "cyan")
    if change.pieces:
        say(Text.assemble(name, _text(change.pieces)), indent=indent)
        return
    before, after = _listed(change.before), _listed(change.after)
    gone = [item for item in before if item not in after]
    new = [item for item in after if item not in before]
    parts = [_marked("removed", item) for item in gone] + [_marked("added", item) for item in new]
    if not parts:
        parts = [Text("in another order")]
    say(Text.assemble(name, Text("  ").join(parts)), indent=indent)


def _show_text(difference: Difference, *, full: bool) -> None:
    skipped = 0
    for passage in difference.passages:
        if not full and all(piece.what == "same" for piece in passage):
            skipped += 1
            continue
        _show_skipped(skipped)
        skipped = 0
        say()
        say(_text(passage))
    if any(name == "text" for name in difference.changed):
        _show_skipped(skipped)
    for text, before, after in difference.roles:
        say()
        say(f"{before} became {after}: {text}")


def _show_skipped(number: int) -> None:
    if number:
        say()
        say(f"… {counted(number, 'paragraph')} as before …", "dim")


def _show_contact(contact: ChangedContact) -> None:
    shown = contact.after or contact.before or {}
    named = ", ".join(filter(None, (shown["name"], shown["role"], shown["office"]))) or "(no name)"
    if contact.before and contact.after:
        say(Text.assemble(("contact: ", "cyan"), safe(named)))
        for change in contact.fields:
            _show_change(change, indent=4)
        return
    what = "added" if contact.after else "removed"
    numbers = [phone["e164"] or phone["printed"] for phone in shown["phones"]]
    line = facts(named, *numbers, *shown["emails"], *shown["other"])
    say(Text.assemble(("contact: ", "cyan"), _marked(what, line)))


def _listed(value: Any) -> list[str]:
    """A value that is no text, item by item, in words."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [f"{name} {part}" for name, part in value.items()]
    if isinstance(value, list):
        return [
            facts(*(item.values() if "printed" not in item else [item["e164"] or item["printed"]]))
            if isinstance(item, dict)
            else str(item)
            for item in value
        ]
    return [str(value)]


def _text(passage: Passage) -> Text:
    return Text.assemble(*(_marked(piece.what, piece.text) for piece in passage))


def _marked(what: str, text: str) -> Text:
    if console.is_terminal:
        return Text(safe(text), style=_STYLES[what])
    start, end = _PLAIN[what]
    return Text(f"{start}{safe(text)}{end}")
