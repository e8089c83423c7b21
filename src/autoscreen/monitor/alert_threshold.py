"""Chooses the score from which a record is an alert."""

from __future__ import annotations

from collections.abc import Sequence

from autoscreen.evaluation import threshold_at_sensitivity
from autoscreen.monitor.digest import Threshold

ENOUGH = 20
"""Relevant and other records that it takes: of fewer, 95 % is nearly always all of them."""


def choose(
    relevant: Sequence[float], others: Sequence[float], *, sensitivity: float, ground: str
) -> Threshold | None:
    """Choose the highest score that enough of the relevant records reach."""
    if min(len(relevant), len(others)) < ENOUGH:
        return None
    score = threshold_at_sensitivity(relevant, sensitivity)
    return Threshold(
        score=score,
        sensitivity=sensitivity,
        relevant=len(relevant),
        relevant_above=sum(one >= score for one in relevant),
        others_above=sum(one >= score for one in others) / len(others),
        ground=ground,
    )
