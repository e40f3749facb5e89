"""Articles over time as lines of text: a row a year, a block a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from archive.coverage import Coverage

_BLOCKS = "▁▂▃▄▅▆▇█"
_NONE = "·"
_WIDTH = 40


def chart(coverage: Coverage) -> Iterator[Text]:
    """A heading, a line for each year (its months, its bar, its number) and how to read them."""
    whole = coverage.whole
    if not whole.months:
        return
    most, most_in_year = max(whole.months.values()), max(whole.years.values())
    yield Text("      JFMAMJJASOND", style="dim")
    for year, number in whole.years.items():
        months = "".join(_block(whole.months.get(f"{year}-{month:02}"), most) for month in range(1, 13))
        bar = "█" * round(_WIDTH * number / most_in_year)
        yield Text.assemble((year, "cyan"), "  ", months, "  ", (f"{bar:<{_WIDTH}}", "green"), f" {number}")
    yield Text(
        f"a month: ▁ few to █ {most} articles, {_NONE} none; blank is before the first or after the last"
    )


def _block(number: int | None, most: int) -> str:
    if number is None:
        return " "
    return _BLOCKS[-(-number * len(_BLOCKS) // most) - 1] if number else _NONE
