"""Bars as SVG: places in per cent of the width, so that a plot fits a phone and its labels stay readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

_STEPS = (1, 2, 2.5, 5, 10)
_TOP = 14  # room above the highest line for its number
_LOW = 100  # pixels; a lower plot has room for one line only
_GAP = 0.22  # of a bar's place is left free


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``x`` and ``width`` in per cent, ``y`` and ``height`` in pixels."""

    x: float
    width: float
    y: float
    height: float
    label: str
    value: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A number at a line, or a label below the bars: ``at`` in pixels from above or per cent from the left."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars with their lines and labels, ready for the template ``_plot.html``."""

    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    height: int
    """Of the part with the bars, in pixels."""
    total: int
    most: tuple[str, int] | None
    """The highest bar: label and value; None if all are zero."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value to plot."""

    label: str
    value: int
    href: str | None = None
    below: str | None = None
    """What to write below its bar, if anything."""


def bars(points: Sequence[Point], *, height: int = 160, most: int | None = None) -> Plot:
    """A plot of ``points`` in their order. ``most``: the value that the highest line must reach at least.

    Give several plots the same ``most`` to make them comparable.
    """
    peak = max((point.value for point in points), default=0)
    lines = _lines(max(peak, most or 0))
    top = lines[-1]
    place = 100 / max(len(points), 1)
    scale = (height - _TOP) / top
    return Plot(
        bars=tuple(
            Bar(
                x=round(number * place + place * _GAP / 2, 3),
                width=round(place * (1 - _GAP), 3),
                y=round(height - point.value * scale, 1),
                height=round(point.value * scale, 1),
                label=point.label,
                value=point.value,
                href=point.href,
            )
            for number, point in enumerate(points)
        ),
        lines=tuple(
            Mark(round(height - line * scale, 1), f"{line:,}")
            for line in (lines[1:] if height > _LOW else lines[-1:])
        ),
        labels=tuple(
            Mark(round((number + 0.5) * place, 3), point.below)
            for number, point in enumerate(points)
            if point.below
        ),
        height=height,
        total=sum(point.value for point in points),
        most=next(((point.label, peak) for point in points if point.value == peak), None) if peak else None,
    )


def _lines(peak: int) -> list[int]:
    """Round values from 0 to at least ``peak``, two or three steps."""
    if peak <= 2:
        return list(range(max(peak, 1) + 1))
    rough = peak / 3
    unit = 10 ** floor(log10(rough))
    # Half articles do not exist: a step is a whole number.
    step = next(int(unit * s) for s in _STEPS if unit * s >= rough and float(unit * s).is_integer())
    return list(range(0, peak + step, step))
