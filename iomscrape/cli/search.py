"""``iomscrape search``: find articles by their words."""

from __future__ import annotations

from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from iomscrape.cli.output import WRONG_USE, Failure, console, counted, errors, safe
from iomscrape.cli.questions import answering, as_json_text, asked, facts, filter_options, json_option, say

if TYPE_CHECKING:
    from archive import Facets, Hit

_MARK = "**"  # around what was found, where there is no terminal to highlight it
_SHOWN = 12  # values of each facet


@click.command(short_help="Search the archive's articles.")
@click.argument("query", nargs=-1)
@click.option(
    "--db",
    "dbs",
    metavar="FILE",
    default=("iom.db",),
    envvar="IOMSCRAPE_DB",
    show_default=True,
    show_envvar=True,
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The archive. Repeatable, and with * for many: they are asked as if they were one.",
)
@filter_options
@click.option(
    "--sort",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    show_default=True,
    help="The best first, or the latest first.",
)
@click.option("--facets", "with_facets", is_flag=True, help="Also count what fits: year, country, kind …")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--offset", metavar="N", type=click.IntRange(min=0), default=0, help="Skip the first N hits.")
@json_option
def command(
    query: tuple[str, ...],
    dbs: tuple[Path, ...],
    sort: str,
    with_facets: bool,
    limit: int,
    offset: int,
    as_json: bool,
    **filters: str | None,
) -> None:
    """Find articles by their words, the best first; titles count most.

    All words must occur; accents and capitals do not matter. "in quotes": these words side by side ·
    migra*: words that begin so · -word: must not occur (after --, or inside the quotes of your shell) ·
    OR: either · ( ): what belongs together · title: subtitle: text: only there · contact: who is named as
    a contact. Without a query, the filters alone decide and the latest come first.

    \b
    Examples:
      iomscrape search "human trafficking" --lang en --since 2003
      iomscrape search 'retorn* OR "voluntary return" -policy' --country CO
      iomscrape search 'title:(cholera OR measles) contact:moreno' --sort date --facets
      iomscrape search --site timor-leste.iom.int --until 2010 --limit 5
      iomscrape search cholera --db 'years/*.db' --facets
    """
    words, chosen = " ".join(query), _chosen(dbs)
    if len(chosen) == 1:
        with asked(str(chosen[0])) as archive:
            hits = archive.search(words, **filters, sort=sort, limit=limit, offset=offset)
            counts = archive.facets(words, **filters) if with_facets else None
            rows = [hit.to_dict(_MARK, _MARK) for hit in hits]
            _tell([(hit, None) for hit in hits], rows, counts, as_json=as_json)
        return
    from archive.several import Several

    with answering(), Several(chosen) as archives:
        found = archives.search(words, **filters, sort=sort, limit=limit, offset=offset)
        counts = archives.facets(words, **filters) if with_facets else None
        rows = [one.to_dict(_MARK, _MARK) for one in found]
        _tell([(one.hit, one.archive) for one in found], rows, counts, as_json=as_json)


def _chosen(dbs: tuple[Path, ...]) -> list[Path]:
    """The archives that are meant; those of a pattern in the order of their names."""
    found: dict[Path, None] = {}
    for db in dbs:
        if has_magic(str(db)) and not db.exists():
            matching = sorted(glob(str(db)))  # noqa: PTH207  # as given, from wherever it begins
            if not matching:
                raise Failure(f"No file fits --db {db}; give archives that are there", WRONG_USE)
            found |= dict.fromkeys(map(Path, matching))
        else:
            found[db] = None
    return list(found)


def _tell(
    hits: list[tuple[Hit, Path | None]], rows: list[dict[str, Any]], counts: Facets | None, *, as_json: bool
) -> None:
    """Print what was found; each with its archive where there are several."""
    if as_json:
        click.echo(as_json_text({**_counts(counts), "hits": rows} if counts else rows))
        return
    if not hits:
        errors.print(
            "Nothing found. Fewer words, a shorter beginning with * or fewer filters find more.",
            soft_wrap=True,
        )
    for hit, archive in hits:
        _show(hit, archive)
    if counts and counts.total:
        _show_counts(counts)


def _counts(counts: Facets) -> dict[str, Any]:
    facets = counts.to_dict()
    return {"total": facets.pop("total"), "facets": facets}


def _show_counts(counts: Facets) -> None:
    say(Text(counted(counts.total, "article"), style="bold"))
    for name, values in _counts(counts)["facets"].items():
        shown = [f"{value or '(none)'} {number}" for value, number in list(values.items())[:_SHOWN]]
        rest = len(values) - _SHOWN
        more = [f"{rest} more"] if rest > 0 else []
        say(Text.assemble((f"{name}: ", "cyan"), safe(facts(*shown, *more))), indent=4)


def _show(hit: Hit, archive: Path | None) -> None:
    number = f"{hit.id} in {safe(archive)}" if archive else f"{hit.id}"
    say(Text.assemble((number, "cyan"), "  ", _marked(hit.marked_title, "bold")))
    fact_line = facts((hit.published or "")[:10], hit.dateline, hit.kind, hit.lang, hit.country, hit.site)
    say(fact_line, "dim", indent=4)
    say(_marked(hit.snippet, ""), indent=4)
    say(hit.url, "blue", indent=4)
    say()


def _marked(text: str, style: str) -> Text:
    """Turn the marks around what was found into highlights, or into ``**`` where there are no colours."""
    from archive.marking import HIT_END, HIT_START

    marked: Any = Text(style=style)
    mark = "" if console.is_terminal else _MARK
    for number, part in enumerate(text.split(HIT_START)):
        found, end, rest = part.partition(HIT_END) if number else ("", "", part)
        if end:
            marked.append(f"{mark}{safe(found)}{mark}", "bold yellow")
            marked.append(safe(rest))
        else:
            marked.append(safe(found + rest))
    return Text.assemble(marked)
