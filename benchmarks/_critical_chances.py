"""The thresholds of finished reviews, from which the stopping rule is calibrated."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autoscreen.active._past_reviews import chance_of_missing, missed_odds


def critical_chances(relevant: NDArray[np.bool_], targets: Sequence[float]) -> dict[float, float]:
    """
    Return the smallest chance of missing each target in a finished review before it was reached.

    For each target a number x: a rule "stop below y" would have stopped too early for every y above
    x. Infinite if the first record that was found reached the target.
    """
    found, odds = np.cumsum(relevant, dtype=np.int64), missed_odds(relevant, len(relevant))
    return {
        target: _smallest_before(chance_of_missing(odds, found, target), found, target)
        for target in targets
    }


def critical_odds(relevant: NDArray[np.bool_], targets: Sequence[float]) -> dict[float, float]:
    """Return the smallest missed odds before the recall reached each target, likewise."""
    found, odds = np.cumsum(relevant, dtype=np.int64), missed_odds(relevant, len(relevant))
    return {target: _smallest_before(odds, found, target) for target in targets}


def _smallest_before(values: NDArray[np.float64], found: NDArray[np.int64], target: float) -> float:
    early = (found > 0) & (found < target * found[-1] - 1e-9)
    return float(values[early].min(initial=math.inf))
