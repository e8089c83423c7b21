"""Which days a run asks for, and from which score on a record is an alert."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.monitor.alert_threshold import ENOUGH, choose
from autoscreen.monitor.lookup_window import OVERLAP, LookupWindow, covered_until, window

DAY = date(2026, 3, 1)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def test_a_run_goes_back_behind_the_end_of_the_last_one() -> None:
    """By 30 days, for what PubMed enters late."""
    assert window(later(10), start=DAY, today=later(40)) == LookupWindow(later(-20), later(40))
    assert timedelta(days=30) == OVERLAP


def test_a_first_run_begins_before_the_last_search() -> None:
    """Or where a person says."""
    assert window(None, start=DAY, today=later(3)).since == later(-30)
    assert window(None, start=DAY, today=later(3), since=later(-90)) == LookupWindow(
        later(-90), later(3)
    )


def test_a_person_may_leave_days_open_and_is_told() -> None:
    """They are asked for by the next run without --since."""
    skipped = window(DAY, start=DAY, today=later(30), since=later(20))
    assert skipped.gap
    assert not window(DAY, start=DAY, today=later(30), since=later(1)).gap
    assert covered_until([LookupWindow(later(-9), DAY), skipped]) == DAY


def test_a_clock_that_went_back_leaves_nothing_out() -> None:
    """The days between are asked for again."""
    assert window(later(50), start=DAY, today=later(30)) == LookupWindow(later(0), later(30))


@given(st.lists(st.tuples(st.integers(1, 90), st.none() | st.integers(-60, 60))))
def test_no_day_after_the_first_run_is_ever_left_out(plan: list[tuple[int, int | None]]) -> None:
    """Whatever the pauses, and wherever people began: what counts as covered was asked for."""
    today, asked = DAY, set()
    done: list[Any] = []
    for pause, since in plan:
        today += timedelta(days=pause)
        begun = None if since is None else today + timedelta(days=since)
        one = window(covered_until(done), start=DAY, today=today, since=begun)
        assert one.since <= one.until == today
        done.append(one)
        asked |= {one.since + timedelta(days=n) for n in range((one.until - one.since).days + 1)}
        covered = covered_until(done)
        assert covered is not None
        first = done[0].since
        assert {first + timedelta(days=n) for n in range((covered - first).days + 1)} <= asked
    if plan:
        final = window(covered_until(done), start=DAY, today=today)
        assert final.until == today


@given(
    st.lists(st.floats(-9, 9), min_size=ENOUGH, max_size=60),
    st.lists(st.floats(-9, 9), min_size=ENOUGH, max_size=60),
    st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 1.0]),
)
def test_enough_of_the_relevant_records_score_above_the_line(
    relevant: list[float], others: list[float], sensitivity: float
) -> None:
    """The share that was asked for, and the line is the highest that does so."""
    line = choose(relevant, others, sensitivity=sensitivity, ground="here")
    assert line is not None
    assert line.relevant_above >= sensitivity * line.relevant - 1e-6
    assert line.relevant_above == sum(one >= line.score for one in relevant)
    above = [one for one in relevant if one > line.score]
    assert len(above) < sensitivity * len(relevant) + 1e-6 or not above
    assert 0 < line.missed < 1


@pytest.mark.parametrize(("relevant", "others"), [(ENOUGH - 1, 99), (99, ENOUGH - 1), (0, 0)])
def test_too_few_labels_draw_no_line(relevant: int, others: int) -> None:
    """Of 19 relevant records one is more than 5 in 100."""
    assert choose([1.0] * relevant, [0.0] * others, sensitivity=0.95, ground="") is None
