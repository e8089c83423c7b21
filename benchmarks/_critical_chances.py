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
    found, odds = np.cumsum(relevant), missed_odds(relevant, len(relevant))
    early = {target: found < target * found[-1] - 1e-9 for target in targets}
    return {
        target: float(
            chance_of_missing(odds[before], found[before], target).min(initial=math.inf)
            if found[before].any()
            else math.inf
        )
        for target, before in early.items()
    }
