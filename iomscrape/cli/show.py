"""``iomscrape show``: one article with all that is known of it."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from iomscrape.cli.output import NOTHING, Failure, db_option, safe
from iomscrape.cli.questions import as_json_text, asked, facts, json_option, key_of, minute, no_article, say


@click.command(short_help="Print one article with all that is known of it.")
@click.argument("article", metavar="ID|URL")
@db_option
@click.option("--as-of", metavar="DATE", help="As it was at that time: 2016, 2016-05, 2016-05-03.")
@click.option("--contacts", "only_contacts", is_flag=True, help="Print the contacts only.")
@json_option
def command(article: str, db: str, as_of: str | None, only_contacts: bool, as_json: bool) -> None:
    """Print one article: text, contacts, repairs, captures and versions.

    ID is the number that search prints; URL any address the article was seen under, with or without
    https:// and www. With --as-of it is what the archive had last seen of it by then, to the end of the
    day, month or year.

    \b
    Examples:
      iomscrape show 42
      iomscrape show https://www.iom.int/news/some-title --contacts
      iomscrape show 42 --as-of 2016-05-01
      iomscrape show 42 --json
    """
    with asked(db) as archive:
        record = archive.article(key_of(article))
        if record is None:
            raise no_article(article, db)
        if as_of is not None:
            first_seen = record["first_seen"]
            record = archive.as_of(record["id"], as_of)
            if record is None:
                raise Failure(
                    f"Article {article} was first seen on {first_seen[:10]}; what it said on {as_of} is not "
                    "known.",
                    NOTHING,
                )
        if as_json:
            click.echo(as_json_text(record["contacts"] if only_contacts else record))
        elif only_contacts:
            _show_contacts(record)
        else:
            _show_article(record)
            _show_contacts(record)
            if as_of is not None:
                _show_version(record)
                return
            _show_story(record)
            _show_history(record)


def _show_article(record: dict[str, Any]) -> None:
    say(record["title"], "bold")
    if record["subtitle"]:
        say(record["subtitle"], "italic")
    say(
        facts(record["published"], record["kind"], record["lang"], record["country"], record["region"]), "dim"
    )
    say(record["url"], "blue")
    if record["dateline"]:
        say(f"Dateline: {record['dateline']}", "dim")
    if record["themes"]:
        say(f"Themes: {', '.join(record['themes'])}", "dim")
    for block in record["blocks"]:
        say()
        if block["role"] == "heading":
            say(block["text"], "bold")
        else:
            say({"list-item": "• ", "quote": "“ "}.get(block["role"], "") + block["text"])
    for document in record["documents"]:
        say()
        say(f"Document: {facts(document['text'], document['url'])}", "blue")


def _show_contacts(record: dict[str, Any]) -> None:
    _heading("Contacts", record["contacts"])
    for contact in record["contacts"]:
        say(", ".join(filter(None, (contact["name"], contact["role"], contact["office"]))) or "(no name)")
        for phone in contact["phones"]:
            extension = f"ext. {phone['extension']}" if phone["extension"] else ""
            doubt = "" if phone["valid"] else "not in today's numbering plan"
            printed = f"as printed {phone['printed']}" if phone["e164"] else ""
            say(
                facts(f"{phone['kind']} {phone['e164'] or phone['printed']}", extension, printed, doubt),
                indent=4,
            )
        for address in (*contact["emails"], *contact["other"]):
            say(address, indent=4)


def _show_story(record: dict[str, Any]) -> None:
    others = [row for row in (record["story"] or {"articles": []})["articles"] if row["id"] != record["id"]]
    _heading("The same item", others)
    for row in others:
        say(facts(row["id"], row["relation"], row["lang"], row["site"], row["title"]))
    if others:
        say(f"Why: iomscrape stories {record['id']}", "dim")


def _show_history(record: dict[str, Any]) -> None:
    _heading("Repairs", record["repairs"])
    for repair in record["repairs"]:
        change = f"{repair['before']} → {repair['after']}"
        say(f"{repair['kind']} ({repair['where']}): {' '.join(change.split())}")
    _heading("Versions", record["versions"] if len(record["versions"]) > 1 else [])
    for version in record["versions"] if len(record["versions"]) > 1 else []:
        seen = f"{minute(version['first_seen'])} to {minute(version['last_seen'])}"
        say(facts(f"{version['number']}", seen, version["title"]))
    _heading("Captures", record["captures"])
    for capture in record["captures"]:
        raw = (
            f"{capture['warc_file']} at {capture['warc_offset']}"
            if capture["warc_file"]
            else capture["origin"]
        )
        status = capture["status"] or ""
        say(facts(minute(capture["fetched_at"]), capture["source"], status, capture["outcome"], raw), "dim")
    say()
    seen = f"Seen {minute(record['first_seen'])} to {minute(record['last_seen'])}"
    say(facts(seen, f"design {record['design']}", f"confidence {record['confidence']:.2f}"), "dim")
    for warning in record["warnings"]:
        say(f"Warning: {warning}", "yellow")


def _show_version(record: dict[str, Any]) -> None:
    version = record["version"]
    say()
    seen = f"seen {minute(version['first_seen'])} to {minute(version['last_seen'])}"
    say(facts(f"Version {version['number']} of {record['versions']}", seen), "dim")
    if version["next_seen"]:
        say(f"Seen changed on {minute(version['next_seen'])}", "dim")


def _heading(title: str, items: list[Any]) -> None:
    if items:
        say()
        say(Text(safe(title), style="bold underline"))
