"""The parts of the documentation that are made of the code: the table of designs, the catalogue of mends.

``python -m tests.designs.documents`` tells which of them are out of date (exit code 1),
``python -m tests.designs.documents --write`` renews them in place.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click

from iomscrape import Repair, extract
from iomscrape.designs import DESIGNS
from iomscrape.designs.design import Design
from iomscrape.parts.mailto import WOUNDS

DOCS = Path(__file__).parent.parent.parent / "docs"


# --- the table of designs ---------------------------------------------------------------------


def designs() -> str:
    """Every design with its years, its file card's first line, and what it is recognised by."""
    rows = [
        f"| `{design.name}` | {_years(design)} | {_card(design)} | {_signs(design)} |" for design in DESIGNS
    ]
    return "\n".join(["| design | years | what it is | recognised by |", "|---|---|---|---|", *rows])


def _years(design: Design) -> str:
    if design.since is None:
        return "any"
    return f"{design.since.year}–{design.until.year if design.until else ''}"


def _card(design: Design) -> str:
    card = inspect.getdoc(import_module(f"iomscrape.designs.{design.name}")) or ""
    return card.split("\n", 1)[0].rstrip(".").replace("``", "`")


_WITHOUT_SIGNS = {"textdump": "no markup at all", "unknown": "no other design"}


def _signs(design: Design) -> str:
    told = [f"{_either(sign.any_of)} {sign.weight}" for sign in design.signs]
    return "<br>".join(told) or _WITHOUT_SIGNS[design.name]


def _either(texts: tuple[bytes, ...]) -> str:
    return " or ".join(_code(text.decode()) for text in texts)


def _code(text: str) -> str:
    """Text as Markdown code in a table cell, whatever it holds."""
    return "`" + text.replace("|", "\\|").replace("\n", "⏎") + "`"


# --- the catalogue of mends --------------------------------------------------------------------

CODE = "5a3b74283f3f3c1a3335377433342e"
"""a.reef@iom.int as a delivery network encodes it, with the key 0x5A."""

EXAMPLES: dict[str, str] = {
    "address-in-headers": '<a href="mailto:?to=x@iom.int&amp;subject=Boats">Write to us</a>',
    "angle-brackets": '<a href="mailto:&lt;x@iom.int&gt;">x@iom.int</a>',
    "at-in-words": "x [at] iom.int",
    "break-in-tag": '<a href=<br />\n"mailto:x@iom.int">x@iom.int</a>',
    "break-in-value": '<a href="mailto:<br />x@iom.int">x@iom.int</a>',
    "cloudflare": f'<a href="/cdn-cgi/l/email-protection#{CODE}">[email protected]</a>',
    "curly-quotes": "<a href=“mailto:x@iom.int”>x@iom.int</a>",
    "dot-in-words": "x@iom [dot] int",
    "doubled-quotes": '<a href=""mailto:x@iom.int"">x@iom.int</a>',
    "doubled-scheme": '<a href="mailto:mailto:x@iom.int">x@iom.int</a>',
    "encoded-characters": '<a href="mailto:x%40iom.int">x@iom.int</a>',
    "encoded-quotes": '<a href="%22mailto:x@iom.int%22">x@iom.int</a>',
    "escaped-markup": '&lt;a href="mailto:x@iom.int"&gt;x@iom.int&lt;/a&gt;',
    "header-injection": '<a href="mailto:x@iom.int%0ABcc:y@example.org">x@iom.int</a>',
    "headers-dropped": '<a href="mailto:x@iom.int?subject=Boats&amp;bcc=y@example.org">x@iom.int</a>',
    "http-before-address": '<a href="http://x@iom.int">x@iom.int</a>',
    "http-before-mailto": '<a href="http://mailto:x@iom.int">x@iom.int</a>',
    "link-and-text-disagree": '<a href="mailto:y@iom.int">x@iom.int</a>',
    "link-in-link": '<a href="mailto:x@iom.int"><a href="mailto:x@iom.int">x@iom.int</a></a>',
    "mailto-in-brackets": "x@iom.int &lt;mailto:x@iom.int&gt;",
    "markdown-link": "[x@iom.int](mailto:x@iom.int)",
    "misspelled-scheme": '<a href="maito:x@iom.int">x@iom.int</a>',
    "missing-opening-quote": '<a href=mailto:x@iom.int">x@iom.int</a>',
    "missing-scheme": '<a href="x@iom.int">x@iom.int</a>',
    "name-in-address": '<a href="mailto:Ana Reef &lt;x@iom.int&gt;">x@iom.int</a>',
    "quoted-address": "<a href='\"mailto:x@iom.int\"'>x@iom.int</a>",
    "resolved-address": '<a href="/news/mailto:x@iom.int">x@iom.int</a>',
    "safelink": '<a href="https://eur02.safelinks.protection.outlook.com/?url=mailto%3Ax%40iom.int&amp;data=04">x@iom.int</a>',
    "scheme-in-text": "mailto:x@iom.int",
    "several-addresses": '<a href="mailto:x@iom.int;y@iom.int">Both of us</a>',
    "slashes-after-scheme": '<a href="mailto://x@iom.int">x@iom.int</a>',
    "space-in-address": '<a href="mailto:%20x@iom.int">x@iom.int</a>',
    "spamspan": '<span class="spamspan"><span class="u">x</span> [at] <span class="d">iom [dot] int</span></span>',
    "split-text": '<a href="mailto:x@iom.int"><span>x</span><b>@iom.int</b></a>',
    "swallowed-attribute": '<a href="mailto:x@iom.int target=_blank">x@iom.int</a>',
    "trailing-punctuation": '<a href="mailto:x@iom.int.">x@iom.int</a>',
    "unclosed-quote": '<a href="mailto:x@iom.int>x@iom.int</a>, or <a href="/team">the team</a>',
    "unclosed-tag": '<a href="mailto:x@iom.int</a>',
    "unusual-characters": "x＠iom．int",
    "wrapped-link": '<a href="https://mail.iom.int/owa/redir.aspx?C=1a&amp;URL=mailto%3ax%40iom.int">x@iom.int</a>',
}
"""For every wound, markup that has it."""

