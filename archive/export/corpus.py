"""A plain text corpus: a folder with one UTF-8 file an article and an index of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archive.export.citations import slug
from archive.export.flat import cells, columns
from archive.export.lines import csv_row
from archive.export.targets import write_whole

INDEX = "index.csv"
_INDEX_COLUMNS = tuple(name for name in columns(with_contacts=False) if name not in ("text", "themes"))
_SLUG_LENGTH = 60


def write_corpus(folder: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write the texts and ``index.csv`` into the empty ``folder``; returns the number of articles.

    A file holds the title, the subtitle and the paragraphs, apart by empty lines. Its name is made of date,
    language, title and number in ASCII, so that every system can hold it and names sort by date.
    """
    number = 0
    with write_whole(folder / INDEX) as index:
        index.write(csv_row(["file", *_INDEX_COLUMNS, "themes", "words"]).encode())
        for record in records:
            name, text = file_name(record), plain_text(record)
            with write_whole(folder / name) as file:
                file.write(text.encode())
            row = cells(record)
            values = [name, *(row[column] for column in _INDEX_COLUMNS), row["themes"], len(text.split())]
            index.write(csv_row(values).encode())
            number += 1
    return number


def plain_text(record: dict[str, Any]) -> str:
    """Title, subtitle and paragraphs."""
    return "\n\n".join(filter(None, (record["title"], record["subtitle"], *record["paragraphs"]))) + "\n"


def file_name(record: dict[str, Any]) -> str:
    """``2021-05-03-en-bridge-school-reopens-42.txt``"""
    day = (record["published"] or "undated")[:10]
    lang = slug(record["lang"] or "") or "und"
    title = slug(record["title"])[:_SLUG_LENGTH].strip("-")
    return "-".join(filter(None, (slug(day), lang, title, str(record["id"])))) + ".txt"


def files_of(folder: Path) -> set[str]:
    """The names of the files of the corpus in ``folder``, by its own index; empty if it is none."""
    try:
        with (folder / INDEX).open(encoding="utf-8", newline="") as index:
            rows = csv.DictReader(index)
            if not rows.fieldnames or rows.fieldnames[0] != "file":
                return set()
            return {INDEX, *(row["file"] for row in rows if row["file"])}
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
