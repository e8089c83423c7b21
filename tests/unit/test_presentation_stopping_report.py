"""The report on stopping: one state, one headline, no estimate too early."""

from __future__ import annotations

import numpy as np
import pytest

from autoscreen.active import StopState, advice
from autoscreen.presentation.stopping_report import StoppingReport, stopping_report


def _report(found: int, read: int, pool: int) -> StoppingReport:
    relevant = np.zeros(read, dtype=bool)
    relevant[:found] = True
    return stopping_report(advice(relevant, pool), pool - read, ())


@pytest.mark.parametrize("found", [0, 10])
def test_too_early_gives_no_estimate(found: int) -> None:
    """An estimate that says nearly all unread records are relevant is not shown."""
    report = _report(found, max(found, 8), 2539)
    assert (report.state, report.estimate, report.details) == (StopState.TOO_EARLY, None, ())
    assert report.headline.startswith("Too early to say when to stop: ")
    assert "expected" not in report.headline


def test_an_estimate_is_shown_with_its_interval() -> None:
    """Later the total is shown, and what stopping now would miss."""
    report = _report(28, 500, 2539)
    assert report.estimate is not None
    assert f"28 relevant records found of about {report.estimate.total:,.0f} exp" in report.headline
    assert report.details[0].startswith("If you stop now, ")


def test_the_highest_recall_reached_heads_the_report() -> None:
    """A long stretch without a relevant record allows a stop by past reviews."""
    report = _report(60, 2900, 3000)
    assert report.state is StopState.MAY_STOP
    assert report.headline.startswith("You can stop at 95% recall, by past reviews: 60 relevant")


def test_everything_read_needs_no_estimate() -> None:
    """With nothing unread the total is known."""
    report = _report(3, 20, 20)
    assert report.headline == "All records have been screened: 3 relevant records found."
    assert report.details == ()
