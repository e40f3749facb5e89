"""Title and date that stand in the first lines of the body itself, where no selector can know them.

Pages of the 2000s print ``<b>Title</b><br>Posted on Tuesday, 18-05-2004<br><br>`` into the cell of the text, and
text dumps have such a line below the title [seen].
"""

from __future__ import annotations

from datetime import date, datetime

from iomscrape.parts import body, dates

PIECES, LINES = 3, 4
"""So many pieces at the top, and lines of each, are looked at."""

LONGEST = 60
"""Characters of a line that is a date."""

LONGEST_TITLE = 300
"""Characters of a title."""

Dated = tuple[date | datetime | None, str | None]


def take(pieces: list[body.Piece], *, order: str, title: str | None) -> tuple[str | None, Dated]:
    """Take the date out of the top of ``pieces``, with the title above it unless the page has another ``title``.

    ``order`` is that of dates in figures (``MDY``, ``DMY``). Both are None where no line is a date that says so.
    """
    above: tuple[body.Piece, int] | None = None
    for piece in pieces[:PIECES]:
        for number, line in enumerate(piece.lines[:LINES]):
            if len(line) <= LONGEST and dates.is_labelled(line) and (found := dates.parse(line, order=order)):
                piece.lines = piece.lines[:number] + piece.lines[number + 1 :]
                found_title = _title(*above, title) if above is not None else None
                pieces[:] = [piece for piece in pieces if piece.lines]
                return found_title, (found, line)
            above = piece, number
    return None, (None, None)


def _title(piece: body.Piece, number: int, title: str | None) -> str | None:
    """That line of the piece, taken out of it, if it is no sentence of the text, and no other than the known title."""
    line = body.last_cell(piece.lines[number])
    if number or len(line) > LONGEST_TITLE or line.endswith((".", ":", "…")):
        return None
    if title is not None and line.casefold() != title.casefold():
        return None
    piece.lines = piece.lines[1:]
    return line
