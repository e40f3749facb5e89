"""``iomscrape read``: one page, read and shown, without any archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import WRONG_USE, Failure, console, print_json, safe

if TYPE_CHECKING:
    from iomscrape.records import Article, Contact


@click.command(
    epilog="""\b
Examples:
  iomscrape read page.html
  iomscrape read dump.txt --json
  curl -s https://www.iom.int/news/slug | iomscrape read - --url https://www.iom.int/news/slug"""
)
@click.argument("file", metavar="FILE|-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--url", metavar="URL", help="The page's address, where the page does not say.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the record as JSON (a list where the page holds several)."
)
def command(file: Path, url: str | None, as_json: bool) -> None:
    """Read one page and print its record: a saved page or a text dump, - for stdin."""
    from iomscrape import UnreadablePage, extract_all

    raw = page_bytes(file)
    try:
        articles = extract_all(raw, url=url)
    except UnreadablePage as error:
        raise Failure(f"{page_name(file)} cannot be read: {error.detail} ({error.reason})") from None
    if as_json:
        records = [article.to_dict() for article in articles]
        print_json(records[0] if len(records) == 1 else records)
        return
    for number, article in enumerate(articles):
        if number:
            console.rule()
        _show(article)


def page_bytes(file: Path) -> bytes:
    """The bytes of a file, or of stdin for ``-``; a Failure that says what to do where there are none."""
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except IsADirectoryError:
        raise Failure(f"{file} is a folder; use `iomscrape import {file}` for folders", WRONG_USE) from None
    except OSError as error:
        raise Failure(f"{file} cannot be opened: {error.strerror or error}", WRONG_USE) from None


def page_name(file: Path) -> str:
    """What to call the file in a message."""
    return "stdin" if str(file) == "-" else str(file)


def _show(article: Article) -> None:
    """Title, what is known about the article, its text, contacts, repairs and warnings."""
    console.print(safe(article.title), style="bold", soft_wrap=True)
    if article.subtitle:
        console.print(safe(article.subtitle), soft_wrap=True)
    console.print()
    for label, value in _facts(article):
        console.print(safe(f"{label:<11}{value}"), soft_wrap=True)
    for block in article.blocks:
        mark = {"list-item": "- ", "quote": "> ", "heading": "# "}.get(block.role.value, "")
        console.print()
        console.print(
            safe(f"{mark}{block.text}"), style="bold" if block.role.value == "heading" else "", soft_wrap=True
        )
    if article.contacts:
        console.print("\nContacts", style="bold")
        for contact in article.contacts:
            console.print(safe(f"- {_contact(contact)}"), soft_wrap=True)
    if article.repairs:
        console.print("\nRepairs", style="bold")
        for repair in article.repairs:
            console.print(
                safe(f"- {repair.kind} ({repair.where}): {repair.before!r} -> {repair.after!r}"),
                soft_wrap=True,
            )
    for warning in article.warnings:
        console.print(safe(f"\nWarning: {warning}"), soft_wrap=True)


def _facts(article: Article) -> list[tuple[str, str]]:
    published = article.published.isoformat() if article.published else article.published_printed
    design = f"{article.design}, confidence {article.confidence:.2f}"
    facts = {
        "address": article.url,
        "published": published,
        "language": article.lang,
        "kind": article.kind,
        "dateline": article.dateline,
        "country": article.country,
        "region": article.region,
        "themes": ", ".join(article.themes),
        "design": design,
    }
    return [(label, value) for label, value in facts.items() if value]


def _contact(contact: Contact) -> str:
    numbers = [
        f"{phone.kind} {phone.printed}"
        + (f" = {phone.e164}" if phone.e164 else "")
        + (f" ext. {phone.extension}" if phone.extension else "")
        for phone in contact.phones
    ]
    named = [part for part in (contact.name, contact.role, contact.office) if part]
    return "; ".join([", ".join(named) or "(no name)", *numbers, *contact.emails, *contact.other])
