"""Every form of an export, by name; writing one to a file, a folder or a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from sqlite_utils import Database

from archive import articles
from archive.database import snapshot
from archive.errors import QueryError, TargetExists
from archive.export.citations import bibtex, csl_json, ris
from archive.export.corpus import files_of, write_corpus
from archive.export.lines import csv_lines, json_lines
from archive.export.parquet import require_pyarrow, write_parquet
from archive.export.subset import write_subset
from archive.export.targets import whole_file, whole_folder
from archive.filters import Filters

Records = Iterable[dict[str, Any]]
Step = Callable[[], object]


class Lines(Protocol):
    """Records become pieces of text, one after another."""

    def __call__(self, records: Records, *, with_contacts: bool) -> Iterator[str]:
        """``with_contacts``: whether the records have any."""


class Form(NamedTuple):
    """One form: what it is, which endings of file names mean it, and how its text is made if it is text."""

    meaning: str
    endings: tuple[str, ...]
    lines: Lines | None = None

    @property
    def streams(self) -> bool:
        """Whether it can be written to a pipe."""
        return self.lines is not None or self is FORMS["parquet"]


FORMS: dict[str, Form] = {
    "csv": Form("one row an article, lists joined by '; '", (".csv",), csv_lines),
    "jsonl": Form("the full records, one a line", (".jsonl", ".ndjson"), json_lines),
    "parquet": Form("the full records, typed and nested (needs the extra 'parquet')", (".parquet",)),
    "sqlite": Form("an archive of these articles, with versions, captures and full text", (".db", ".sqlite")),
    "text": Form("a folder with one text file an article, and an index", ()),
    "bibtex": Form("references for LaTeX and Zotero", (".bib",), bibtex),
    "ris": Form("references for Zotero, EndNote, Mendeley", (".ris",), ris),
    "csl-json": Form("references for citation processors", (".json",), csl_json),
}


def form_of(target: Path | None) -> str:
    """The form that a file's name means by its ending; ``csv`` where it means none."""
    ending = target.suffix.lower() if target else ""
    return next((name for name, form in FORMS.items() if ending in form.endings), "csv")


def export_stream(
    db: Database,
    sink: IO[bytes],
    form: str,
    query: str | None,
    filters: Filters,
    *,
    with_contacts: bool = True,
    step: Step = lambda: None,
) -> int:
    """Write the articles that pass to ``sink`` as they come; returns how many.

    Raises QueryError for a form that needs a file or a folder, MissingExtra where a library is missing.
    """
    if not FORMS[form].streams:
        raise QueryError(f"the form {form} needs a place of its own; name it with -o")
    if form == "parquet":
        require_pyarrow()
    with snapshot(db):
        records = _Counted(articles.export(db, query, filters, with_contacts=with_contacts), step)
        return _write(FORMS[form].lines, sink, records, with_contacts=with_contacts)


def export_file(
    db: Database,
    source: Path,
    target: Path,
    form: str,
    query: str | None,
    filters: Filters,
    *,
    with_contacts: bool = True,
    force: bool = False,
    step: Step = lambda: None,
) -> int:
    """Write the articles that pass to ``target``, all of them or nothing; returns how many.

    ``source`` is the archive's own file, which is never written over. ``step`` is called for each article.
    Raises TargetExists, StorageError, QueryError, MissingExtra.
    """
    if target.exists() and target.samefile(source):
        raise TargetExists(f"{target} is the archive itself; choose another name")
    if form == "parquet":
        require_pyarrow()
    with snapshot(db):
        if form == "sqlite":
            numbers, values = articles.chosen(query, filters)
            with whole_file(target, force=force) as part:
                return write_subset(db, part, numbers, values, with_contacts=with_contacts, step=step)
        records = _Counted(articles.export(db, query, filters, with_contacts=with_contacts), step)
        if form == "text":
            with whole_folder(target, force=force, listed=files_of) as folder:
                return write_corpus(folder, records)
        with whole_file(target, force=force) as part, part.open("wb") as sink:
            return _write(FORMS[form].lines, sink, records, with_contacts=with_contacts)


def _write(lines: Lines | None, sink: IO[bytes], records: _Counted, *, with_contacts: bool) -> int:
    if lines is None:
        return write_parquet(sink, records, with_contacts=with_contacts)
    for piece in lines(records, with_contacts=with_contacts):
        sink.write(piece.encode())
    return records.number


class _Counted:
    """Records on their way, counted."""

    def __init__(self, records: Records, step: Step) -> None:
        self.number = 0
        self._records, self._step = records, step

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for record in self._records:
            self.number += 1
            self._step()
            yield record
