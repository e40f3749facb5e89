"""The pages of a release that people read: README.md, schema.md, CITATION.cff."""

from __future__ import annotations

import json

from archive.describe import sections
from archive.release.facts import Facts
from archive.release.package import AUTHOR, description
from archive.release.tables import Table

README = """\
# {title}

{description}

Version {version}, the day of the last capture in it. Fingerprint of the CSV files:
`{fingerprint}`

## Files

| table | rows | |
|---|---:|---|
{tables}

`parquet/` and `csv/` hold the same tables with the same rows in the same order. Parquet is exact and typed.
CSV is UTF-8 with commas; an empty cell is a missing value or an empty text; a text that begins with `=`, `+`,
`-`, `@`, `'`, a tab or a line end has one apostrophe before it, so that no spreadsheet takes it for a formula.

- `schema.md`: what every table and column means
- `datapackage.json`: the same for programs, a Data Package (https://datapackage.org)
- `CITATION.cff`: how to cite
- `SHA256SUMS`: to check that nothing was changed: `sha256sum -c SHA256SUMS`

```python
import polars
articles = polars.read_parquet("parquet/articles.parquet")
versions = polars.read_parquet("parquet/versions.parquet").filter(polars.col("article_id") == 42)
```

## Where it comes from

{sites}

Captures from {first_capture} to {last_capture}. A page is read by rules, and rules are wrong now and then:
`articles.confidence` and `articles.warnings` say where. What could not be read stands in `problems`.

Made by iomscrape {program_version} (schema {schema_version}, pyarrow {pyarrow}). Articles were read by
{readers}. The same archive gives the same bytes with the same versions of both.

## Rights and people

The texts belong to the International Organization for Migration; ask it before you publish them.
{people}
"""

_WITH_PEOPLE = """\
The tables `contacts`, `emails`, `phones`, `repairs` and `versions` hold names, addresses and numbers of people, given
for questions about one piece of news, often years ago. Data protection law applies; `iomscrape freeze
--without-contacts` leaves them out."""

_WITHOUT_PEOPLE = """\
People named as contacts were left out, with their addresses and numbers wherever a rule finds them. People who
are quoted or told of in the news are in the texts."""


def readme(facts: Facts, tables: list[Table], fingerprint: str, pyarrow: str) -> str:
    """README.md"""
    from archive.columns import TABLES

    readers = ", ".join(f"reader {version} ({number})" for version, number in facts.reader_versions)
    return README.format(
        title=facts.title,
        description=description(facts),
        version=facts.version,
        fingerprint=fingerprint,
        tables="\n".join(f"| `{table.name}` | {table.rows} | {TABLES[table.name]} |" for table in tables),
        sites="\n".join(f"- {site}" for site in facts.sites) or "(no articles)",
        first_capture=facts.first_capture or "-",
        last_capture=facts.last_capture or "-",
        program_version=facts.program_version,
        schema_version=facts.schema_version,
        pyarrow=pyarrow,
        readers=readers or "no reader",
        people=_WITH_PEOPLE if facts.with_contacts else _WITHOUT_PEOPLE,
    )


def schema_page(facts: Facts, tables: list[Table]) -> str:
    """schema.md: every table with its columns."""
    lines = [
        f"# The tables of {facts.title}",
        "",
        "Times are ISO 8601 in UTC (`2026-03-01T09:30:00+00:00`), lists and records are JSON, yes and no are 1 and 0.",
        f"Schema {facts.schema_version} of iomscrape {facts.program_version}.",
    ]
    return "\n".join([*lines, *sections(table.name for table in tables)]) + "\n"


def citation(facts: Facts, fingerprint: str) -> str:
    """CITATION.cff, version 1.2.0 (https://citation-file-format.github.io)."""
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        f"message: {_text('If you use this dataset, please cite it with its version.')}",
        f"title: {_text(facts.title)}",
        f"abstract: {_text(description(facts))}",
        "authors:",
        f"  - name: {_text(AUTHOR)}",
        f"version: {_text(facts.version)}",
        *([f"date-released: {_text(facts.last_capture)}"] if facts.last_capture else []),
        "identifiers:",
        "  - type: other",
        f"    value: {_text(fingerprint)}",
        "    description: SHA-256 over the checksums of the CSV files",
        "keywords:",
        *(f"  - {word}" for word in ("migration", "news", "press releases")),
        "references:",
        "  - type: software",
        "    title: iomscrape",
        f"    version: {_text(facts.program_version)}",
        "    authors:",
        "      - name: The authors of iomscrape",
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    # A JSON string is a YAML string.
    return json.dumps(value, ensure_ascii=False)
