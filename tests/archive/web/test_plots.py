"""Bars: where they stand, and that their lines are round."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.web.plots import Point, bars

counts = st.lists(st.integers(min_value=0, max_value=10**7), max_size=80)


@given(counts, st.integers(min_value=30, max_value=400))
def test_bars_stand_side_by_side_and_fit(values: list[int], height: int) -> None:
    plot = bars([Point(str(number), value) for number, value in enumerate(values)], height=height)
    assert [bar.value for bar in plot.bars] == values
    assert plot.total == sum(values)
    ends = [(bar.x, bar.x + bar.width) for bar in plot.bars]
    assert all(0 <= start < end <= 100.01 for start, end in ends)
    assert all(end <= start + 0.01 for (_, end), (start, _) in pairwise(ends))
    for bar in plot.bars:
        assert bar.y + bar.height == pytest.approx(height, abs=0.11)
        assert bar.y >= 13.9  # below the number of the highest line
    ranked = sorted(plot.bars, key=lambda bar: bar.value)
    assert all(lower.height <= higher.height for lower, higher in pairwise(ranked))
    assert plot.most == (None if not any(values) else (str(values.index(max(values))), max(values)))


@given(st.integers(min_value=0, max_value=10**9))
def test_lines_are_whole_numbers_that_reach_the_highest_bar(peak: int) -> None:
    plot = bars([Point("a", peak)], height=200)
    lines = [int(line.text.replace(",", "")) for line in plot.lines]
    assert lines == sorted(set(lines))
    assert lines[-1] >= peak
    assert lines[-1] <= max(2 * peak, 1)
    assert 1 <= len(lines) <= 4
    assert len({after - before for before, after in zip([0, *lines], lines, strict=False)}) == 1


def test_plots_with_the_same_top_can_be_compared() -> None:
    low, high = (bars([Point("a", value)], most=40) for value in (10, 40))
    assert low.bars[0].height * 4 == pytest.approx(high.bars[0].height, abs=0.3)
    assert bars([]).bars == ()