_PAGE = """<!doctype html><html lang="en"><head><title>Boats</title></head><body><main><h1>Boats</h1>
<p>Eleven boats were mended this week in the yard behind the old customs house, and two more will follow soon.</p>
<p>For more information, please contact:<br>Ana Reef, IOM Fiji, Tel: +679 555 2206, Email: {}</p></main></body></html>"""


def repair_of(wound: str) -> Repair:
    """What the reader tells of the example of a wound, on a whole page.

    Raises LookupError where it tells nothing of the kind.
    """
    article = extract(_PAGE.format(EXAMPLES[wound]), url="https://www.iom.int/news/boats")
    found = [repair for repair in article.repairs if repair.kind == wound]
    if not found:
        raise LookupError(
            f"the reader tells no {wound}; it tells {[repair.kind for repair in article.repairs]}"
        )
    return found[0]


def mends() -> str:
    """Every wound of a mail link: its name, what it is, what the page held and what became of it."""
    rows = []
    for wound, meaning in WOUNDS.items():
        meaning = meaning.replace("<", "&lt;")
        try:
            repair = repair_of(wound)
        except LookupError:  # a test says so; the other rows are worth having meanwhile
            rows.append(f"| `{wound}` | {meaning} | {_ticked(EXAMPLES[wound])} | |")
        else:
            rows.append(f"| `{wound}` | {meaning} | {_ticked(repair.before)} | {_ticked(repair.after)} |")
    return "\n".join(["| kind | what was wrong | before | after |", "|---|---|---|---|", *rows])


def _ticked(text: str) -> str:
    text = text.replace("\n", "⏎").replace("|", "\\|").replace("\u00ad", "&shy;")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


# --- into the documents ------------------------------------------------------------------------

PARTS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("designs.md", "designs", designs),
    ("reading.md", "mends", mends),
)
"""Document, name of the part between its two comments, and what makes it."""


def renewed(document: str, part: str, text: str) -> str:
    """The document with this text between the comments of the part."""
    source = (DOCS / document).read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {part}: [^>]*-->\n).*?(<!-- end of {part} -->)", re.S)
    assert pattern.search(source), f"{document} has no part {part}"
    return pattern.sub(lambda found: f"{found[1]}{text}\n{found[2]}", source)


@click.command()
@click.option("--write", is_flag=True, help="Renew the documents in place.")
def main(write: bool) -> None:
    """Tell which documents are out of date, or renew them."""
    stale = 0
    for document, part, make in PARTS:
        path, text = DOCS / document, renewed(document, part, make())
        if path.read_text(encoding="utf-8") != text:
            click.echo(f"docs/{document}: {part} {'renewed' if write else 'out of date'}")
            stale += not write
            if write:
                path.write_text(text, encoding="utf-8")
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
