"""The thresholds of finished reviews, from which the stopping rule is calibrated."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autoscreen.active._past_reviews import missed_odds


def critical_odds(relevant: NDArray[np.bool_], targets: Sequence[float]) -> dict[float, float]:
    """
    Return the smallest missed odds of a finished review before its recall reached each target.

    For each target a number x: a rule "stop below y" would have stopped too early for every y above
    x. Infinite if the first record that was found reached the target.
    """
    found, odds = np.cumsum(relevant), missed_odds(relevant, len(relevant))
    return {
        target: float(odds[found < target * found[-1] - 1e-9].min(initial=math.inf))
        for target in targets
    }
