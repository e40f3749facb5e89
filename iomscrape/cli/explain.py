"""``iomscrape explain``: how a page was read, block by block."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import WRONG_USE, Failure, archive_errors, console, db_option, print_json, safe
from iomscrape.cli.read import page_bytes, page_name

if TYPE_CHECKING:
    from iomscrape.explain import Explanation

STYLES = {"title": "magenta", "article": "green", "contact": "blue", "furniture": "red", "left out": "yellow"}


@click.command(
    epilog="""\b
Examples:
  iomscrape explain page.html
  iomscrape explain page.html --html explained.html
  iomscrape explain https://www.iom.int/news/slug --db iom.db
  iomscrape explain page.html --json | jq '.blocks[] | select(.verdict == "left out")'"""
)
@click.argument("page", metavar="FILE|URL|-")
@click.option("--url", metavar="URL", help="The page's address, where the page does not say.")
@click.option(
    "--html",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Paint it onto the page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@db_option
def command(page: str, url: str | None, out: Path | None, as_json: bool, db: str) -> None:
    """Show how a page was read: its design and why, what became of each block, and every repair.

    A saved page or a text dump, - for stdin, or the address of a page whose raw capture the archive has.
    """
    from iomscrape.explain import explain, overlay
    from iomscrape.records import UnreadablePage

    if page.startswith(("http://", "https://")):
        raw, url = _from_archive(page, db), url or page
    else:
        raw = page_bytes(Path(page))
    try:
        explanation = explain(raw, url=url)
    except UnreadablePage as error:
        raise Failure(f"{page_name(Path(page))} cannot be read: {error.detail} ({error.reason})") from None
    if out is not None:
        _write(out, overlay(explanation))
    if as_json:
        print_json(_plain(explanation))
    elif out is None:
        _show(explanation)


def _from_archive(url: str, db: str) -> bytes:
    from archive import Archive

    with archive_errors(), Archive.open(db, create=False, readonly=True) as archive:
        article = archive.article(url)
        for capture in reversed(article["captures"] if article else []):
            kept = archive.raw(capture["id"])
            if kept is not None and kept.body:
                return kept.body
    raise Failure(
        f"{db} holds no raw page of {url}; fetch it with `iomscrape crawl {url} --db {db}`, or give a saved page",
        WRONG_USE,
    )


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}", WRONG_USE) from None
    console.print(safe(f"Wrote {out}"), soft_wrap=True)


def _show(explanation: Explanation) -> None:
    console.print(safe(f"Design: {explanation.design}"), style="bold", soft_wrap=True)
    for likeness in explanation.likenesses:
        signs = ", ".join(likeness.signs)
        console.print(safe(f"  {likeness.sureness:4.2f}  {likeness.design}: {signs}"), soft_wrap=True)
    console.print()
    for block in explanation.blocks:
        text = block.text if len(block.text) < 100 else block.text[:97] + "…"
        console.print(
            safe(f"{block.verdict:<10}"), safe(text), style=STYLES.get(block.verdict, ""), soft_wrap=True
        )
        console.print(safe(f"{'':<10} {block.rule}"), style="dim", soft_wrap=True)
    for number, article in enumerate(explanation.articles, 1):
        if len(explanation.articles) > 1:
            console.print(safe(f"\nArticle {number}: {article.title}"), style="bold", soft_wrap=True)
        for repair in article.repairs:
            console.print(safe(f"\nRepair: {repair.kind} ({repair.where})"), style="bold", soft_wrap=True)
            console.print(safe(f"  before {repair.before!r}"), style="red", soft_wrap=True)
            console.print(safe(f"  after  {repair.after!r}"), style="green", soft_wrap=True)
        for warning in article.warnings:
            console.print(safe(f"\nWarning: {warning}"), soft_wrap=True)


def _plain(explanation: Explanation) -> dict[str, object]:
    """JSON types."""
    return {
        "design": explanation.design,
        "likenesses": [
            {"design": one.design, "sureness": one.sureness, "signs": list(one.signs)}
            for one in explanation.likenesses
        ],
        "blocks": [
            {"verdict": block.verdict, "rule": block.rule, "text": block.text, "path": block.path}
            for block in explanation.blocks
        ],
        "articles": [article.to_dict() for article in explanation.articles],
    }
