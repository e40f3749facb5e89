"""Golden pages: saved pages beside the records that a careful human would write of them.

``tests/pages/DESIGN/NAME.html`` (``.txt`` for a text dump) is a page, ``NAME.json`` its record: what
:meth:`iomscrape.Article.to_dict` gives, without ``reader_version``; a list of records where the page
holds several articles. The page is read with the address that a browser wrote into it
(``<!-- saved from url=(0034)https://… -->``), else with the one of its record.

As a program it shows how the reader's record differs from the one that is kept, and writes it::

    python -m tests.golden tests/pages/drupal9/arabic.html            # differences
    python -m tests.golden tests/pages/drupal9/arabic.html --write    # take the reader's record

Exit codes: 0 nothing differs, or it was written; 1 something differs; 2 a page cannot be read.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from iomscrape import UnreadablePage, extract_all

PAGES = Path(__file__).parent / "pages"
SUFFIXES = (".html", ".txt")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{4}\)(\S+)\s*-->")

Record = dict[str, Any]


def pages() -> list[Path]:
    """Every golden page, sorted."""
    return sorted(path for path in PAGES.rglob("*") if path.suffix in SUFFIXES)


def name(page: Path) -> str:
    """``drupal9/arabic.html``: how a page is called in tests and messages."""
    return page.resolve().relative_to(PAGES.resolve()).as_posix()


def record_path(page: Path) -> Path:
    """Where the record of a page lies."""
    return page.with_suffix(".json")


def kept(page: Path) -> list[Record]:
    """The records that are kept of a page; none where it is new."""
    path = record_path(page)
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    return found if isinstance(found, list) else [found]


def address(page: Path) -> str | None:
    """The address that a page is read with: what the browser wrote into it, else its record's."""
    saved = _SAVED_FROM.search(page.read_bytes(), 0, 2000)
    if saved:
        return saved.group(1).decode("ascii")
    records = kept(page)
    return records[0]["url"] or None if records else None


def read(page: Path, url: str | None = None) -> list[Record]:
    """The records that the reader makes of a page today.

    Raises :class:`~iomscrape.UnreadablePage` where it makes none.
    """
    articles = extract_all(page.read_bytes(), url=url or address(page))
    return [_without_version(article.to_dict()) for article in articles]


def _without_version(record: Record) -> Record:
    record.pop("reader_version")
    return record


def decoded(page: Path) -> str:
    """The source of a page, the way its author wrote it; the Jahia site's is Windows-1252."""
    return page.read_bytes().decode("cp1252" if page.parent.name == "jahia" else "utf-8")


def texts(value: Any) -> Iterator[str]:
    """Every string of a record, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def differences(old: list[Record], new: list[Record]) -> list[str]:
    """What a person needs to see of how ``new`` differs from ``old``, field by field; empty if nothing does."""
    if len(old) != len(new):
        titles = "\n".join(f"    {record['title']}" for record in new)
        return [f"{len(new)} articles instead of {len(old)}:\n{titles}"]
    found = []
    for number, (before, after) in enumerate(zip(old, new, strict=True)):
        where = f"article {number + 1}, " if len(old) > 1 else ""
        for field in dict.fromkeys((*before, *after)):
            if field == "blocks" and before.get("paragraphs") != after.get("paragraphs"):
                continue  # the same texts again, with their roles
            lines = list(_field(before.get(field), after.get(field), field))
            if lines:
                found.append(f"{where}{field}\n" + "\n".join(lines))
    return found


CONFIDENCE = 0.1
"""How far the confidence may move: it is a measure of the reader's own, not a statement of the page."""


def _field(before: Any, after: Any, field: str) -> Iterator[str]:
    if field == "confidence" and isinstance(before, float) and isinstance(after, float):
        if abs(before - after) > CONFIDENCE:
            yield from (f"  - {before}", f"  + {after}")
    elif before != after:
        for line in difflib.ndiff(_lines(before), _lines(after)):
            if line.startswith(("- ", "+ ")):
                yield f"  {line.rstrip()}"


def _lines(value: Any) -> list[str]:
    """One line for each item of a list, so that a difference points at the one that differs."""
    items = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items]


def write(page: Path, records: list[Record]) -> None:
    """Keep these records as the page's."""
    content = records[0] if len(records) == 1 else records
    text = json.dumps(content, ensure_ascii=False, indent=1)
    record_path(page).write_text(text + "\n", encoding="utf-8")


@click.command()
@click.argument(
    "files",
    metavar="PAGE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--url", help="The page's address, where the page itself does not say.")
@click.option(
    "--write", "writing", is_flag=True, help="Keep what the reader says. Read every line of it first."
)
def main(files: tuple[Path, ...], url: str | None, writing: bool) -> None:
    """Show how the record of each golden PAGE differs from the one that is kept."""
    differing = 0
    for page in files:
        try:
            records = read(page, url)
        except UnreadablePage as error:
            raise SystemExit(_complain(f"{page} cannot be read: {error}")) from None
        found = differences(kept(page), records) if kept(page) else _all(records)
        if writing:
            write(page, records)
        differing += bool(found) and not writing
        click.echo(f"{page}: {'written' if writing else 'differs' if found else 'as kept'}")
        for difference in found:
            click.echo(difference)
    raise SystemExit(1 if differing else 0)


def _complain(message: str) -> int:
    click.echo(message, err=True)
    return 2


def _all(records: list[Record]) -> list[str]:
    """The whole of a record that was not kept yet."""
    return [json.dumps(record, ensure_ascii=False, indent=1) for record in records]


if __name__ == "__main__":
    main()
