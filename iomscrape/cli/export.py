"""``iomscrape export``: articles as CSV for spreadsheets, or as JSON lines for programs."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from iomscrape.cli.output import STORAGE, WRONG_USE, Failure, db_option, errors, safe
from iomscrape.cli.questions import as_json_text, asked, filter_options

# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_CONTACT_COLUMNS = ("contacts", "emails", "phones", "repairs")
_COLUMNS = (
    *("id", "url", "site", "lang", "kind", "title", "subtitle", "published", "published_printed", "updated"),
    *("dateline", "country", "region", "themes", "text", "documents", "images", "translations"),
    *_CONTACT_COLUMNS,
    *("node_id", "first_seen", "last_seen", "design", "reader_version", "confidence", "warnings"),
)


@click.command(short_help="Write articles as CSV or JSON lines.")
@db_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="csv: one row an article, lists joined by '; '. jsonl: the full records, one a line.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Write to FILE instead of stdout; nothing half-written is left if it fails.",
)
@click.option("--force", is_flag=True, help="Write over an existing FILE.")
@click.option("--query", metavar="WORDS", help="Only articles that 'search WORDS' would find.")
@filter_options
@click.option("--without-contacts", is_flag=True, help="Leave out contacts, e-mails, phones and repairs.")
def command(
    db: str,
    form: str,
    output: Path | None,
    force: bool,
    query: str | None,
    without_contacts: bool,
    **filters: str | None,
) -> None:
    """Write articles to a file or to stdout, all of them or those that pass the filters.

    In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.

    \b
    Examples:
      iomscrape export > articles.csv
      iomscrape export --format jsonl --lang fr --since 2016 -o french.jsonl
      iomscrape export --query "border clinic" --without-contacts -o clinics.csv --force
    """
    with asked(db) as archive:
        records: Iterator[dict[str, Any]] = archive.export(query, **filters)
        if without_contacts:
            records = (_without_contacts(record) for record in records)
        columns = [name for name in _COLUMNS if not (without_contacts and name in _CONTACT_COLUMNS)]
        with _opened(output, force) as stream:
            guard = stream.isatty()
            write = _write_jsonl if form == "jsonl" else _write_csv
            number = write(stream, records, columns, guard)
    if output is not None and str(output) != "-":
        errors.print(f"{number} articles written to {output}", soft_wrap=True)
    elif not number:
        errors.print("No article passes the filters.", soft_wrap=True)


def _write_jsonl(
    stream: IO[str],
    records: Iterable[dict[str, Any]],
    columns: list[str],  # noqa: ARG001  # a record says itself what it holds
    guard: bool,
) -> int:
    number = 0
    for record in records:
        line = as_json_text(record, indent=None) if guard else json.dumps(record, ensure_ascii=False)
        stream.write(line + "\n")
        number += 1
    return number


def _write_csv(stream: IO[str], records: Iterable[dict[str, Any]], columns: list[str], guard: bool) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    number = 0
    for record in records:
        cells = _cells(record)
        row = [_cell(cells[name]) for name in columns]
        writer.writerow([safe(cell) for cell in row] if guard else row)
        number += 1
    return number


def _cells(record: dict[str, Any]) -> dict[str, Any]:
    contacts = record.get("contacts", [])
    return record | {
        "text": "\n\n".join(record["paragraphs"]),
        "themes": "; ".join(record["themes"]),
        "documents": "; ".join(document["url"] for document in record["documents"]),
        "images": "; ".join(image["url"] for image in record["images"]),
        "translations": "; ".join(f"{lang} {url}" for lang, url in record["translations"].items()),
        "contacts": "; ".join(_contact(contact) for contact in contacts),
        "emails": "; ".join(address for contact in contacts for address in contact["emails"]),
        "phones": "; ".join(
            phone["e164"] or phone["printed"] for contact in contacts for phone in contact["phones"]
        ),
        "repairs": "; ".join(f"{repair['kind']}: {repair['after']}" for repair in record.get("repairs", [])),
        "warnings": "; ".join(record["warnings"]),
    }


def _contact(contact: dict[str, Any]) -> str:
    return ", ".join(filter(None, (contact["name"], contact["role"], contact["office"])))


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _without_contacts(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in _CONTACT_COLUMNS}


@contextmanager
def _opened(output: Path | None, force: bool) -> Iterator[IO[str]]:
    """Stdout, or a file that gets its name only when all of it is written."""
    if output is None or str(output) == "-":
        yield sys.stdout
        return
    if output.exists() and not force:
        raise Failure(
            f"{output} exists already; choose another name, or write over it with --force.", WRONG_USE
        )
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(output)
    except OSError as error:
        raise Failure(
            f"{output} cannot be written: {error.strerror or error}; choose another place with -o.", STORAGE
        ) from error
    finally:
        part.unlink(missing_ok=True)
