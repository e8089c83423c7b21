"""Charts as numbers: what is drawn where, and the same as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.web.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    day_chart,
    recall_chart,
    ticks,
)


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, [0]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6]),
     (40, [0, 10, 20, 30, 40]), (999, [0, 200, 400, 600, 800])],
)  # fmt: skip
def test_marks_are_round(most, marks):
    """The grid has a few round numbers."""
    assert ticks(most) == marks


@given(st.integers(0, 10**7))
def test_marks_are_few_and_never_beyond(most: int):
    """However far the reading is, the grid stays readable."""
    marks = ticks(most)
    assert marks[0] == 0
    assert marks[-1] <= most
    assert len(marks) <= 11


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 100))
def test_the_curve_stays_in_its_frame_and_ends_at_what_was_found(found: list[bool], more: int):
    """Each point lies in the drawing; the last row of the table is the present state."""
    found_at = [number for number, good in enumerate(found, 1) if good]
    estimate = (len(found_at) * 1.3, float(len(found_at)), len(found_at) * 9.0)
    chart = recall_chart(
        found_at, len(found), pool=len(found) + more, estimate=estimate if found_at else None
    )
    for line in filter(None, (chart.line, chart.random)):
        for point in line.split(" "):
            x, y = map(float, point.split(","))
            assert LEFT <= x <= WIDTH - RIGHT
            assert TOP <= y <= HEIGHT - BOTTOM
    assert chart.rows[-1] == (len(found), len(found_at))
    assert chart.high is None or TOP <= chart.high <= HEIGHT - BOTTOM


def test_a_long_reading_is_drawn_with_fewer_points():
    """Thousands of finds make no page of megabytes, and the curve still ends where it should."""
    chart = recall_chart(range(1, 20_001), 30_000, pool=50_000, estimate=None)
    assert len(chart.line) < 20_000
    assert chart.line.endswith(f"{WIDTH - RIGHT},{TOP}")
    assert (chart.found, chart.rows[0]) == (20_000, (3_000, 3_000))


def test_days_without_decisions_have_their_place():
    """Four weeks are shown up to the last day on which something was decided."""
    chart = day_chart({"2026-01-30": {"include": 1, "exclude": 3}, "2025-06-01": {"unsure": 9}})
    assert chart is not None
    assert [day.day for day in chart.days][:1] == ["2026-01-03"]
    assert [day.total for day in chart.days] == [0] * 27 + [4]
    heights = {label: height for label, _, height in chart.days[-1].bars}
    assert heights["exclude"] == pytest.approx(3 * heights["include"], abs=0.2)
    assert heights["unsure"] == 0


def test_the_axis_has_the_days_there_are():
    """A review of one day is not drawn as an empty month, and days are named."""
    chart = day_chart({"2026-01-30": {"include": 1}})
    assert chart is not None
    assert [day.name for day in chart.days] == ["30 Jan"]
    assert chart.wide < 100


def test_an_early_estimate_does_not_flatten_the_curve():
    """The axis follows what was found; an estimate far above it is not drawn."""
    chart = recall_chart([1, 2, 5], 45, pool=2539, estimate=(2504.0, 10.0, 2504.0))
    assert (chart.total, chart.high, chart.random) == (None, None, "")
    assert max(tick.value for tick in chart.up) <= 6


def test_without_decisions_there_is_no_chart():
    """Nothing decided, nothing drawn."""
    assert day_chart({}) is None
