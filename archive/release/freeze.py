"""Making a release: tables, descriptions, checksums, in a folder that is whole or not there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from sqlite_utils import Database

from archive import articles
from archive.database import open_database, snapshot
from archive.export.parquet import require_pyarrow
from archive.export.subset import write_subset
from archive.export.targets import whole_folder
from archive.filters import Filters
from archive.privacy import masked
from archive.release.facts import Facts, facts_of
from archive.release.package import FileSum, data_package
from archive.release.tables import released, write_table
from archive.release.words import citation, readme, schema_page

TITLE = "What the International Organization for Migration has told the press"
SUMS = "SHA256SUMS"

_CONTACT_ASKED = re.compile(r'contact:\s*(?:"[^"]*"?|\([^)]*\)?|\S+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A release that was made."""

    folder: Path
    version: str
    fingerprint: str
    """SHA-256 over the checksums of the CSV files: the same rows have the same, ``sha256:…``."""
    tables: dict[str, int]
    """Table to number of rows."""


def freeze(
    db: Database,
    folder: Path,
    query: str | None,
    filters: Filters,
    *,
    program_version: str,
    title: str = TITLE,
    with_contacts: bool = True,
    force: bool = False,
    step: Callable[[], object] = lambda: None,
) -> Frozen:
    """Write a release of the articles that pass to ``folder``; ``step`` is called for each row.

    Raises TargetExists, StorageError, QueryError, MissingExtra.
    """
    require_pyarrow()
    with snapshot(db):
        chosen, values = articles.chosen(query, filters)
        narrowed = _in_words(query if with_contacts or query is None else _unnamed(query), filters)
        with whole_folder(folder, force=force, listed=files_of) as part:

            def write(source: Database) -> Frozen:
                facts = facts_of(
                    source,
                    title=title,
                    program_version=program_version,
                    with_contacts=with_contacts,
                    narrowed=narrowed,
                )
                return _write(source, part, folder, facts, step)

            if chosen is None and with_contacts:
                return write(db)
            # What is not to be in the release is not in the archive that it is made of.
            between = part / ".between.db"
            write_subset(db, between, chosen, values, with_contacts=with_contacts)
            subset = open_database(between, create=False, readonly=True)
            try:
                return write(subset)
            finally:
                subset.close()
                for path in part.glob(".between.db*"):
                    path.unlink()


def files_of(folder: Path) -> set[str]:
    """The files of the release in ``folder``, by its own checksums; empty if it is none."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return {SUMS, *(line.partition("  ")[2] for line in lines)}


def _write(db: Database, part: Path, folder: Path, facts: Facts, step: Callable[[], object]) -> Frozen:
    import pyarrow

    for name in ("csv", "parquet"):
        (part / name).mkdir()
    tables = [write_table(db, name, part, step) for name in released(with_contacts=facts.with_contacts)]
    sums = {file.path: file for file in (_sum(path, part) for path in sorted(part.glob("*/*")))}
    fingerprint = _fingerprint(list(sums.values()))
    package = data_package(facts, tables, sums)
    _write_text(part / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    _write_text(part / "schema.md", schema_page(facts, tables))
    _write_text(part / "CITATION.cff", citation(facts, fingerprint))
    _write_text(part / "README.md", readme(facts, tables, fingerprint, pyarrow.__version__))
    for name in ("datapackage.json", "schema.md", "CITATION.cff", "README.md"):
        sums[name] = _sum(part / name, part)
    _write_text(part / SUMS, "".join(f"{sums[path].digest}  {path}\n" for path in sorted(sums)))
    return Frozen(folder, facts.version, fingerprint, {table.name: table.rows for table in tables})


def _sum(path: Path, part: Path) -> FileSum:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return FileSum(path.relative_to(part).as_posix(), path.stat().st_size, digest)


def _fingerprint(files: list[FileSum]) -> str:
    lines = sorted(f"{file.digest}  {file.path}\n" for file in files if file.path.startswith("csv/"))
    return f"sha256:{sha256(''.join(lines).encode()).hexdigest()}"


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _unnamed(query: str) -> str:
    """A query as it may be published without contacts: whom it asked for is nobody's business."""
    return masked(_CONTACT_ASKED.sub("contact:[name]", query))


def _in_words(query: str | None, filters: Filters) -> str | None:
    asked = {"query": query} | {name: getattr(filters, name) for name in sorted(Filters.__dataclass_fields__)}
    return ", ".join(f"{name} {value}" for name, value in asked.items() if value is not None) or None
